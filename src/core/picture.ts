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

export type Fitted =
  | { readonly outcome: 'fits'; readonly picture: Picture }
  /** Not what it says, or nobody can read it. */
  | { readonly outcome: 'broken' }
  /** Not of a type that is taken, and cannot be made one (sharp is an optional dependency). */
  | { readonly outcome: 'type' }
  /** Stays too big however it is pressed. */
  | { readonly outcome: 'big' }

export interface PictureLimit {
  readonly bytes: number
  readonly types: readonly string[]
}

/** The picture as the platform takes it: as it is when type and size fit, else pressed to JPEG until it does. */
export async function fitting(picture: Picture, limit: PictureLimit): Promise<Fitted> {
  if (pictureType(picture.bytes) !== picture.type) return { outcome: 'broken' }
  const taken = limit.types.includes(picture.type)
  if (taken && picture.bytes.length <= limit.bytes) return { outcome: 'fits', picture }
  const sharp = await import('sharp').then((module) => module.default).catch(() => undefined)
  if (!sharp || !limit.types.includes('image/jpeg')) return { outcome: taken ? 'big' : 'type' }
  for (const side of [2400, 1800, 1200, 800]) {
    const pressed = await sharp(picture.bytes, { limitInputPixels: 60_000_000 })
      .rotate()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 82 })
      .toBuffer()
      .catch((error: unknown) => ({ outcome: /pixel limit/.test(String(error)) ? 'big' : 'broken' }) as const)
    if ('outcome' in pressed) return pressed
    if (pressed.length <= limit.bytes) return { outcome: 'fits', picture: { type: 'image/jpeg', bytes: pressed } }
  }
  return { outcome: 'big' }
}

/** Black and white squares, each of `side` pixels, as a PNG. @returns undefined without sharp, an optional dependency */
export async function squares(rows: readonly (readonly boolean[])[], side: number): Promise<Picture | undefined> {
  const sharp = await import('sharp').then((module) => module.default).catch(() => undefined)
  const [height, width] = [rows.length, rows[0]?.length ?? 0]
  const grey = Buffer.from(rows.flatMap((row) => row.map((dark) => (dark ? 0 : 255))))
  const png = await sharp?.(grey, { raw: { width, height, channels: 1 } })
    .resize({ width: width * side, height: height * side, kernel: 'nearest' })
    .png({ palette: true, colours: 2 })
    .toBuffer()
  return png && { type: 'image/png', bytes: png }
}
