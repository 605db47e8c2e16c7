import { expect, test } from 'vitest'
import { authorising } from '../inbox/merchants.ts'
import { group, people } from '../support/world.ts'

const { chen, li } = people
const minute = 60_000

test('a merchant is invited in the group, agrees on Alipay’s page, and its complaint is a card; until it takes its word back', async () => {
  const w = await authorising({ settings: { refunds: true } })
  const invited = await w.chat.say(chen, group, '/authorize')
  const link = /https?:\/\/\S+/.exec(invited.text ?? '')?.[0] ?? ''

  // A browser, all the way: Alipay's page, its choice, the way back, our page.
  const page = await (await fetch(link)).text()
  expect(page).toContain(w.shop.name)
  const choice = new RegExp(`href="([^"]+agree=${w.shop.pid}[^"]*)"`).exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const agreed = await fetch(new URL(choice, link), { redirect: 'manual' })
  expect(agreed.status).toBe(302)
  const back = await w.visit(agreed.headers.get('location') ?? '')
  expect([back.status, back.title]).toEqual([200, '授权成功'])
  expect(back.text).toContain(w.shop.pid)
  expect(back.text).toContain('这个页面可以关闭了')
  await w.settle()
  await w.pass(3 * minute, minute)
  const told = () => w.chat.texts(group).filter((line) => line.includes('授权'))
  expect(told()).toEqual([expect.stringContaining('已授权，它的投诉从现在起会发到这里')])

  await w.alipay.trade({ text: '一直不发货' })
  expect(w.chat.card(group, '#1').card.quote).toBe('一直不发货')
  await w.chat.pressLabel(li, group, '#1', '回复')
  await w.chat.say(li, group, '马上发货')
  await w.settle()
  expect(w.alipay.deeds()).toEqual(['reply 马上发货'])

  await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid)
  await w.settle()
  expect(told().at(-1)).toContain('的授权已失效')
  await w.chat.pressLabel(li, group, '#1', '回复')
  await w.chat.say(li, group, '还在吗')
  await w.settle()
  expect(w.alipay.deeds()).toEqual(['reply 马上发货'])

  const again = await w.chat.say(chen, group, '/authorize')
  await w.visit(await w.agree(/https?:\/\/\S+/.exec(again.text ?? '')?.[0] ?? ''))
  await w.settle()
  expect(told().at(-1)).toContain('已重新授权')
  expect((await w.merchants()).map(({ authorised }) => authorised)).toEqual([true])
})

test('what was begun before a restart is good after it', async () => {
  const w = await authorising()
  const address = await w.agree((await w.invite()).browser)
  await w.settle()
  await w.restart()
  expect((await w.visit(address)).title).toBe('授权成功')
  await w.restart()
  await w.settle()
  expect(w.chat.texts(group)).toEqual([expect.stringContaining('已授权')])
  expect((await w.visit(address)).status).toBe(410)
})
