import { OutsideError } from '../../core/errors.ts'
import { fitting, type Picture } from '../../core/picture.ts'
import { instant, type Random } from '../../core/words.ts'
import type { Account, Uploaded } from '../platform.ts'
import type { Client } from './client.ts'
import { both } from './errors.ts'
import { text, whole } from './fields.ts'
import { type Limits, uploadTypes } from './takes.ts'

// They keep it three days; half a day is ours.
const lives = 2.5 * 86_400_000

export interface MediaParts {
  readonly client: Client
  readonly random: Random
  readonly now: () => number
  readonly limits: Limits
}

/** 新增临时素材 of this very account: ids of another are unknown to it. @throws OutsideError */
export async function upload(parts: MediaParts, account: Account, picture: Picture): Promise<Uploaded> {
  const fit = await fitting(picture, { bytes: parts.limits.pictureBytes, types: uploadTypes })
  if (fit.outcome !== 'fits') throw new OutsideError('refused', tooLarge(picture, parts.limits))
  const boundary = `redress${parts.random(16).toString('hex')}`
  const answer = await parts.client.read(account, {
    method: 'POST',
    path: '/cgi-bin/media/upload',
    query: { type: 'image' },
    type: `multipart/form-data; boundary=${boundary}`,
    body: multipart(boundary, fit.picture),
    timeout: 30_000,
  })
  const id = text(answer, 'media_id')
  if (!id) throw new OutsideError('unreachable', both('微信没有返回 media_id', 'WeChat returned no media_id'))
  const now = parts.now()
  const made = (whole(answer, 'created_at') ?? 0) * 1000 || now
  return { id, until: instant(Math.min(made, now) + lives) }
}

/** One part named `media`. The file name is ours and plain: theirs may hold anything. */
function multipart(boundary: string, picture: Picture): Buffer {
  const name = `picture.${picture.type.slice('image/'.length)}`
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="media"; filename="${name}"; filelength=${picture.bytes.length}`,
    `Content-Type: ${picture.type}`,
    '',
    '',
  ].join('\r\n')
  return Buffer.concat([Buffer.from(head), picture.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
}

function tooLarge(picture: Picture, limits: Limits): string {
  const most = `${Math.floor(limits.pictureBytes / 1024)} KiB`
  const is = `${picture.type}, ${Math.ceil(picture.bytes.length / 1024)} KiB`
  return both(
    `图片无法压缩到微信的要求（${is}；PNG、JPEG 或 GIF，最大 ${most}）`,
    `the picture cannot be made to fit (${is}; PNG, JPEG or GIF up to ${most})`,
  )
}
