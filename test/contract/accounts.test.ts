import { expect, test } from 'vitest'
import { type AccountId, asId, fen } from '../../src/core/words.ts'
import { changeAccount, createAccount, heldAccounts } from '../../src/storage/accounts.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { onEachDatabase } from '../support/databases.ts'

async function shop(tx: Tx, count = 1) {
  const about = { handle: 'shop', name: 'shop', zone: 'Asia/Shanghai', language: 'zh-CN' } as const
  const tenant = await createTenant(tx, { ...about, secondPersonFrom: fen(20_000) })
  if (!tenant) throw new Error('taken')
  const ids: AccountId[] = []
  for (let n = 0; n < count; n++) {
    const wish = { platform: 'wechat-mini', outsideId: `wx${n}`, name: `${n}`, enabled: true, settings: {} } as const
    ids.push((await createAccount(tx, { ...wish, tenant: tenant.id, secrets: { token: 'old' } }))?.id ?? asId(''))
  }
  return { tenant: tenant.id, ids, id: ids[0] ?? asId('') } as const
}

onEachDatabase('held accounts', ({ open }) => {
  test('an account is opened once, and at hand from then on', async () => {
    const { database } = await open()
    const { id } = await database.transaction(shop)
    const accounts = heldAccounts(database.reads)
    const first = await accounts(id)
    expect(first?.secrets.token?.reveal()).toBe('old')
    expect(accounts(id)).toBe(first)
  })

  test('a change counts from its commit on, and not when it is rolled back', async () => {
    const { database } = await open()
    const { id, tenant } = await database.transaction(shop)
    const accounts = heldAccounts(database.reads)
    const before = await accounts(id)
    const failing = database.transaction(async (tx) => {
      await changeAccount(tx, tenant, id, { secrets: { token: 'never' } })
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(accounts(id)).toBe(before)
    await database.transaction((tx) => changeAccount(tx, tenant, id, { secrets: { token: 'new' } }))
    expect((await accounts(id))?.secrets.token?.reveal()).toBe('new')
  })

  test('what was read while a change was on its way is not held', async () => {
    const { database } = await open()
    const { id, tenant } = await database.transaction(shop)
    const accounts = heldAccounts(database.reads)
    const change = database.transaction((tx) => changeAccount(tx, tenant, id, { name: 'new' }))
    const looks = [accounts(id)]
    await change
    looks.push(accounts(id))
    await Promise.all(looks)
    expect((await accounts(id))?.name).toBe('new')
  })

  test('what another process changed is seen after two seconds, also when the clock is set back', async () => {
    const { database, clock } = await open()
    const { id } = await database.transaction(shop)
    const accounts = heldAccounts(database.reads)
    const held = await accounts(id)
    // By a statement that this process does not count.
    await database.transaction((tx) =>
      tx.db.updateTable('account').set({ name: 'other' }).where('id', '=', id).execute(),
    )
    clock.advance(1_999)
    expect(accounts(id)).toBe(held)
    clock.advance(1)
    expect((await accounts(id))?.name).toBe('other')
    const again = await accounts(id)
    clock.step(-60_000)
    expect(await accounts(id)).not.toBe(again)
  })

  test('the longest held gives way, and an address that nobody has takes no place', async () => {
    const { database } = await open()
    const { ids } = await database.transaction((tx) => shop(tx, 3))
    const [a, b, c] = ids as [AccountId, AccountId, AccountId]
    const accounts = heldAccounts(database.reads, 2)
    const [heldA, heldB] = [await accounts(a), await accounts(b)]
    expect(await accounts(asId('acc_nobody'))).toBeUndefined()
    expect([accounts(a), accounts(b)]).toEqual([heldA, heldB])
    await accounts(c)
    expect(accounts(b)).toBe(heldB)
    const looked = accounts(a)
    expect(looked).toBeInstanceOf(Promise)
    await looked
  })
})
