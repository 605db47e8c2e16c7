declare const brand: unique symbol
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name }

export type Id<Name extends string> = Branded<string, Name>
export type TenantId = Id<'tenant'>
export type BotId = Id<'bot'>
export type AccountId = Id<'account'>
export type MerchantId = Id<'merchant'>
export type MemberId = Id<'member'>
export type RoomId = Id<'room'>
export type CallbackId = Id<'callback'>
export type ComplaintId = Id<'complaint'>
export type ActionId = Id<'action'>
export type FactId = Id<'fact'>
export type DeliveryId = Id<'delivery'>
export type NoticeId = Id<'notice'>
export type AlarmId = Id<'alarm'>
export type TemplateId = Id<'template'>
export type ChannelId = Id<'channel'>
export type RecipientId = Id<'recipient'>
export type DispatchId = Id<'dispatch'>
export type RuleId = Id<'rule'>
export type RulingId = Id<'ruling'>
export type OfferId = Id<'offer'>
export type KeyId = Id<'key'>

/** A message in a chat, in the chat's own words. */
export type PostId = Branded<string, 'post'>
/** What a button carries: opaque, single-use where it does something, re-checked at every press. */
export type ButtonToken = Branded<string, 'button'>
/** A picture's SHA-256 in lower-case hex; the bytes are in our database under it. */
export type PictureHash = Branded<string, 'picture'>

/** Whole fen, never negative here; 1 yuan = 100 fen. */
export type Fen = Branded<number, 'fen'>
/** UTC, exactly 24 characters `YYYY-MM-DDTHH:mm:ss.sssZ`: sorts as text, the same in both databases. */
export type Instant = Branded<string, 'instant'>

/** Bytes from a source that nobody can guess; handed in, so that a test can replay them. */
export type Random = (size: number) => Buffer

const prefixes = {
  tenant: 'ten',
  bot: 'bot',
  account: 'acc',
  merchant: 'mer',
  member: 'mem',
  room: 'rom',
  callback: 'clb',
  complaint: 'cmp',
  action: 'act',
  fact: 'fct',
  delivery: 'dlv',
  notice: 'ntc',
  alarm: 'alm',
  template: 'tpl',
  channel: 'chn',
  recipient: 'rcp',
  dispatch: 'dsp',
  rule: 'rul',
  ruling: 'rlg',
  offer: 'ofr',
  key: 'key',
} as const
type Named = keyof typeof prefixes

/** A new id such as `cmp_3yq…`: a time prefix keeps index pages warm, 80 random bits keep it unguessable. */
export function newId<Name extends Named>(name: Name, random: Random, now: number): Id<Name> {
  const time = now.toString(36).padStart(9, '0')
  return `${prefixes[name]}_${time}${random(10).toString('hex')}` as Id<Name>
}

/** Text from our own database or an authenticated caller, believed to be an id. */
export const asId = <Name extends string>(text: string): Id<Name> => text as Id<Name>
export const asPostId = (text: string): PostId => text as PostId
export const asButtonToken = (text: string): ButtonToken => text as ButtonToken
export const asPictureHash = (text: string): PictureHash => text as PictureHash

/** @throws RangeError when not a whole number of fen between 0 and 2^53. */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`not an amount in fen: ${amount}`)
  return amount as Fen
}

/** `'19.9'` → 1990. Integer arithmetic only: 19.9 * 100 is 1989.9999999999998. @returns undefined when it is no amount. */
export function fenFromYuan(text: string): Fen | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (!match) return undefined
  return fen(Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')))
}

/** 1990 → `'19.90'`. */
export const yuan = (amount: Fen): string => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`

/** Milliseconds since 1970 → Instant. @throws RangeError outside the years 0 to 9999. */
export function instant(ms: number): Instant {
  const text = new Date(ms).toISOString()
  if (text.length !== 24) throw new RangeError(`not an instant: ${ms}`)
  return text as Instant
}

export const millis = (at: Instant): number => Date.parse(at)
export const later = (at: Instant, ms: number): Instant => instant(millis(at) + ms)

/** The case that the compiler has shown to be impossible. */
export function never(value: never): never {
  throw new TypeError(`unexpected: ${JSON.stringify(value)}`)
}
