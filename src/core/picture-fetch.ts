import { OutsideError } from './errors.ts'
import { type Picture, pictureLimit, pictureType } from './picture.ts'
import type { Transport } from './transport.ts'

export interface PictureDoor {
  readonly transport: Transport
  /** `host` or `host:port` as configured by the operator (base URLs): these may be inside and need no https. */
  readonly hosts: readonly string[]
}

const timeout = 20_000

/**
 * Fetches a picture from an address that a platform told us: https and public only, without credentials, no redirects.
 * @throws OutsideError
 */
export async function fetchPicture(door: PictureDoor, reference: string): Promise<Picture> {
  const { url, own } = address(reference, door.hosts)
  const answer = await door.transport.send({
    method: 'GET',
    url: url.href,
    timeout,
    limit: pictureLimit,
    publicOnly: !own,
  })
  if (answer.status !== 200)
    throw new OutsideError(troubleOf(answer.status), `${url.host}: HTTP ${answer.status} instead of a picture`, {
      code: `http-${answer.status}`,
    })
  const type = pictureType(answer.body)
  if (!type) throw new OutsideError('refused', `${url.host}: the answer is not a PNG, JPEG, GIF or WebP picture`)
  return { type, bytes: answer.body }
}

const troubleOf = (status: number) => (status >= 500 || status === 429 ? 'unreachable' : 'refused')

function address(reference: string, hosts: readonly string[]): { url: URL; own: boolean } {
  if (!URL.canParse(reference)) throw new OutsideError('refused', 'not the address of a picture')
  const url = new URL(reference)
  if (hosts.includes(url.host) && /^https?:$/.test(url.protocol)) return { url: bare(url), own: true }
  // Platforms still hand out http:// addresses of servers that speak https.
  if (url.protocol === 'http:' && url.port === '') url.protocol = 'https:'
  if (url.protocol !== 'https:')
    throw new OutsideError('refused', `${url.protocol} pictures are not fetched, only https:`)
  return { url: bare(url), own: false }
}

function bare(url: URL): URL {
  if (url.username || url.password) throw new OutsideError('refused', 'a picture address with credentials in it')
  url.hash = ''
  return url
}
