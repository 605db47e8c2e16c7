import { afterEach, describe, expect, test } from 'vitest'
import { canvas, png } from '../../../sandbox/png.ts'
import { overAdvice, type Shown } from '../../../sandbox/wecom/index.ts'
import type { Answer, Card, Events, Heard } from '../../../src/chat/chat.ts'
import { asButtonToken, asId, type PostId } from '../../../src/core/words.ts'
import { botId, name, type WecomStage, wecomStage } from './stage.ts'

/** The bot beside the sandbox's WeCom, which knows what real groups do and keeps nothing of ours. */
const open: WecomStage[] = []
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close()
})

interface Played extends WecomStage {
  readonly heard: Heard[]
  readonly spot: { readonly chat: string }
  answer: (heard: Heard) => Promise<Answer>
}

async function play(options: Parameters<typeof wecomStage>[0] = {}, events?: Events): Promise<Played> {
  const stage = await wecomStage(options)
  open.push(stage)
  const heard: Heard[] = []
  const played: Played = { ...stage, heard, spot: { chat: stage.group.chatid }, answer: async () => ({}) }
  await stage.bot.start((thing) => {
    heard.push(thing)
    return played.answer(thing)
  }, events)
  return played
}

const photo = (grey: number) => png(canvas(40, 30, [grey, grey, grey]))
const button = (label: string, token = label) => ({ label, token: asButtonToken(token), weight: 'plain' as const })
const card = (title: string, labels: readonly string[] = ['认领', '详情']): Card => ({
  title,
  tone: 'urgent',
  lines: [{ label: '金额', text: '¥39.90' }],
  quote: '坏了 <b>两个</b> & "一直"没人回',
  buttons: labels.map((label) => button(label)),
})
const face = (s: Played, by = s.li): Shown => {
  const shown = s.seen(by).at(-1)
  if (!shown) throw new Error('nothing is shown')
  return shown
}
const labels = ({ buttons }: Shown) => buttons.map(({ label }) => label)

describe('words', () => {
  test('are heard without our name, and answered below them', async () => {
    const s = await play()
    s.answer = async () => ({ text: '收到 **粗**' })
    s.li.say(s.group, '/list open', { to: botId })
    await s.settled()
    expect(s.heard).toMatchObject([
      { spot: s.spot, alone: false, user: { id: 'liwenbo', name: 'LiWenbo' }, text: '/list open' },
    ])
    expect(s.heard[0]).not.toHaveProperty('answering')
    expect(s.seen().map(({ text }) => text)).toEqual([`@${name} /list open`, '收到 ＊＊粗＊＊'])
    expect(s.wecom.calls().at(-1)?.cmd).toBe('aibot_respond_msg')
  })

  test('without a slash are an answer; alone too, in a chat of their own', async () => {
    const s = await play()
    s.li.say(s.group, '非常抱歉 /见附件', { to: botId })
    s.li.say(s.wecom.single(s.li, botId), '好的')
    await s.settled()
    expect(s.heard.map(({ text, answering, alone, spot }) => [text, answering, alone, spot.chat])).toEqual([
      ['非常抱歉 /见附件', true, false, s.group.chatid],
      ['好的', true, true, 'single:LiWenbo'],
    ])
  })

  test('an answer with a card and pictures: the first is tied to the words, the others follow; the card is remembered', async () => {
    const posted: [chat: string, post: PostId, about: string][] = []
    const s = await play({}, { posted: async ({ chat }, post, about) => void posted.push([chat, post, about]) })
    s.answer = async () => ({
      card: card('#128'),
      about: asId('cmp_1'),
      pictures: [{ type: 'image/png', bytes: photo(7) }],
    })
    s.li.say(s.group, '/show 128', { to: botId })
    await s.settled()
    const [, shown, picture] = s.seen()
    expect([shown?.kind, picture?.kind]).toEqual(['card', 'image'])
    expect(picture?.pictures[0]?.equals(photo(7))).toBe(true)
    expect(posted).toEqual([[s.group.chatid, shown?.taskId, 'cmp_1']])
    expect(
      s.wecom
        .calls()
        .map(({ cmd }) => cmd)
        .filter((cmd) => /msg$/.test(cmd)),
    ).toEqual(['aibot_respond_msg', 'aibot_send_msg'])
  })

  test('where the tie is refused, the answer is simply sent', async () => {
    const s = await play()
    s.wecom.misbehave({ on: 'aibot_respond_msg', how: { errcode: 846608 } })
    s.answer = async () => ({ text: '收到' })
    s.li.say(s.group, '/list', { to: botId })
    await expect.poll(() => face(s).text).toBe('收到')
  })

  test('that come twice are heard once', async () => {
    const s = await play()
    s.wecom.misbehave({ on: 'aibot_msg_callback', how: { twice: true } })
    s.li.say(s.group, '/list', { to: botId })
    await s.settled()
    expect(s.heard).toHaveLength(1)
  })

  test('of one person in one chat are heard in their order, though pictures take longer', async () => {
    const s = await play()
    s.wecom.misbehave({ on: 'media', how: { lateMs: 150 } })
    s.li.mixed(s.group, ['第一', photo(1)], { to: botId })
    s.li.say(s.group, '第二', { to: botId })
    await expect.poll(() => s.heard.length).toBe(2)
    expect(s.heard.map(({ text }) => text)).toEqual(['第一', '第二'])
  })
})

