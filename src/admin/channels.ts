import { z } from 'zod'
import { asId, type ChannelId } from '../core/words.ts'
import type { ChannelKind } from '../notify/kind.ts'
import { queueOf } from '../notify/places.ts'
import {
  changeChannel,
  createChannel,
  findChannelOf,
  listChannels,
  lockChannel,
  removeChannel,
  type StoredChannel,
} from '../storage/channels.ts'
import { listDispatches } from '../storage/dispatches.ts'
import { listRecipients } from '../storage/recipients.ts'
import type { Tx } from '../storage/storage.ts'
import { limitUpTo } from './cursor.ts'
import { flag, id, kindName, listOf, masked, masks, merged, name, secrets, secretsChange, settings } from './fields.ts'
import { none, silence, type TenantAsked, tenantOperation } from './operation.ts'
import type { AdminParts } from './parts.ts'
import { invalid, notThere, Refusal, taken } from './problem.ts'
import { someAccounts, strangeAmong } from './rooms.ts'

const newChannel = z.strictObject(
  {
    kind: kindName('give the kind of channel: email, official-account or sms'),
    name: name('a name for the channel'),
    enabled: flag.default(true),
    settings: settings.default({}),
    secrets: secrets.default({}),
    accounts: someAccounts.exactOptional(),
  },
  'a JSON object',
)

const channelChange = z.strictObject(
  {
    name: name('a name for the channel').exactOptional(),
    enabled: flag.exactOptional(),
    settings: settings.exactOptional(),
    secrets: secretsChange.exactOptional(),
    accounts: someAccounts.nullable().exactOptional(),
  },
  'a JSON object',
)

const channelView = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  settings,
  secrets: masks,
  accounts: z.array(z.string()).readonly().exactOptional(),
  /** It stopped by itself; switched on again, or changed, it goes on. */
  stopped: z.object({ at: z.string(), why: z.string() }).exactOptional(),
  /** Nothing gets through: tried again then. */
  held: z.object({ until: z.string(), why: z.string() }).exactOptional(),
  /** Where the outside tells it who scanned its code, where there is such a thing. */
  callbackUrl: z.string().exactOptional(),
})

const outcome = z.object({
  recipient: z.string(),
  label: z.string(),
  outcome: z.enum(['sent', 'failed', 'unknown']),
  code: z.string().exactOptional(),
  why: z.string().exactOptional(),
})

const logView = z.object({
  id: z.string(),
  recipient: z.string(),
  /** Absent = they are gone. */
  label: z.string().exactOptional(),
  complaint: z.string().exactOptional(),
  /** How many facts it tells. */
  facts: z.number(),
  test: z.boolean(),
  /** `sent`: it was taken; `delivered`: it is known to be there. */
  state: z.enum(['going', 'sent', 'delivered', 'failed', 'unknown']),
  reference: z.string().exactOptional(),
  error: z.string().exactOptional(),
  at: z.string(),
})

