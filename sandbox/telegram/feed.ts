import type { Cancel, Clock } from '../../src/core/clock.ts'
import { conflict, conflicts } from './errors.ts'
import type { Troubles } from './misbehave.ts'
import type { Rules } from './rules.ts'
import type { Json } from './shapes.ts'

export const updateKinds = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'callback_query',
  'my_chat_member',
  'chat_member',
] as const
export type UpdateKind = (typeof updateKinds)[number]

export interface Update extends Json {
  readonly update_id: number
}

export interface Entry {
  readonly update: Update
  readonly chat: number
  readonly at: number
  /** How often it is yet to be delivered: twice for a duplicate. */
  copies: number
  /** For the webhook: not before, so often tried, under way now. */
  due: number
  tries: number
  busy: boolean
}

export interface Poll {
  readonly offset: number
  readonly limit: number
  readonly timeoutMs: number
}

/** What one bot is yet to be told. */
export interface Feed {
  push(kind: UpdateKind, chat: number, body: Json): void
  poll(wish: Poll): Promise<readonly Update[]>
  /** An empty list means Telegram's own choice: all but chat_member. */
  allow(kinds: readonly string[]): void
  readonly allowed: readonly string[] | undefined
  /** Whether somebody polls now. */
  readonly polled: boolean
  /** While a webhook is there, nobody polls. */
  webhook(on: boolean): void
  readonly entries: Entry[]
  drop(entry: Entry): void
  clear(): void
  advance(now: number): void
}

interface Held {
  readonly kind: UpdateKind
  readonly chat: number
  readonly body: Json
  /** Undefined: until the next one has gone. */
  readonly due: number | undefined
}

interface Waiter {
  readonly wish: Poll
  readonly cancel: Cancel
  resolve(updates: readonly Update[]): void
  reject(error: Error): void
}

export function createFeed(options: {
  readonly clock: Clock
  readonly rules: () => Rules
  readonly troubles: Troubles
  readonly bot: string
  readonly firstId: number
  /** Something new is there. */
  readonly wake: () => void
}): Feed {
  const { clock, troubles, bot } = options
  const entries: Entry[] = []
  const again: Update[] = []
  const held: Held[] = []
  let nextId = options.firstId
  let allowed: readonly string[] | undefined
  let hooked = false
  let waiter: Waiter | undefined

  const wanted = (kind: UpdateKind) => (allowed ? allowed.includes(kind) : kind !== 'chat_member')

  function push(kind: UpdateKind, chat: number, body: Json) {
    if (!wanted(kind)) return
    const trouble = troubles.takeUpdate({ bot, chat })
    const now = clock.now()
    if (trouble?.how === 'withheld') return
    if (trouble?.how === 'reorder') return void held.push({ kind, chat, body, due: undefined })
    if (trouble?.how === 'slow') return void held.push({ kind, chat, body, due: now + trouble.ms })
    enter({ kind, chat, body }, trouble?.how === 'duplicate' ? 2 : 1)
    for (const late of takeHeld((one) => one.due === undefined)) enter(late, 1)
    tell()
  }

  function enter({ kind, chat, body }: Pick<Held, 'kind' | 'chat' | 'body'>, copies: number) {
    const at = clock.now()
    const update = { update_id: nextId++, [kind]: body }
    entries.push({ update, chat, at, copies, due: at, tries: 0, busy: false })
  }

  function takeHeld(ready: (one: Held) => boolean): readonly Held[] {
    const found = held.filter(ready)
    for (const one of found) held.splice(held.indexOf(one), 1)
    return found
  }

  function tell() {
    if (waiter && waiting(waiter.wish).length > 0) leave((one) => one.resolve(batch(one.wish)))
    options.wake()
  }

  function leave(go: (one: Waiter) => void) {
    const one = waiter
    waiter = undefined
    one?.cancel()
    if (one) go(one)
  }

  const waiting = ({ offset }: Poll) => entries.filter(({ update }) => update.update_id >= offset)
  const batch = (wish: Poll) => [...again.splice(0), ...waiting(wish).map(({ update }) => update)].slice(0, wish.limit)

  function confirm(offset: number) {
    const until = offset < 0 ? (entries.at(offset)?.update.update_id ?? 0) : offset
    for (const entry of entries.filter(({ update }) => update.update_id < until)) drop(entry)
  }

  function drop(entry: Entry) {
    entry.copies--
    if (entry.copies > 0 && hooked) return
    if (entry.copies > 0) again.push(entry.update)
    remove(entry)
  }

  function remove(entry: Entry) {
    const index = entries.indexOf(entry)
    if (index >= 0) entries.splice(index, 1)
  }

  async function poll(wish: Poll): Promise<readonly Update[]> {
    if (hooked) throw conflict(conflicts.webhook)
    if (waiter && options.rules().conflictHits === 'later') throw conflict(conflicts.poll)
    leave((one) => one.reject(conflict(conflicts.poll)))
    if (wish.offset !== 0) confirm(wish.offset)
    const ready = batch(wish)
    if (ready.length > 0 || wish.timeoutMs === 0) return ready
    return new Promise((resolve, reject) => {
      const cancel = clock.after(wish.timeoutMs, () => leave((one) => one.resolve([])))
      waiter = { wish, cancel, resolve, reject }
    })
  }

  return {
    push,
    poll,
    drop,
    entries,
    allow(kinds) {
      allowed = kinds.length === 0 ? undefined : kinds
    },
    get allowed() {
      return allowed
    },
    get polled() {
      return waiter !== undefined
    },
    webhook(on) {
      hooked = on
      if (on) leave((one) => one.reject(conflict(conflicts.setWebhook)))
    },
    clear() {
      entries.splice(0)
      again.splice(0)
    },
    advance(now) {
      const old = now - options.rules().keepUpdatesMs
      for (const entry of entries.filter(({ at, busy }) => at < old && !busy)) remove(entry)
      const due = takeHeld((one) => one.due !== undefined && one.due <= now)
      for (const late of due) enter(late, 1)
      if (due.length > 0) tell()
    },
  }
}
