import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { asId, fen, instant, later } from '../../src/core/words.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { findRunnings, insertComplaint, saveComplaint } from '../../src/storage/complaints.ts'
import { appendFacts } from '../../src/storage/facts.ts'
import { createMember } from '../../src/storage/members.ts'
import type { Database } from '../../src/storage/open.ts'
import { findByWords, findExact } from '../../src/storage/search.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { forgetTerms, insertTerms, notesOf } from '../../src/storage/terms.ts'
import { indexWordless } from '../../src/storage/wordless.ts'
import { snapshot } from '../complaints/support.ts'
import { noon, sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

/** Some complaints, one of them without its words yet. */
async function filled(database: Database) {
  return database.transaction(async (tx) => {
    const zone = 'Asia/Shanghai'
    const more = { zone, language: 'zh-CN', secondPersonFrom: fen(20_000) } as const
    const tenant = await createTenant(tx, { handle: 'shop', name: '小店', ...more })
    if (!tenant) throw new Error('no tenant')
    const account = await createAccount(tx, {
      ...{ tenant: tenant.id, platform: 'wechat-mini', outsideId: 'wx01', name: '小店', enabled: true },
      ...{ settings: {}, secrets: {} },
    })
    if (!account) throw new Error('no account')
    await createMember(tx, { tenant: tenant.id, handle: 'li', name: '小李', role: 'agent', enabled: true })
    const is = { tenant: tenant.id, account: account.id, platform: account.platform }
    const known = { version: 1, who: '—' }
    const first = await insertComplaint(tx, is, snapshot({ number: '1' }), known)
    const last = await insertComplaint(tx, is, snapshot({ number: '2' }), known)
    await tx.db.updateTable('complaint').set({ grams: null }).where('id', '=', last.id).execute()
    return { tenant: tenant.id, account: account.id, is, known, first }
  })
}

type Filled = Awaited<ReturnType<typeof filled>>

const whole: [string, (tx: Tx, is: Filled) => Promise<unknown>][] = [
  [
    'by what names it',
    (tx, { tenant }) =>
      findExact(tx, { tenant, limit: 21 }, { running: 1, number: '4200002179', phoneTail: '6688', handle: 'li' }),
  ],
  [
    'by what names it, in some accounts',
    (tx, { tenant, account }) =>
      findExact(
        tx,
        { tenant, accounts: [account, asId('acc_2')], limit: 21 },
        { running: 1, number: '4200002179', phoneTail: '6688', handle: 'li' },
      ),
  ],
  ['by one word', (tx, { tenant }) => findByWords(tx, { tenant, limit: 21 }, ['衣服'])],
  ['by words', (tx, { tenant }) => findByWords(tx, { tenant, limit: 21 }, ['衣服破了', '保温杯'])],
  [
    'by words, in some accounts',
    (tx, { tenant, account }) =>
      findByWords(tx, { tenant, accounts: [account, asId('acc_2')], limit: 21 }, ['衣服破了', '保温杯']),
  ],
  ['those of some numbers', (tx, { tenant }) => findRunnings(tx, tenant, [1, 2, 3])],
  ['the notes', (tx, { first }) => notesOf(tx, [first.id, asId('cmp_2')])],
  ['a complaint that comes', (tx, { is, known }) => insertComplaint(tx, is, snapshot({ number: '3' }), known)],
  [
    'a complaint that says something else',
    (tx, { known, first }) => saveComplaint(tx, first, snapshot({ number: '1', text: '杯子碎了' }), known),
  ],
  [
    'a note',
    (tx, { first }) => appendFacts(tx, first, [{ kind: 'noted', by: { name: '小李', via: 'chat' }, text: '已联系' }]),
  ],
  ['words for those without', (tx) => indexWordless(tx, instant(0), 25)],
  ['what is too old', (tx) => forgetTerms(tx, later(instant(noon), 1), 25)],
]

const tables = 'complaint|complaint_order|term|other|refund|fact|member'
const wholly = new RegExp(String.raw`\bSCAN (?:${tables})\b`)
const everything = new RegExp(String.raw`\b(?:${tables})\b[^|]*\((?:tenant|kind)=\?(?: AND running<\?)?\)`)

test.each(whole)('%s: nothing is read from end to end, nor all that a tenant has', async (_, work) => {
  const { database } = await sqlite.open()
  const is = await filled(database)
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx, is)))
  expect(plans.length).toBeGreaterThan(0)
  for (const plan of plans) {
    expect(plan).not.toMatch(wholly)
    expect(plan).not.toMatch(everything)
  }
})

