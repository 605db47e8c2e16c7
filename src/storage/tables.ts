import type { Sealed } from '../core/seal.ts'

/** Booleans, money and counts are integers, instants 24-character text, JSON text: the same in both databases. */
export interface Tables {
  tenant: TenantRow
  bot: BotRow
  room: RoomRow
  member: MemberRow
  identity: IdentityRow
  bind_code: BindCodeRow
  api_key: ApiKeyRow
  audit: AuditRow
  repeat: RepeatRow
  account: AccountRow
  merchant: MerchantRow
  auth_state: AuthStateRow
  auth_waiting: AuthWaitingRow
  token: TokenRow
  callback: CallbackRow
  complaint: ComplaintRow
  complaint_order: ComplaintOrderRow
  term: TermRow
  picture: PictureRow
  sent_picture: SentPictureRow
  complaint_picture: ComplaintPictureRow
  upload: UploadRow
  fact: FactRow
  action: ActionRow
  refund: RefundRow
  delivery: DeliveryRow
  notice: NoticeRow
  alarm: AlarmRow
  deadline: DeadlineRow
  duty: DutyRow
  reminding: RemindingRow
  digest: DigestRow
  wanted: WantedRow
  watch: WatchRow
  standing: StandingRow
  post: PostRow
  button: ButtonRow
  prompt: PromptRow
  staged: StagedRow
  case_generation: CaseGenerationRow
  case_pass: CasePassRow
  case_nonce: CaseNonceRow
  offer: OfferRow
  offer_picture: OfferPictureRow
  template: TemplateRow
  rule: RuleRow
  ruling: RulingRow
  rule_refund: RuleRefundRow
  breaker: BreakerRow
  channel: ChannelRow
  recipient: RecipientRow
  dispatch: DispatchRow
  early_report: EarlyReportRow
  bind_request: BindRequestRow
  job: JobRow
  tick: TickRow
  data_key: DataKeyRow
  forgetting: ForgettingRow
}

export interface TenantRow {
  id: string
  handle: string
  name: string
  /** IANA zone: whose days are its days. */
  zone: string
  language: string
  /** Fen: from here on a second person is needed. */
  second_person_from: number
  /** Fen: most for one refund, and for all of a day; null = no cap but the members' own. */
  refund_each: number | null
  refund_day: number | null
  refunder_each: number | null
  refunder_day: number | null
  /** The last running number given: #128. */
  last_running: number
  created_at: string
}

export interface BotRow {
  id: string
  tenant: string
  kind: string
  name: string
  enabled: number
  settings: string
  secrets: Sealed
  created_at: string
}

export interface RoomRow {
  id: string
  tenant: string
  bot: string
  chat: string
  /** '' where the chat has no topics. */
  topic: string
  /** One to one with the bot: no cards are posted there. */
  alone: number
  title: string
  language: string
  /** JSON list of account ids that it is limited to; null = all. */
  accounts: string | null
  created_at: string
  /** Whose chat with the bot alone it is. */
  member: string | null
}

export interface MemberRow {
  id: string
  tenant: string
  handle: string
  name: string
  role: string
  enabled: number
  refund_each: number | null
  refund_day: number | null
  created_at: string
}

export interface IdentityRow {
  tenant: string
  realm: string
  user: string
  member: string
  bound_at: string
}

export interface BindCodeRow {
  /** SHA-256 of the code: a look into the database binds nobody. */
  hash: string
  tenant: string
  purpose: 'room' | 'member'
  member: string | null
  language: string | null
  accounts: string | null
  expires_at: string
  used_at: string | null
}

export interface ApiKeyRow {
  id: string
  hash: string
  name: string
  created_at: string
  last_used_at: string | null
  /** Its first characters; null = from before they were kept. */
  prefix: string | null
  /** null = the whole installation. */
  tenant: string | null
  /** 'read', or null = 'write'. */
  access: string | null
  expires_at: string | null
  revoked_at: string | null
  replaces: string | null
}

export interface AuditRow {
  /** 1, 2, 3 … */
  nr: number
  at: string
  /** null = of the installation. */
  tenant: string | null
  key: string
  key_name: string
  operation: string
  target: string
  /** JSON, secrets masked; as the other two. */
  wish: string | null
  before: string | null
  after: string | null
}

export interface RepeatRow {
  /** Hash of whose wish it is, where it goes, and what they call it. */
  id: string
  /** Hash of what was sent. */
  body: string
  /** The process that began it. */
  runner: string
  /** 1 = something of it is in the database. */
  wrote: number
  /** null = not answered yet. */
  answer: Sealed | null
  started_at: string
}

export interface AccountRow {
  id: string
  tenant: string
  platform: string
  outside_id: string
  name: string
  enabled: number
  settings: string
  secrets: Sealed
  created_at: string
}

