import { z } from 'zod'
import { pictureType } from '../core/picture.ts'
import { keepSentPicture } from '../storage/pictures.ts'
import { secret } from './fields.ts'
import { none, tenantOperation } from './operation.ts'
import { invalid } from './problem.ts'

/** What a request may carry, less what its wrapping takes. */
const most = 700_000
const largeFix = 'at most 700 kB; press it and send it again'
const bytesFix = 'give the bytes of the picture in base64'

const newPicture = z.strictObject(
  {
    base64: z
      .base64(bytesFix)
      .min(1, bytesFix)
      .max(Math.ceil(most / 3) * 4, largeFix)
      .meta(secret)
      .transform((text) => Buffer.from(text, 'base64')),
  },
  'a JSON object with base64',
)

const pictureView = z.object({ hash: z.string(), type: z.string(), bytes: z.number() })

export const pictureOperations = [
  tenantOperation({
    method: 'post',
    path: '/pictures',
    summary: 'Keeps a picture that rules send along; its hash is its name',
    query: none,
    body: newPicture,
    status: 201,
    answer: pictureView,
    async run({ parts, tenant, body: { base64: bytes } }) {
      const type = pictureType(bytes)
      if (!type) return invalid([{ field: 'base64', fix: 'a PNG, JPEG, GIF or WebP picture' }])
      if (bytes.length > most) return invalid([{ field: 'base64', fix: largeFix }])
      const hash = await parts.storage.transaction((tx) => keepSentPicture(tx, tenant.id, { type, bytes }))
      return { hash, type, bytes: bytes.length }
    },
  }),
]
