import { z } from 'zod'
import { asPictureHash } from '../core/words.ts'
import { amount, flag, secret } from './fields.ts'

/** What may be done to a complaint, as the API takes it. How much of it the platform takes is said by the moves of the complaint. */
const textFix = 'the words, up to 10000 characters; what the platform takes stands in the moves of the complaint'
/** Words may hold personal data, which is deleted with the complaint: the audit keeps none of them. */
const text = z.string(textFix).trim().max(10_000, textFix).meta(secret)

const hashFix = 'the hash of a picture that was sent to /pictures before'
const pictures = z
  .array(
    z
      .string(hashFix)
      .regex(/^[0-9a-f]{64}$/, hashFix)
      .transform(asPictureHash),
    'a list of hashes of pictures',
  )
  .max(20, 'at most 20')

const versionFix = 'the version that GET of the complaint showed: refused if it has changed since'
const ifVersion = z.int(versionFix).min(0, versionFix).max(2_147_483_647, versionFix)

const said = { text: text.exactOptional(), pictures: pictures.exactOptional(), ifVersion: ifVersion.exactOptional() }

const code = z.string('a code out of the choices of the move').min(1, 'a code').max(80, 'at most 80 characters')
const memberFix = 'the handle or id of a member, such as li'
const member = z.string(memberFix).trim().min(1, memberFix).max(80, memberFix)

const orderFix = 'the number of an order, as …/refundable shows it'
const confirmFix = 'say the amount once more: {"amount": the same fen}'

/** Money is said twice: a slip in one of the two moves none. */
const money = z
  .strictObject(
    {
      /** May be left out where there is one order only. */
      order: z.string(orderFix).min(1, orderFix).max(64, orderFix).exactOptional(),
      /** Fen. */
      amount: amount.refine((fen) => fen > 0, 'more than 0 fen'),
      /** The customer reads it. */
      reason: text.exactOptional(),
      confirm: z.strictObject(
        {
          amount,
          /** The platform shows refunds that were not made from here: go on nevertheless. */
          others: flag.exactOptional(),
        },
        confirmFix,
      ),
    },
    'an object with amount and confirm',
  )
  .refine(({ amount: wanted, confirm }) => wanted === confirm.amount, {
    path: ['confirm', 'amount'],
    error: confirmFix,
  })

export type MoneyWish = z.output<typeof money>

const noteFix = 'the note: 1 to 2000 characters'
const held = { member, ifVersion: ifVersion.exactOptional() }

export const acts = [
  'respond',
  'add-evidence',
  'prove-refund',
  'appeal',
  'finish',
  'decide-refund',
  'refund',
  'note',
  'claim',
  'assign',
  'release',
] as const

/** One of everything that a person can do to a complaint in the chat. */
export const actionWish = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('respond'),
      stance: z.enum(['agree', 'refuse', 'talk'], 'agree, refuse or talk'),
      ...said,
    }),
    z.strictObject({ kind: z.literal('add-evidence'), ...said }),
    z.strictObject({
      kind: z.literal('prove-refund'),
      /** Where the customer sends goods back, and only there. */
      received: flag.exactOptional(),
      ...said,
    }),
    z.strictObject({ kind: z.literal('appeal'), ...said }),
    z.strictObject({ kind: z.literal('finish'), choice: code.exactOptional(), ...said }),
    z.strictObject({
      kind: z.literal('decide-refund'),
      verdict: z.enum(['approve', 'reject'], 'approve or reject'),
      /** Working days until the money comes; 0 = today. */
      day: z
        .int('whole days from 0 to 365')
        .min(0, 'whole days from 0 to 365')
        .max(365, 'whole days from 0 to 365')
        .exactOptional(),
      /** Goes out by itself once the platform has taken the approval. */
      refund: money.exactOptional(),
      ...said,
    }),
    z
      .strictObject({ kind: z.literal('refund'), ...money.shape, ifVersion: ifVersion.exactOptional() })
      .refine(({ amount: wanted, confirm }) => wanted === confirm.amount, {
        path: ['confirm', 'amount'],
        error: confirmFix,
      }),
    z.strictObject({
      kind: z.literal('note'),
      text: z.string(noteFix).trim().min(1, noteFix).max(2_000, noteFix).meta(secret),
      ifVersion: ifVersion.exactOptional(),
    }),
    z.strictObject({ kind: z.literal('claim'), ...held }),
    z.strictObject({ kind: z.literal('assign'), ...held }),
    z.strictObject({ kind: z.literal('release'), ifVersion: ifVersion.exactOptional() }),
  ],
  `an object with its kind, one of ${acts.join(', ')}`,
)

export type ActionWish = z.output<typeof actionWish>
export type WishOf<Kind extends ActionWish['kind']> = Extract<ActionWish, { kind: Kind }>
