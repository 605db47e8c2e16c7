import { sql } from 'kysely'
import type { Person, Snapshot } from '../complaints/complaint.ts'
import { sameness } from '../complaints/person.ts'
import { asId, type CallbackId, type Instant, instant, millis, newId, type TenantId } from '../core/words.ts'
import { toldPlace } from './callbacks.ts'
import { skipLocked } from './dialect.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import { clearTerms } from './terms.ts'

/** In the place of words that were deleted; says so in both languages, because nobody knows who reads it. */
const gone = '（已删除 deleted）'

/** Closed, and not changed since then, with something left to let go of. */
const old = (tx: Tx, what: 'person_gone_at' | 'pictures_gone_at', before: Instant, limit: number) =>
  skipLocked(
    tx,
    tx.db
      .selectFrom('complaint')
      .select(['id', 'tenant'])
      .where('phase', '=', 'closed')
      .where(what, 'is', null)
      .where('changed_at', '<', before)
      .orderBy('changed_at')
      .limit(limit),
  ).execute()

/** The sealed personal data of what was closed before then. Who it was is still known again, but no longer who it is. @returns how many, at most `limit` */
export async function letPersonsGo(tx: Tx, before: Instant, limit: number): Promise<number> {
  const rows = await old(tx, 'person_gone_at', before, limit)
  for (const row of rows) await blankPerson(tx, row)
  return rows.length
}

/** The bytes of the pictures of what was closed before then; the hashes stay. @returns how many complaints, at most `limit` */
export async function letPicturesGo(tx: Tx, before: Instant, limit: number): Promise<number> {
  const rows = await old(tx, 'pictures_gone_at', before, limit)
  for (const { id } of rows) await dropPictures(tx, id)
  return rows.length
}

/** The words of callbacks that were received before then and are done with. @returns whether there may be more */
export async function letCallbacksGo(tx: Tx, before: Instant, limit: number): Promise<boolean> {
  const what = 'callback'
  const from = await tx.db.selectFrom('forgetting').select('reached').where('what', '=', what).executeTakeFirst()
  const rows = await tx.db
    .selectFrom('callback')
    .select(['id', 'tenant', 'state'])
    .where('id', '>', from?.reached ?? '')
    .where('id', '<', newId('callback', Buffer.alloc, millis(before)))
    .orderBy('id')
    .limit(limit)
    .execute()
  for (const row of rows) if (row.state !== 'new') await blankCallback(tx, row)
  const reached = rows.at(-1)?.id
  if (reached === undefined) return false
  await tx.db
    .insertInto('forgetting')
    .values({ what, reached })
    .onConflict((on) => on.column('what').doUpdateSet({ reached }))
    .execute()
  return rows.length === limit
}

export interface Erased {
  readonly complaints: number
  /** Their data is needed until they are closed, so it is still there. */
  readonly open: number
  readonly callbacks: number
  readonly pictures: number
}

/** Complaints of whoever has this phone number, in digits as the platforms write it. */
async function complaintsOf(reads: Reads, tenant: TenantId, phone: string) {
  const payer = reads.sealer.pseudonym(tenant, sameness({ phone }, '') ?? '')
  return reads.db
    .selectFrom('complaint')
    .select(['id', 'tenant', 'running', 'account', 'number', 'phase', 'grams', 'snapshot', 'created_at'])
    .where('tenant', '=', tenant)
    .where('payer', '=', payer)
    .orderBy('running')
    .execute()
}

