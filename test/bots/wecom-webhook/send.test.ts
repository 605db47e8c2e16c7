import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect as shown } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { canvas, png } from '../../../sandbox/png.ts'
import type { Card, Say } from '../../../src/chat/chat.ts'
import { manualClock } from '../../../src/core/clock.ts'
import { OutsideError } from '../../../src/core/errors.ts'
import { type Picture, pictureType } from '../../../src/core/picture.ts'
import { asButtonToken, type PostId } from '../../../src/core/words.ts'
import { botAt, spot, world } from './world.ts'

const card = (n: number, more: Partial<Card> = {}): Card => ({
  ...{ title: `#${n} 小程序 · 待商家处理`, tone: 'urgent', lines: [{ label: '金额', text: '¥19.90' }] },
  buttons: [{ label: '同意退款', token: asButtonToken('t0'), weight: 'main' }],
  ...more,
})
const small: Picture = { type: 'image/png', bytes: png(canvas(4, 4, [200, 0, 0])) }
const large: Picture = {
  type: 'image/png',
  bytes: png({ width: 1000, height: 1000, pixels: randomBytes(3_000_000) }),
}
const broken: Picture = { type: 'image/gif', bytes: Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(64)]) }

async function failing(work: Promise<unknown>): Promise<OutsideError> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof OutsideError) return error
  throw new Error(`it did not fail as expected: ${error}`)
}

