import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { pictureHash } from '../../src/core/picture.ts'
import type { Sealed } from '../../src/core/seal.ts'
import { fen } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { keepOffer } from '../../src/storage/offers.ts'
import { findPicture, stagePictures } from '../../src/storage/pictures.ts'
import { sealedColumns } from '../../src/storage/reseal.ts'
import { roomAt } from '../../src/storage/rooms.ts'
import { hire, sun, zhou } from '../chat/pay-people.ts'
import { pressOn } from '../chat/people.ts'
import { automatic, plenty, rule } from '../journeys/rules.ts'
import { adminKey, apiAt } from '../support/admin-api.ts'
import { alone } from '../support/chat.ts'
import { group, type PayWorld, world } from '../support/world.ts'

const phone = '13800136688'
const other = '13900139911'
/** Whatever tells who it was, or what they said and were told. */
const traces = ['欧阳', '金丝', '丝雀', phone, '**6688']
const photo = (at: number) => ({
  type: 'image/png' as const,
  bytes: Buffer.concat([parcelPhoto(0), Buffer.from([at])]),
})

/** Every value of every row, sealed ones opened: `table.column: value`. */
async function everything({ storage }: Pick<PayWorld, 'storage'>): Promise<ReadonlyMap<string, readonly string[]>> {
  const { sealer } = storage.reads
  return storage.bare(async (db) => {
    const { rows: tables } = await sql<{ name: string }>`
      select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'`.execute(
      db,
    )
    const all = new Map<string, readonly string[]>()
    for (const { name } of tables) {
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db)
      const opened = (row: Record<string, unknown>, column: string): string => {
        const value = row[column]
        if (Buffer.isBuffer(value)) return `bytes ${pictureHash(value)}`
        const text = String(value ?? '')
        if (!text.startsWith('v1.')) return text
        const where = sealedColumns.find((one) => one.table === name && one.column === column)
        // What is sealed where nobody knows of it could be anything.
        if (!where) throw new Error(`${name}.${column} is sealed: say so in storage/reseal.ts`)
        const tenant = where.tenant ? String(row.tenant) : ''
        return sealer.open({ tenant, table: name, row: String(row[where.row]), column }, text as Sealed)
      }
      all.set(
        name,
        rows.flatMap((row) => Object.keys(row).map((column) => `${name}.${column}: ${opened(row, column)}`)),
      )
    }
    return all
  })
}

const found = (all: ReadonlyMap<string, readonly string[]>, words: readonly string[]): readonly string[] =>
  [...all.values()].flat().filter((line) => words.some((word) => line.includes(word)))

/** Tables in which nothing of a customer's can come to stand, or nothing that stays. Another table must be filled by the story below, or be named here with good reason. */
const apart: Readonly<Record<string, string>> = {
  alarm: 'orders in dispute, by their numbers',
  api_key: 'keys',
  auth_state: 'links for merchants',
  auth_waiting: 'merchants',
  bind_code: 'codes for the team',
  bind_request: 'codes for the team',
  breaker: 'how many',
  case_nonce: 'chance',
  channel: 'set up by the business',
  data_key: 'keys',
  digest: 'days',
  dispatch: 'which of our lines went to which of our recipients',
  duty: 'the team',
  early_report: 'numbers of messages to our recipients',
  forgetting: 'how far it is',
  job: 'ids of rows, until they are worked on',
  merchant: 'merchants',
  notice: 'about accounts, channels and merchants',
  recipient: 'whom the business tells',
  reminding: 'hours',
  standing: 'how a platform rates an account',
  template: 'written by the business beforehand',
  tick: 'hours',
  token: 'of accounts',
  upload: 'names of pictures that go with them',
  wanted: 'numbers of complaints',
  watch: 'accounts',
}

/** Complaints with all that can be said about them, by everybody, from everywhere: two of one person, closed at the end, and one of another. */
async function story() {
  const w = await automatic()
  const member = await hire(w, zhou, 'zhou')
  await hire(w, sun, 'sun')
  const api = apiAt(w.url, await adminKey(w.storage))
  const act = (n: number, body: object, name: string) =>
    api('POST', `/tenants/shop/complaints/${n}/actions`, body, { 'idempotency-key': name })
  await rule(w, '记一笔', { kind: 'note', text: '欧阳又来了' }, { delay: 0, when: { has: ['杯子'] } })
  const when = { paid: { to: fen(5_000) }, has: ['小额'] }
  await rule(w, '小额', { kind: 'refund', orders: 'only', reason: '欧阳，退您了' }, { caps: plenty, when })
  const said = '我叫欧阳，金丝雀杯子裂了，电话 13800136688'
  await w.pay.complain({ text: said, amount: 30_000, phone, photos: [photo(1).bytes] })
  await w.pass(120_000)
  await w.chat.say(zhou, group, '/note 1 欧阳来过电话')
  const check = await w.chat.say(zhou, group, '/refund 1 250 欧阳，少发一箱')
  const asked = await pressOn(w, zhou, check.card, '确认退款 ¥250.00')
  await pressOn(w, sun, asked.card, '批准')
  await w.pass(6 * 60_000)
  const { hash } = (await api('POST', '/tenants/shop/pictures', { base64: photo(4).bytes.toString('base64') })).json
  await act(1, { kind: 'note', text: '欧阳是老客户' }, 'a')
  await act(1, { kind: 'respond', stance: 'talk', text: '欧阳您好，金丝雀补发', pictures: [hash] }, 'b')
  await w.pass(120_000)
  await w.chat.say(zhou, alone(zhou), '/link 1')
  await api('DELETE', '/tenants/shop/complaints/2/links')
  await w.pay.complain({ text: `小额，${said}`, amount: 1990, phone })
  await w.pass(6 * 60_000)
  await w.pay.complain({ text: '我是司马，电话 13900139911', amount: 990, phone: other })
  await w.pass(60_000)
  await api('DELETE', '/tenants/shop/complaints/3/links')
  const main = w.chat.cards(group).findLast(({ title, buttons }) => title.startsWith('#1') && buttons.length > 2)
  await pressOn(w, zhou, main, '回复')
  // The one brought by links to two complaints, the other laid ready for both.
  for (const n of [1, 3]) {
    const complaint = await findRunning(w.storage.reads, w.tenant.id, n)
    const room = await roomAt(w.storage.reads, w.bot.id, { chat: group })
    if (!complaint || !room) throw new Error('nobody complained')
    const own = photo(n === 1 ? 5 : 6)
    await w.storage.transaction(async (tx) => {
      const to = { complaint: complaint.id, room: room.id }
      await stagePictures(tx, { ...to, member: member.id }, [photo(2), own])
      await keepOffer(tx, { ...to, tenant: w.tenant.id }, [photo(3), photo(n === 1 ? 7 : 8)])
    })
  }
  await act(1, { kind: 'finish' }, 'c')
  await w.pass(60_000)
  await act(2, { kind: 'finish' }, 'd')
  await w.pass(120_000)
  return { w, api }
}

