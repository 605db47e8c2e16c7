import { instant } from '../src/core/words.ts'
import { insertComplaint } from '../src/storage/complaints.ts'
import { openShop, type Shop } from './shop.ts'

/** What the process holds after start and after many complaints, the sandbox that plays WeChat included. */
export async function memory({ quick }: { readonly quick: boolean }): Promise<void> {
  const shop = await openShop()
  const many = quick ? 1_000 : 100_000
  console.log(`after start: ${resident()}`)
  const start = performance.now()
  for (let done = 0; done < many; done += 500) await fill(shop, done, 500)
  const seconds = (performance.now() - start) / 1000
  console.log(`after ${many} complaints: ${resident()} (written in ${seconds.toFixed(1)} s)`)
  await shop.close()
}

function fill({ database, tenant, account, program }: Shop, from: number, count: number): Promise<void> {
  return database.transaction(async (tx) => {
    const now = instant(tx.clock.now())
    for (let n = from; n < from + count; n++)
      await insertComplaint(
        tx,
        { tenant, account, platform: 'wechat-mini' },
        {
          source: 'wechat-mini',
          number: String(1_000_000 + n),
          scope: program.appid,
          phase: 'closed',
          code: '205',
          label: '投诉已完结',
          moves: [],
          orders: [`42000000000000000000${String(n).padStart(8, '0')}`],
          text: '收到的商品有破损，联系客服没有回复，要求退款。',
          reason: '商品问题 · 破损',
          person: { name: '顾客', phone: `138${String(n).padStart(8, '0')}` },
          pictures: [],
          timeline: [],
          openedAt: now,
          asOf: now,
          warnings: [],
        },
        { version: 1, who: '顾*' },
      )
  })
}

function resident(): string {
  globalThis.gc?.()
  return `${(process.memoryUsage().rss / 1_048_576).toFixed(0)} MiB resident`
}
