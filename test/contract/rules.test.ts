import { expect, test } from 'vitest'
import type { Rule } from '../../src/complaints/rule.ts'
import { asId, fen, instant, later, type RuleId, type RulingId, type TenantId } from '../../src/core/words.ts'
import { findBreaker, lockBreaker, resetBreaker, setBreakerMost, tripBreaker } from '../../src/storage/breakers.ts'
import type { Database } from '../../src/storage/open.ts'
import { countRuleRefunds, keepRuleRefund, ordersAsked, sumRuleRefunds } from '../../src/storage/rule-refunds.ts'
import {
  anyRuleOn,
  createRule,
  findRule,
  listRules,
  type NewRule,
  placeRule,
  removeRule,
  saveRule,
  switchOff,
} from '../../src/storage/rules.ts'
import {
  findRuling,
  insertRuling,
  moveRuling,
  type NewRuling,
  refundsWaiting,
  rulingsDue,
  rulingsOf,
} from '../../src/storage/rulings.ts'
import { noon, onEachDatabase } from '../support/databases.ts'

const [ours, theirs] = [asId<'tenant'>('ten_a'), asId<'tenant'>('ten_b')]
const bare: Omit<NewRule, 'name'> = {
  ...{ tenant: ours, mode: 'on', accounts: [], when: {}, act: { kind: 'note', text: '看' }, delay: 60 },
}
const caps = { each: fen(5_000), day: fen(50_000), payerDay: fen(6_000) }

const add = (database: Database, name: string, more: Partial<NewRule> = {}): Promise<Rule> =>
  database.transaction(async (tx) => {
    const made = await createRule(tx, { ...bare, name, ...more })
    if (!made) throw new Error('taken')
    return made
  })

onEachDatabase('rules', ({ open }) => {
  test('one comes back as it was kept, last of its tenant; a name is taken once, and only there', async () => {
    const { database } = await open()
    const whole: Omit<NewRule, 'tenant'> = {
      name: '小额',
      mode: 'off',
      accounts: [asId('acc_1')],
      when: { shown: { to: 5_000 }, hours: { from: 22, to: 8 }, lacks: ['律师'], owed: ['respond'], phases: ['ours'] },
      act: { kind: 'refund', orders: 'every', reason: '' },
      delay: 0,
      caps,
    }
    const first = await add(database, '甲')
    const second = await database.transaction((tx) => createRule(tx, { ...whole, tenant: ours }))
    expect(second).toEqual({ ...whole, tenant: ours, id: second?.id, position: 2 })
    expect(await listRules(database.reads, ours)).toEqual([first, second])
    expect(await findRule(database.reads, ours, first.id)).toEqual(first)
    expect(await findRule(database.reads, theirs, first.id)).toBeUndefined()
    expect(await database.transaction((tx) => createRule(tx, { ...bare, name: '甲' }))).toBeUndefined()
    expect((await add(database, '甲', { tenant: theirs })).position).toBe(1)
  })

  test('of two who switch one off one has done it', async () => {
    const { database, beside } = await open()
    const { id } = await add(database, '甲')
    const off = (on = database, tenant = ours) => on.transaction((tx) => switchOff(tx, tenant, id))
    expect(await off(database, theirs)).toBe(false)
    expect((await Promise.all([off(), off(beside())])).sort()).toEqual([false, true])
    expect((await findRule(database.reads, ours, id))?.mode).toBe('off')
    expect(await off()).toBe(false)
  })

  test('one is saved, moved and removed, by its tenant alone', async () => {
    const { database } = await open()
    const [first, second] = [await add(database, '甲'), await add(database, '乙')]
    const save = (rule: Rule) => database.transaction((tx) => saveRule(tx, rule))
    expect(await save({ ...first, name: '乙' })).toBe('taken')
    expect(await save({ ...first, tenant: theirs })).toBeUndefined()
    expect(
      await save({ ...first, mode: 'off', act: { kind: 'refund', orders: 'only', reason: '' }, caps }),
    ).toMatchObject({
      ...{ mode: 'off', position: 1, caps },
    })
    expect(await save(first)).toEqual(first)
    await database.transaction((tx) => placeRule(tx, second, 1))
    expect((await listRules(database.reads, ours)).map(({ name, position }) => name + position)).toEqual(['乙1', '甲2'])
    expect(await database.transaction((tx) => removeRule(tx, theirs, first.id))).toBe(false)
    expect(await database.transaction((tx) => removeRule(tx, ours, first.id))).toBe(true)
    expect(await listRules(database.reads, ours)).toHaveLength(1)
  })

  test('whether any is on is the tenant’s own affair', async () => {
    const { database } = await open()
    const rule = await add(database, '甲', { tenant: theirs })
    expect([await anyRuleOn(database.reads, ours), await anyRuleOn(database.reads, theirs)]).toEqual([false, true])
    await database.transaction((tx) => saveRule(tx, { ...rule, mode: 'off' }))
    expect(await anyRuleOn(database.reads, theirs)).toBe(false)
  })
})

