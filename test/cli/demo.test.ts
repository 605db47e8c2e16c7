import { expect, test } from 'vitest'
import type { Place } from '../../sandbox/telegram/index.ts'
import type { Chat, Person, Shown } from '../../sandbox/wecom/index.ts'
import { type Demo, startDemo } from '../../src/cli/demo.ts'

/** Waits in real time: the demo's clock is the system's. */
async function until<Value>(look: () => Value | undefined, what: string): Promise<Value> {
  for (let turn = 0; turn < 500; turn++) {
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

/** The chat page as its own script uses it. */
async function front({ address }: Demo) {
  const { headers } = await fetch(address, { redirect: 'manual' })
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  const { origin } = new URL(address)
  const read = async (path: string) => (await fetch(new URL(path, address), { headers: { cookie } })).text()
  return {
    read,
    /** What stands in the group, as soon as these words do. */
    async group(words: RegExp): Promise<string> {
      for (let turn = 0; turn < 500; turn++) {
        const seen = await read('/api/rooms/complaints?as=chen')
        if (words.test(seen)) return seen
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`never seen: ${words}`)
    },
    say: (as: string, text: string) =>
      fetch(new URL('/api/say', address), {
        method: 'POST',
        headers: { cookie, origin, 'content-type': 'application/json' },
        body: JSON.stringify({ as, chat: 'complaints', text }),
      }),
  }
}

test('a WeChat Pay merchant stands beside the mini programs, and what a customer complains of there becomes a card', async () => {
  const demo = await startDemo({ language: 'zh-CN', port: 0 })
  try {
    const { mchid } = demo.wechatPay.merchants[0] ?? { mchid: '' }
    await demo.wechatPay.complain({ mchid, text: '苹果烂了六个' })
    const page = await front(demo)
    expect(await page.group(/苹果烂了六个/u)).toMatch(/青禾优选 · 待处理[\s\S]*苹果烂了六个/u)
    expect(await page.read('/api/rooms?as=li')).toContain('微信支付（扮演）')
  } finally {
    await demo.stop()
  }
}, 60_000)

test('an Alipay merchant is there, and another one authorises by the link that an admin asks for: the complaints of both become cards', async () => {
  const demo = await startDemo({ language: 'zh-CN', port: 0 })
  try {
    const page = await front(demo)
    expect(await page.read('/api/rooms?as=li')).toContain('支付宝（扮演）')
    // One that a message told of, and one with two payments that was found by asking.
    await page.group(/曲奇碎了一大半[\s\S]*付了两个 99 元|付了两个 99 元[\s\S]*曲奇碎了一大半/u)

    await page.say('chen', '/authorize')
    const told = await page.group(/tasksDetail\?bizData=/)
    const link = new URL(
      /http:\/\/127\.0\.0\.1:\d+\/page\/message\/tasksDetail\?[!-~]+?(?=\\n|")/.exec(told)?.[0] ?? '',
    )
    const second = demo.alipay.merchants[1]
    if (!second) throw new Error('no second merchant')
    const consent = await (await fetch(link)).text()
    const agree = /href="([^"]+agree=\d+)"/gu
    const doors = [...consent.matchAll(agree)].map(([, href = '']) => href.replaceAll('&amp;', '&'))
    const door = doors.find((href) => href.endsWith(second.pid)) ?? ''
    expect(await (await fetch(new URL(door, link))).text()).toContain('授权成功')

    await demo.alipay.complainRisk({ pid: second.pid, text: '私教课退不了' })
    await page.group(/私教课退不了/u)
  } finally {
    await demo.stop()
  }
}, 60_000)

test('what comes in is told by mail, SMS and a service account, each with its pane, and whoever scans the code there is told too', async () => {
  const demo = await startDemo({ language: 'zh-CN', port: 0 })
  try {
    const rooms = await (await front(demo)).read('/api/rooms?as=li')
    for (const pane of ['邮箱（扮演）', '短信（扮演）', '公众号（扮演）']) expect(rooms).toContain(pane)
    const { mail, sms, official } = demo
    const read = (words: RegExp) => mail?.mails().find(({ text = '' }) => words.test(text))
    expect((await until(() => read(/#3 新投诉/u), 'the mail')).receivers).toEqual(['chen@example.com'])
    expect((await until(() => sms.messages()[0], 'the SMS')).text).toMatch(/^【云杉茶具】您有\d笔新投诉/u)
    const shownTo = (name: string) => {
      const who = official.persons().find((one) => one.name === name)
      return official.shown(who?.openid ?? '').filter(({ kind }) => kind === 'template')
    }
    await until(() => shownTo('阿陈')[0], 'the message of the service account')

    const [code, ...others] = official.codes()
    if (!code) throw new Error('no code')
    expect(others).toEqual([])
    const { openid } = official.person(code.appid, '新来的人')
    official.scan(openid, code.ticket)
    await until(() => shownTo('新来的人')[0], 'the test message')
    // One use: the next one scans the next code.
    const next = await until(() => official.codes()[1], 'another code')
    official.scan(official.person(code.appid, '又一个人').openid, next.ticket)
    await until(() => shownTo('又一个人')[0], 'the test message')

    const { mchid } = demo.wechatPay.merchants[0] ?? { mchid: '' }
    await demo.wechatPay.complain({ mchid, text: '苹果烂了六个' })
    await until(() => shownTo('新来的人')[1], 'what came in since')
  } finally {
    await demo.stop()
  }
}, 60_000)

test('a rule gives small amounts back by itself after a minute, unless somebody stops it', async () => {
  const demo = await startDemo({ language: 'zh-CN', port: 0 })
  try {
    const { mchid } = demo.wechatPay.merchants[0] ?? { mchid: '' }
    const page = await front(demo)
    await page.group(/青禾优选/u)
    expect(await page.read('/api/rooms/complaints?as=chen')).not.toContain('小额自动退款')
    await demo.wechatPay.complain({ mchid, text: '停车费收了两次', amount: 1500 })
    const seen = await page.group(/规则：小额自动退款/u)
    expect(seen).toMatch(/自动退款 ¥15\.00/u)
    expect(seen).toContain('取消自动')
  } finally {
    await demo.stop()
  }
}, 60_000)
