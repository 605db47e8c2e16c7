import { fitting, type Picture, type PictureType, pictureLimit } from '../../src/core/picture.ts'

const endings: Readonly<Record<PictureType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
}
const limit = { bytes: pictureLimit, types: ['image/png', 'image/jpeg', 'image/gif'] }

interface Upload {
  readonly bytes: Buffer
  readonly type: 'image' | 'file'
  readonly filename: string
}

/** As a picture where WeCom shows it, else as a file: that it takes always. */
export async function uploadOf(picture: Picture, at: number): Promise<Upload> {
  const fitted = await fitting(picture, limit)
  const { bytes, type } = fitted.outcome === 'fits' ? fitted.picture : picture
  const filename = `picture-${at + 1}.${endings[type]}`
  return { bytes, type: fitted.outcome === 'fits' ? 'image' : 'file', filename }
}