const decided = (rule: string, more: Partial<NewRuling> = {}): NewRuling => ({
  ...{ tenant: ours, complaint: asId<'complaint'>('cmp_1'), rule: asId<'rule'>(rule), version: 1, position: 1 },
  ...{ name: rule, act: 'refund', amount: fen(1_990), nr: 3, due: instant(noon), state: 'waiting' },
  does: { note: '看' },
  ...more,
})

onEachDatabase('rulings', ({ open }) => {
  const insert = (database: Database, ruling: NewRuling) => database.transaction((tx) => insertRuling(tx, ruling))

  test('one for a rule, a complaint and a version; the newest first, of one decision the last rule first', async () => {
    const { database, clock } = await open()
    const first = await insert(database, decided('a'))
    expect(first).toEqual({ ...decided('a'), id: first?.id, createdAt: instant(noon) })
    expect(await insert(database, decided('a', { state: 'skipped', why: 'others' }))).toBeUndefined()
    await insert(database, decided('b', { position: 2, state: 'skipped', why: 'others' }))
    clock.advance(5)
    await insert(database, decided('a', { version: 2 }))
    const all = await rulingsOf(database.reads, asId<'complaint'>('cmp_1'))
    expect(all.map(({ name, version, state, why }) => [name, version, state, why])).toEqual([
      ['a', 2, 'waiting', undefined],
      ['b', 1, 'skipped', 'others'],
      ['a', 1, 'waiting', undefined],
    ])
    expect(await rulingsOf(database.reads, asId<'complaint'>('cmp_2'))).toEqual([])
  })

  test('each ends once: whoever comes second changes nothing', async () => {
    const { database } = await open()
    const end = (id: RulingId, state: 'begun' | 'done' | 'cancelled' | 'skipped') =>
      database.transaction((tx) =>
        moveRuling(tx, id, {
          state,
          ...(state === 'cancelled' ? { why: 'cancelled', by: { name: '李', via: 'chat' } } : {}),
        }),
      )
    for (const state of ['done', 'cancelled', 'skipped'] as const) {
      const { id } = (await insert(database, decided(state))) ?? { id: asId<'ruling'>('') }
      expect((await end(id, 'begun'))?.state).toBe('begun')
      expect((await end(id, state))?.state).toBe(state)
      for (const other of ['begun', 'done', 'cancelled', 'skipped'] as const)
        expect(await end(id, other)).toBeUndefined()
      expect((await findRuling(database.reads, id))?.by).toEqual(
        state === 'cancelled' ? { name: '李', via: 'chat' } : undefined,
      )
    }
  })

  test('two who want to end it at once: one does', async () => {
    const { database, beside } = await open()
    const other = beside()
    for (let round = 0; round < 5; round++) {
      const made = await insert(database, decided(`r${round}`))
      const ends = await Promise.all([
        database.transaction((tx) => moveRuling(tx, made?.id ?? asId(''), { state: 'done' })),
        other.transaction((tx) => moveRuling(tx, made?.id ?? asId(''), { state: 'cancelled' })),
      ])
      expect(ends.filter((one) => one !== undefined)).toHaveLength(1)
    }
  })

  test('what waits: refunds of a tenant, and what is due for all', async () => {
    const { database } = await open()
    const at = (minutes: number) => later(instant(noon), minutes * 60_000)
    const [a, b] = [
      await insert(database, decided('a', { due: at(2) })),
      await insert(database, decided('b', { due: at(1) })),
    ]
    await insert(database, decided('c', { act: 'respond', due: at(3) }))
    await insert(database, decided('d', { state: 'skipped' }))
    const e = await insert(database, decided('e', { tenant: theirs, due: at(1) }))
    expect(await refundsWaiting(database.reads, ours)).toEqual([b?.id, a?.id])
    expect([...(await rulingsDue(database.reads, at(1), 10))].sort()).toEqual([b?.id, e?.id].sort())
    expect(await rulingsDue(database.reads, at(9), 1)).toHaveLength(1)
  })
})

