import { z } from 'zod'
import { interests } from '../notify/interests.ts'
import { amount, flag, hours, language, memberHandle, name, role, settings, tenantHandle, zone } from './fields.ts'
import { remindingChange } from './reminding.ts'
import { act, caps, conditions, delaySeconds, mode, ruleName } from './rule-fields.ts'
import { acts, platforms, reasons, templateName, words } from './templates.ts'

/** Of what a business is set up from. No secrets, no addresses of people, nothing of complaints. */
const most = 1_000
const listed = <Item extends z.ZodType>(item: Item) => z.array(item, 'a list').max(most, `at most ${most}`).default([])

/** Names of secrets that were there: they are given again after an import. */
const secretNames = listed(z.string('the name of a secret').max(64, 'at most 64 characters'))
const kind = z.string('its kind').min(1, 'its kind').max(40, 'its kind')
const chatId = z.string('the chat’s own id').max(256, 'at most 256 characters')
const outsideId = z.string('as the platform knows it').regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 letters and digits')
const accountFix = 'an account as platform/outsideId, such as wechat-pay/1900007291'
const accountRef = z.string(accountFix).regex(/^[a-z-]{1,40}\/[\x21-\x7e]{1,64}$/, accountFix)

export const tenantFile = z.strictObject(
  {
    redress: z.literal('tenant', 'a file that redress tenant export wrote'),
    version: z.literal(1, 'of version 1'),
    tenant: z.strictObject({
      handle: tenantHandle,
      name: name('the name of the business'),
      zone,
      language,
      secondPersonFrom: amount,
      refundEach: amount.exactOptional(),
      refundDay: amount.exactOptional(),
      refunderEach: amount.exactOptional(),
      refunderDay: amount.exactOptional(),
      reminding: remindingChange.exactOptional(),
    }),
    accounts: listed(
      z.strictObject({
        platform: kind,
        outsideId,
        name: name('a name for the account'),
        enabled: flag,
        settings,
        secrets: secretNames,
        merchants: listed(
          z.strictObject({
            outsideId,
            name: name('a name for the merchant'),
            company: z.string('a name, or ""').max(80, 'at most 80 characters').default(''),
            enabled: flag,
            autoRefund: flag,
          }),
        ),
      }),
    ),
    bots: listed(
      z.strictObject({ kind, name: name('a name for the bot'), enabled: flag, settings, secrets: secretNames }),
    ),
    members: listed(
      z.strictObject({
        handle: memberHandle,
        name: name('the name of the person'),
        role,
        enabled: flag,
        refundEach: amount.exactOptional(),
        refundDay: amount.exactOptional(),
      }),
    ),
    rooms: listed(
      z.strictObject({
        /** Its name. */
        bot: z.string('the name of a bot').max(80, 'at most 80 characters'),
        chat: chatId,
        topic: chatId.default(''),
        title: z.string('a title').max(256, 'at most 256 characters'),
        language,
        accounts: z.array(accountRef, 'a list').min(1, 'at least one, or leave it out').max(100).exactOptional(),
      }),
    ),
    templates: listed(z.strictObject({ name: templateName, text: words, for: acts, reasons, platforms })),
    rules: listed(
      z.strictObject({
        name: ruleName,
        mode,
        accounts: listed(accountRef),
        when: conditions,
        /** A template by its name. */
        act,
        delaySeconds,
        caps: caps.exactOptional(),
      }),
    ),
    channels: listed(
      z.strictObject({
        kind,
        name: name('a name for the channel'),
        enabled: flag,
        settings,
        secrets: secretNames,
        accounts: z.array(accountRef, 'a list').min(1, 'at least one, or leave it out').max(100).exactOptional(),
        /** Whom it reached: the addresses are theirs, and stay where they were given. */
        recipients: listed(
          z.strictObject({
            label: name('a name for the recipient'),
            wants: z
              .array(z.enum(interests, `one of ${interests.join(', ')}`), 'a list')
              .max(interests.length, 'each once'),
            enabled: flag,
          }),
        ),
      }),
    ),
    duty: listed(z.strictObject({ member: memberHandle, hours })),
    breaker: z.strictObject({ limit: z.int('a whole number').min(0).max(100_000).nullable() }).default({ limit: null }),
  },
  'what redress tenant export wrote',
)

export type TenantFile = z.output<typeof tenantFile>

export const refOf = ({ platform, outsideId }: { readonly platform: string; readonly outsideId: string }): string =>
  `${platform}/${outsideId}`
