import type { Clock } from '../../src/core/clock.ts'
import { canvas, png } from '../png.ts'
import { badRequest, Refusal } from './errors.ts'
import { measure } from './image.ts'
import { digits, type Random } from './random.ts'
import type { Rules } from './rules.ts'
import { compact, type Json } from './shapes.ts'
import type { Stored } from './state.ts'

export interface Files {
  /** A photo in its sizes, the smallest first. Throws when it is none, or too big. */
  photo(bytes: Buffer): readonly Stored[]
  document(file: { readonly name: string; readonly bytes: Buffer; readonly mime?: string | undefined }): Stored
  /** The name of a file for one bot; another bot cannot use it. */
  idFor(bot: number, file: Stored): string
  find(bot: number, fileId: string): Stored | undefined
  /** getFile: a path that lives for a while. */
  open(bot: number, fileId: string): Json
  read(bot: number, path: string): Stored
}

// The small ones stand for Telegram's thumbnails: grey, so that whoever takes the wrong size sees it.
const sides = [90, 320, 800]

export function createFiles({ clock, random, rules }: { clock: Clock; random: Random; rules: () => Rules }): Files {
  const ids = new Map<string, string>()
  const owned = new Map<string, Stored>()
  const paths = new Map<string, { readonly file: Stored; readonly until: number }>()
  let count = 0

  const unique = () => random(9).toString('base64url')

  function photo(bytes: Buffer): readonly Stored[] {
    const { maxPhotoBytes } = rules()
    if (bytes.length > maxPhotoBytes)
      throw badRequest(
        `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${maxPhotoBytes} bytes`,
      )
    const size = measure(bytes)
    if (!size) throw badRequest('IMAGE_PROCESS_FAILED')
    const { width, height, mime } = size
    const long = Math.max(width, height)
    const short = Math.min(width, height)
    if (short === 0 || width + height > 10_000 || long / short > 20) throw badRequest('PHOTO_INVALID_DIMENSIONS')
    const whole: Stored = { unique: unique(), bytes, folder: 'photos', name: 'photo', mime, width, height }
    return [...sides.filter((side) => side < long).map((side) => thumbnail(side, whole, long)), whole]
  }

  function thumbnail(side: number, { width = 1, height = 1 }: Stored, long: number): Stored {
    const small = {
      width: Math.max(1, Math.round((width * side) / long)),
      height: Math.max(1, Math.round((height * side) / long)),
    }
    const bytes = png(canvas(small.width, small.height, [128, 128, 128]))
    return { unique: unique(), bytes, folder: 'photos', name: 'photo', mime: 'image/png', ...small }
  }

  function document(file: { name: string; bytes: Buffer; mime?: string | undefined }): Stored {
    const { name, bytes, mime = 'application/octet-stream' } = file
    if (bytes.length === 0) throw badRequest('file must be non-empty')
    if (bytes.length > rules().maxFileBytes) throw new Refusal(413, 'Request Entity Too Large')
    return { unique: unique(), bytes, folder: 'documents', name, mime }
  }

  function idFor(bot: number, file: Stored): string {
    const known = `${bot} ${file.unique}`
    const id = ids.get(known) ?? `${file.folder === 'photos' ? 'AgAC' : 'BQAC'}${random(36).toString('base64url')}`
    ids.set(known, id)
    owned.set(`${bot} ${id}`, file)
    return id
  }

  const find = (bot: number, fileId: string) => owned.get(`${bot} ${fileId}`)

  function open(bot: number, fileId: string): Json {
    const file = find(bot, fileId)
    if (!file) throw badRequest('invalid file_id')
    if (file.bytes.length > rules().maxDownloadBytes) throw badRequest('file is too big')
    const ending = /\.[A-Za-z0-9]{1,8}$/.exec(file.name)?.[0] ?? (file.mime === 'image/png' ? '.png' : '.jpg')
    const path = `${file.folder}/file_${++count}_${digits(random, 4)}${ending}`
    paths.set(`${bot} ${path}`, { file, until: clock.now() + rules().fileMs })
    return { ...fileFields(fileId, file), file_path: path }
  }

  function read(bot: number, path: string): Stored {
    const found = paths.get(`${bot} ${path}`)
    if (!found || clock.now() >= found.until) throw new Refusal(404, 'Not Found')
    return found.file
  }

  return { photo, document, idFor, find, open, read }
}

export const fileFields = (id: string, file: Stored): Json =>
  compact({
    file_id: id,
    file_unique_id: file.unique,
    file_size: file.bytes.length,
    width: file.width,
    height: file.height,
  })
