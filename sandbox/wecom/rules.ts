import type { Rules } from './wecom.ts'

const minute = 60_000

export const defaultRules: Rules = {
  perMinute: 30,
  perHour: 1000,
  webhookPerMinute: 20,
  over: 'refused',
  webhookOver: 45009,
  eventMs: 5000,
  mediaMs: 5 * minute,
  pingMs: 90_000,
  streamMs: 6 * minute,
}

export const limits = {
  chunk: 512 * 1024,
  chunks: 100,
  markdown: 20_480,
  /** A message's req_id can be answered for so long. */
  replyMs: 24 * 60 * minute,
  uploadMs: 30 * minute,
  mediaIdMs: 3 * 24 * 60 * minute,
  uploadsPerMinute: 30,
  uploadsPerHour: 1000,
} as const

export type MediaType = 'file' | 'image' | 'voice' | 'video'

const MB = 1024 * 1024
export const largest: Readonly<Record<MediaType, number>> = {
  file: 20 * MB,
  image: 10 * MB,
  voice: 2 * MB,
  video: 10 * MB,
}
