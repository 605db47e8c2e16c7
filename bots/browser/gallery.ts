import { type Picture, pictureHash } from '../../src/core/picture.ts'
import type { PictureHash } from '../../src/core/words.ts'

/** The pictures of the transcript by their hash; when the limit is passed the oldest go, and the page shows a gap. */
export interface Gallery {
  keep(picture: Picture): PictureHash
  find(hash: PictureHash): Picture | undefined
}

export function createGallery(limit = 256 * 1024 * 1024): Gallery {
  const pictures = new Map<PictureHash, Picture>()
  let size = 0
  return {
    keep(picture) {
      const hash = pictureHash(picture.bytes)
      if (!pictures.delete(hash)) size += picture.bytes.length
      pictures.set(hash, picture)
      for (const [old, { bytes }] of pictures) {
        if (size <= limit || old === hash) break
        pictures.delete(old)
        size -= bytes.length
      }
      return hash
    },
    find: (hash) => pictures.get(hash),
  }
}
