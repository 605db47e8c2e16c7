import { expect, test } from 'vitest'
import { asId, fen } from '../../src/core/words.ts'
import { createAccount, findAccountOf, lockAccount } from '../../src/storage/accounts.ts'
import { everCalledBack, parkedCallbacks } from '../../src/storage/health.ts'
import { bindIdentity, changeMember, createMember, identitiesOf } from '../../src/storage/members.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { onEachDatabase } from '../support/databases.ts'

async function tenantIn(tx: Tx, handle: string) {
  const more = { zone: 'Asia/Shanghai', language: 'zh-CN', secondPersonFrom: fen(20_000) } as const
  const tenant = await createTenant(tx, { handle, name: handle, ...more })
  if (!tenant) throw new Error('taken')
  return tenant.id
}

onEachDatabase('what the admin API asks of the database', (kind) => {
  test('an account is found and held by its own tenant only', async () => {
    const { database } = await kind.open()
    await database.transaction(async (tx) => {
      const [ours, theirs] = [await tenantIn(tx, 'ours'), await tenantIn(tx, 'theirs')]
      const wish = { platform: 'wechat-mini', outsideId: 'wx1', name: 'a', enabled: true, settings: {} } as const
      const account = await createAccount(tx, { ...wish, tenant: ours, secrets: { token: 't' } })
      const id = account?.id ?? asId('')
      expect((await findAccountOf(tx, ours, id))?.secrets.token?.reveal()).toBe('t')
      expect((await lockAccount(tx, ours, id))?.id).toBe(id)
      expect(await findAccountOf(tx, theirs, id)).toBeUndefined()
      expect(await lockAccount(tx, theirs, id)).toBeUndefined()
      expect(await everCalledBack(tx, id)).toBe(false)
      expect(await parkedCallbacks(tx)).toEqual([])
    })
  })

  test("a member's limits are set and taken away; identities are the tenant's own", async () => {
    const { database } = await kind.open()
    await database.transaction(async (tx) => {
      const [ours, theirs] = [await tenantIn(tx, 'ours'), await tenantIn(tx, 'theirs')]
      const wish = { tenant: ours, handle: 'li', name: '李', role: 'agent', enabled: true } as const
      const member = await createMember(tx, wish)
      if (!member) throw new Error('taken')
      expect(await changeMember(tx, ours, member.id, { refundEach: fen(5000) })).toMatchObject({ refundEach: 5000 })
      expect(await changeMember(tx, ours, member.id, { refundEach: null })).not.toHaveProperty('refundEach')
      expect(await changeMember(tx, theirs, member.id, { name: 'x' })).toBeUndefined()
      await bindIdentity(tx, member, { realm: 'telegram', user: '1' })
      expect(await identitiesOf(tx, ours)).toMatchObject([{ member: member.id, realm: 'telegram' }])
      expect(await identitiesOf(tx, theirs)).toEqual([])
    })
  })
})
