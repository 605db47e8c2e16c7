import { z } from 'zod'
import { OutsideError } from '../core/errors.ts'
import { asId } from '../core/words.ts'
import { type Interest, interests } from '../notify/interests.ts'
import type { ChannelKind } from '../notify/kind.ts'
import { bindFor, createBindRequest } from '../storage/bind-requests.ts'
import type { StoredChannel } from '../storage/channels.ts'
import {
  changeRecipient,
  createRecipient,
  listRecipients,
  removeRecipient,
  type StoredRecipient,
} from '../storage/recipients.ts'
import { channelOf, kindOf } from './channels.ts'
import { flag, listOf, name, secret } from './fields.ts'
import { none, silence, type TenantAsked, tenantOperation } from './operation.ts'
import { invalid, notThere, Refusal, taken } from './problem.ts'

const label = name('a name for the recipient, as people call them')
const wants = z
  .array(z.enum(interests, `one of ${interests.join(', ')}`), `a list out of ${interests.join(', ')}`)
  .min(1, `name at least one of ${interests.join(', ')}`)
  .max(interests.length, 'each once')
  .transform((names) => [...new Set(names)])

/** What somebody is told of whom nothing else is said. */
const usual: readonly Interest[] = ['new', 'user', 'outcome', 'deadline', 'notice', 'digest']

const newRecipient = z.strictObject(
  {
    address: z
      .string('give the mail address, the openid or the phone number')
      .max(256, 'at most 256 characters')
      .meta(secret),
    label,
    wants: wants.exactOptional(),
    enabled: flag.default(true),
  },
  'a JSON object',
)

const recipientChange = z.strictObject(
  {
    address: z.string('an address').max(256, 'at most 256 characters').meta(secret).exactOptional(),
    label: label.exactOptional(),
    wants: wants.exactOptional(),
    enabled: flag.exactOptional(),
  },
  'a JSON object',
)

const recipientView = z.object({
  id: z.string(),
  label: z.string(),
  /** Masked: whom it reaches is personal. */
  address: z.string(),
  wants: z.array(z.string()),
  enabled: z.boolean(),
  /** Why it was switched off by itself. */
  offWhy: z.string().exactOptional(),
})

const invitation = z.object({ url: z.string(), image: z.string(), expiresAt: z.string() })

interface Under {
  readonly channel: StoredChannel
  readonly kind: ChannelKind
}

