import { asId, type ChannelId, type RecipientId, type RoomId } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import { findChannel } from '../storage/channels.ts'
import { listRecipients } from '../storage/recipients.ts'
import type { ChannelKind } from './kind.ts'
import type { OutboxParts } from './outlet.ts'
import { sendTest } from './test-message.ts'

/** A person in a room wants to see a channel work: for all who are on, or for one, even when off. */
export interface TestRound {
  readonly room: RoomId
  readonly channel: ChannelId
  readonly recipient?: RecipientId
}

export const testKey = ({ room, channel, recipient = '' as RecipientId }: TestRound): string =>
  [room, channel, recipient].join(':')

/** Sends the test messages and says in that room what became of each: a server that hangs keeps nobody in the chat waiting. */
export async function runTest(parts: OutboxParts, kinds: readonly ChannelKind[], key: string): Promise<void> {
  const { storage, engine } = parts
  const [room = '', id = '', only = ''] = key.split(':')
  const channel = await findChannel(storage.reads, asId(id))
  const kind = kinds.find((each) => each.kind === channel?.kind)
  if (!channel || !kind) return
  const all = await listRecipients(storage.reads, channel.id)
  const outcomes = []
  for (const recipient of all.filter((one) => (only === '' ? one.enabled : one.id === only))) {
    const sent = await sendTest(parts, kind, { channel, recipient })
    const why = sent.outcome === 'sent' ? {} : { why: sent.why }
    outcomes.push({ recipient: recipient.label, outcome: sent.outcome, ...why })
  }
  const notice = { kind: 'tested', channel: channel.name, outcomes } as const
  await storage.transaction((tx) => announce(engine, tx, { tenant: channel.tenant, room: asId(room), notice }))
}
