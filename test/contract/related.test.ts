import { expect, test } from 'vitest'
import type { PlatformName, Snapshot } from '../../src/complaints/complaint.ts'
import { fen } from '../../src/core/words.ts'
import { createAccount, type StoredAccount } from '../../src/storage/accounts.ts'
import { insertComplaint, saveComplaint } from '../../src/storage/complaints.ts'
import { openOnSameOrder, relatedTo } from '../../src/storage/related.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { plus, snapshot } from '../complaints/support.ts'
import { account, detail, platformOn } from '../platforms/wechat-mini/support.ts'
import { type DatabaseKind, onEachDatabase } from '../support/databases.ts'

async function shops({ open }: DatabaseKind) {
  const { database } = await open()
  const { reads } = database
  let number = 0
  const shop = (handle: string, names: Readonly<Record<string, PlatformName>>) =>
    database.transaction(async (tx) => {
      const zone = 'Asia/Shanghai'
      const tenant = await createTenant(tx, {
        handle,
        name: handle,
        zone,
        language: 'zh-CN',
        secondPersonFrom: fen(20_000),
      })
      const accounts: StoredAccount[] = []
      for (const [name, platform] of Object.entries(names)) {
        const rest = { platform, enabled: true, settings: {}, secrets: {} } as const
        const made = tenant && (await createAccount(tx, { ...rest, tenant: tenant.id, name, outsideId: name }))
        if (made) accounts.push(made)
      }
      return accounts
    })
  const [mini, pay] = await shop('one', { 小程序: 'wechat-mini', 微信支付: 'wechat-pay' })
  const [elsewhere] = await shop('two', { 别家: 'wechat-mini' })
  if (!mini || !pay || !elsewhere) throw new Error('no account')
  const complain = (account: StoredAccount, of: Partial<Snapshot>, payer?: string) =>
    database.transaction((tx) => {
      const { outTradeNo: _, ...bare } = snapshot({ scope: account.outsideId, number: String(++number) })
      const said = { ...bare, ...of }
      return insertComplaint(tx, { tenant: account.tenant, account: account.id, platform: account.platform }, said, {
        version: 1,
        who: '—',
        ...(payer === undefined ? {} : { payer }),
      })
    })
  return { database, reads, mini, pay, elsewhere, complain }
}

/** An order as the payment platform and as the merchant numbers it, each known or not. */
const order = (transaction?: string, outTradeNo?: string): Partial<Snapshot> => ({
  orders: transaction === undefined ? [] : [transaction],
  ...(outTradeNo === undefined ? {} : { outTradeNo }),
})
const running = (others: readonly { readonly running: number }[]) => others.map((other) => other.running)