export const recipientOperations = [
  tenantOperation({
    method: 'post',
    path: '/channels/:channel/recipients',
    summary: 'Adds somebody who is told through a channel',
    query: none,
    body: newRecipient,
    status: 201,
    answer: recipientView,
    async run(asked) {
      const under = await underOf(asked)
      if (!under) return notThere('channel')
      const { body, parts, tenant } = asked
      const strange = strangeWants(under.kind, body.wants)
      if (strange) return strange
      const made = await parts.storage.transaction((tx) =>
        createRecipient(tx, {
          ...{ tenant: tenant.id, channel: under.channel.id, label: body.label, enabled: body.enabled },
          address: under.kind.address(body.address),
          wants: body.wants ?? usualOf(under.kind),
        }),
      )
      return made ? viewOf(under.kind, made) : known
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/channels/:channel/recipients',
    summary: 'Lists who is told through a channel; addresses are masked',
    query: none,
    body: none,
    status: 200,
    answer: listOf(recipientView),
    async run(asked) {
      const under = await underOf(asked)
      if (!under) return notThere('channel')
      const recipients = await listRecipients(asked.parts.storage.reads, under.channel.id)
      return { items: recipients.map((recipient) => viewOf(under.kind, recipient)) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/channels/:channel/recipients/:recipient',
    summary: 'Shows a recipient; the address is masked',
    query: none,
    body: none,
    status: 200,
    answer: recipientView,
    async run(asked) {
      const under = await underOf(asked)
      if (!under) return notThere('channel')
      const recipients = await listRecipients(asked.parts.storage.reads, under.channel.id)
      const recipient = recipients.find(({ id }) => id === asked.param('recipient'))
      return recipient ? viewOf(under.kind, recipient) : notThere('recipient')
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/channels/:channel/recipients/:recipient',
    summary: 'Changes a recipient; what is not named stays',
    query: none,
    body: recipientChange,
    status: 200,
    answer: recipientView,
    refuses: [409],
    async run(asked) {
      const under = await underOf(asked)
      if (!under) return notThere('channel')
      const { body, parts, tenant, param } = asked
      const strange = strangeWants(under.kind, body.wants)
      if (strange) return strange
      const { address, ...rest } = body
      const wish = { ...rest, ...(address === undefined ? {} : { address: under.kind.address(address) }) }
      const which = { tenant: tenant.id, channel: under.channel.id, id: asId<'recipient'>(param('recipient')) }
      const changed = await parts.storage.transaction((tx) => changeRecipient(tx, which, wish))
      if (changed === 'taken') return known
      return changed ? viewOf(under.kind, changed) : notThere('recipient')
    },
  }),
  tenantOperation({
    method: 'delete',
    path: '/channels/:channel/recipients/:recipient',
    summary: 'Removes a recipient; what waits for them is not sent',
    query: none,
    body: none,
    status: 204,
    answer: silence,
    async run(asked) {
      const under = await underOf(asked)
      const { parts, tenant, param } = asked
      const gone =
        under &&
        (await parts.storage.transaction((tx) =>
          removeRecipient(tx, { tenant: tenant.id, channel: under.channel.id, id: asId(param('recipient')) }),
        ))
      return gone ? undefined : notThere('recipient')
    },
  }),
  tenantOperation({
    method: 'post',
    path: '/channels/:channel/bind-requests',
    summary: 'Makes a QR code: whoever scans it within ten minutes becomes a recipient',
    query: none,
    body: z.strictObject({ label, wants: wants.exactOptional() }, 'a JSON object'),
    status: 201,
    answer: invitation,
    refuses: [409, 502],
    async run(asked) {
      const under = await underOf(asked)
      if (!under) return notThere('channel')
      const { body, parts, tenant } = asked
      const { channel, kind } = under
      const strange = strangeWants(kind, body.wants)
      if (strange) return strange
      if (!kind.invite) return notByCode
      // Its answer would not be believed.
      if (!channel.secrets.token) return noToken
      const request = { tenant: tenant.id, channel: channel.id, label: body.label, wants: body.wants ?? usualOf(kind) }
      const { code, expiresAt } = await parts.storage.transaction((tx) => createBindRequest(tx, request))
      try {
        return { ...(await kind.invite(channel, code, bindFor)), expiresAt }
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error
        return new Refusal(502, { title: 'Refused outside', detail: error.message })
      }
    },
  }),
]

const notByCode = new Refusal(409, {
  title: 'Not by a code',
  detail: 'Only recipients of an official account are bound by a QR code; give the address of this one.',
})
const noToken = invalid([
  {
    field: 'secrets.token',
    fix: 'give token and aesKey of the server configuration (服务器配置) first, and enter the channel’s callbackUrl there',
  },
])
const known = taken('This channel tells that address already.', {
  field: 'address',
  fix: 'change that recipient, or give another address',
})

async function underOf<Query, Body>(asked: TenantAsked<Query, Body>): Promise<Under | undefined> {
  const channel = await channelOf(asked)
  const kind = channel && kindOf(asked.parts, channel.kind)
  return channel && kind && { channel, kind }
}

const usualOf = ({ interests: told, merges }: ChannelKind): readonly Interest[] =>
  // Where a message is dear, only what cannot wait.
  merges === 'all' ? ['new', 'deadline'] : usual.filter((one) => told.includes(one))

function strangeWants({ interests: told, kind }: ChannelKind, given: readonly Interest[] = []): Refusal | undefined {
  const strange = given.flatMap((one, at) =>
    told.includes(one) ? [] : [{ field: `wants.${at}`, fix: `${kind} cannot tell ${one}; one of ${told.join(', ')}` }],
  )
  return strange.length > 0 ? invalid(strange) : undefined
}

const viewOf = (kind: ChannelKind, recipient: StoredRecipient): z.input<typeof recipientView> => ({
  ...recipient,
  wants: [...recipient.wants],
  address: kind.mask(recipient.address.reveal()),
})
