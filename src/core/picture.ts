import { createHash } from 'node:crypto'
import { asPictureHash, type PictureHash } from './words.ts'

export type PictureType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

export interface Picture {
  readonly type: PictureType
  readonly bytes: Buffer
}

/** Most bytes that we keep of one picture. */
export const pictureLimit = 10 * 1024 * 1024

/** Told by the first bytes, never by a name or a header. */
export function pictureType(bytes: Buffer): PictureType | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png'
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg'
  if (/^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))) return 'image/gif'
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp'
  return undefined
}

export const pictureHash = (bytes: Buffer): PictureHash =>
  asPictureHash(createHash('sha256').update(bytes).digest('hex'))

/**
 * The picture as the platform takes it: as it is when type and size fit, else pressed to JPEG until it does.
 * @returns undefined when it is not what it says, or cannot be made to fit (or sharp, an optional dependency, is not installed).
 */
export async function fitting(
  picture: Picture,
  limit: { readonly bytes: number; readonly types: readonly string[] },
): Promise<Picture | undefined> {
  if (pictureType(picture.bytes) !== picture.type) return undefined
  if (picture.bytes.length <= limit.bytes && limit.types.includes(picture.type)) return picture
  const sharp = await import('sharp').then((module) => module.default).catch(() => undefined)
  if (!sharp || !limit.types.includes('image/jpeg')) return undefined
  for (const side of [2400, 1800, 1200, 800]) {
    const bytes = await sharp(picture.bytes, { limitInputPixels: 60_000_000 })
      .rotate()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 82 })
      .toBuffer()
      .catch(() => undefined)
    if (!bytes) return undefined
    if (bytes.length <= limit.bytes) return { type: 'image/jpeg', bytes }
  }
  return undefined
}