describe('pictures', () => {
  test('of one message and of the one that it quotes are heard as bytes', async () => {
    const s = await play()
    const quote = s.wang.picture(s.group, photo(9))
    s.li.mixed(s.group, ['/evidence 128 发货单', photo(1), photo(2)], { to: botId, quote })
    await expect.poll(() => s.heard.length).toBe(1)
    expect(s.heard[0]?.text).toBe('/evidence 128 发货单')
    expect(s.heard[0]?.pictures?.map(({ type }) => type)).toEqual(Array(3).fill('image/png'))
    expect(s.heard[0]?.pictures?.map(({ bytes }) => [1, 2, 9].findIndex((grey) => bytes.equals(photo(grey))))).toEqual([
      0, 1, 2,
    ])
  })

  test('an address that does not answer at once is tried again; what is gone, or is no picture, is counted', async () => {
    const s = await play()
    s.wecom.misbehave({ on: 'media', how: { errcode: 503 } })
    s.li.mixed(s.group, ['图', photo(1)], { to: botId })
    await expect.poll(() => s.heard.length).toBe(1)
    expect(s.heard[0]?.pictures).toHaveLength(1)
    expect(s.heard[0]).not.toHaveProperty('lost')
    s.wecom.misbehave({ on: 'media', how: { errcode: 404 } })
    s.li.mixed(s.group, ['图', photo(1)], { to: botId })
    s.li.file(s.wecom.single(s.li, botId), { name: 'a.pdf', bytes: Buffer.from('%PDF-1.7') })
    await expect.poll(() => s.heard.length).toBe(3)
    expect(s.heard.slice(1).map(({ pictures, lost }) => [pictures, lost])).toEqual([
      [undefined, 1],
      [undefined, 1],
    ])
  })

  test('a file in a chat alone is a picture when its bytes say so', async () => {
    const s = await play()
    s.li.file(s.wecom.single(s.li, botId), { name: '凭证.bin', bytes: photo(3) })
    await expect.poll(() => s.heard.length).toBe(1)
    expect(s.heard[0]?.pictures?.[0]?.bytes.equals(photo(3))).toBe(true)
  })
})