/** Callbacks about the closed complaints of a person: to be looked for before the transaction, because they are many to look through. */
export async function callbacksAbout(reads: Reads, tenant: TenantId, phone: string): Promise<readonly CallbackId[]> {
  const closed = (await complaintsOf(reads, tenant, phone)).filter(({ phase }) => phase === 'closed')
  const numbers = new Map(closed.map(({ account, number }) => [`${account} ${number}`, true]))
  const first = closed.map(({ created_at }) => created_at).sort()[0]
  if (first === undefined) return []
  const found: CallbackId[] = []
  const day = 86_400_000
  let after: string | undefined = newId('callback', Buffer.alloc, millis(first as Instant) - day)
  while (after !== undefined) {
    const rows: { id: string; account: string; number: string | null }[] = await reads.db
      .selectFrom('callback')
      .select(['id', 'account', 'number'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(page)
      .execute()
    for (const { id, account, number } of rows) if (numbers.has(`${account} ${number}`)) found.push(asId(id))
    after = rows.length < page ? undefined : rows.at(-1)?.id
  }
  return found
}

const page = 1_000

/**
 * Everything that tells who a person is or was, over all closed complaints of a tenant: name, phone, ids, words, pictures, what the platform told.
 * What was paid back for which order stays: books are kept of it.
 * @param phone digits
 * @param callbacks as `callbacksAbout` found them
 */
export async function erasePerson(
  tx: Tx,
  tenant: TenantId,
  { phone, callbacks }: { readonly phone: string; readonly callbacks: readonly CallbackId[] },
): Promise<Erased> {
  const all = await complaintsOf(tx, tenant, phone)
  const closed = all.filter(({ phase }) => phase === 'closed')
  let pictures = 0
  for (const row of closed) {
    pictures += await dropPictures(tx, row.id)
    await clearTerms(tx, row)
    await eraseFacts(tx, row.id)
    await eraseActions(tx, row.id)
    await eraseRulings(tx, row.id)
    await tx.db.deleteFrom('prompt').where('complaint', '=', row.id).execute()
    // What was drafted stands behind buttons; all of them are of a complaint that is over.
    await tx.db
      .deleteFrom('button')
      .where('room', 'in', ({ selectFrom }) => selectFrom('room').select('id').where('tenant', '=', tenant))
      .where('complaint', '=', row.id)
      .execute()
    await tx.db
      .updateTable('refund')
      .set({ received_by: null })
      .where('action', 'in', ({ selectFrom }) => selectFrom('action').select('id').where('complaint', '=', row.id))
      .execute()
    await blankPerson(tx, row)
    await tx.db
      .updateTable('complaint')
      .set({ payer: null, snapshot: JSON.stringify(withoutWords(ours(row.snapshot))) })
      .where('id', '=', row.id)
      .execute()
  }
  let told = 0
  for (const id of callbacks) {
    const row = await tx.db
      .selectFrom('callback')
      .select(['id', 'tenant'])
      .where('id', '=', id)
      .where('tenant', '=', tenant)
      .where('state', '<>', 'new')
      .executeTakeFirst()
    if (row) await blankCallback(tx, row)
    told += row ? 1 : 0
  }
  return { complaints: closed.length, open: all.length - closed.length, callbacks: told, pictures }
}

async function blankPerson(tx: Tx, { id, tenant }: { readonly id: string; readonly tenant: string }): Promise<void> {
  const nobody: Person = {}
  await tx.db
    .updateTable('complaint')
    .set({
      person: tx.sealer.seal({ tenant, table: 'complaint', row: id, column: 'person' }, JSON.stringify(nobody)),
      who: '—',
      phone_tail: null,
      person_gone_at: instant(tx.clock.now()),
    })
    .where('id', '=', id)
    .execute()
}

async function blankCallback(tx: Tx, { id, tenant }: { readonly id: string; readonly tenant: string }): Promise<void> {
  const told = tx.sealer.seal(toldPlace(tenant, id), '')
  await tx.db.updateTable('callback').set({ told }).where('id', '=', id).execute()
}

/** Of pictures that nobody else has or needs. @returns how many */
async function dropPictures(tx: Tx, complaint: string): Promise<number> {
  await tx.db
    .updateTable('complaint')
    .set({ pictures_gone_at: instant(tx.clock.now()) })
    .where('id', '=', complaint)
    .execute()
  const shown = await tx.db
    .selectFrom('complaint_picture')
    .select('hash')
    .where('complaint', '=', complaint)
    .where('hash', 'is not', null)
    .execute()
  const sent = await tx.db.selectFrom('action').select('body').where('complaint', '=', complaint).execute()
  const hashes = new Set([
    ...shown.flatMap(({ hash }) => hash ?? []),
    ...sent.flatMap(({ body }) => ours<{ readonly pictures?: readonly string[] }>(body).pictures ?? []),
    ...(await takeUp(tx, complaint)),
  ])
  let dropped = 0
  for (const hash of hashes) {
    if (await neededElsewhere(tx, { hash, complaint })) continue
    // Of this business: another's would have held it.
    await tx.db.deleteFrom('sent_picture').where('hash', '=', hash).execute()
    await tx.db.deleteFrom('upload').where('hash', '=', hash).execute()
    const { numDeletedRows } = await tx.db.deleteFrom('picture').where('hash', '=', hash).executeTakeFirstOrThrow()
    dropped += Number(numDeletedRows)
  }
  return dropped
}

/** What lay ready, was brought by a link, or drafted, and never sent: it lies there no more. @returns the hashes */
async function takeUp(tx: Tx, complaint: string): Promise<readonly string[]> {
  const staged = await tx.db.deleteFrom('staged').where('complaint', '=', complaint).returning('hash').execute()
  const offers = await tx.db.deleteFrom('offer').where('complaint', '=', complaint).returning('id').execute()
  const ids = offers.map(({ id }) => id)
  const drafts = await tx.db
    .selectFrom('button')
    .select('intent')
    .where('room', 'in', ({ selectFrom }) =>
      selectFrom('room')
        .select('room.id')
        .innerJoin('complaint', 'complaint.tenant', 'room.tenant')
        .where('complaint.id', '=', complaint),
    )
    .where('complaint', '=', complaint)
    .where('intent', 'like', '%"pictures"%')
    .execute()
  const offered =
    ids.length === 0
      ? []
      : await tx.db.deleteFrom('offer_picture').where('offer', 'in', ids).returning('hash').execute()
  const drafted = drafts.flatMap(
    ({ intent }) =>
      ours<{ readonly action?: { readonly pictures?: readonly string[] } }>(intent).action?.pictures ?? [],
  )
  return [...[...staged, ...offered].map(({ hash }) => hash), ...drafted]
}

async function neededElsewhere(
  tx: Tx,
  { hash, complaint }: { readonly hash: string; readonly complaint: string },
): Promise<boolean> {
  const within = `%${hash}%`
  const { rows } = await sql`
    select 1 from complaint_picture join complaint on complaint.id = complaint_picture.complaint
      where complaint_picture.hash = ${hash} and complaint.pictures_gone_at is null
    union all select 1 from staged where hash = ${hash}
    union all select 1 from offer_picture join offer on offer.id = offer_picture.offer
      where offer_picture.hash = ${hash} and offer.complaint <> ${complaint}
    union all select 1 from sent_picture
      where hash = ${hash} and tenant <> (select tenant from complaint where id = ${complaint})
    union all select 1 from rule where act like ${within}
    union all select 1 from action
      where state in ('requested', 'sent', 'underway', 'unknown') and body like ${within}
    limit 1`.execute(tx.db)
  return rows.length > 0
}

type Words = Omit<Snapshot, 'person'>

function withoutWords({ returned: _, ...said }: Words): Words {
  return {
    ...said,
    text: gone,
    pictures: [],
    timeline: said.timeline.map(({ text, ...rest }) => ({
      ...rest,
      ...(text === undefined ? {} : { text: gone }),
      pictures: [],
    })),
  }
}

/** Keys that hold words; everything else of a fact or an act tells what happened and when. */
const worded = new Set(['text', 'said', 'waybill', 'message'])

async function eraseFacts(tx: Tx, complaint: string): Promise<void> {
  const rows = await tx.db.selectFrom('fact').select(['id', 'body']).where('complaint', '=', complaint).execute()
  for (const { id, body } of rows) {
    const blank = JSON.stringify(ours(body), blanked)
    if (blank !== body) await tx.db.updateTable('fact').set({ body: blank }).where('id', '=', id).execute()
  }
}

async function eraseActions(tx: Tx, complaint: string): Promise<void> {
  const rows = await tx.db
    .selectFrom('action')
    .select(['id', 'body', 'message'])
    .where('complaint', '=', complaint)
    .execute()
  for (const { id, body, message } of rows) {
    const blank = { body: JSON.stringify(ours(body), blanked), message: message && gone }
    await tx.db.updateTable('action').set(blank).where('id', '=', id).execute()
  }
}

/** What rules were about to say, and whose money it was. */
async function eraseRulings(tx: Tx, complaint: string): Promise<void> {
  const rows = await tx.db.selectFrom('ruling').select(['id', 'does']).where('complaint', '=', complaint).execute()
  for (const { id, does } of rows) {
    await tx.db
      .updateTable('ruling')
      .set({ does: JSON.stringify(ours(does), blanked) })
      .where('id', '=', id)
      .execute()
    // Nobody, and nobody else: '' would be counted with all who are unknown.
    await tx.db.updateTable('rule_refund').set({ payer: id }).where('ruling', '=', id).execute()
  }
}

/** What the customer reads beside money; what a rule notes; what a platform said of an act that did not follow. */
function isWords(of: object, key: string, value: string): boolean {
  const kind = 'kind' in of ? of.kind : undefined
  if (key === 'reason') return kind === 'refund' || kind === 'decide-refund'
  // Else a key of our texts.
  if (key === 'why') return kind === 'unfollowed' && !/^[a-z-]+$/.test(value)
  return worded.has(key) || (key === 'note' && kind === undefined)
}

function blanked(this: unknown, key: string, value: unknown): unknown {
  const of = typeof this === 'object' && this !== null ? this : {}
  if (typeof value === 'string' && value !== '' && isWords(of, key, value)) return gone
  // A happening's are addresses at the platform; ours are hashes, and stay.
  if (key === 'pictures' && Array.isArray(value)) return value.filter((one) => /^[0-9a-f]{64}$/.test(String(one)))
  return value
}
