import { createHash } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { invalidParameter, Refusal, tooOften } from './errors.ts'
import { number, some, text } from './fields.ts'
import type { Media } from './media.ts'
import type { Quota } from './quota.ts'
import { hex } from './random.ts'
import { largest, limits, type MediaType } from './rules.ts'
import type { Json, Random } from './wecom.ts'

export interface Uploads {
  init(owner: string, body: Json): Json
  chunk(owner: string, body: Json): undefined
  finish(owner: string, body: Json): Json
  forget(): void
}

interface Session {
  readonly owner: string
  readonly type: MediaType
  readonly name: string
  readonly size: number
  readonly chunks: number
  readonly md5: string | undefined
  readonly at: number
  readonly parts: Map<number, Buffer>
  /** What `finish` answered; it answers the same again. */
  done: Json | undefined
}

const minute = 60_000
const whole = (value: unknown, at: string) => {
  number(0)(value, at)
  if (!Number.isInteger(value)) throw invalidParameter(`${at} is not an integer`)
}

/** Pieces in any order, also over several connections (chat.md §1.6). */
export function createUploads(clock: Clock, random: Random, quota: Quota, media: Media): Uploads {
  const sessions = new Map<string, Session>()
  const live = ({ at }: Session) => clock.now() - at < limits.uploadMs
  const windows = [
    { ms: minute, most: limits.uploadsPerMinute },
    { ms: 60 * minute, most: limits.uploadsPerHour },
  ]

  function sessionOf(owner: string, { upload_id }: Json): Session {
    const session = sessions.get(String(upload_id))
    if (session?.owner !== owner || !live(session)) throw invalidParameter('upload_id is invalid or expired')
    return session
  }

  return {
    init(owner, body) {
      const session = readInit(owner, body, clock.now())
      if (!quota.take(`${owner} upload`, windows)) throw tooOften()
      const upload_id = hex(random, 32)
      sessions.set(upload_id, session)
      return { upload_id }
    },
    chunk(owner, body) {
      const { parts, chunks } = sessionOf(owner, body)
      const { chunk_index, base64_data } = body
      whole(chunk_index, 'chunk_index')
      // Counted from 0 or from 1, as the client likes.
      number(0, chunks)(chunk_index, 'chunk_index')
      text({ empty: false })(base64_data, 'base64_data')
      const bytes = Buffer.from(String(base64_data), 'base64')
      if (bytes.length > limits.chunk) throw invalidParameter(`base64_data exceed max length ${limits.chunk}`)
      if (bytes.toString('base64') !== base64_data) throw invalidParameter('base64_data is not base64')
      parts.set(Number(chunk_index), bytes)
    },
    finish(owner, body) {
      const session = sessionOf(owner, body)
      session.done ??= finished(session, media)
      return session.done
    },
    forget() {
      for (const [id, session] of sessions) if (!live(session)) sessions.delete(id)
    },
  }
}

function readInit(owner: string, body: Json, at: number): Session {
  const { type, filename, total_size, total_chunks, md5 } = body
  if (!isMediaType(type)) throw new Refusal(40004, 'invalid media type')
  some(filename, 'filename')
  whole(total_size, 'total_size')
  whole(total_chunks, 'total_chunks')
  number(1, limits.chunks)(total_chunks, 'total_chunks')
  if (md5 !== undefined && !/^[0-9a-f]{32}$/i.test(String(md5))) throw invalidParameter('md5 is invalid')
  const [size, chunks] = [Number(total_size), Number(total_chunks)]
  if (size < 5 || size > largest[type]) throw new Refusal(40006, 'invalid media size')
  if (size > chunks * limits.chunk) throw invalidParameter('total_chunks is too few for total_size')
  const sum = md5 === undefined ? undefined : String(md5).toLowerCase()
  return { owner, type, name: String(filename), size, chunks, md5: sum, at, parts: new Map(), done: undefined }
}

function finished({ owner, type, name, size, chunks, md5, parts }: Session, media: Media): Json {
  const first = parts.has(0) ? 0 : 1
  const all = Array.from({ length: chunks }, (_, index) => parts.get(first + index))
  const missing = all.indexOf(undefined)
  if (missing >= 0) throw invalidParameter(`missing chunk ${first + missing}`)
  if (parts.size > chunks) throw invalidParameter('more chunks than total_chunks')
  const bytes = Buffer.concat(all as Buffer[])
  if (bytes.length !== size) throw invalidParameter(`total_size is ${size}, uploaded were ${bytes.length}`)
  if (md5 !== undefined && md5 !== md5Of(bytes)) throw invalidParameter('md5 not match')
  if (!isOfType(type, bytes)) throw new Refusal(40005, 'invalid file type')
  return { type, ...media.keep(owner, type, { name, bytes }) }
}

export const md5Of = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex')

const isMediaType = (type: unknown): type is MediaType => typeof type === 'string' && Object.hasOwn(largest, type)

const starts = (bytes: Buffer, ...marks: readonly string[]) =>
  marks.some((mark) => bytes.subarray(0, mark.length / 2).toString('hex') === mark)

export const isJpegOrPng = (bytes: Buffer): boolean => starts(bytes, 'ffd8ff', '89504e470d0a1a0a')
export const isAmr = (bytes: Buffer): boolean => bytes.subarray(0, 5).toString('latin1') === '#!AMR'

function isOfType(type: MediaType, bytes: Buffer): boolean {
  switch (type) {
    case 'image':
      return isJpegOrPng(bytes) || starts(bytes, '47494638')
    case 'voice':
      return isAmr(bytes)
    case 'video':
      return bytes.subarray(4, 8).toString('latin1') === 'ftyp'
    case 'file':
      return true
  }
}
