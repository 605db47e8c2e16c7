import type { Acted, ActionKind, ActionOf } from '../complaints/action.ts'
import type { Called, Complaint, Order, PlatformName, Snapshot, Source } from '../complaints/complaint.ts'
import type { Disputed } from '../complaints/notice.ts'
import type { Standing } from '../complaints/standing.ts'
import type { Clock } from '../core/clock.ts'
import type { OutsideError } from '../core/errors.ts'
import type { RawReply, RawRequest } from '../core/http.ts'
import type { Picture } from '../core/picture.ts'
import type { Secret } from '../core/seal.ts'
import type { AccountId, Instant, MerchantId, PictureHash, Random, TenantId } from '../core/words.ts'

/** Credentials for one platform. Which names stand in `secrets` and `settings` is the platform's `needs`. */
export interface Account {
  readonly id: AccountId
  readonly tenant: TenantId
  readonly platform: PlatformName
  readonly name: string
  /** appid, mchid or app id: unique in the instance. */
  readonly outsideId: string
  readonly enabled: boolean
  readonly secrets: Readonly<Record<string, Secret>>
  readonly settings: Readonly<Record<string, unknown>>
}

export interface Merchant {
  readonly id: MerchantId
  readonly outsideId: string
  readonly name: string
  /** Calls that we would make and that it does not let us. */
  readonly lacks?: readonly string[]
}

/** On whose behalf we speak. */
export interface Seat {
  readonly account: Account
  readonly merchant?: Merchant
  readonly payer?: Account
}

/** Why a callback was not believed; counted by this word. */
export type Refusal =
  | 'malformed'
  | 'too-deep'
  | 'doctype'
  | 'encoding'
  | 'signature'
  | 'ciphertext'
  | 'wrong-account'
  | 'wrong-mode'
  | 'late'
  /** Signed with a key that we do not know. */
  | 'unknown-key'

export type Verdict =
  /** `key` names the message for ever: the same message again is a duplicate. `number` is missing when it is not about a complaint. */
  | {
      readonly verdict: 'genuine'
      readonly key: string
      readonly event: string
      readonly number?: string
      readonly told: string
    }
  | { readonly verdict: 'handshake'; readonly echo: string }
  | { readonly verdict: 'forged'; readonly why: Refusal }

/** One wish, as its deed gets it. */
export interface Job<Kind extends ActionKind> {
  readonly seat: Seat
  readonly complaint: Complaint
  readonly action: ActionOf<Kind>
  /** When the first call was (or is) made; a look asks what happened since. */
  readonly since: Instant
  /** Fixed and kept before the first call; a refund's job has it, and only that. */
  readonly refund?: { readonly number: string }
  picture(hash: PictureHash): Promise<Picture>
  /** The platform's id for a picture of ours: from the cache while it lives, else `upload` makes it. */
  uploaded(hash: PictureHash, upload: (picture: Picture) => Promise<Uploaded>): Promise<string>
  /** Throws the cached id away: the platform no longer knows it. */
  forgetUpload(hash: PictureHash): Promise<void>
}

export interface Uploaded {
  readonly id: string
  readonly until: Instant
}

/** One capability: how to do it, and how to see whether it was done. */
export interface Deed<Kind extends ActionKind> {
  /** What may follow an unknown outcome: the same call again, a look first, or a person's word. */
  readonly repeat: 'same-number' | 'after-look' | 'ask'
  /** Not before this long after the call can a look call it absent; milliseconds. */
  readonly settles: number
  perform(job: Job<Kind>): Promise<Acted>
  look(job: Job<Kind>): Promise<Acted>
}

export type Deeds = { readonly [Kind in ActionKind]?: Deed<Kind> }

/** Orders paid in that time, for at most so many calls. */
export interface Stretch {
  readonly from: Instant
  readonly to: Instant
  readonly calls: number
}

/** A line of a list: enough to see whether the complaint must be read. */
export interface Listed {
  readonly number: string
  readonly code: string
  readonly openedAt: Instant
  /** The user has said something that waits for an answer. */
  readonly waiting: boolean
  /** It has ended. */
  readonly over: boolean
}

export interface Checked {
  readonly outsideId: string
  readonly secrets: Record<string, string>
  readonly settings: Record<string, unknown>
  /** Given with new secrets: what has ended by then is none. */
  readonly now?: Instant
}

/** What an account of this platform is made of; validates what the API and the CLI take. */
export interface Needs {
  /** @throws InputError naming the field and the fix. */
  check(input: Checked): void
  /** Names of secrets and settings with a word of help each, for `--help` and error texts. */
  readonly secrets: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  /** What to type where in the platform's console, by the names that its fields have there. */
  console?(
    account: Pick<Account, 'settings'>,
    callbackUrl: string,
  ): readonly { readonly field: string; readonly value: string }[]
  /** Where a person names the merchants under an account; absent = none stand there but by their own authorisation. @throws InputError naming the field and the fix. */
  checkMerchant?(account: Pick<Account, 'outsideId' | 'settings'>, outsideId: string): void
}

/** For those who run the service, in both languages. */
export interface Both {
  readonly zh: string
  readonly en: string
}

