import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { Part } from '../multipart.ts'
import { reply, type SandboxReply } from '../wire.ts'
import { digits, type Random } from './app.ts'
import type { Rules } from './rules.ts'

/** An upload of the RiskGO desk: the finish names both. */
export interface RiskFile {
  readonly file_name: string
  readonly file_key: string
  readonly file_url: string
}

export interface Files {
  /** Keeps a picture; gives its sha256. */
  keep(bytes: Buffer): string
  picture(sha256: string): Buffer | undefined
  riskUpload(appId: string, part: Part): RiskFile
  /** The hash behind both names of an upload by this app. */
  riskFile(appId: string, key: string, url: string): string | undefined
  /** Gives the image_id. */
  imageUpload(appId: string, bytes: Buffer): string
  image(appId: string, imageId: string): string | undefined
  /** An address that lives for a while. */
  url(sha256: string): string
  download(address: URL): SandboxReply
}

export function createFiles(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly baseUrl: () => string
}): Files {
  const { clock, random, rules } = options
  const pictures = new Map<string, Buffer>()
  const uploads = new Map<string, { appId: string; sha256: string; url?: string }>()
  const urlKey = random(32)

  function keep(bytes: Buffer): string {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    pictures.set(sha256, bytes)
    return sha256
  }

  const seal = (sha256: string, until: string) =>
    createHmac('sha256', urlKey).update(`${sha256}.${until}`).digest('hex').slice(0, 32)

  function url(sha256: string): string {
    const until = String(Math.floor((clock.now() + rules.pictureUrlMs) / 1000))
    return `${options.baseUrl()}/files/${sha256}?expires=${until}&sign=${seal(sha256, until)}`
  }

  return {
    keep,
    picture: (sha256) => pictures.get(sha256),
    riskUpload(appId, part) {
      const sha256 = keep(part.body)
      const key = `risk/${digits(random, 18)}`
      const at = url(sha256)
      uploads.set(key, { appId, sha256, url: at })
      return { file_name: part.filename ?? 'image', file_key: key, file_url: at }
    },
    riskFile(appId, key, at) {
      const found = uploads.get(key)
      return found?.appId === appId && found.url === at ? found.sha256 : undefined
    },
    imageUpload(appId, bytes) {
      const id = random(16).toString('base64url')
      uploads.set(id, { appId, sha256: keep(bytes) })
      return id
    },
    image(appId, imageId) {
      const found = uploads.get(imageId)
      return found?.appId === appId && found.url === undefined ? found.sha256 : undefined
    },
    url,
    download(address) {
      const sha256 = address.pathname.slice('/files/'.length)
      const until = address.searchParams.get('expires') ?? ''
      const genuine = address.searchParams.get('sign') === seal(sha256, until)
      const bytes = pictures.get(sha256)
      if (!genuine || !bytes || clock.now() >= Number(until) * 1000) return reply(403, 'text/plain', 'expired')
      return reply(200, pictureType(bytes)?.type ?? 'application/octet-stream', bytes)
    },
  }
}

/** By the first bytes; the name and the declared type are worth nothing. */
export function pictureType(bytes: Buffer): { readonly type: string; readonly endings: readonly string[] } | undefined {
  const head = bytes.subarray(0, 8).toString('hex')
  if (head === '89504e470d0a1a0a') return { type: 'image/png', endings: ['png'] }
  return head.startsWith('ffd8ff') ? { type: 'image/jpeg', endings: ['jpg', 'jpeg'] } : undefined
}
