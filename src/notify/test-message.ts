import { asId, instant, newId, type RecipientId } from '../core/words.ts'
import { channelWorks, findChannel, type StoredChannel } from '../storage/channels.ts'
import { endDispatch, reportDispatch, startDispatch, takeEarlyReport } from '../storage/dispatches.ts'
import { findRecipient, type StoredRecipient } from '../storage/recipients.ts'
import { findTenant } from '../storage/tenants.ts'
import type { ChannelKind, Sent } from './kind.ts'
import { testLetter } from './letter.ts'
import { attempt } from './outbox.ts'
import type { OutboxParts } from './outlet.ts'
import { endOf } from './settle.ts'

export interface Tested {
  readonly channel: StoredChannel
  readonly recipient: StoredRecipient
}

/** One message to one recipient, at once and past every limit, for a person who waits for its outcome. It is in the log. What gets through shows that a channel which had stopped works again. */
export async function sendTest(parts: OutboxParts, kind: ChannelKind, { channel, recipient }: Tested): Promise<Sent> {
  const { storage } = parts
  const { reads } = storage
  const tenant = await findTenant(reads, channel.tenant)
  const now = instant(reads.clock.now())
  const reader = { language: tenant?.language ?? 'zh-CN', zone: tenant?.zone ?? 'Asia/Shanghai', now } as const
  const dispatch = await storage.transaction((tx) =>
    startDispatch(tx, {
      ...{ tenant: channel.tenant, channel: channel.id, recipient: recipient.id },
      ...{ deliveries: [], test: true },
    }),
  )
  const sent = await attempt({ parts, kind, channel }, recipient.address.reveal(), {
    key: newId('delivery', reads.random, reads.clock.now()),
    letter: testLetter(channel.name, reader),
    tries: 0,
  })
  await storage.transaction(async (tx) => {
    await endDispatch(tx, dispatch, endOf(kind, sent, instant(tx.clock.now())))
    const early = sent.outcome === 'sent' ? await takeEarlyReport(tx, channel.id, sent.reference) : undefined
    if (early && sent.outcome === 'sent') await reportDispatch(tx, dispatch, { ...early, reference: sent.reference })
    if (sent.outcome === 'sent') await channelWorks(tx, channel.id)
  })
  return sent
}

/** Shows somebody who has just bound an own address that messages arrive. */
export async function greet(parts: OutboxParts, kinds: readonly ChannelKind[], id: string): Promise<void> {
  const { reads } = parts.storage
  const recipient = await findRecipient(reads, asId(id) as RecipientId)
  const channel = recipient && (await findChannel(reads, recipient.channel))
  const kind = kinds.find((each) => each.kind === channel?.kind)
  if (!recipient?.enabled || !channel?.enabled || !kind) return
  const sent = await sendTest(parts, kind, { channel, recipient })
  if (sent.outcome !== 'sent')
    parts.logger.warn({ channel: channel.id, recipient: recipient.id, code: sent.code }, 'a greeting did not arrive')
}
