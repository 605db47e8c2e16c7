import type { Picture, PictureType } from '../../src/core/picture.ts'

/** Bytes of a photo; larger ones go as files. */
const photoLimit = 10_000_000
const inGroup = 10

/** What goes out in one message: an album holds photos or files, never both. */
export interface Batch {
  readonly as: 'photo' | 'document'
  readonly pictures: readonly Picture[]
}

/** A GIF as a photo would stand still. */
const photo = ({ type, bytes }: Picture) => type !== 'image/gif' && bytes.length <= photoLimit

export function batches(pictures: readonly Picture[]): readonly Batch[] {
  const as = (kind: Batch['as'], of: readonly Picture[]): readonly Batch[] =>
    Array.from({ length: Math.ceil(of.length / inGroup) }, (_, at) => ({
      as: kind,
      pictures: of.slice(at * inGroup, (at + 1) * inGroup),
    }))
  return [
    ...as('photo', pictures.filter(photo)),
    ...as(
      'document',
      pictures.filter((one) => !photo(one)),
    ),
  ]
}

const endings: Readonly<Record<PictureType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
}

/** telegraf's shape for bytes. */
export const upload = ({ type, bytes }: Picture, at: number) => ({
  source: bytes,
  filename: `picture-${at + 1}.${endings[type]}`,
})