export interface MerchantRow {
  id: string
  tenant: string
  account: string
  /** PID or sub_mchid. */
  outside_id: string
  /** The merchant's own app, in whose name it has authorised ours. */
  auth_app_id: string | null
  name: string
  company: string
  enabled: number
  auto_refund: number
  /** null = none was given, or it was taken back. */
  token: Sealed | null
  refresh_token: Sealed | null
  token_until: string | null
  refresh_until: string | null
  /** Grows with every authorisation and its end. */
  fence: number
  revoked_at: string | null
  created_at: string
  /** When the platform last said that the token holds. */
  checked_at: string | null
  /** When to ask for its complaints again; null = at once. */
  poll_due: string | null
  /** What was created before this has been listed. */
  polled_at: string | null
  /** When all that is open was last listed. */
  swept_at: string | null
  /** When a complaint about it last came. */
  heard_at: string | null
  /** JSON of the calls that it has not let us make, as the platform last said; null = none. */
  lacks: string | null
}

/** An authorisation link that was given out. */
export interface AuthStateRow {
  /** SHA-256 of the state. */
  hash: string
  tenant: string
  account: string
  /** JSON: by whom. */
  created_by: string
  expires_at: string
  used_at: string | null
}

/** An authorisation of which nobody knows whose it is. */
export interface AuthWaitingRow {
  account: string
  outside_id: string
  /** SHA-256 of the code. */
  hash: string
  auth_app_id: string | null
  token: Sealed
  refresh_token: Sealed | null
  token_until: string | null
  refresh_until: string | null
  created_at: string
  expires_at: string
}

export interface TokenRow {
  account: string
  /** '' for the account's own. */
  merchant: string
  value: Sealed
  until: string
  fence: number
}

export interface CallbackRow {
  id: string
  tenant: string
  account: string
  key: string
  event: string
  number: string | null
  told: Sealed
  state: 'new' | 'drained' | 'parked' | 'ignored'
  received_at: string
  drained_at: string | null
}

export interface ComplaintRow {
  id: string
  tenant: string
  account: string
  platform: string
  source: string
  scope: string
  number: string
  running: number
  phase: string
  code: string
  label: string
  version: number
  provisional: number
  opened_at: string
  due_at: string | null
  /** When to ask the platform again; null = never. */
  read_due: string | null
  as_of: string
  payer: string | null
  nth: number
  who: string
  person: Sealed
  /** JSON of what the platform said, without the person. */
  snapshot: string
  claimed_by: string | null
  claimed_at: string | null
  created_at: string
  changed_at: string
  /** Those under which it can be searched, with blanks between; null = under none, not yet or not any more. */
  grams: string | null
  /** Keyed hash of the customer's last four digits. */
  phone_tail: string | null
  /** About whom it is, where several stand under the account. */
  merchant: string | null
  /** When its personal data was let go of, and the bytes of its pictures; null = they are there. */
  person_gone_at: string | null
  pictures_gone_at: string | null
}

/** Two characters that stand together in a complaint's words. */
export interface TermRow {
  tenant: string
  gram: string
  /** The complaint's number within the tenant: shorter than its id, and its order is the order of time. */
  running: number
}

export interface ComplaintOrderRow {
  complaint: string
  tenant: string
  /** The payment platform's number, or the merchant's own behind `out:`. */
  number: string
}

export interface PictureRow {
  hash: string
  type: string
  bytes: Buffer
  created_at: string
}

/** A business has sent it, and may name it by its hash. */
export interface SentPictureRow {
  tenant: string
  hash: string
  at: string
}

export interface ComplaintPictureRow {
  complaint: string
  /** Where in the complaint it stands: references change with every read, places do not. */
  place: string
  hash: string | null
  failed: string | null
  tries: number
}

export interface UploadRow {
  account: string
  hash: string
  media: string
  until: string
}

export interface FactRow {
  id: string
  tenant: string
  complaint: string
  /** 1, 2, 3 … within the complaint. */
  nr: number
  kind: string
  body: string
  at: string
}

export interface ActionRow {
  id: string
  tenant: string
  complaint: string
  kind: string
  body: string
  key: string
  by: string
  state: string
  reference: string | null
  message: string | null
  /** The complaint's version that the person saw. */
  version: number
  requested_at: string
  /** The first call. */
  sent_at: string | null
  /** The last call. */
  called_at: string | null
  settled_at: string | null
}

