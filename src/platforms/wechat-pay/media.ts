import { createHash } from 'node:crypto'
import { OutsideError } from '../../core/errors.ts'
import { fitting, type Picture, pictureLimit, pictureType } from '../../core/picture.ts'
import { fetchPicture, type PictureDoor } from '../../core/picture-fetch.ts'
import { instant, type Random } from '../../core/words.ts'
import type { Account, Uploaded } from '../platform.ts'
import type { Client } from './client.ts'
import { both, PayError } from './errors.ts'
import type { Body } from './exchange.ts'
import { text } from './fields.ts'
import { type Limits, uploadTypes } from './takes.ts'

// How long they keep it is not published.
const lives = 2.5 * 86_400_000

export interface MediaParts {
  readonly client: Client
  readonly random: Random
  readonly now: () => number
  readonly limits: Limits
}

/** 商户上传反馈图片: ids of another mchid are unknown to it. @throws OutsideError */
export async function upload(parts: MediaParts, account: Account, picture: Picture): Promise<Uploaded> {
  const fit = await fitting(picture, { bytes: parts.limits.pictureBytes, types: uploadTypes })
  if (fit.outcome !== 'fits') throw new OutsideError('refused', tooLarge(picture, parts.limits))
  const answer = await parts.client.read(account, {
    operation: 'upload',
    method: 'POST',
    target: '/v3/merchant-service/images/upload',
    body: multipart(`redress${parts.random(16).toString('hex')}`, fit.picture),
    timeout: 30_000,
  })
  const id = text(answer, 'media_id')
  if (id === undefined)
    throw new OutsideError('unreachable', both('微信支付没有返回 media_id', 'WeChat Pay returned no media_id'))
  return { id, until: instant(parts.now() + lives) }
}

/** Two parts; signed are the bytes of the first, just as they are sent. The file name is ours and plain. */
export function multipart(boundary: string, picture: Picture): Body {
  const filename = picture.type === 'image/png' ? 'picture.png' : 'picture.jpg'
  const meta = JSON.stringify({ filename, sha256: createHash('sha256').update(picture.bytes).digest('hex') })
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="meta"',
    'Content-Type: application/json',
    '',
    meta,
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${filename}"`,
    `Content-Type: ${picture.type}`,
    '',
    '',
  ].join('\r\n')
  const bytes = Buffer.concat([Buffer.from(head), picture.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { bytes, type: `multipart/form-data; boundary=${boundary}`, signs: meta }
}

export interface PictureParts {
  readonly client: Client
  readonly door: PictureDoor
  /** `host[:port]` of their API: only there, and only for pictures, goes our signature. */
  readonly hosts: readonly string[]
}

const place = '/v3/merchant-service/images/'

/** A picture of theirs: signed from their API, without any credentials from elsewhere. @throws OutsideError */
export async function picture(parts: PictureParts, account: Account, reference: string): Promise<Picture> {
  const url = URL.canParse(reference) ? new URL(reference) : undefined
  if (!url || !isTheirs(url, parts.hosts)) return fetchPicture(parts.door, reference)
  const bytes = await parts.client.bytes(account, {
    operation: 'image',
    method: 'GET',
    // As they wrote it: an encoded id stays encoded, on the wire and in what is signed.
    target: `${url.pathname}${url.search}`,
    accept: '*/*',
    timeout: 20_000,
    limit: pictureLimit,
  })
  const type = pictureType(bytes)
  if (!type) throw new PayError('refused', both('返回的不是图片', 'the answer is not a PNG, JPEG, GIF or WebP picture'))
  return { type, bytes }
}

const isTheirs = (url: URL, hosts: readonly string[]): boolean =>
  hosts.includes(url.host) && url.pathname.startsWith(place) && url.username === '' && url.password === ''

function tooLarge(picture: Picture, limits: Limits): string {
  const most = `${Math.floor(limits.pictureBytes / 1024)} KiB`
  const is = `${picture.type}, ${Math.ceil(picture.bytes.length / 1024)} KiB`
  return both(
    `图片无法压缩到微信支付的要求（${is}；PNG 或 JPEG，最大 ${most}）`,
    `the picture cannot be made to fit (${is}; PNG or JPEG up to ${most})`,
  )
}