export const channelOperations = [
  tenantOperation({
    method: 'post',
    path: '/channels',
    summary: 'Adds a channel: a mailbox, a service account or an SMS application that tells people',
    query: none,
    body: newChannel,
    status: 201,
    answer: channelView,
    async run({ parts, tenant, body }) {
      const kind = kindOf(parts, body.kind)
      if (!kind) {
        const known = (parts.channelKinds ?? []).map((each) => each.kind).join(', ')
        return invalid([{ field: 'kind', fix: `one of ${known}` }])
      }
      kind.check(body)
      const { accounts: named, ...rest } = body
      const accounts = named?.map((id) => asId<'account'>(id))
      const strange = await strangeAmong(parts.storage.reads, tenant.id, accounts)
      if (strange.length > 0) return invalid(strange)
      const wish = { ...rest, tenant: tenant.id, ...(accounts ? { accounts } : {}) }
      const made = await parts.storage.transaction((tx) => createChannel(tx, wish))
      return made ? viewOf(parts, made) : called(body.name)
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/channels',
    summary: 'Lists the channels of a business; their secrets stay inside',
    query: none,
    body: none,
    status: 200,
    answer: listOf(channelView),
    async run({ parts, tenant }) {
      return { items: (await listChannels(parts.storage.reads, tenant.id)).map((each) => viewOf(parts, each)) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/channels/:channel',
    summary: 'Shows a channel; its secrets stay inside',
    query: none,
    body: none,
    status: 200,
    answer: channelView,
    async run(asked) {
      const channel = await channelOf(asked)
      return channel ? viewOf(asked.parts, channel) : notThere('channel')
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/channels/:channel',
    summary: 'Changes a channel: what is not named stays, null takes out; one that had stopped goes on',
    query: none,
    body: channelChange,
    status: 200,
    answer: channelView,
    refuses: [409],
    async run({ parts, tenant, param, body }) {
      const accounts = body.accounts?.map((id) => asId<'account'>(id))
      const strange = await strangeAmong(parts.storage.reads, tenant.id, accounts)
      if (strange.length > 0) return invalid(strange)
      const id = asId<'channel'>(param('channel'))
      const changed = await parts.storage.transaction(async (tx) => {
        const before = await lockChannel(tx, tenant.id, id)
        return before && change(parts, tx, before, body)
      })
      if (changed === 'taken') return called(body.name ?? '')
      return changed ? viewOf(parts, changed) : notThere('channel')
    },
  }),
  tenantOperation({
    method: 'delete',
    path: '/channels/:channel',
    summary: 'Removes a channel and its recipients; what waits for them is not sent',
    query: none,
    body: none,
    status: 204,
    answer: silence,
    async run({ parts, tenant, param }) {
      const gone = await parts.storage.transaction((tx) => removeChannel(tx, tenant.id, asId(param('channel'))))
      return gone ? undefined : notThere('channel')
    },
  }),
  tenantOperation({
    method: 'post',
    path: '/channels/:channel/test',
    summary: 'Sends a test message now, to one recipient or to all who are on; says what became of each',
    query: none,
    body: z.strictObject({ recipient: id('the id of a recipient').exactOptional() }, 'a JSON object'),
    status: 200,
    answer: listOf(outcome),
    async run(asked) {
      const channel = await channelOf(asked)
      const kind = channel && kindOf(asked.parts, channel.kind)
      if (!channel || !kind) return notThere('channel')
      return { items: await testAll(asked.parts, kind, channel, asked.body.recipient) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/channels/:channel/log',
    summary: 'Lists what a channel has sent or tried to send, the newest first',
    query: z.strictObject({ limit: limitUpTo(500) }),
    body: none,
    status: 200,
    answer: listOf(logView),
    async run(asked) {
      const channel = await channelOf(asked)
      if (!channel) return notThere('channel')
      const { reads } = asked.parts.storage
      const labels = new Map((await listRecipients(reads, channel.id)).map(({ id, label }) => [id, label]))
      const dispatches = await listDispatches(reads, channel.id, asked.query.limit)
      return {
        items: dispatches.map(({ deliveries, channel: _, ...dispatch }) => {
          const label = labels.get(dispatch.recipient)
          return { ...dispatch, facts: deliveries.length, ...(label === undefined ? {} : { label }) }
        }),
      }
    },
  }),
]

export const kindOf = ({ channelKinds = [] }: AdminParts, kind: string): ChannelKind | undefined =>
  channelKinds.find((each) => each.kind === kind)

export const channelOf = <Query, Body>({
  parts,
  tenant,
  param,
}: TenantAsked<Query, Body>): Promise<StoredChannel | undefined> =>
  findChannelOf(parts.storage.reads, tenant.id, asId<'channel'>(param('channel')) as ChannelId)

async function change(
  parts: AdminParts,
  tx: Tx,
  before: StoredChannel,
  wish: z.output<typeof channelChange>,
): Promise<StoredChannel | undefined | 'taken'> {
  const stored = Object.fromEntries(Object.entries(before.secrets).map(([each, secret]) => [each, secret.reveal()]))
  const after = { secrets: merged(stored, wish.secrets), settings: merged(before.settings, wish.settings) }
  // Switched on, it must be complete: an imported one has no secrets at first.
  if (wish.secrets || wish.settings || (wish.enabled && !before.enabled)) kindOf(parts, before.kind)?.check(after)
  const { name: called, enabled, accounts } = wish
  const changed = await changeChannel(tx, before.tenant, before.id, {
    ...(called === undefined ? {} : { name: called }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(accounts === undefined ? {} : { accounts: accounts?.map((id) => asId<'account'>(id)) ?? null }),
    ...(wish.secrets ? { secrets: after.secrets } : {}),
    ...(wish.settings ? { settings: after.settings } : {}),
  })
  // What waited for this is told now, and what waits for one that is off is let go.
  const place = `${before.kind}:${before.id}`
  await parts.engine.send(tx, queueOf(place), place)
  return changed
}

async function testAll(
  { storage, testChannel }: AdminParts,
  kind: ChannelKind,
  channel: StoredChannel,
  only: string | undefined,
): Promise<z.input<typeof outcome>[]> {
  if (!testChannel) throw new Refusal(409, { title: 'Not here', detail: 'This process sends nothing.' })
  const all = await listRecipients(storage.reads, channel.id)
  // Who is named is tried even when off: to see whether they can be reached again.
  const tested = all.filter(({ id, enabled }) => (only === undefined ? enabled : id === only))
  if (tested.length === 0) {
    const fix = only === undefined ? 'add one first: redress recipient add' : 'the id of a recipient of this channel'
    throw invalid([{ field: 'recipient', fix }])
  }
  const outcomes: z.input<typeof outcome>[] = []
  for (const recipient of tested) {
    const sent = await testChannel(kind, { channel, recipient })
    const { id, label } = recipient
    const why = sent.outcome === 'sent' ? {} : { code: sent.code, why: sent.why }
    outcomes.push({ recipient: id, label, outcome: sent.outcome, ...why })
  }
  return outcomes
}

const called = (named: string) =>
  taken(`There is a channel called ${named}.`, { field: 'name', fix: 'choose another, or change that one' })

function viewOf(parts: AdminParts, channel: StoredChannel): z.input<typeof channelView> {
  const hears = kindOf(parts, channel.kind)?.hear !== undefined
  return {
    ...channel,
    settings: settings.parse(channel.settings),
    secrets: masked(channel.secrets),
    ...(hears ? { callbackUrl: `${parts.publicUrl ?? ''}/hooks/official/${channel.id}` } : {}),
  }
}
