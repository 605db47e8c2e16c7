import { lookup as systemLookup } from 'node:dns'
import { isIP, isIPv6, type LookupFunction } from 'node:net'
import { InputError } from './errors.ts'
import { isPublicAddress, publicLookup } from './public-host.ts'

export interface Place {
  readonly host: string
  readonly port: number
}

/**
 * Where an address may lead that came by the API: to public addresses, and to what whoever runs this installation has named in its own settings.
 * A key of one business must not make us knock at what stands beside us.
 */
export interface Reach {
  /** Trusted, wherever it leads. */
  isNamed(place: Place): boolean
  /** The address says by itself that it leads inside. What a name leads to only a look tells. */
  isInside(place: Place): boolean
  /** For sockets, which never look a plain IP address up: ask `isInside` first. They connect to the very addresses that were judged. */
  lookupFor(place: Place): LookupFunction
}

/** @param named `host`, or `host:port` */
export function createReach(
  named: readonly string[] = [],
  { lookup = systemLookup }: { readonly lookup?: typeof systemLookup } = {},
): Reach {
  const known = new Set(named.map((one) => one.toLowerCase()))
  const guarded = publicLookup(lookup)
  const open: LookupFunction = (name, options, callback) => lookup(name, options, callback)

  function isNamed({ host, port }: Place): boolean {
    const plain = hostOf(host)
    return known.has(plain) || known.has(`${plain}:${port}`)
  }

  return {
    isNamed,
    isInside: (place) => !isNamed(place) && leadsInside(place.host),
    lookupFor: (place) => (isNamed(place) ? open : guarded),
  }
}

const usualPorts: Readonly<Record<string, number>> = { 'https:': 443, 'wss:': 443, 'http:': 80, 'ws:': 80 }

/** @throws TypeError where it is no URL */
export function placeOf(address: string): Place {
  const { protocol, hostname, port } = new URL(address)
  return { host: hostname, port: Number(port) || (usualPorts[protocol] ?? 0) }
}

/** As it is written in settings: `host:port`. */
export const nameOf = ({ host, port }: Place): string => `${hostOf(host)}:${port}`

/** By their fields. @throws InputError naming those that lead inside */
export function checkReach(reach: Reach, places: Readonly<Record<string, Place | undefined>>): void {
  const problems = Object.entries(places).flatMap(([field, place]) =>
    place && reach.isInside(place) ? [{ field, fix: insideFix(place) }] : [],
  )
  if (problems.length > 0) throw new InputError(problems)
}

const insideFix = (place: Place): string =>
  `a public address; ${nameOf(place)} leads inside, and whoever runs this installation names what may be reached there (insideHosts in redress.yaml)`

/** Odd spellings undone, as a browser does: 0x7f.1, 2130706433, [::ffff:127.0.0.1]. */
function hostOf(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '')
  const address = `http://${isIPv6(bare) ? `[${bare}]` : bare}`
  if (!URL.canParse(address)) return bare.toLowerCase()
  return new URL(address).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

// Names that only a network of one's own has.
const ownNames = /^[^.]*$|\.(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa)$/

function leadsInside(host: string): boolean {
  const plain = hostOf(host)
  return isIP(plain) === 0 ? ownNames.test(plain) : !isPublicAddress(plain)
}
