import { expect } from 'vitest'
import { createKey } from '../../src/storage/keys.ts'
import type { Database } from '../../src/storage/open.ts'
import type { KillWorld } from '../support/kill-world.ts'
import type { RefundStory } from './refund-story.ts'

/** Of the program that asks; made before the first life. */
const key = 'key-of-a-program-that-never-gives-up'

export const withKey = (storage: Database): Promise<void> =>
  storage.transaction(async (tx) => void (await createKey(tx, { name: 'program', access: 'write', text: key })))

/** How long a program goes on asking. */
const enough = 45_000

interface Told {
  readonly status: number
  readonly raw: string
  readonly json: Readonly<Record<string, unknown>>
  /** Out of what was kept of the first time. */
  readonly again: boolean
}

async function ask(w: KillWorld, method: string, path: string, wish?: object, name?: string): Promise<Told> {
  const answer = await fetch(`${w.life().url}/admin/v1/tenants/shop/complaints${path}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${key}`, connection: 'close', 'content-type': 'application/json' },
      ...(name === undefined ? {} : { 'idempotency-key': name }),
    },
    ...(wish ? { body: JSON.stringify(wish) } : {}),
  })
  const raw = await answer.text()
  return {
    ...{ status: answer.status, raw, json: JSON.parse(raw) },
    again: answer.headers.get('idempotent-replayed') === 'true',
  }
}

/** Asked again under one name until somebody answers, as programs do; what is still running is waited for. */
async function insist(w: KillWorld, path: string, wish: object, name: string): Promise<Told> {
  for (const end = Date.now() + enough; Date.now() < end; ) {
    const told = await ask(w, 'POST', path, wish, name).catch(() => undefined)
    if (told && told.json.title !== 'Still running') return told
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`nobody answers ${name}`)
}

/** The money that `refundVerdict` looks for, asked for by a program that loses its answer. @returns what it was told in the end */
export async function refundByApi(w: KillWorld, { quote }: RefundStory): Promise<Told> {
  const wish = { kind: 'refund', amount: 1_250, confirm: { amount: 1_250 }, reason: '少发一件' }
  return insist(
    w,
    `/${numberOf(w, quote)}/actions`,
    wish,
    `refund ${quote.length} ${numberOf(w, quote)}`.replaceAll(' ', '-'),
  )
}

/** Whoever asks once more hears the same to the letter, and there is one wish. */
export async function askedOnce(w: KillWorld, story: RefundStory, first: Told): Promise<void> {
  expect([first.status, first.json.kind]).toEqual([201, 'refund'])
  const more = await refundByApi(w, story)
  expect([more.status, more.raw, more.again]).toEqual([201, first.raw, true])
  const { json } = await ask(w, 'GET', `/${numberOf(w, story.quote)}/actions`)
  const wishes = (json.items as readonly { readonly id: string; readonly kind: string }[]).filter(
    ({ kind }) => kind === 'refund',
  )
  expect(wishes.map(({ id }) => id)).toEqual([first.json.id])
}

const numberOf = (w: KillWorld, quote: string): string => /#(\d+) /.exec(w.chat.card(quote)?.title ?? '')?.[1] ?? '?'