onEachDatabase('money of rules, and what stops it', ({ open }) => {
  const keep = (
    database: Database,
    ruling: string,
    more: { rule?: RuleId; payer?: string; tenant?: TenantId; order?: string } = {},
  ) =>
    database.transaction((tx) =>
      keepRuleRefund(tx, {
        ...{
          ruling: asId<'ruling'>(ruling),
          order: 'o1',
          tenant: ours,
          rule: asId<'rule'>('a'),
          payer: 'p',
          amount: fen(100),
        },
        ...more,
      }),
    )

  test('is counted and summed by rule and by customer, from then on; a tenant’s own', async () => {
    const { database, clock } = await open()
    const { reads } = database
    await keep(database, '1')
    await keep(database, '1', { order: 'o2' })
    clock.advance(60_000)
    const since = instant(noon + 60_000)
    await keep(database, '2', { rule: asId('b'), payer: '' })
    await keep(database, '3', { payer: '' })
    await keep(database, '4', { tenant: theirs })
    expect(await ordersAsked(reads, asId('1'))).toEqual(['o1', 'o2'])
    expect(await countRuleRefunds(reads, ours, { from: instant(noon) })).toBe(4)
    expect(await countRuleRefunds(reads, ours, { from: since })).toBe(2)
    expect(await countRuleRefunds(reads, ours, { from: instant(noon), until: since })).toBe(2)
    expect(await sumRuleRefunds(reads, ours, { since: instant(noon), rule: asId('a') })).toBe(300)
    expect(await sumRuleRefunds(reads, ours, { since, rule: asId('a') })).toBe(100)
    expect(await sumRuleRefunds(reads, ours, { since: instant(noon), payer: '' })).toBe(200)
    expect(await sumRuleRefunds(reads, ours, { since, payer: 'nobody' })).toBe(0)
    await expect(keep(database, '1')).rejects.toThrow()
  })

  test('a breaker trips once and stays so until it is reset, each tenant’s its own', async () => {
    const { database, clock } = await open()
    const { reads } = database
    expect(await findBreaker(reads, ours)).toEqual({})
    const trip = () =>
      database.transaction(async (tx) => {
        await lockBreaker(tx, ours)
        return tripBreaker(tx, ours, { count: 10, most: 10 })
      })
    expect([await trip(), await trip()]).toEqual([true, false])
    clock.advance(1_000)
    expect(await findBreaker(reads, ours)).toEqual({ tripped: { at: instant(noon), count: 10, most: 10 } })
    expect(await findBreaker(reads, theirs)).toEqual({})
    const reset = () => database.transaction((tx) => resetBreaker(tx, ours))
    expect([await reset(), await reset()]).toEqual([true, false])
    expect(await findBreaker(reads, ours)).toEqual({ resetAt: instant(noon + 1_000) })
    await database.transaction((tx) => setBreakerMost(tx, ours, 3))
    expect((await findBreaker(reads, ours)).most).toBe(3)
    await database.transaction((tx) => setBreakerMost(tx, ours, null))
    expect(await findBreaker(reads, ours)).not.toHaveProperty('most')
  })

  test('whoever holds it is alone, in another process too', async () => {
    const { database, beside } = await open()
    const other = beside()
    const most = 3
    const one = (handle: Database, nr: number) =>
      handle.transaction(async (tx) => {
        await lockBreaker(tx, ours)
        if ((await countRuleRefunds(tx, ours, { from: instant(0) })) >= most) return
        await keepRuleRefund(tx, {
          ...{
            ruling: asId<'ruling'>(`x${nr}`),
            order: 'o',
            tenant: ours,
            rule: asId<'rule'>('a'),
            payer: '',
            amount: fen(1),
          },
        })
      })
    await Promise.all(Array.from({ length: 12 }, (_, nr) => one(nr % 2 === 0 ? database : other, nr)))
    expect(await countRuleRefunds(database.reads, ours, { from: instant(0) })).toBe(most)
  })
})
