import type { Words } from '../../complaints/action.ts'
import { OutsideError } from '../../core/errors.ts'
import { fitting, type Picture } from '../../core/picture.ts'
import { instant, type PictureHash } from '../../core/words.ts'
import type { Job, Uploaded } from '../platform.ts'
import { both } from './errors.ts'
import { type Fields, textIn } from './fields.ts'
import type { Call, Caller, Gateway } from './gateway.ts'
import { limits, uploadTypes } from './limits.ts'

// How long they keep it is not published.
const lives = 2.5 * 86_400_000

export interface UploadParts {
  readonly gateway: Gateway
  now(): number
}

/** Where a picture goes and what comes back for it. One cache serves both systems: an id says by its form which it is for. */
interface Desk {
  readonly part: string
  readonly form: RegExp
  call(picture: Picture): Call
  id(answer: Fields): string | undefined
}

/** 消费者投诉 wants two things back: `key url`. */
export const riskDesk: Desk = {
  part: 'file_content',
  form: /^(\S+) (\S+)$/,
  call: () => ({ method: 'alipay.security.risk.complaint.file.upload' }),
  id(answer) {
    const [key, url] = [textIn(answer.file_key), textIn(answer.file_url)]
    return key === undefined || url === undefined ? undefined : `${key} ${url}`
  },
}

/** 交易投诉: one word. Its kind stands beside biz_content. */
export const tradeDesk: Desk = {
  part: 'image_content',
  form: /^\S+$/,
  call: ({ type }) => ({
    method: 'alipay.merchant.image.upload',
    flat: { image_type: type === 'image/png' ? 'png' : 'jpg' },
  }),
  id: (answer) => textIn(answer.image_id),
}

/** As img_file_list has it. */
export function riskPicture(id: string): object {
  const [, key = '', url = ''] = riskDesk.form.exec(id) ?? []
  return { img_url: url, img_url_key: key }
}

type Cache = Pick<Job<'finish'>, 'uploaded' | 'forgetUpload'>

/** Their ids of the pictures of an action, from the cache or uploaded now. @throws OutsideError */
export async function uploaded(
  parts: UploadParts,
  desk: Desk,
  caller: Caller,
  job: Cache & { readonly action: Words },
): Promise<readonly string[]> {
  const make = (picture: Picture) => upload(parts, desk, caller, picture)
  const ids: string[] = []
  for (const hash of job.action.pictures ?? []) {
    const id = await job.uploaded(hash, make)
    ids.push(desk.form.test(id) ? id : await anew(job, hash, make))
  }
  return ids
}

/** It was uploaded to the other system. */
async function anew(cache: Cache, hash: PictureHash, make: (picture: Picture) => Promise<Uploaded>): Promise<string> {
  await cache.forgetUpload(hash)
  return cache.uploaded(hash, make)
}

async function upload({ gateway, now }: UploadParts, desk: Desk, caller: Caller, given: Picture): Promise<Uploaded> {
  const fit = await fitting(given, { bytes: limits.pictureBytes, types: uploadTypes })
  if (fit.outcome !== 'fits') throw new OutsideError('refused', tooLarge(given))
  const { picture } = fit
  const id = desk.id(await gateway.upload(caller, desk.call(picture), { name: desk.part, picture }))
  if (id === undefined || !desk.form.test(id))
    throw new OutsideError('unreachable', both('支付宝没有返回图片编号', 'Alipay returned no id for the picture'))
  return { id, until: instant(now() + lives) }
}

const tooLarge = ({ type, bytes }: Picture): string =>
  both(
    `图片无法压缩到支付宝的要求（${type}, ${Math.ceil(bytes.length / 1024)} KiB；PNG 或 JPEG，最大 5 MB）`,
    `the picture cannot be made to fit (${type}, ${Math.ceil(bytes.length / 1024)} KiB; PNG or JPEG up to 5 MB)`,
  )
