import { expect, test } from 'vitest'
import { merchantCheck } from '../../src/admin/checks/merchants.ts'
import { examine } from '../../src/admin/doctor.ts'
import { silent } from '../../src/core/logger.ts'
import { Secret } from '../../src/core/seal.ts'
import { fen } from '../../src/core/words.ts'
import { createAlipay } from '../../src/platforms/alipay/index.ts'
import type { Platform } from '../../src/platforms/platform.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { keepWaiting } from '../../src/storage/authorizations.ts'
import { changeMerchant, keepMerchant, revokeMerchant, tokenHolds } from '../../src/storage/merchants.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { onEachDatabase } from '../support/databases.ts'

const nobody = { send: () => Promise.reject(new Error('the doctor asks nobody for this')) }

onEachDatabase('the doctor looks at merchants', ({ open }) => {
  test('who has authorised, who no longer does, who lacks what, and who waits', async () => {
    const { database } = await open()
    const alipay: Platform = createAlipay({
      transport: nobody,
      clock: database.reads.clock,
      random: database.reads.random,
      logger: silent,
    })
    const parts = { storage: database, platforms: registry([alipay]) }
    const run = async () =>
      (await examine([merchantCheck], parts)).findings.map(({ level, what, fix }) => [level, what.zh, fix?.zh ?? ''])
    const under = await database.transaction(async (tx) => {
      const about = {
        handle: 'shop',
        name: '店',
        zone: 'Asia/Shanghai',
        language: 'zh-CN',
        secondPersonFrom: fen(20_000),
      } as const
      const tenant = await createTenant(tx, about)
      if (!tenant) throw new Error('taken')
      const account = await createAccount(tx, {
        ...{ tenant: tenant.id, platform: 'alipay', outsideId: '2021000000000001', name: '服务商', enabled: true },
        ...{ settings: {}, secrets: {} },
      })
      if (!account) throw new Error('taken')
      return { tenant: tenant.id, account: account.id }
    })
    expect(await run()).toEqual([])
    const [pan, gu] = await database.transaction(async (tx) => [
      await keepMerchant(tx, under, { outsideId: '2088001', token: new Secret('a') }),
      await keepMerchant(tx, under, { outsideId: '2088002', token: new Secret('b') }),
    ])
    if (!pan || !gu) throw new Error('nobody')
    expect(await run()).toEqual([['ok', 'shop：服务商：2 个商家已授权', '']])
    await database.transaction(async (tx) => {
      await tokenHolds(tx, pan, ['alipay.trade.refund'])
      await revokeMerchant(tx, gu)
      await keepWaiting(tx, under.account, { outsideId: '2088003', token: new Secret('c') })
    })
    expect(await run()).toEqual([
      ['bad', expect.stringContaining('2088002'), expect.stringContaining(`merchant authorize ${under.account}`)],
      ['warn', expect.stringContaining('alipay.trade.refund'), expect.stringContaining('重新授权')],
      ['warn', 'shop：服务商：1 个商家已授权，等待认领', expect.stringContaining('merchant waiting')],
    ])
    // Whom the team no longer serves is nobody's worry.
    await database.transaction((tx) => changeMerchant(tx, under, gu.id, { enabled: false }))
    expect((await run()).map(([level]) => level)).toEqual(['warn', 'warn'])
  })
})