/** What the doctor says about one thing, and how to mend it. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'bad'
  readonly what: Both
  readonly fix?: Both
}

/** Where the platform calls back, when that is registered by API; else a person types it into a console. */
export interface CallbackAddress {
  /** @returns undefined when none is registered: then we are told nothing. @throws OutsideError */
  query(account: Account): Promise<string | undefined>
  /** Registers it. Another one is left alone unless `replace`. @throws OutsideError */
  keep(account: Account, want: { readonly url: string; readonly replace: boolean }): Promise<unknown>
}

/** What a merchant has let an account do. A later one of the same merchant replaces it. */
export interface Grant {
  /** As complaints name the merchant: PID. */
  readonly outsideId: string
  /** Its own app, in whose name it authorised ours. */
  readonly authAppId?: string
  readonly token: Secret
  readonly refreshToken?: Secret
}

export interface GrantState {
  readonly valid: boolean
  /** Calls that this account would make and was not let. */
  readonly lacks: readonly string[]
}

/** How merchants let an account speak for them. */
export interface Authorising {
  /** The path, on our own host, to which the platform sends the merchant's browser back is `/oauth/<platform>/<account>`. */
  links(
    account: Account,
    to: { readonly redirectUrl: string; readonly state: string },
  ): {
    readonly browser: string
    /** For a QR code that the platform's own app reads. */
    readonly phone: string
    /** For an app without products of its own to choose from. */
    readonly plain: string
  }
  /** What the merchant's browser brought back; undefined when it is none of that, or for another account. */
  returned(account: Account, query: URLSearchParams): { readonly code: string; readonly state?: string } | undefined
  /** A code works once. @throws OutsideError `unknown` when it may have been used up */
  exchange(account: Account, code: string): Promise<readonly Grant[]>
  /** @throws OutsideError */
  query(account: Account, token: Secret): Promise<GrantState>
  /** What a verified callback says of authorisations: one given, or one taken back (ask before it is believed). Secret. */
  heard(told: string): { readonly given: Grant } | { readonly ended: readonly Called[] } | undefined
  /** A refusal that says that the merchant's word no longer holds, or holds for less. */
  ended(error: OutsideError): boolean
}

/** What a question is made of besides keys. */
export interface Asking {
  readonly clock: Clock
  readonly random: Random
}

export interface Platform {
  readonly name: PlatformName
  readonly needs: Needs
  /** Presence is the capability, for this seat. */
  deeds(seat: Seat): Deeds
  verify(account: Account, request: RawRequest, now: Instant): Promise<Verdict>
  /** Each platform wants its own words back. */
  reply(to: 'taken' | 'refused' | { readonly echo: string }): RawReply
  /** The detail cannot be read: the verified callback must not be lost. `told` is the verdict's. */
  provisional?(account: Account, told: string, asOf: Instant): Snapshot
  /** @throws OutsideError */
  fetch(seat: Seat, number: string): Promise<Snapshot>
  /** Asked of the account that would pay. @throws OutsideError */
  orders?(seat: Seat, numbers: readonly string[]): Promise<readonly Order[]>
  /** Whose money it is at the platform that pays; a part of a refund's number for ever. @throws OutsideError when that must be said first */
  payee?(seat: Seat): string
  /** The refund that a verified callback is about: a hint to ask for it. */
  refundIn?(told: string): string | undefined
  /** Lists filter by creation time; there is nothing else. @throws OutsideError */
  created?(seat: Seat, from: Instant, to: Instant): AsyncIterable<Snapshot>
  /** As `created`, without reading each: many calls less where most are known. @throws OutsideError */
  listed?(seat: Seat, from: Instant, to: Instant): AsyncIterable<Listed>
  /** The safety net for what was never pushed; newest orders first. @throws OutsideError `forbidden` where the account may not ask */
  disputed?(seat: Seat, within: Stretch): AsyncIterable<Disputed>
  /** @throws OutsideError */
  standing?(seat: Seat): Promise<Standing>
  readonly address?: CallbackAddress
  readonly authorising?: Authorising
  /** All that is open now, whenever it was made, of the source `openOf`: what we hold as open and is missing here has ended. @returns undefined where this seat is not told @throws OutsideError */
  open?(seat: Seat): AsyncIterable<Listed> | undefined
  readonly openOf?: Source
  /** How often an open complaint is asked about, milliseconds; 15 minutes where nothing is said. */
  readonly readEvery?: number
  /** A verified callback that only says "ask now". */
  isHint?(account: Account, told: string): boolean
  /** @throws OutsideError */
  picture(seat: Seat, reference: string): Promise<Picture>
  /** The signed question by which the platform tries an address, and the answer that it wants; so that we can try ourselves. Absent where there is none. */
  handshake?(account: Account, by: Asking): { readonly query: string; readonly echo: string } | undefined
  /** Tries the credentials, and whatever else a person may have set wrongly; changes nothing there. */
  inspect?(seat: Seat): Promise<readonly Finding[]>
}

/** Access tokens outlive a process; the fence keeps a slow refresher from overwriting a newer one. */
export interface Tokens {
  read(account: AccountId): Promise<Token | undefined>
  /** Writes only when nobody else wrote since `seen`. @returns what stands there afterwards. */
  write(account: AccountId, token: Omit<Token, 'fence'>, seen: number): Promise<Token>
}

export interface Token {
  readonly value: Secret
  readonly until: Instant
  readonly fence: number
}
