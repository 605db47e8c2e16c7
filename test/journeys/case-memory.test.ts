import { expect, test } from 'vitest'
import { onEachDatabase } from '../support/databases.ts'
import { group, world } from '../support/world.ts'

const transactionId = '4200001234202611210000000001'

onEachDatabase('complaints about one order', (kind) => {
  test('four at once: in the end every card names the three others', async () => {
    const w = await world({ kind, others: ['小满零食'] })
    const appids = [w.program.appid, w.others[0]?.program.appid ?? '']
    await Promise.all([0, 1, 0, 1].map((at) => w.wechat.complain({ appid: appids[at] ?? '', transactionId })))
    await w.settle()
    const named = w.chat.cards(group).map(({ title, lines }) => {
      const said = lines.find(({ label }) => label === '同一订单')?.text ?? ''
      return [title, said].flatMap((text) => text.match(/#\d/g) ?? []).join(' ')
    })
    expect(named.sort()).toEqual(['#1 #4 #3 #2', '#2 #4 #3 #1', '#3 #4 #2 #1', '#4 #3 #2 #1'])
  })
})
