import type { lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

// Addresses that lead back inside, or to nobody: RFC 6890 and its successors. What is in no list is public.
const inside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier NAT, cloud metadata of some providers
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link local, cloud metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const) {
  inside.addSubnet(net, bits, 'ipv4')
}
// Within 2000::/3, the one block of IPv6 that is given out: what carries another address inside it, or is documentation.
for (const [net, bits] of [
  ['2001::', 23], // Teredo, ORCHID, benchmarks
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
] as const) {
  inside.addSubnet(net, bits, 'ipv6')
}
const givenOut = new BlockList()
givenOut.addSubnet('2000::', 3, 'ipv6')

/** Whether this IP address, in a spelling that the system's resolver gives, is somewhere on the public internet. Not an IP address: no. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !inside.check(address, 'ipv4')
  // Mapped (::ffff:0:0/96), translated (64:ff9b::/96), loopback, local and link-local all lie outside 2000::/3.
  if (family === 6 && !address.includes('%')) return givenOut.check(address, 'ipv6') && !inside.check(address, 'ipv6')
  return false
}

/** The IP address that a URL names by itself, or undefined when it holds a name to look up. `new URL` has already undone odd spellings (0x7f.1, 2130706433). */
export function addressIn(url: URL): string | undefined {
  const bare = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? undefined : bare
}

/** Looks a name up and lets go on only to what it found: the socket connects to these very addresses, so a second answer of the DNS cannot swap them. */
export function publicLookup(lookup: typeof systemLookup): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const first = found?.[0]
      if (error || !first) return callback(error ?? new NotPublic(name), [])
      if (!found.every((one) => isPublicAddress(one.address))) return callback(new NotPublic(name), [])
      return options.all ? callback(null, found) : callback(null, first.address, first.family)
    })
  }
}

/** The code of what `publicLookup` refuses. */
export const notPublic = 'NOT_PUBLIC'

class NotPublic extends Error {
  readonly code = notPublic

  constructor(name: string) {
    super(`${name} is not a public address`)
  }
}