/** Money back: written with its action, before the first call. */
export interface RefundRow {
  action: string
  tenant: string
  complaint: string
  /** That pays. */
  account: string
  platform: string
  /** Whose money it is at the platform: the mchid, and behind a slash the sub-merchant's. */
  payee: string
  /** The payment platform's number of the order. */
  order_no: string
  /** The how-manieth refund of the order it is: it and the order give the number. */
  ordinal: number
  number: string
  /** Fen. */
  amount: number
  /** Of the whole order. */
  total: number
  member: string | null
  approver: string | null
  /** open: may go or has gone; found: another one of ours stands under the number; failed: nothing stands under it. */
  state: 'open' | 'done' | 'closed' | 'found' | 'failed'
  /** The user's account did not take it. */
  stuck: number
  received_by: string | null
  not_before: string
  requested_at: string
  arrived_at: string | null
  settled_at: string | null
}

export interface DeliveryRow {
  id: string
  tenant: string
  /** A fact's id; a notice's where `complaint` is ''. */
  fact: string
  /** `room:<id>`, `email:<channel>/<recipient>` … */
  destination: string
  complaint: string
  /** The fact's place within its complaint. */
  nr: number
  /** dead: given up, and can be tried again by hand. */
  state: 'waiting' | 'sent' | 'dropped' | 'dead'
  not_before: string
  tries: number
  error: string | null
  created_at: string
  settled_at: string | null
}

export interface NoticeRow {
  id: string
  tenant: string
  account: string | null
  /** Told there and nowhere else. */
  room: string | null
  kind: string
  body: string
  at: string
}

/** An order in dispute of which no complaint was heard. */
export interface AlarmRow {
  id: string
  tenant: string
  account: string
  number: string
  body: string
  seen_at: string
  raised_at: string | null
  closed_at: string | null
  /** That closed it. */
  complaint: string | null
}

/** A complaint to be fetched by its number. */
export interface DeadlineRow {
  complaint: string
  /** The kind of act that is owed. */
  move: string
  due: string
  tenant: string
  known_at: string
  /** The last stage that is over, and its time; null = none. */
  said_stage: string | null
  said_at: string | null
  snoozed_until: string | null
  /** When `next_at` was set: later than now where the clock was set back. */
  looked_at: string
  /** When something is to be said, or looked at; null = never. */
  next_at: string | null
  ended_at: string | null
}

export interface DutyRow {
  tenant: string
  member: string
  from_minute: number
  to_minute: number
}

export interface RemindingRow {
  tenant: string
  /** JSON */
  settings: string
}

/** A day of a tenant's zone whose digest was made, or was not worth one. */
export interface DigestRow {
  tenant: string
  day: string
  at: string
}

export interface WantedRow {
  account: string
  number: string
  tenant: string
  /** Where somebody asked for it. */
  room: string | null
  state: 'waiting' | 'done' | 'failed'
  asked_at: string
  settled_at: string | null
  /** When people were told that it cannot be read. */
  told_at: string | null
  /** In whose name it is to be asked for, where that is known. */
  merchant: string | null
}

export interface WatchRow {
  account: string
  what: string
  ran_at: string
  /** The account may not ask; null = it may. */
  off_why: string | null
}

export interface StandingRow {
  account: string
  tenant: string
  body: string
  read_at: string
}

export interface PostRow {
  room: string
  post: string
  complaint: string
  current: number
  /** Hash of what it shows, so that nothing is edited into what it already is. */
  shown: string
  posted_at: string
}

export interface ButtonRow {
  token: string
  tenant: string
  room: string
  complaint: string
  version: number
  intent: string
  /** '' = anybody in the room; else the one who may press. */
  member: string
  expires_at: string | null
}

export interface PromptRow {
  room: string
  member: string
  complaint: string
  version: number
  intent: string
  key: string
  expires_at: string
  answer: string | null
}

export interface StagedRow {
  room: string
  member: string
  complaint: string
  hash: string
  at: string
}

/** How often links were taken back: `complaint` = of one complaint; `complaint room` = of one room to it; '' = all of the tenant's. */
export interface CaseGenerationRow {
  tenant: string
  complaint: string
  generation: number
}

/** A member's own link to a complaint's page; once opened, the session that it became. */
export interface CasePassRow {
  id: string
  link_hash: string
  tenant: string
  complaint: string
  member: string
  /** The private chat in which it was asked for. */
  room: string
  /** The chat's id of whoever asked. */
  user: string
  expires_at: string
  session_hash: string | null
  session_until: string | null
}

/** Used ones only. */
export interface CaseNonceRow {
  pass: string
  nonce: string
  used_at: string
}

/** Pictures that somebody brought to a complaint's page by a room's link; they count when a member takes them. */
export interface OfferRow {
  id: string
  tenant: string
  complaint: string
  room: string
  at: string
  expires_at: string
  taken_by: string | null
  taken_at: string | null
}

export interface OfferPictureRow {
  offer: string
  nr: number
  hash: string
}

