import { expect, test } from 'vitest'
import type { Place } from '../../sandbox/telegram/index.ts'
import type { Chat, Person, Shown } from '../../sandbox/wecom/index.ts'
import { startDemo } from '../../src/cli/demo.ts'

/** Waits in real time: the demo's clock is the system's. */
async function until<Value>(look: () => Value | undefined, what: string): Promise<Value> {
  for (let turn = 0; turn < 300; turn++) {
    const seen = look()
    if (seen !== undefined) return seen
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${what} did not happen`)
}

const cardIn = (place: Place, words: RegExp) =>
  place.messages().findLast(({ text, buttons }) => buttons.length > 0 && words.test(text))

test('with a Telegram beside it, the same complaints stand in both, and a press in Telegram counts', async () => {
  const demo = await startDemo({ language: 'zh-CN', port: 0, telegram: true })
  try {
    const [place] = demo.telegram?.places() ?? []
    const [li] = demo.telegram?.persons() ?? []
    if (!place || !li) throw new Error('no group, or nobody in it')
    const card = await until(() => cardIn(place, /云杉茶具 · 待处理/u), 'the card')
    li.press(place, card.id, '认领')
    await until(() => cardIn(place, /云杉茶具[\s\S]*处理人：小李/u), 'the claim')
    li.press(place, card.id, '同意和解')
    const asked = await until(() => li.asked(place), 'the question')
    li.say(place, '马上为您处理', { replyTo: asked.id })
    const done = () => demo.wechat.ledger().find(({ by, what }) => by === 'merchant' && what === 'respond')
    expect((await until(done, 'the answer')).text).toBe('马上为您处理')
  } finally {
    await demo.stop()
  }
}, 60_000)

const shownIn = (chat: Chat, person: Person, words: RegExp, kind: Shown['kind']) =>
  chat.seenBy(person).findLast((one) => one.kind === kind && words.test(one.text))

test('with a WeCom beside it, the bot is greeted there, its cards stand in the group, and a press counts', async () => {
  const demo = await startDemo({ language: 'zh-CN', port: 0, wecom: true })
  try {
    const [group] = demo.wecom?.groups() ?? []
    const li = demo.wecom?.persons().find(({ name }) => name === '小李')
    if (!group || !li) throw new Error('no group, or nobody in it')
    await until(() => shownIn(group, li, /\/refund/u, 'markdown'), 'the answer to the greeting')
    const card = await until(() => shownIn(group, li, /云杉茶具/u, 'card'), 'the card')
    const press = li.press(group, card, '认领')
    await until(() => press.state === 'updated' || undefined, 'the new face')
    const face = group.seenBy(li).find(({ id }) => id === card.id)
    expect(face?.text).toMatch(/小李/u)
    expect(demo.telegram).toBeUndefined()
  } finally {
    await demo.stop()
  }
}, 60_000)

test('both may stand beside it, each with a pane of its own', async () => {
  const demo = await startDemo({ language: 'en', port: 0, telegram: true, wecom: true })
  try {
    const { headers } = await fetch(demo.address, { redirect: 'manual' })
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    const rooms = await (await fetch(new URL('/api/rooms?as=li', demo.address), { headers: { cookie } })).text()
    expect(rooms).toContain('Telegram (played)')
    expect(rooms).toContain('WeCom (played)')
    expect(rooms).toContain(`${demo.wecom?.baseUrl}/sandbox/?lang=en`)
    const [place] = demo.telegram?.places() ?? []
    const [group] = demo.wecom?.groups() ?? []
    const [li] = demo.wecom?.persons() ?? []
    if (!place || !group || !li) throw new Error('no group')
    await until(() => cardIn(place, /云杉茶具/u), 'the card in Telegram')
    await until(() => shownIn(group, li, /云杉茶具/u, 'card'), 'the card in WeCom')
  } finally {
    await demo.stop()
  }
}, 60_000)

test('as it is, it has none', async () => {
  const demo = await startDemo({ language: 'en', port: 0 })
  expect([demo.telegram, demo.wecom]).toEqual([undefined, undefined])
  await demo.stop()
})

test('a WeChat Pay merchant stands beside the mini programs, and what a customer complains of there becomes a card', async () => {
  const demo = await startDemo({ language: 'zh-CN', port: 0 })
  try {
    const { mchid } = demo.wechatPay.merchants[0] ?? { mchid: '' }
    await demo.wechatPay.complain({ mchid, text: '苹果烂了六个' })
    const { headers } = await fetch(demo.address, { redirect: 'manual' })
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    let seen = ''
    const look = async () => {
      seen = await (await fetch(new URL('/api/rooms/complaints?as=li', demo.address), { headers: { cookie } })).text()
    }
    for (let turn = 0; turn < 200 && !seen.includes('苹果烂了六个'); turn++) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(seen).toMatch(/青禾优选 · 待处理[\s\S]*苹果烂了六个/u)
    const rooms = await (await fetch(new URL('/api/rooms?as=li', demo.address), { headers: { cookie } })).text()
    expect(rooms).toContain('微信支付（扮演）')
  } finally {
    await demo.stop()
  }
}, 60_000)
