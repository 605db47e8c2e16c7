import { atLeast } from '../complaints/member.ts'
import { queues } from '../engine/queues.ts'
import { type TestRound, testKey } from '../notify/test-round.ts'
import { listChannels, type StoredChannel } from '../storage/channels.ts'
import { listRecipients, type StoredRecipient } from '../storage/recipients.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'

interface Known {
  readonly channel: StoredChannel
  readonly recipients: readonly StoredRecipient[]
}

interface Chosen extends Known {
  /** One of them; undefined = all who are on. */
  readonly only?: StoredRecipient
}

/** `/test 邮箱`, `/test 邮箱 小李`, `/test 小李`; `/test` where there is one channel only. The outcome is said in the same room. */
export async function test(context: Context, { rest }: { readonly rest: string }): Promise<Answer> {
  const { parts, tenant, room, member } = context
  if (!atLeast(member, 'admin')) return refusal(context, 'no.role', { role: say(context, 'role.admin') })
  const all: Known[] = []
  for (const channel of await listChannels(parts.storage.reads, tenant.id))
    all.push({ channel, recipients: await listRecipients(parts.storage.reads, channel.id) })
  const [first] = all
  if (!first) return refusal(context, 'test.none')
  const names = all.map(({ channel }) => channel.name).join(' / ')
  const name = rest.trim()
  if (name === '' && all.length > 1)
    return refusal(context, 'test.which', { names, example: `/test ${first.channel.name}` })
  const chosen: Chosen | undefined = name === '' ? first : chosenBy(all, name)
  if (!chosen) return refusal(context, 'test.unknown', { name, names })
  const told = chosen.only ? [chosen.only] : chosen.recipients.filter(({ enabled }) => enabled)
  const { channel, only } = chosen
  if (told.length === 0)
    return refusal(context, 'test.nobody', { channel: channel.name, example: `/test ${channel.name} …` })
  const round: TestRound = { room: room.id, channel: channel.id, ...(only ? { recipient: only.id } : {}) }
  await parts.storage.transaction((tx) => parts.engine.send(tx, queues.testing, testKey(round)))
  return answerTo(
    context,
    say(context, 'test.started', { channel: channel.name, people: told.map(({ label }) => label).join(', ') }),
  )
}

/** A channel, one of its recipients behind it, or a recipient whose name nobody else has. Names may hold spaces. */
function chosenBy(all: readonly Known[], name: string): Chosen | undefined {
  const wanted = plain(name)
  const channel = all.find((one) => plain(one.channel.name) === wanted)
  if (channel) return channel
  const people = all.flatMap((known) => known.recipients.map((only): Chosen => ({ ...known, only })))
  const named = (behind: (one: Chosen) => string) => people.filter((one) => plain(behind(one)) === wanted)
  const [one, ...others] = [
    ...named(({ channel, only }) => `${channel.name} ${only?.label ?? ''}`),
    ...named(({ only }) => only?.label ?? ''),
  ]
  return others.length === 0 ? one : undefined
}

const plain = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
