import { expect } from 'vitest'
import type { KillChannel } from '../support/kill-channels.ts'
import type { KillWorld } from '../support/kill-world.ts'

/** A complaint of which one person is told beside the chat. */
export interface ToldStory {
  readonly beside: KillChannel
  /** The platform's number of it. */
  readonly number: string
  readonly quote: string
  /** How many were told of before. */
  readonly before: number
}

/** Nobody stands and waits here as a person would: a busy machine may take its time for a new life. */
export async function patiently(is: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 45_000; !is(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error(`never: ${what}`)
}

const going = (state: string) => state === 'waiting'

/** @returns once nothing of it waits any more */
export async function isTold(w: KillWorld, quote: string): Promise<ToldStory> {
  const { beside } = w
  if (!beside) throw new Error('nobody is told beside the chat here')
  const before = w.deliveries(beside.kind).length
  const { id } = await w.wechat.complain({ appid: w.program.appid, text: quote })
  const settled = () => w.deliveries(beside.kind).slice(before)
  await patiently(() => settled().length === 1 && !settled().some(going), `what became of "${quote}" was known`)
  return { beside, number: String(id), quote, before }
}

/** What really arrived: by what each one of its messages is known. */
function arrived({ beside, number, quote }: ToldStory): readonly string[] {
  const { kind, mail, official, sms } = beside
  if (kind === 'email')
    return mail.mails().flatMap(({ text, messageId }) => (text?.includes(quote) ? [messageId ?? ''] : []))
  if (kind === 'sms')
    return sms.messages().flatMap(({ params, serialNo }) => (params.includes(number.slice(-6)) ? [serialNo] : []))
  return official
    .shown()
    .flatMap(({ kind: what, lines, msgid }) =>
      what === 'template' && lines.some(([, text]) => text === number) ? [msgid ?? ''] : [],
    )
}

/** Nothing is lost, nothing comes twice that cannot be told to be the same, and an SMS never. */
export function toldVerdict(w: KillWorld, story: ToldStory, point: string): void {
  const { beside, before } = story
  const messages = arrived(story)
  const [state, ...others] = w.deliveries(beside.kind).slice(before)
  expect(others).toEqual([])
  expect(new Set(messages).size, 'different messages').toBeLessThanOrEqual(1)
  if (beside.kind === 'sms') {
    expect(messages.length, 'messages to the phone').toBe(point === 'outbox.started' ? 0 : 1)
    // Of what was cut off nobody knows: a person decides.
    expect(state).toBe(point === 'outbox.settled' ? 'sent' : 'dead')
  } else {
    expect(messages.length, 'messages').toBeGreaterThan(0)
    expect(messages.length, 'messages').toBeLessThanOrEqual(beside.kind === 'email' ? 2 : 1)
    expect(state).toBe('sent')
  }
  expect(w.integrity()).toEqual(['ok'])
}
