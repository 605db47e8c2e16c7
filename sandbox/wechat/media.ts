import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { readMultipart } from '../multipart.ts'
import { reply, type SandboxReply } from '../wire.ts'
import { type Refusal, refuse } from './errors.ts'
import type { Random } from './program.ts'
import type { Rules } from './rules.ts'

interface Temporary {
  readonly appid: string
  readonly sha256: string
  readonly until: number
}

export interface Uploaded {
  readonly type: 'image'
  readonly media_id: string
  readonly created_at: number
}

export interface Media {
  /** Keeps a picture; gives its sha256. */
  keep(bytes: Buffer): string
  picture(sha256: string): Buffer | undefined
  upload(appid: string, contentType: string | undefined, body: Buffer): Uploaded | Refusal
  /** The hash behind a media_id of this appid that is still valid. */
  find(appid: string, mediaId: string): string | undefined
  /** GET /cgi-bin/media/get. */
  download(appid: string, mediaId: string): SandboxReply | Refusal
  /** A signed address that expires; each answer carries fresh ones. */
  cdnUrl(sha256: string): string
  cdn(address: URL): SandboxReply
}

export function createMedia(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly baseUrl: () => string
}): Media {
  const { clock, rules } = options
  const pictures = new Map<string, Buffer>()
  const temporary = new Map<string, Temporary>()
  const cdnKey = options.random(32)

  function keep(bytes: Buffer): string {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    pictures.set(sha256, bytes)
    return sha256
  }

  // WeChat docs, 新增临时素材: one part named `media` with filename and content-type; png, jpeg, gif.
  function upload(appid: string, contentType: string | undefined, body: Buffer): Uploaded | Refusal {
    const part = readMultipart(contentType, body)?.find((one) => one.name === 'media')
    if (!part?.filename || !part.type || part.body.length === 0) return refuse(41005)
    if (part.body.length > rules.maxMediaBytes) return refuse(40006)
    if (!pictureType(part.body)) return refuse(40004)
    const mediaId = options.random(48).toString('base64url')
    temporary.set(mediaId, { appid, sha256: keep(part.body), until: clock.now() + rules.mediaMs })
    return { type: 'image', media_id: mediaId, created_at: Math.floor(clock.now() / 1000) }
  }

  function find(appid: string, mediaId: string): string | undefined {
    const found = temporary.get(mediaId)
    return found && found.appid === appid && clock.now() < found.until ? found.sha256 : undefined
  }

  function download(appid: string, mediaId: string): SandboxReply | Refusal {
    const bytes = pictures.get(find(appid, mediaId) ?? '')
    return bytes ? reply(200, pictureType(bytes) ?? 'application/octet-stream', bytes) : refuse(40007)
  }

  const sign = (sha256: string, until: string) =>
    createHmac('sha256', cdnKey).update(`${sha256}.${until}`).digest('hex').slice(0, 32)

  function cdnUrl(sha256: string): string {
    const until = String(Math.floor((clock.now() + rules.cdnMs) / 1000))
    return `${options.baseUrl()}/cdn/${sha256}?expires=${until}&sign=${sign(sha256, until)}`
  }

  function cdn(address: URL): SandboxReply {
    const sha256 = address.pathname.slice('/cdn/'.length)
    const until = address.searchParams.get('expires') ?? ''
    const genuine = address.searchParams.get('sign') === sign(sha256, until)
    if (!genuine || clock.now() >= Number(until) * 1000) return reply(403, 'text/plain', 'expired')
    const bytes = pictures.get(sha256)
    return bytes ? reply(200, pictureType(bytes) ?? 'application/octet-stream', bytes) : reply(404, 'text/plain', '')
  }

  return { keep, picture: (sha256) => pictures.get(sha256), upload, find, download, cdnUrl, cdn }
}

/** By the first bytes; the name and the declared type are worth nothing. */
function pictureType(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 8).toString('hex')
  if (head === '89504e470d0a1a0a') return 'image/png'
  if (head.startsWith('ffd8ff')) return 'image/jpeg'
  return /^47494638(37|39)61/.test(head) ? 'image/gif' : undefined
}