test('each name has its index, and the newest come out of it in order', async () => {
  const { database } = await sqlite.open()
  const { tenant } = await filled(database)
  const sought = { running: 1, number: 'n', phoneTail: '6688', handle: 'li' }
  const plans = await plansOf(database.reads, (reads) => findExact(reads, { tenant, limit: 21 }, sought))
  const indexes = [
    'sqlite_autoindex_member_2 (tenant=? AND handle=?)',
    'sqlite_autoindex_complaint_3 (tenant=? AND running=?)',
    'complaint_number (tenant=? AND number=?)',
    'complaint_order_number (tenant=? AND number=?)',
    'refund_number (number=?)',
    'complaint_of_phone_tail (tenant=? AND phone_tail=?)',
    'complaint_of_claimer (tenant=? AND claimed_by=?)',
    // What was found.
    'sqlite_autoindex_complaint_3 (tenant=? AND running=?)',
  ]
  expect(plans.length).toBe(indexes.length)
  for (const [at, plan] of plans.entries()) expect(plan).toContain(indexes[at])
  for (const at of [1, 2, 5, 6]) expect(plans[at]).not.toContain('TEMP B-TREE')
})

test('pairs are asked for by their key alone, the newest first', async () => {
  const { database } = await sqlite.open()
  const { tenant } = await filled(database)
  const plans = await plansOf(database.reads, (reads) => findByWords(reads, { tenant, limit: 21 }, ['衣服破了']))
  const [leading] = plans.filter((plan) => plan.includes('running<?'))
  expect(leading).toContain('SEARCH term USING PRIMARY KEY (tenant=? AND gram=? AND running<?)')
  expect(leading?.match(/other \S*\s?USING PRIMARY KEY \(tenant=\? AND gram=\? AND running=\?\)/g)?.length).toBe(2)
  expect(leading).not.toContain('TEMP B-TREE')
})

test('what is rarest leads: what nearly every complaint holds is not gone through', async () => {
  const { database } = await sqlite.open()
  const { tenant, is, known } = await filled(database)
  await database.transaction((tx) => insertComplaint(tx, is, snapshot({ number: '7', text: '衣服褪色' }), known))
  const led: unknown[] = []
  const { db } = database.reads
  const ear: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const { sql, parameters } = db.getExecutor().compileQuery(node, queryId)
      if (/^select "term"."running"/.test(sql)) led.push(parameters[1])
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const asked = (words: readonly string[]) =>
    findByWords({ ...database.reads, db: db.withPlugin(ear) }, { tenant, limit: 21 }, words)
  expect((await asked(['衣服', '褪色'])).length).toBe(1)
  expect((await asked(['衣服', '破了'])).length).toBe(2)
  expect(led).toEqual(['褪色', '破了'])
  // One that is nowhere: nothing is gone through.
  expect([await asked(['衣服', '茶壶']), led.length]).toEqual([[], 2])
})

test('of pairs that many hold that one leads whose newest reach further back', async () => {
  const { database } = await sqlite.open()
  const { tenant } = await filled(database)
  await database.transaction(async (tx) => {
    for (let running = 1; running <= 400; running++)
      await insertTerms(tx, { id: 'c', tenant, running }, running % 4 === 0 ? ['常见', '见少'] : ['常见'])
  })
  const led = await database.transaction(async (tx) => {
    const asked: unknown[] = []
    const ear: KyselyPlugin = {
      transformQuery({ node, queryId }) {
        const { sql, parameters } = tx.db.getExecutor().compileQuery(node, queryId)
        if (/^select "term"."running"/.test(sql)) asked.push(parameters[1])
        return node
      },
      transformResult: async ({ result }) => result,
    }
    await findByWords({ ...tx, db: tx.db.withPlugin(ear) }, { tenant, limit: 5 }, ['常见少'])
    return asked
  })
  expect(new Set(led)).toEqual(new Set(['见少']))
})

test('the words of a complaint cost one statement more, those that it has already none', async () => {
  const { database } = await sqlite.open()
  const { is, known, first } = await filled(database)
  const count = (work: (tx: Tx) => Promise<unknown>) =>
    database.transaction(async (tx) => (await plansOf(tx, (listening) => work(listening as Tx))).length)
  const { product: _, ...wordless } = snapshot({ number: '8', text: '' })
  const without = await count((tx) => insertComplaint(tx, is, wordless, known))
  expect(await count((tx) => insertComplaint(tx, is, snapshot({ number: '9' }), known))).toBe(without + 1)
  // The complaint and its orders.
  expect(await count((tx) => saveComplaint(tx, first, snapshot({ number: '1' }), known))).toBe(2)
})