onEachDatabase('what else is known about an order and a payer', (kind) => {
  test('the same order across accounts: both see each other, with account and state', async () => {
    const { reads, mini, pay, complain } = await shops(kind)
    const first = await complain(pay, { ...order('4200001'), label: '已处理完成', phase: 'closed' })
    const second = await complain(mini, order('4200001'))
    await complain(mini, order('4200002'))
    expect(await relatedTo(reads, second)).toEqual({
      order: [{ id: first.id, running: 1, account: '微信支付', label: '已处理完成', phase: 'closed' }],
      payer: [],
      nth: 1,
    })
    expect(await relatedTo(reads, first)).toMatchObject({ order: [{ id: second.id, account: '小程序' }] })
    expect([await openOnSameOrder(reads, first.id), await openOnSameOrder(reads, second.id)]).toEqual([[second.id], []])
  })

  test.each(['payorder@_', 'payorder@', ''])(
    'an order that the mini program names %s4200… is the one of WeChat Pay',
    async (prefix) => {
      const { reads, mini, pay, complain } = await shops(kind)
      const theirs = await complain(pay, order('4200002179202404261234567890', 'P1'))
      const said = detail({ orderId: `${prefix}4200002179202404261234567890`, outTradeNo: 'M1' })
      const { platform } = platformOn(({ path }) => (path.endsWith('complaintOrderDetail') ? said : undefined))
      const { number: _, scope: __, ...read } = await platform.fetch({ account: account() }, '2157')
      const ours = await complain(mini, read)
      expect(running((await relatedTo(reads, ours)).order)).toEqual([theirs.running])
      expect(running((await relatedTo(reads, theirs)).order)).toEqual([ours.running])
    },
  )

  test('an order that comes later with the detail counts as one that came at once', async () => {
    const { database, reads, mini, pay, complain } = await shops(kind)
    const known = await complain(pay, order('4200001', 'T1'))
    const late = await complain(mini, order())
    expect((await relatedTo(reads, late)).order).toEqual([])
    const said = snapshot({ scope: late.scope, number: late.number, orders: ['4200001'], asOf: plus(1) })
    await database.transaction((tx) => saveComplaint(tx, late, said, { version: 2, who: '—' }))
    expect(running((await relatedTo(reads, late)).order)).toEqual([known.running])
    expect(running((await relatedTo(reads, known)).order)).toEqual([late.running])
  })

  test('the merchant’s own number joins only what the payment platform’s does not part', async () => {
    const { reads, mini, pay, complain } = await shops(kind)
    const one = await complain(mini, order('4200001', '1'))
    const other = await complain(pay, order('4200002', '1'))
    const bare = await complain(pay, order(undefined, '1'))
    const of = async (complaint: typeof one) => running((await relatedTo(reads, complaint)).order)
    expect([await of(one), await of(other), await of(bare)]).toEqual([[3], [3], [2, 1]])
    // The merchant's own number is not one of the payment platform's that looks the same.
    await complain(pay, order('1'))
    expect(await of(bare)).toEqual([2, 1])
  })

  test('what was paid for in two transactions is named once', async () => {
    const { reads, mini, pay, complain } = await shops(kind)
    const both = { orders: ['4200001', '4200002'] }
    const [first, second] = [await complain(pay, both), await complain(mini, both)]
    expect(running((await relatedTo(reads, second)).order)).toEqual([1])
    expect(await openOnSameOrder(reads, first.id)).toEqual([second.id])
  })

  test('the same payer: earlier ones only, newest first; what is about the same order is said once', async () => {
    const { reads, mini, pay, complain } = await shops(kind)
    const first = await complain(mini, order('4200001'), 'p1')
    await complain(pay, order('4200002'), 'p1')
    await complain(pay, order('4200003'), 'p2')
    const fourth = await complain(pay, order('4200001'), 'p1')
    const fifth = await complain(mini, order('4200005'), 'p1')
    const of = async (complaint: typeof first) => {
      const { order: same, payer, nth } = await relatedTo(reads, complaint)
      return [running(same), running(payer), nth]
    }
    expect(await of(fourth)).toEqual([[1], [2], 3])
    expect(await of(fifth)).toEqual([[], [4, 2, 1], 4])
    expect(await of(first)).toEqual([[4], [], 1])
    expect(await of(await complain(mini, order('4200006')))).toEqual([[], [], 1])
  })

  test('at most five of each, the newest; one that is about the order is not the payer’s either when it is not listed', async () => {
    const { reads, mini, complain } = await shops(kind)
    for (let count = 0; count < 7; count++) await complain(mini, order('4200001'), 'p1')
    for (let count = 0; count < 6; count++) await complain(mini, order(`430000${count}`), 'p1')
    const { order: same, payer, nth } = await relatedTo(reads, await complain(mini, order('4200001'), 'p1'))
    expect([running(same), running(payer), nth]).toEqual([[7, 6, 5, 4, 3], [13, 12, 11, 10, 9], 14])
  })

  test('nothing crosses to another tenant, though order and payer are the same', async () => {
    const { reads, mini, elsewhere, complain } = await shops(kind)
    const theirs = await complain(elsewhere, order('4200001', 'T1'), 'p1')
    // Theirs is the lower number than that of ours.
    await complain(mini, order('4200009'), 'p9')
    const ours = await complain(mini, order('4200001', 'T1'), 'p1')
    for (const complaint of [theirs, ours]) {
      expect(await relatedTo(reads, complaint)).toEqual({ order: [], payer: [], nth: 1 })
      expect(await openOnSameOrder(reads, complaint.id)).toEqual([])
    }
  })

  test('who may see some accounts only is neither told of others nor can count them', async () => {
    const { reads, mini, pay, complain } = await shops(kind)
    await complain(pay, order('4200001'), 'p1')
    await complain(pay, order('4200002'), 'p1')
    await complain(mini, order('4200003'), 'p1')
    const last = await complain(mini, order('4200001'), 'p1')
    const seen = async (...accounts: StoredAccount[]) => {
      const ids = accounts.map(({ id }) => id)
      const { order: same, payer, nth } = await relatedTo(reads, last, ids)
      return [running(same), running(payer), nth]
    }
    expect(await seen(mini)).toEqual([[], [3], 2])
    expect(await seen(mini, pay)).toEqual([[1], [3, 2], 4])
    expect(await seen()).toEqual([[], [], 1])
  })
})