describe('the group reads', () => {
  test('a text, a card, and where to act', async () => {
    const { bot, seen, group, li } = await world()
    await bot.post(spot, { text: '#128 用户：还没收到货' })
    await bot.post(spot, { card: card(128, { quote: '没有收到货\n急' }) })
    const [text, posted] = group.seenBy(li)
    expect([text?.kind, posted?.kind]).toEqual(['markdown', 'markdown'])
    expect(seen()[0]).toBe('#128 用户：还没收到货')
    expect(
      seen()[1]
        ?.split('\n')
        .filter((line) => line !== ''),
    ).toEqual([
      '🟠 #128 小程序 · 待商家处理',
      '金额：¥19.90',
      expect.stringContaining('没有收到货'),
      expect.stringContaining('急'),
      '本群只接收消息。要处理，请到处理群发送 /show 128',
    ])
    expect(posted?.buttons).toEqual([])
  })

  test('what a customer wrote, and is called by nobody and led nowhere', async () => {
    const { bot, group, li } = await world()
    await bot.post(spot, { card: card(1, { quote: '<@li> <@all> @all [退款](https://evil.example) <b>**急**' }) })
    const [posted] = group.seenBy(li)
    expect(posted?.text.normalize('NFKC')).toContain('<@li> <@all> @all [退款](https://evil.example) <b>**急**')
    expect(JSON.stringify(posted?.content)).not.toMatch(/<@|\]\(|https:\/\//)
  })

  test.each([
    ['Chinese', '退'.repeat(3000)],
    ['emoji', '😡'.repeat(3000)],
    ['marks', '<@all>'.repeat(2000)],
  ])('a whole message however much %s there is', async (_, words) => {
    const { bot, seen, wecom } = await world()
    await bot.post(spot, { card: card(1, { quote: words, note: words }) })
    expect(wecom.calls().map(({ errcode }) => errcode)).toEqual([0])
    expect(seen()[0]).toMatch(/…[\s\S]*…[\s\S]*\/show 1$/)
  })

  test('each post under a name of its own, also in the same millisecond', async () => {
    const { bot } = await world()
    const posts = await Promise.all([1, 1, 2].map((n) => bot.post(spot, { card: card(n) })))
    expect(new Set(posts).size).toBe(3)
    expect(posts.every((post) => post !== undefined)).toBe(true)
    expect(await bot.edit(spot, posts[0] as PostId, { card: card(1) })).toBe('cannot')
  })
})

describe('pictures', () => {
  const about = async (say: Say, between: readonly Say[] = []) => {
    const there = await world()
    const post = await there.bot.post(spot, { card: card(128) })
    for (const other of between) await there.bot.post(spot, other)
    const before = there.group.seenBy(there.li).length
    await there.bot.post(spot, { ...say, ...(post === undefined ? {} : { about: post }) })
    return { ...there, new: there.group.seenBy(there.li).slice(before) }
  }

  test('follow their card, a message each, byte for byte', async () => {
    const { new: made, wecom } = await about({ pictures: [small, small] })
    expect(made.map(({ kind, pictures }) => [kind, pictures])).toEqual([
      ['image', [small.bytes]],
      ['image', [small.bytes]],
    ])
    expect(wecom.calls().at(-1)?.body).toMatchObject({
      image: { md5: createHash('md5').update(small.bytes).digest('hex') },
    })
  })

  test('say whose they are when another complaint came in between', async () => {
    const { new: made } = await about({ pictures: [small] }, [{ card: card(129) }])
    expect(made.map(({ kind }) => kind)).toEqual(['markdown', 'image'])
    expect(made[0]?.text).toBe('#128 的图片 | pictures of #128')
  })

  test('do not say it when the same complaint was spoken of last', async () => {
    const { new: made } = await about({ pictures: [small] }, [{ card: card(129) }, { text: '#128 用户：看图' }])
    expect(made.map(({ kind }) => kind)).toEqual(['image'])
  })

  test('too big ones are pressed', async () => {
    expect(large.bytes.length).toBeGreaterThan(2_000_000)
    const { new: made } = await about({ pictures: [large] })
    const [bytes] = made[0]?.pictures ?? []
    expect(bytes && pictureType(bytes)).toBe('image/jpeg')
    expect(bytes?.length).toBeLessThanOrEqual(2_000_000)
  })

  test('what WeCom does not take is left out aloud', async () => {
    const { new: made, log } = await about({ pictures: [broken, small, broken] }, [{ card: card(129) }])
    expect(made.map(({ kind }) => kind)).toEqual(['markdown', 'image'])
    expect(made[0]?.text).toContain('#128 有 2 张图片这里发不出')
    expect(log.join()).toContain('left out')
  })
})

describe('when WeCom says no', () => {
  test.each([
    [45009, 'busy', 60_000],
    [130101, 'busy', 600_000],
    [-1, 'busy', undefined],
    [93000, 'forbidden', undefined],
    [40008, 'refused', undefined],
    [45002, 'refused', undefined],
  ] as const)('%i: %s, pause %s', async (errcode, trouble, wait) => {
    const { bot, wecom, seen } = await world()
    wecom.misbehave({ on: 'webhook', how: { errcode, errmsg: 'no' } })
    expect(await failing(bot.post(spot, { text: 'x' }))).toMatchObject({ trouble, code: String(errcode), wait })
    expect(seen()).toEqual([])
    await bot.post(spot, { text: 'y' })
    expect(seen()).toEqual(['y'])
  })

  test('the pauses are those of the settings', async () => {
    const { bot, wecom } = await world({ settings: { pauseSeconds: 7, blockedSeconds: 1200 } })
    wecom.misbehave({ on: 'webhook', how: { errcode: 45009 } })
    wecom.misbehave({ on: 'webhook', how: { errcode: 130101 } })
    expect((await failing(bot.post(spot, { text: 'x' }))).wait).toBe(7_000)
    expect((await failing(bot.post(spot, { text: 'x' }))).wait).toBe(1_200_000)
  })

  test('a wrong key: what to do is said, and the key is not', async () => {
    const key = '00000000-1111-2222-3333-444444444444'
    const { bot, log } = await world({ key })
    const error = await failing(bot.post(spot, { text: 'x' }))
    expect(error.trouble).toBe('forbidden')
    expect(error.message).toContain('群设置 → 消息推送')
    const findings = await bot.inspect?.([spot])
    expect(findings).toContainEqual(expect.objectContaining({ level: 'bad' }))
    expect(shown([error, findings, log], { depth: 9 })).not.toContain(key)
  })

  test('a sentence that repeats the key loses it', async () => {
    const { bot, wecom, key } = await world()
    wecom.misbehave({ on: 'webhook', how: { errcode: 40058, errmsg: `bad\u202e request key=${key}\nfrom` } })
    expect((await failing(bot.post(spot, { text: 'x' }))).message).toBe(
      'the WeCom webhook: 40058 bad request key=… from',
    )
  })

  test('what failed stands in the doctor until something gets through', async () => {
    const { bot, wecom } = await world()
    const levels = async () => (await bot.inspect?.([spot]))?.map(({ level }) => level)
    const well = await levels()
    expect(well).not.toContain('bad')
    wecom.misbehave({ on: 'webhook', how: { errcode: 93000 } })
    await failing(bot.post(spot, { text: 'x' }))
    expect(await levels()).toEqual([...(well ?? []), 'bad'])
    await bot.post(spot, { text: 'y' })
    expect(await levels()).toEqual(well)
    expect((await bot.inspect?.([]))?.filter(({ level }) => level === 'bad')).toHaveLength(1)
  })
})

describe('when nobody answers', () => {
  test.each([
    ['the answer is lost', { lost: 'answer' }, ['x']],
    ['the request is lost', { lost: 'request' }, []],
  ] as const)('%s: nobody knows', async (_, how, there) => {
    const { wecom, clock, key, seen } = await world()
    const bot = await botAt(wecom.baseUrl, { clock, key })
    wecom.misbehave({ on: 'webhook', how })
    const error = await failing(bot.post(spot, { text: 'x' }))
    expect(error.trouble).toBe('unknown')
    expect(shown(error, { depth: 9 })).not.toContain(key)
    expect(seen()).toEqual(there)
  })

  test('nobody is there', async () => {
    const bot = await botAt('http://127.0.0.1:1', { clock: manualClock(0), key: 'abcdefgh' })
    const error = await failing(bot.post(spot, { text: 'x' }))
    expect(error.trouble).toBe('unreachable')
    expect(shown(error, { depth: 9 })).not.toContain('abcdefgh')
  })

  test.each([
    [503, 'unreachable'],
    [429, 'busy'],
    [404, 'forbidden'],
    [302, 'forbidden'],
    [200, 'unknown'],
  ] as const)('somebody in between answers %i: %s', async (status, trouble) => {
    const proxy = createServer((_, response) => void response.writeHead(status).end('<h1>Sign in, key=abcdefgh</h1>'))
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const bot = await botAt(url, { clock: manualClock(0), key: 'abcdefgh' })
    const error = await failing(bot.post(spot, { text: 'x' }))
    expect(error).toMatchObject({ trouble, code: String(status) })
    expect(shown(error, { depth: 9 })).not.toContain('abcdefgh')
  })

  test('it has been stopped', async () => {
    const { bot, seen } = await world()
    const going = bot.post(spot, { text: 'x' })
    await bot.stop()
    await going.catch(() => undefined)
    const before = seen().length
    expect((await failing(bot.post(spot, { text: 'y' }))).trouble).toBe('unreachable')
    expect(seen()).toHaveLength(before)
  })
})

describe('twenty a minute', () => {
  test('are sent, and the next waits before WeCom closes the door', async () => {
    const { bot, clock, seen, wecom } = await world()
    for (let n = 0; n < 20; n++) {
      await bot.post(spot, { text: `#${n} x` })
      await clock.advance(1_000)
    }
    expect(await failing(bot.post(spot, { text: '#20 x' }))).toMatchObject({ trouble: 'busy', wait: 40_000 })
    await clock.advance(39_999)
    expect((await failing(bot.post(spot, { text: '#20 x' }))).wait).toBe(1)
    await clock.advance(1)
    await bot.post(spot, { text: '#20 x' })
    expect(seen()).toHaveLength(21)
    expect(wecom.calls().every(({ errcode }) => errcode === 0)).toBe(true)
  })

  test('pictures wait all together, and nothing of them is sent before', async () => {
    const { bot, seen } = await world()
    for (let n = 0; n < 18; n++) await bot.post(spot, { text: `#${n} x` })
    expect((await failing(bot.post(spot, { pictures: [small, small, small] }))).trouble).toBe('busy')
    expect(seen()).toHaveLength(18)
    await bot.post(spot, { pictures: [small, small] })
    expect(seen()).toHaveLength(20)
  })

  test('WeCom’s own limit, where it is lower, is heard', async () => {
    const { bot } = await world({ rules: { webhookPerMinute: 2 } })
    await bot.post(spot, { text: 'a' })
    await bot.post(spot, { text: 'b' })
    const error = await failing(bot.post(spot, { text: 'c' }))
    expect(error.trouble).toBe('busy')
    expect(error.wait).toBeGreaterThanOrEqual(60_000)
  })
})