describe('a press', () => {
  const posted = async (s: Played): Promise<PostId> => {
    const post = await s.bot.post(s.spot, { card: card('#128') })
    if (!post) throw new Error('a card has an id')
    return post
  }

  test('is heard with its card, and the card shows to everybody how things are; to one who did it, by name', async () => {
    const s = await play()
    const post = await posted(s)
    s.answer = async () => ({ toast: '#128 由你处理', fresh: card('#128 李文博', ['放回', '详情']) })
    const press = s.li.press(s.group, face(s), '认领')
    await s.settled()
    expect(press.state).toBe('updated')
    expect(s.heard).toMatchObject([
      { spot: s.spot, alone: false, user: { id: 'liwenbo' }, press: { token: '认领', post } },
    ])
    for (const by of [s.li, s.wang]) {
      expect(face(s, by).text).toContain('#128 李文博')
      expect(face(s, by).text).toContain('LiWenbo：#128 由你处理')
      expect(labels(face(s, by))).toEqual(['放回', '详情', '刷新'])
    }
    expect(s.seen()).toHaveLength(1)
    expect(overAdvice(face(s).content)).toEqual([])
  })

  test('a refusal stands in the card of the one who pressed, others keep theirs', async () => {
    const s = await play()
    await posted(s)
    s.answer = async () => ({ toast: '你没有权限', alert: true, fresh: card('#128 新') })
    s.li.press(s.group, face(s), '认领')
    await s.settled()
    expect(face(s).text).toContain('⚠ 你没有权限')
    expect(face(s, s.wang).text).not.toContain('⚠')
    expect(face(s, s.wang).text).not.toContain('新')
  })

  test('a confirm takes the place of the card for its author alone; pressing on leads back', async () => {
    const s = await play()
    await posted(s)
    s.answer = async ({ press }) =>
      press?.token === '确认'
        ? { toast: '已提交', fresh: card('#128 处理中') }
        : { card: card('退款 ¥39.90？', ['确认', '不了']), onlyFor: ['liwenbo'], fresh: card('#128') }
    s.li.press(s.group, face(s), '认领')
    await s.settled()
    expect(labels(face(s))).toEqual(['确认', '不了', '刷新'])
    expect(labels(face(s, s.wang))).toEqual(['认领', '详情', '刷新'])
    s.li.press(s.group, face(s), '确认')
    await s.settled()
    expect(face(s).text).toContain('#128 处理中')
    expect(face(s, s.wang).text).toContain('#128 处理中')
    expect(s.seen()).toHaveLength(1)
  })

  test('of 刷新 wishes for nothing but the card as it is now', async () => {
    const s = await play()
    const post = await posted(s)
    s.answer = async () => ({ fresh: card('#128 新') })
    s.li.press(s.group, face(s), '刷新')
    await s.settled()
    expect(s.heard[0]?.press).toEqual({ token: '认领', post, refresh: true })
    expect(face(s).text).toContain('#128 新')
  })

  test('asks for words in the card, for one alone; a ready answer is a press, and so is the way out', async () => {
    const s = await play()
    await posted(s)
    const offers = [button('道歉', 'o1'), button('退全款', 'o2')]
    const cancel = asButtonToken('out')
    s.answer = async ({ press }) =>
      press?.token === '认领'
        ? { ask: { prompt: '要对用户说什么？', ttl: 600_000, offers, cancel, pictures: true } }
        : {}
    s.li.press(s.group, face(s), '认领')
    await s.settled()
    expect(face(s).text).toContain(`请在 10 分钟内 @${name} 发送内容（可带图片）`)
    expect(face(s).choices.map(({ label }) => label)).toEqual(['道歉', '退全款'])
    expect(labels(face(s, s.wang))).toContain('认领')
    s.li.press(s.group, face(s), '使用所选', { choose: '退全款' })
    s.li.press(s.group, face(s), '取消')
    s.li.press(s.group, face(s), '刷新')
    await s.settled()
    expect(s.heard.slice(1).map(({ press }) => [press?.token, press?.refresh])).toEqual([
      ['o2', undefined],
      ['out', undefined],
      ['out', true],
    ])
  })

  test('with nothing chosen is a hint, and nothing is heard', async () => {
    const s = await play()
    await posted(s)
    s.li.press(s.group, face(s), '认领', { forged: 'use:out' })
    await s.settled()
    expect(s.heard).toEqual([])
    expect(face(s).text).toContain('请先在下拉框里选一项')
  })

  test('answered by a word alone shows it to the one who pressed, with the way back', async () => {
    const s = await play()
    await posted(s)
    s.answer = async ({ press }) => (press?.refresh ? { fresh: card('#128') } : { toast: '已取消' })
    s.li.press(s.group, face(s), '认领')
    await s.settled()
    expect([face(s).text, labels(face(s))]).toEqual([expect.stringContaining('已取消'), ['刷新']])
    expect(labels(face(s, s.wang))).toEqual(['认领', '详情', '刷新'])
    s.li.press(s.group, face(s), '刷新')
    await s.settled()
    expect(labels(face(s))).toEqual(['认领', '详情', '刷新'])
    expect(s.seen()).toHaveLength(1)
  })

  test('what has no place in a card is said below it', async () => {
    const s = await play()
    await posted(s)
    s.answer = async () => ({ card: card('#128 详情', []), pictures: [{ type: 'image/png', bytes: photo(5) }] })
    const press = s.li.press(s.group, face(s), '详情')
    await s.settled()
    expect(s.seen().map(({ kind }) => kind)).toEqual(['card', 'markdown', 'image'])
    expect(s.seen()[1]?.text).toContain('坏了 ＜b＞两个＜/b＞ & "一直"没人回')
    // Not answered in the card: it stays as it is.
    expect(press.state).not.toBe('updated')
    expect(labels(s.seen()[0] as Shown)).toEqual(['认领', '详情', '刷新'])
  })

  test('whose update is refused is answered by messages', async () => {
    const s = await play()
    await posted(s)
    s.wecom.misbehave({ on: 'aibot_respond_update_msg', how: { errcode: 846605 } })
    s.answer = async () => ({ toast: '已认领', fresh: card('#128 李文博') })
    s.li.press(s.group, face(s), '认领')
    await expect.poll(() => s.seen().length).toBe(2)
    expect(face(s).kind).toBe('card')
    expect(face(s).text).toContain('LiWenbo：已认领')
    expect(face(s).text).toContain('#128 李文博')
  })

  test('cut off in its answer is answered when the connection is back', async () => {
    const s = await play()
    await posted(s)
    s.wecom.misbehave({ on: 'aibot_respond_update_msg', how: { cut: 'before' } })
    s.answer = async () => ({ card: card('退款 ¥39.90？', ['确认', '不了']) })
    s.li.press(s.group, face(s), '认领')
    await expect.poll(() => s.seen().length, { timeout: 15_000 }).toBe(2)
    expect(labels(face(s))).toEqual(['确认', '不了', '刷新'])
  })

  test('that takes long says so within five seconds, and the words follow', async () => {
    const s = await play()
    await posted(s)
    let ready = (_: Answer) => {}
    s.answer = () =>
      new Promise((resolve) => {
        ready = resolve
      })
    const press = s.li.press(s.group, face(s), '认领')
    await expect.poll(() => press.state, { timeout: 6_000 }).toBe('updated')
    expect(face(s).text).toContain('正在处理')
    expect(labels(face(s))).toEqual(['刷新'])
    expect(labels(face(s, s.wang))).toEqual(['认领', '详情', '刷新'])
    ready({ toast: '已提交', fresh: card('#128 处理中') })
    await expect.poll(() => s.seen().length).toBe(2)
    expect(face(s).text).toBe('LiWenbo：已提交')
  })

  test('by somebody forging keys is heard as what it says, and judged by the app', async () => {
    const s = await play()
    const post = await posted(s)
    s.li.press(s.group, face(s), '认领', { forged: '别的' })
    await s.settled()
    expect(s.heard[0]?.press).toEqual({ token: '别的', post })
  })

  test('counts what is shown to people', async () => {
    const spent: string[] = []
    const s = await play({}, { spent: ({ chat }) => void spent.push(chat) })
    await posted(s)
    s.answer = async () => ({ fresh: card('#128'), text: '一', pictures: [{ type: 'image/png', bytes: photo(5) }] })
    s.li.press(s.group, face(s), '认领')
    await expect.poll(() => s.seen().length).toBe(3)
    expect(spent).toEqual(Array(3).fill(s.group.chatid))
  })
})
