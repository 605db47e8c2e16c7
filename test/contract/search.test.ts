import { expect, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import type { PlatformName, Snapshot } from '../../src/complaints/complaint.ts'
import { gramsOf, wordsOf } from '../../src/core/grams.ts'
import { asId, type ComplaintId, fen, instant, later, newId } from '../../src/core/words.ts'
import { createAccount, type StoredAccount } from '../../src/storage/accounts.ts'
import { insertComplaint, saveComplaint, setClaim } from '../../src/storage/complaints.ts'
import { appendFacts } from '../../src/storage/facts.ts'
import { createMember } from '../../src/storage/members.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { insertRefund } from '../../src/storage/refunds.ts'
import { findByWords, findExact, type Sought, type Within } from '../../src/storage/search.ts'
import type { Reads } from '../../src/storage/storage.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { forgetTerms, most } from '../../src/storage/terms.ts'
import { indexWordless } from '../../src/storage/wordless.ts'
import { plus, snapshot } from '../complaints/support.ts'
import { type DatabaseKind, noon, onEachDatabase } from '../support/databases.ts'

async function shops({ open }: DatabaseKind) {
  const { database, clock } = await open()
  const { reads } = database
  let number = 0
  const shop = (handle: string, names: Readonly<Record<string, PlatformName>>) =>
    database.transaction(async (tx) => {
      const zone = 'Asia/Shanghai'
      const more = { zone, language: 'zh-CN', secondPersonFrom: fen(20_000) } as const
      const tenant = await createTenant(tx, { handle, name: handle, ...more })
      if (!tenant) throw new Error('no tenant')
      const member = await createMember(tx, {
        tenant: tenant.id,
        handle: 'li',
        name: '小李',
        role: 'agent',
        enabled: true,
      })
      const accounts: StoredAccount[] = []
      for (const [name, platform] of Object.entries(names)) {
        const rest = { platform, enabled: true, settings: {}, secrets: {} } as const
        const made = await createAccount(tx, { ...rest, tenant: tenant.id, name, outsideId: name })
        if (made) accounts.push(made)
      }
      if (!member) throw new Error('no member')
      return { accounts, member }
    })
  const one = await shop('one', { 小程序: 'wechat-mini', 微信支付: 'wechat-pay' })
  const two = await shop('two', { 别家: 'wechat-mini' })
  const [mini, pay] = one.accounts
  const [elsewhere] = two.accounts
  if (!mini || !pay || !elsewhere) throw new Error('no account')
  const bare = (account: StoredAccount, of: Partial<Snapshot>): Snapshot => {
    const { outTradeNo: _, product: __, ...rest } = snapshot({ scope: account.outsideId, number: `C${++number}` })
    return { ...rest, text: '', orders: [], person: {}, ...of }
  }
  const complain = (account: StoredAccount, of: Partial<Snapshot> = {}) =>
    database.transaction((tx) =>
      insertComplaint(
        tx,
        { tenant: account.tenant, account: account.id, platform: account.platform },
        bare(account, of),
        {
          version: 1,
          who: '—',
        },
      ),
    )
  type Made = Awaited<ReturnType<typeof complain>>
  const note = (complaint: Made, text: string) =>
    database.transaction((tx) =>
      appendFacts(tx, complaint, [{ kind: 'noted', by: { name: '小李', via: 'chat' }, text }]),
    )
  const within = (more: Partial<Within> = {}): Within => ({ tenant: mini.tenant, limit: 20, ...more })
  const named = async (sought: Sought, more: Partial<Within> = {}) =>
    (await findExact(reads, within(more), sought)).map(({ running }) => running)
  const holding = async (words: string, more: Partial<Within> = {}) =>
    (await findByWords(reads, within(more), wordsOf(words))).map(({ running }) => running)
  return { database, clock, reads, one, two, mini, pay, elsewhere, bare, complain, note, named, holding }
}

type Shops = Awaited<ReturnType<typeof shops>>

const termsOf = async ({ db }: Reads, tenant: string, running: number) => {
  const rows = await db
    .selectFrom('term')
    .select('gram')
    .where('tenant', '=', tenant)
    .where('running', '=', running)
    .execute()
  return rows.map(({ gram }) => gram).sort()
}

const place = { platform: 'wechat-pay', payee: 'm', order: '4200001' }
const refunded = ({ database, mini, pay }: Shops, complaint: { readonly id: ComplaintId }) =>
  database.transaction((tx) =>
    insertRefund(tx, {
      action: newId('action', tx.random, tx.clock.now()),
      tenant: mini.tenant,
      complaint: complaint.id,
      account: pay.id,
      place,
      refund: { kind: 'refund', order: '4200001', amount: fen(1), total: fen(1), reason: '' },
    }),
  )

onEachDatabase('search by what names a complaint', (kind) => {
  test('by each of its numbers, the phone’s last four, and who has claimed it; by nothing else', async () => {
    const s = await shops(kind)
    const { database, complain, named, mini, pay, one } = s
    await complain(pay, { orders: ['4200009'], outTradeNo: 'M9', person: { phone: '13800130000' } })
    const order = { orders: ['4200001'], outTradeNo: 'M1' }
    const ours = await complain(mini, { ...order, number: '2157', person: { phone: '13800136688' } })
    await complain(mini, { orders: ['2158'], person: { phone: '6688' } })
    const { number } = await refunded(s, ours)
    await database.transaction((tx) => setClaim(tx, ours, one.member.id))
    const ways: readonly Sought[] = [
      { running: 2 },
      { number: '2157' },
      { number: '4200001' },
      { number: 'M1' },
      { number },
      { number: number.toUpperCase() },
      { phoneTail: '6688' },
      { handle: 'li' },
    ]
    for (const sought of ways) expect(await named(sought), JSON.stringify(sought)).toEqual([2])
    const none: readonly Sought[] = [
      {},
      { running: 9 },
      { number: '215' },
      { number: '420000' },
      { number: 'out:M1x' },
      { number: '6688' },
      { phoneTail: '1366' },
      { handle: 'chen' },
      { handle: '' },
    ]
    for (const sought of none) expect(await named(sought), JSON.stringify(sought)).toEqual([])
  })

  test('all that is meant, each once, the newest first, no more than asked for', async () => {
    const s = await shops(kind)
    const { complain, named, mini, pay } = s
    const first = await complain(mini, { orders: ['7', '8'], outTradeNo: '7', number: '7' })
    await complain(pay, { person: { phone: '13800130007' } })
    await complain(mini, { orders: ['7'] })
    await refunded(s, first)
    expect(await named({ number: '7' })).toEqual([3, 1])
    expect(await named({ running: 2, number: '7', phoneTail: '0007' })).toEqual([3, 2, 1])
    expect(await named({ running: 2, number: '7' }, { limit: 2 })).toEqual([3, 2])
  })

  test('a phone that comes with a later read is known from then on; one that goes is not', async () => {
    const { database, complain, named, bare, mini } = await shops(kind)
    const ours = await complain(mini)
    const save = (person: Snapshot['person']) =>
      database.transaction((tx) =>
        saveComplaint(tx, ours, bare(mini, { number: ours.number, person }), { version: 2, who: '—' }),
      )
    expect(await named({ phoneTail: '6688' })).toEqual([])
    await save({ phone: '13800136688' })
    expect(await named({ phoneTail: '6688' })).toEqual([1])
    await save({ phone: '13800130000' })
    expect(await named({ phoneTail: '6688' })).toEqual([])
  })

  test('no digits of a phone stand in the database', async () => {
    const { database, complain, named, mini, elsewhere } = await shops(kind)
    const phone = { person: { phone: '13800139763' } }
    await complain(mini, phone)
    await complain(elsewhere, phone)
    expect(await named({ phoneTail: '9763' })).toEqual([1])
    const rows = await database.reads.db.selectFrom('complaint').select(['tenant', 'phone_tail', 'grams']).execute()
    expect(JSON.stringify(rows)).not.toContain('9763')
    // Equal only within a tenant.
    expect(new Set(rows.map(({ phone_tail }) => phone_tail)).size).toBe(2)
  })
})

onEachDatabase('search by words', (kind) => {
  test('in text, product and notes; all of them, in whatever width and capitals', async () => {
    const { complain, note, holding, mini } = await shops(kind)
    const ours = await complain(mini, { text: '收到的时候杯子碎了，ＩＰ 68 也不防水', product: '保温杯 Pro１５' })
    await complain(mini, { text: '杯子没有收到', product: '保温壶' })
    await note(ours, '已电话联系，寄新的 SF100')
    for (const words of [
      '碎了',
      '杯子碎',
      'pro15',
      'ＰＲＯ',
      '联系',
      'sf10',
      '碎了 保温杯 电话',
      'ip 68',
      '碎了！杯子',
    ])
      expect(await holding(words), words).toEqual([1])
    expect(await holding('杯子')).toEqual([2, 1])
    for (const words of ['碎了 没有', '碎了保温', '防水壶', '碎', '不存在', '', '…', 'pro16'])
      expect(await holding(words), words).toEqual([])
    expect(await holding('杯子 碎')).toEqual([1])
  })

  test('pairs that stand apart are no word', async () => {
    const { complain, holding, mini } = await shops(kind)
    await complain(mini, { text: '要退款，款退了吗' })
    await complain(mini, { text: '退款退了吗' })
    expect(await holding('退款退')).toEqual([2])
  })

  test('the newest first, no more than asked for, past many that only seem to hold them', async () => {
    const { complain, holding, mini } = await shops(kind)
    for (let count = 0; count < 3; count++) await complain(mini, { text: '退款退了' })
    for (let count = 0; count < 120; count++) await complain(mini, { text: '退款，款退' })
    expect(await holding('退款退')).toEqual([3, 2, 1])
    expect(await holding('退款退', { limit: 2 })).toEqual([3, 2])
    expect((await holding('退款', { limit: 21 })).slice(0, 2)).toEqual([123, 122])
    expect((await holding('退款', { limit: 21 })).length).toBe(21)
  })

  test('a long question is looked up by some of its pairs and compared by all', async () => {
    const { complain, holding, mini } = await shops(kind)
    const long = '收到商品后发现包装已经破损里面的保温杯也有一道裂痕联系客服三天没有人回复'
    await complain(mini, { text: long })
    await complain(mini, { text: `${long.slice(0, -2)}理我` })
    expect(await holding(long)).toEqual([1])
    expect(await holding(long.slice(0, -2))).toEqual([2, 1])
  })

  test('other words that a complaint says later find it, those it no longer says do not', async () => {
    const { database, complain, holding, bare, mini, reads } = await shops(kind)
    const ours = await complain(mini, { text: '等待读取', product: '保温杯' })
    const said = bare(mini, { number: ours.number, text: '杯子碎了', product: '保温杯', asOf: plus(1) })
    await database.transaction((tx) => saveComplaint(tx, ours, said, { version: 2, who: '—' }))
    expect([await holding('碎了'), await holding('保温'), await holding('读取')]).toEqual([[1], [1], []])
    const once = await termsOf(reads, mini.tenant, 1)
    await database.transaction((tx) => saveComplaint(tx, ours, said, { version: 3, who: '—' }))
    expect(await termsOf(reads, mini.tenant, 1)).toEqual(once)
  })

  test('words and complaint are written together or not at all', async () => {
    const { database, reads, mini, bare, holding } = await shops(kind)
    const broken = database.transaction(async (tx) => {
      const is = { tenant: mini.tenant, account: mini.id, platform: mini.platform }
      const ours = await insertComplaint(tx, is, bare(mini, { text: '碎了' }), { version: 1, who: '—' })
      expect(await termsOf(tx, mini.tenant, ours.running)).toEqual(['碎了'])
      throw new Error('changed our mind')
    })
    await expect(broken).rejects.toThrow('changed our mind')
    expect([await termsOf(reads, mini.tenant, 1), await holding('碎了')]).toEqual([[], []])
  })

  test('a complaint has at most 400 pairs, and its notes have room among them', async () => {
    const { reads, complain, note, holding, mini } = await shops(kind)
    // No two neighbours come twice.
    const long = (from: number) =>
      Array.from({ length: 700 }, (_, at) => String.fromCodePoint(0x4e00 + from + at)).join('')
    const ours = await complain(mini, { text: `碎了${long(0)}` })
    await note(ours, '老客户')
    await note(ours, long(2000))
    const terms = await termsOf(reads, mini.tenant, 1)
    expect([terms.length, most]).toEqual([400, 400])
    expect([await holding('碎了'), await holding('老客户')]).toEqual([[1], [1]])
    await note(ours, '再来一次')
    expect((await termsOf(reads, mini.tenant, 1)).length).toBe(400)
  })
})

onEachDatabase('what is searched is whose it is', (kind) => {
  test('nothing crosses to another tenant, though everything is the same', async () => {
    const s = await shops(kind)
    const { database, complain, note, named, holding, mini, elsewhere, two } = s
    const same = {
      number: '2157',
      text: '杯子碎了',
      orders: ['4200001'],
      outTradeNo: 'M1',
      person: { phone: '13800136688' },
    }
    const theirs = await complain(elsewhere, same)
    await complain(mini)
    const { number } = await refunded(s, theirs)
    await note(theirs, '已联系')
    const all: Sought = { running: 1, number: '2157', phoneTail: '6688', handle: 'li' }
    const ways: readonly Sought[] = [
      all,
      { number: '2157' },
      { number: '4200001' },
      { number: 'M1' },
      { number },
      { handle: 'li' },
    ]
    await database.transaction((tx) => setClaim(tx, theirs, two.member.id))
    // Ours with the same number says something else.
    for (const sought of ways.slice(1)) expect(await named(sought), JSON.stringify(sought)).toEqual([])
    expect(await named(all)).toEqual([1])
    expect((await findExact(database.reads, { tenant: mini.tenant, limit: 9 }, all))[0]?.account).toBe(mini.id)
    expect([await holding('碎了'), await holding('联系')]).toEqual([[], []])
    expect(await holding('碎了 联系', { tenant: elsewhere.tenant })).toEqual([1])
    for (const sought of ways) expect(await named(sought, { tenant: elsewhere.tenant })).toEqual([1])
  })

  test('who is told of some accounts finds nothing of others', async () => {
    const s = await shops(kind)
    const { database, complain, named, holding, mini, pay, one } = s
    const same = { number: '2157', text: '杯子碎了', orders: ['4200001'], person: { phone: '13800136688' } }
    const theirs = await complain(pay, same)
    const ours = await complain(mini, same)
    const { number } = await refunded(s, theirs)
    for (const each of [theirs, ours]) await database.transaction((tx) => setClaim(tx, each, one.member.id))
    const ways: readonly Sought[] = [{ number: '2157' }, { number: '4200001' }, { phoneTail: '6688' }, { handle: 'li' }]
    for (const sought of ways) {
      expect(await named(sought)).toEqual([2, 1])
      expect(await named(sought, { accounts: [mini.id] })).toEqual([2])
      expect(await named(sought, { accounts: [] })).toEqual([])
    }
    expect([await named({ number }), await named({ number }, { accounts: [mini.id] })]).toEqual([[1], []])
    expect([await named({ running: 1 }), await named({ running: 1 }, { accounts: [mini.id] })]).toEqual([[1], []])
    expect(await holding('杯子碎了')).toEqual([2, 1])
    expect(await holding('杯子碎了', { accounts: [pay.id] })).toEqual([1])
    expect(await holding('杯子碎了', { accounts: [] })).toEqual([])
  })
})

onEachDatabase('the year of words', (kind) => {
  const day = 24 * 3600_000
  const since = (at: number) => later(instant(at), -365 * day)

  test('what is older is found by its words no more, by its numbers for ever; some at a time', async () => {
    const { database, clock, complain, note, holding, named, reads, mini } = await shops(kind)
    const old = await complain(mini, { text: '杯子碎了', number: '2157' })
    // The oldest go first; of the same age no order is promised.
    clock.advance(1)
    await complain(mini, { text: '杯子碎了' })
    clock.advance(1)
    await complain(mini, { text: '' })
    clock.advance(200 * day)
    await complain(mini, { text: '杯子碎了' })
    clock.advance(165 * day + 1)
    const forget = (limit: number) => database.transaction((tx) => forgetTerms(tx, since(clock.now()), limit))
    expect([await forget(2), await holding('杯子碎了')]).toEqual([2, [4]])
    expect([await forget(2), await forget(2), await holding('杯子碎了')]).toEqual([1, 0, [4]])
    expect(await termsOf(reads, mini.tenant, 1)).toEqual([])
    expect((await termsOf(reads, mini.tenant, 4)).length).toBe(3)
    expect(await named({ number: '2157' })).toEqual([1])
    // It is given no new ones.
    await note(old, '老客户')
    expect(await database.transaction((tx) => indexWordless(tx, since(clock.now()), 9))).toBe(0)
    expect([await holding('老客户'), await termsOf(reads, mini.tenant, 1)]).toEqual([[], []])
  })

  test('what was here before there was a search is found once it has its words', async () => {
    const names = Object.keys(migrations).filter((name) => name < '0006')
    expect(names.length).toBeGreaterThan(3)
    const before = Object.fromEntries(Object.entries(migrations).filter(([name]) => names.includes(name)))
    const { database, clock } = await kind.open({ migrations: before })
    const tenant = asId<'tenant'>('ten_1')
    const within = { tenant, limit: 9 }
    await database.transaction(async (tx) => {
      for (const [running, created] of [
        [1, noon - 366 * day],
        [2, noon - 3 * day],
        [3, noon],
      ] as const) {
        const { person, ...said } = snapshot({ number: String(running), text: `杯子碎了${running}号` })
        const id = `cmp_${running}`
        await tx.db
          .insertInto('complaint')
          .values({
            ...{ id, tenant, account: 'acc_1', platform: 'wechat-mini', source: said.source, scope: said.scope },
            ...{ number: said.number, running, phase: said.phase, code: said.code, label: said.label, version: 1 },
            ...{ provisional: 0, opened_at: said.openedAt, as_of: said.asOf, nth: 1, who: '—' },
            person: tx.sealer.seal({ tenant, table: 'complaint', row: id, column: 'person' }, JSON.stringify(person)),
            snapshot: JSON.stringify(said),
            created_at: instant(created),
            changed_at: instant(created),
          })
          .execute()
        const fact = { kind: 'noted', by: { name: '小李', via: 'chat' }, text: `老客户${running}` }
        const body = JSON.stringify(fact)
        const at = instant(created)
        await tx.db
          .insertInto('fact')
          .values({ id: `fct_${running}`, tenant, complaint: id, nr: 1, kind: 'noted', body, at })
          .execute()
      }
    })
    await migrate(database, migrations)
    const found = async (words: string) =>
      (await findByWords(database.reads, within, wordsOf(words))).map(({ running }) => running)
    const tail = async () =>
      (await findExact(database.reads, within, { phoneTail: '6688' })).map(({ running }) => running)
    const index = (limit: number) => database.transaction((tx) => indexWordless(tx, since(clock.now()), limit))
    expect([await found('碎了'), await tail()]).toEqual([[], []])
    // The newest first; what came last is what people look for.
    expect([await index(1), await found('碎了'), await tail()]).toEqual([1, [3], [3]])
    // A note before its turn is not lost, nor is it all that is known of it.
    await database.transaction((tx) =>
      appendFacts(tx, { id: asId('cmp_2'), tenant }, [
        { kind: 'noted', by: { name: '小李', via: 'chat' }, text: '已寄新的' },
      ]),
    )
    expect(await found('已寄')).toEqual([])
    expect([await index(9), await index(9)]).toEqual([1, 0])
    expect([await found('碎了'), await found('老客户'), await found('已寄'), await tail()]).toEqual([
      [3, 2],
      [3, 2],
      [2],
      [3, 2],
    ])
    expect(await termsOf(database.reads, tenant, 2)).toEqual(
      [...gramsOf(['杯子碎了2号', '保温杯', '老客户2', '已寄新的'])].sort(),
    )
  })
})
