import { type RawReply, type RawRequest, textReply } from '../core/http.ts'
import { asId } from '../core/words.ts'
import { queues } from '../engine/queues.ts'
import { useBindRequest } from '../storage/bind-requests.ts'
import { findChannel, type StoredChannel } from '../storage/channels.ts'
import { keepRecipient, recipientAt, switchOff } from '../storage/recipients.ts'
import type { ChannelKind, Heard } from './kind.ts'
import type { OutboxParts } from './outlet.ts'
import { hearReport } from './report.ts'
import { both } from './texts.ts'

/** What the outside sends to a channel's own address. What is not genuine changes nothing and learns nothing. */
export async function hearChannel(
  parts: OutboxParts,
  kinds: readonly ChannelKind[],
  told: { readonly channel: string; readonly request: RawRequest },
): Promise<RawReply> {
  const channel = await findChannel(parts.storage.reads, asId(told.channel))
  const kind = kinds.find((each) => each.kind === channel?.kind)
  if (!channel?.enabled || !kind?.hear) return textReply(404, 'no such address')
  const heard = kind.hear(channel, told.request)
  parts.metrics.callback(channel.kind, heard.heard === 'forged' ? heard.why : heard.heard)
  if (heard.heard === 'reported') await hearReport({ parts, kind }, channel, heard)
  else await follow(parts, channel, heard)
  return heard.reply
}

async function follow({ storage, engine, logger }: OutboxParts, channel: StoredChannel, heard: Heard): Promise<void> {
  const { tenant, id } = channel
  if (heard.heard === 'scanned') {
    const bound = await storage.transaction(async (tx) => {
      const request = await useBindRequest(tx, id, heard.code)
      if (!request) return undefined
      const recipient = await keepRecipient(tx, { ...request, address: heard.address, enabled: true })
      await engine.send(tx, queues.greet, recipient.id)
      return recipient
    })
    logger.info({ channel: id, recipient: bound?.id ?? 'none' }, 'a code was scanned')
  }
  if (heard.heard === 'left')
    await storage.transaction(async (tx) => {
      const recipient = await recipientAt(tx, { tenant, channel: id, address: heard.address })
      if (recipient) await switchOff(tx, recipient.id, both('已取消关注服务号', 'they have left the service account'))
    })
}