test('one person is erased from every table there is, sealed or not, and nobody else', async () => {
  const { w, api } = await story()
  const before = await everything(w)
  // The story is about all of them: a table that is new must come into it.
  for (const [name, rows] of before) expect([name, rows.length > 0 || name in apart]).toEqual([name, true])
  expect(Object.keys(apart).filter((name) => !before.has(name))).toEqual([])
  const one = await findRunning(w.storage.reads, w.tenant.id, 1)
  const own = [one?.person.openid ?? '?', w.storage.reads.sealer.pseudonym(w.tenant.id, `phone ${phone}`)]
  const columns = new Set(found(before, [...traces, ...own]).map((line) => line.split(':')[0]))
  expect([...columns].sort()).toEqual([
    ...['action.body', 'button.intent'],
    ...['complaint.grams', 'complaint.payer', 'complaint.person', 'complaint.snapshot', 'complaint.who'],
    // What a rule says was written beforehand, for everybody.
    ...['fact.body', 'rule.act', 'rule_refund.payer', 'ruling.does', 'term.gram'],
  ])

  const erased = await api('POST', '/tenants/shop/erase', { phone }, { 'idempotency-key': 'erase' })
  const left = [2, 3, 6, 8].map(photo)
  // What lay ready for it alone, the fifth, went when it was closed.
  expect(found(before, [pictureHash(photo(5).bytes)])).toEqual([])
  expect(erased.json).toEqual({ complaints: 2, open: 0, callbacks: 2, pictures: 3 })
  const after = await everything(w)
  expect(found(after, [...traces, ...own]).filter((line) => !line.startsWith('rule.act'))).toEqual([])

  // What somebody else needs stays, and so does all that is about somebody else; and what was paid.
  const kept = await Promise.all(
    [1, 2, 3, 4, 5, 6, 7, 8].map((at) => findPicture(w.storage.reads, pictureHash(photo(at).bytes))),
  )
  expect(kept.filter((picture) => picture !== undefined)).toEqual(left)
  const others = ['司马', other]
  expect(found(before, others).length).toBeGreaterThan(3)
  expect(found(after, others)).toEqual(found(before, others))
  const paid = (all: typeof after) => all.get('refund')?.filter((line) => !line.startsWith('refund.received_by'))
  expect(paid(after)).toEqual(paid(before))
  expect(after.get('term')?.length).toBeLessThan(before.get('term')?.length ?? 0)
  expect((await api('POST', '/tenants/shop/erase', { phone })).json).toMatchObject({ complaints: 0, pictures: 0 })
})

test('with a group that is unbound go the drafts behind its buttons', async () => {
  const w = await world()
  await w.complain({ text: '金丝雀' })
  const api = apiAt(w.url, await adminKey(w.storage))
  const [room] = (await api('GET', '/tenants/shop/rooms')).json.items
  expect((await everything(w)).get('button')).not.toEqual([])
  expect((await api('DELETE', `/tenants/shop/rooms/${room.id}`)).status).toBe(204)
  expect((await everything(w)).get('button')).toEqual([])
})

test('a body of little that was sent under a name is kept as no hash that can be guessed at', async () => {
  const w = await world()
  const api = apiAt(w.url, await adminKey(w.storage))
  await api('POST', '/tenants/shop/erase', { phone }, { 'idempotency-key': 'erase' })
  const rows = (await everything(w)).get('repeat') ?? []
  const plain = createHash('sha256').update(JSON.stringify({ phone })).digest('hex')
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.join()).not.toContain(plain)
  // It is known again all the same.
  expect((await api('POST', '/tenants/shop/erase', { phone: other }, { 'idempotency-key': 'erase' })).status).toBe(422)
  expect((await api('POST', '/tenants/shop/erase', { phone }, { 'idempotency-key': 'erase' })).status).toBe(200)
})
