import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { type Part, readMultipart } from '../multipart.ts'
import { readJson, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { type Problem, paramError, refuse } from './errors.ts'
import { object, text } from './fields.ts'
import { digits, type Merchant, type Random } from './merchant.ts'
import type { Rules } from './rules.ts'

/** The parts of an upload; the signed body is the meta, byte for byte. */
export interface Upload {
  readonly meta: Buffer
  readonly file: Part | undefined
}

export interface Images {
  /** Keeps a picture; gives its sha256. */
  keep(bytes: Buffer): string
  picture(sha256: string): Buffer | undefined
  upload(account: string, upload: Upload): { readonly media_id: string } | Problem
  /** The hash behind a media_id that this account has uploaded. */
  uploaded(account: string, mediaId: string): string | undefined
  /** The address of a customer's picture, for its merchant's signed GET. */
  mediaUrl(account: string, sha256: string): string
  /** The picture behind the last part of such an address, as it stands on the wire. */
  download(merchant: Merchant, encodedId: string): SandboxReply | Problem
  /** A plain address that lives an hour. */
  plainUrl(sha256: string): string
  plain(address: URL): SandboxReply
}

export function createImages(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly baseUrl: () => string
}): Images {
  const { clock, random, rules } = options
  const pictures = new Map<string, Buffer>()
  const uploads = new Map<string, { account: string; sha256: string }>()
  const shown = new Map<string, { account: string; sha256: string }>()
  const urlKey = random(32)

  function keep(bytes: Buffer): string {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    pictures.set(sha256, bytes)
    return sha256
  }

  // WeChat Pay docs, complaint image upload: meta names file and hash; jpg, bmp, png; 2 MB.
  function upload(account: string, { meta, file }: Upload): { media_id: string } | Problem {
    const said = readJson(meta)
    const sha = text(256, { pattern: /^[0-9a-fA-F]{64}$/ })
    const wrong = object({ filename: text(128, { pattern: /\.(jpe?g|bmp|png)$/i }), sha256: sha }, {}, false)(said, '')
    if (wrong) return wrong
    if (!file?.filename || !pictureType(file.body)) return paramError('/file', '图片格式不正确')
    if (file.body.length > rules.maxImageBytes) return paramError('/file', '图片超过 2M')
    const sha256 = keep(file.body)
    if (String(said?.sha256).toLowerCase() !== sha256) return paramError('/sha256', '与文件内容不一致')
    const mediaId = `file${digits(random, 6)}_${digits(random, 7)}`
    uploads.set(mediaId, { account, sha256 })
    return { media_id: mediaId }
  }

  // Seen: ids of customers' pictures are base64, and stay percent-encoded in the path.
  function mediaUrl(account: string, sha256: string): string {
    const id = createHmac('sha256', urlKey).update(`${account} ${sha256}`).digest().subarray(0, 31).toString('base64')
    shown.set(encodeURIComponent(id), { account, sha256 })
    return `${options.baseUrl()}/v3/merchant-service/images/${encodeURIComponent(id)}`
  }

  function download(merchant: Merchant, encodedId: string): SandboxReply | Problem {
    if (uploads.has(decodeURIComponent(encodedId))) return refuse('INVALID_REQUEST', '不支持下载商户上传的图片')
    const found = shown.get(encodedId)
    if (!found) return refuse('RESOURCE_NOT_EXISTS')
    return found.account === merchant.mchid ? pictureReply(found.sha256) : refuse('NO_AUTH')
  }

  function pictureReply(sha256: string): SandboxReply {
    const bytes = pictures.get(sha256)
    return bytes ? reply(200, pictureType(bytes) ?? 'application/octet-stream', bytes) : reply(404, 'text/plain', '')
  }

  const sign = (sha256: string, until: string) =>
    createHmac('sha256', urlKey).update(`${sha256}.${until}`).digest('hex').slice(0, 32)

  function plainUrl(sha256: string): string {
    const until = String(Math.floor((clock.now() + rules.pictureUrlMs) / 1000))
    return `${options.baseUrl()}/qpic/${sha256}?expires=${until}&sign=${sign(sha256, until)}`
  }

  function plain(address: URL): SandboxReply {
    const sha256 = address.pathname.slice('/qpic/'.length)
    const until = address.searchParams.get('expires') ?? ''
    const genuine = address.searchParams.get('sign') === sign(sha256, until)
    return genuine && clock.now() < Number(until) * 1000 ? pictureReply(sha256) : reply(403, 'text/plain', 'expired')
  }

  function uploaded(account: string, mediaId: string): string | undefined {
    const found = uploads.get(mediaId)
    return found?.account === account ? found.sha256 : undefined
  }

  return { keep, picture: (sha256) => pictures.get(sha256), upload, uploaded, mediaUrl, download, plainUrl, plain }
}

/** The two parts of an upload, or undefined when there is no meta to be signed. */
export function readUpload(request: SandboxRequest): Upload | undefined {
  const parts = readMultipart(request.headers['content-type'], request.body)
  const meta = parts?.find(({ name }) => name === 'meta')
  if (!meta || !/^application\/json/i.test(meta.type ?? '')) return undefined
  return { meta: meta.body, file: parts?.find(({ name }) => name === 'file') }
}

/** By the first bytes; the name and the declared type are worth nothing. */
function pictureType(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 8).toString('hex')
  if (head === '89504e470d0a1a0a') return 'image/png'
  if (head.startsWith('ffd8ff')) return 'image/jpeg'
  return head.startsWith('424d') ? 'image/bmp' : undefined
}
