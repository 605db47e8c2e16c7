import type { Answer, Heard, Say } from '../../src/chat/chat.ts'
import type { Pace } from './kill-clock.ts'

/** What the child is to be. */
export interface Order {
  readonly file: string
  readonly pace: Pace
  readonly wechat: string
  readonly pay: string
  /** The gateway, where there is one. */
  readonly alipay?: string
  readonly chat: string
  /** Ways to people beside it, where there are any. */
  readonly channels?: { readonly ca: string; readonly official: string; readonly sms: string }
  /** What the world calls us. */
  readonly publicUrl: string
  /** Every failpoint that is passed is written here, one a line. */
  readonly hits: string
}

/** Dies at the n-th time that it comes by. */
export interface Death {
  readonly point: string
  readonly hit: number
}

/** Stands among the failpoints where the sweep had to ring for a row that had lost its job. */
export const swept = 'swept'

export type ToChild =
  | { readonly do: 'start'; readonly order: Order }
  | { readonly do: 'arm'; readonly death: Death }
  | { readonly do: 'stop' }
export type FromChild =
  | { readonly is: 'loaded' }
  | { readonly is: 'listening'; readonly url: string }
  | { readonly is: 'armed' }
  | { readonly is: 'stopped' }

/** Something that happened in the chat; told again until the next question has a higher number. */
export interface Update {
  readonly nr: number
  readonly heard: Heard
}

export interface Posted {
  readonly chat: string
  readonly say: Say
}
export interface Edited extends Posted {
  readonly post: string
}
export interface Answered {
  readonly nr: number
  readonly answer: Answer
}

export const write = (value: unknown): string => JSON.stringify(value)

/** JSON in which bytes come back as bytes. */
export function read<T>(text: string): T {
  return JSON.parse(text, (_, value) =>
    value?.type === 'Buffer' && Array.isArray(value.data) ? Buffer.from(value.data) : value,
  )
}