export interface TemplateRow {
  id: string
  tenant: string
  name: string
  text: string
  /** JSON lists; an empty one limits nothing. */
  for: string
  reasons: string
  platforms: string
  position: number
  created_at: string
}

/** A sender of a tenant beside its chats. */
export interface ChannelRow {
  id: string
  tenant: string
  kind: string
  name: string
  enabled: number
  settings: string
  secrets: Sealed
  /** JSON list of account ids that it is limited to; null = all. */
  accounts: string | null
  /** It stopped by itself: only a person can mend what the reason says. */
  stopped_at: string | null
  stopped_why: string | null
  /** Nothing gets through: left alone until then. */
  held_until: string | null
  held_why: string | null
  /** In a row. */
  failures: number
  created_at: string
  /** When its secrets were last other ones; null = when it was made. */
  secrets_at: string | null
  /** When people were told that these secrets end. */
  ending_said_at: string | null
}

export interface RecipientRow {
  id: string
  tenant: string
  channel: string
  address: Sealed
  /** Keyed, of the address: each stands under a channel once. */
  hash: string
  label: string
  /** JSON list of interests. */
  wants: string
  enabled: number
  /** Why it was switched off by itself. */
  off_why: string | null
  created_at: string
}

/** One message that a channel sent, or tried to. */
export interface DispatchRow {
  id: string
  tenant: string
  channel: string
  recipient: string
  /** '' where it is about several, or none. */
  complaint: string
  /** JSON list of the deliveries that it carries. */
  deliveries: string
  test: number
  /** going: nobody knows yet; a process that dies leaves it so. unknown: it may have arrived. delivered: it is known to be there. */
  state: 'going' | 'sent' | 'delivered' | 'failed' | 'unknown'
  /** Theirs, of what was sent. */
  reference: string | null
  error: string | null
  at: string
  ended_at: string | null
  /** When the outside is asked whether it arrived. */
  report_due: string | null
}

/** The outside said what became of a message before its sending had ended here. */
export interface EarlyReportRow {
  channel: string
  reference: string
  delivered: number
  error: string | null
  /** Nothing reaches that recipient any more. */
  off: number
  at: string
}

/** Somebody is to bind an own address by a code that is scanned. */
export interface BindRequestRow {
  /** SHA-256 of the code. */
  hash: string
  tenant: string
  channel: string
  label: string
  wants: string
  expires_at: string
  used_at: string | null
}

export interface RuleRow {
  id: string
  tenant: string
  name: string
  position: number
  mode: 'off' | 'on'
  /** JSON list of account ids; an empty one limits nothing. */
  accounts: string
  conditions: string
  act: string
  /** Seconds. */
  delay: number
  /** Fen; null = it refunds nothing. */
  each: number | null
  day: number | null
  payer_day: number | null
  created_at: string
}

/** What a rule is about to do, or would have done, about one complaint as it stood. */
export interface RulingRow {
  id: string
  tenant: string
  complaint: string
  rule: string
  /** Of the complaint. */
  version: number
  /** The rule's, as they were. */
  position: number
  name: string
  act: string
  /** Fen, of a refund. */
  amount: number | null
  does: string
  /** The fact that it was told with: what the customer says later ends it. */
  nr: number
  due: string
  /** begun: some of its orders have been asked for. */
  state: 'waiting' | 'begun' | 'done' | 'cancelled' | 'skipped'
  why: string | null
  /** JSON: who cancelled it. */
  by: string | null
  created_at: string
  settled_at: string | null
}

/** Money that a rule promised. */
export interface RuleRefundRow {
  ruling: string
  order_no: string
  tenant: string
  rule: string
  /** '' where nobody knows who it is: all of them count as one. */
  payer: string
  amount: number
  at: string
}

export interface BreakerRow {
  tenant: string
  /** Refunds in an hour; null = what is usual. */
  most: number | null
  tripped_at: string | null
  /** How many it were, and how many were allowed. */
  count: number | null
  limit_then: number | null
  reset_at: string | null
}

export interface JobRow {
  queue: string
  key: string
  run_at: string
  /** How often it was wished for; a run clears only the wishes that it saw. */
  wanted: number
  attempts: number
  locked_until: string | null
  last_error: string | null
}

export interface TickRow {
  name: string
  slot: string
}

/** A key that seals, wrapped by the master key that `master` names. */
export interface DataKeyRow {
  id: string
  /** The later one counts more. */
  nr: number
  /** '' = of no tenant. */
  tenant: string
  purpose: 'seal' | 'pseudonym'
  wrapped: string
  master: string
  created_at: string
}

/** How far something old has been let go of. */
export interface ForgettingRow {
  what: string
  reached: string
}
