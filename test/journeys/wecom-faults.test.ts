import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { type Group, overAdvice, type Shown } from '../../sandbox/wecom/index.ts'
import { fen } from '../../src/core/words.ts'
import { createBot } from '../../src/storage/bots.ts'
import { tokenFor } from '../../src/storage/buttons.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { createRoom, listRooms } from '../../src/storage/rooms.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { paidBack } from '../chat/pay-people.ts'
import { driveWecom, labels, otherBot, type WecomDriver, wecomBot } from '../support/wecom.ts'
import { type PayWorld, type WecomWorld, world } from '../support/world.ts'

interface Stage extends WecomDriver {
  readonly w: WecomWorld
  readonly complaint: number
}

const one = '#1 小店'
const minute = 60_000
const bot = wecomBot.botId

/** A complaint, and its card in the group. */
async function stage(text = '衣服破了一个洞'): Promise<Stage> {
  const w = await world({ wecom: true })
  const driver = driveWecom(w)
  const { id } = await w.complain({ text })
  await driver.calm()
  return { w, complaint: id, ...driver }
}

const calls = ({ wecom }: WecomWorld, cmd: string) => wecom.wecom.calls().filter((call) => call.cmd === cmd)
const ours = ({ wecom }: WecomWorld, where: Group = wecom.group): readonly Shown[] =>
  where.seenBy(wecom.people.chen).filter(({ from }) => from === bot)
const saying = (w: WecomWorld, words: string, where?: Group) =>
  ours(w, where).filter(({ text }) => text.includes(words))
const keyOf = ({ buttons }: Shown, label: string) => buttons.find((one) => one.label === label)?.key ?? ''

async function secondGroup(w: WecomWorld): Promise<Group> {
  const { wecom, people } = w.wecom
  const group = wecom.group({ name: '另一个群', people: Object.values(people), bots: [bot] })
  people.chen.say(group, '你好', { to: bot })
  await w.wecom.heard()
  const room = { tenant: w.tenant.id, bot: w.bot.id, chat: group.chatid, topic: '', alone: false, title: '另一个群' }
  await w.storage.transaction((tx) => createRoom(tx, { ...room, language: 'zh-CN' }))
  return group
}

describe('a button that says what it never said', () => {
  const unknown = '这个按钮已失效'
  const forgeries: readonly (readonly [string, string, string])[] = [
    ['nonsense', 'nonsense', unknown],
    ['nonsense to look at anew', 'refresh:nonsense', unknown],
    ['a choice from no list', 'use:nonsense', '请先在下拉框里选一项'],
    ['a token of the right length', 'A'.repeat(24), unknown],
    ['an act itself', '{"do":"send","action":{"kind":"respond","stance":"agree","text":"好"}}', unknown],
    ['SQL', "' or 1=1; drop table button; --", unknown],
    ['nothing', '', unknown],
    ['as much as WeCom carries', '退'.repeat(340), unknown],
  ]
  test.each(forgeries)('%s: does nothing, and is told to the one who pressed', async (_, forged, told) => {
    const { w, press, card } = await stage()
    const { li, chen } = w.wecom.people
    const before = card(chen, one).text
    const { face, said } = await press(li, one, '同意和解', { forged })
    expect([face.text, ...said.map(({ text }) => text)].join('\n')).toContain(told)
    expect(card(chen, one).text).toBe(before)
    expect(w.effects()).toEqual([])
  })

  test('of another group', async () => {
    const { w, press, say, card } = await stage()
    const { li } = w.wecom.people
    const other = await secondGroup(w)
    await say(li, '/show 1', { in: other })
    const token = keyOf(card(li, one), '同意和解')
    const { face } = await press(li, one, '同意和解', { in: other, forged: token })
    expect(face.text).toContain('另一个群')
    await say(li, '马上处理', { in: other })
    await say(li, '马上处理')
    expect(w.effects()).toEqual([])
  })

  test('of another business', async () => {
    const { w, press } = await stage()
    const { li } = w.wecom.people
    const about = await findRunning(w.storage.reads, w.tenant.id, 1)
    const [room] = await listRooms(w.storage.reads, w.tenant.id)
    if (!about || !room) throw new Error('no complaint')
    const token = await w.storage.transaction(async (tx) => {
      const of = { zone: 'Asia/Shanghai', language: 'zh-CN', secondPersonFrom: fen(20_000) } as const
      const tenant = await createTenant(tx, { handle: 'other', name: '别家', ...of })
      if (!tenant) throw new Error('no tenant')
      const intent = JSON.stringify({ do: 'send', action: { kind: 'respond', stance: 'agree', text: '好' } })
      const { version, id: complaint } = about
      return tokenFor(tx, { tenant: tenant.id, room: room.id, complaint, version, intent })
    })
    expect((await press(li, one, '同意和解', { forged: token })).face.text).toContain('已失效')
    expect(w.effects()).toEqual([])
  })

  test('of another person', async () => {
    const { w, press, say } = await stage()
    const { li, chen } = w.wecom.people
    const question = await press(chen, one, '同意和解')
    const cancel = keyOf(question.face, '取消')
    expect((await press(li, one, '同意和解', { forged: cancel })).face.text).toContain('这个按钮只给发起的人')
    await say(chen, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })
})

describe('a button whose time is over', () => {
  async function drafted() {
    const on = await stage()
    await on.w.wechat.set(on.complaint, { status: 106, push: true })
    await on.calm()
    const [preview] = await on.say(on.w.wecom.people.li, '补凭证 1 签收记录')
    if (!preview) throw new Error('no preview')
    return { ...on, preview }
  }

  test('has run out', async () => {
    const { w, press, preview } = await drafted()
    await w.pass(11 * minute, minute)
    expect((await press(w.wecom.people.li, preview, '确认提交')).face.text).toContain('这个按钮已过期')
    expect(w.effects()).toEqual([])
  })

  test('was used', async () => {
    const { w, press, preview } = await drafted()
    const { li } = w.wecom.people
    const key = keyOf(preview, '确认提交')
    await press(li, preview, '确认提交')
    expect((await press(li, preview, '刷新', { forged: key })).face.text).toMatch(/已经提交过了|已收到/u)
    expect(w.effects()).toEqual(['evidence 签收记录'])
  })

  test('stands on a card from before: nothing is done, and how it is now is shown', async () => {
    const { w, complaint, press, calm } = await stage()
    const { li } = w.wecom.people
    const old = w.wecom.group.seenBy(li).at(-1)
    if (!old) throw new Error('no card')
    await w.wechat.set(complaint, { status: 205, push: true })
    await calm()
    const { face } = await press(li, old, '同意和解')
    expect(face.text).toMatch(/刚刚有变化|现在不能做这一步/u)
    expect(labels(face)).not.toContain('同意和解')
    expect(w.effects()).toEqual([])
  })
})

describe('the connection breaks', () => {
  const cut = { cut: 'before' } as const

  test('in the middle of a picture: it comes when the bot is back', async () => {
    const w = await world({ wecom: true })
    const { calm } = driveWecom(w)
    w.wecom.wecom.misbehave({ on: 'aibot_upload_media_chunk', how: cut })
    await w.complain({ text: '见图', photos: [parcelPhoto(1)] })
    await w.pass(6_000, 1_000)
    await w.wecom.connected()
    await w.pass(minute, 5_000)
    await calm()
    expect(calls(w, 'aibot_subscribe')).toHaveLength(2)
    expect(ours(w).map(({ kind }) => kind)).toEqual(['card', 'image'])
  })

  test.each(['before', 'after'] as const)('in the middle of a card (%s it stood there)', async (when) => {
    const w = await world({ wecom: true })
    const { calm, press, say } = driveWecom(w)
    w.wecom.wecom.misbehave({ on: 'aibot_send_msg', how: { cut: when } })
    await w.complain()
    await w.wecom.connected()
    await w.pass(minute, 5_000)
    await calm()
    const cards = saying(w, one)
    // At least once: nobody can know whether it stood there; all of them are the same one.
    expect(cards).toHaveLength(when === 'before' ? 1 : 2)
    const { li } = w.wecom.people
    const [first] = cards
    if (!first) throw new Error('no card')
    await press(li, first, '同意和解')
    await say(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })

  test('in the middle of the answer to a press: it is said when the bot is back, and counts once', async () => {
    const { w, card, press } = await stage()
    const { li } = w.wecom.people
    w.wecom.wecom.misbehave({ on: 'aibot_respond_update_msg', how: cut })
    li.press(w.wecom.group, card(li, one), '认领')
    await w.wecom.heard()
    await w.wecom.connected()
    await w.pass(3_000, 1_000)
    expect(saying(w, '#1 由你处理')).toHaveLength(1)
    expect((await press(li, one, '刷新')).face.text).toContain('处理人: 小李')
  })

  test('before a press has come: it is lost, and the next one works', async () => {
    const { w, card, press } = await stage()
    const { li } = w.wecom.people
    w.wecom.wecom.misbehave({ on: 'aibot_event_callback', how: cut })
    li.press(w.wecom.group, card(li, one), '认领')
    await w.wecom.connected()
    expect((await press(li, one, '认领')).face.text).toContain('#1 由你处理')
  })

  test('in the middle of an answer to words: it is said, and the act counts once', async () => {
    const { w } = await stage()
    const { li } = w.wecom.people
    w.wecom.wecom.misbehave({ on: 'aibot_respond_msg', how: cut })
    li.say(w.wecom.group, '同意 1 马上处理', { to: bot })
    await w.wecom.heard()
    await w.wecom.connected()
    await w.pass(minute, 2_000)
    expect(w.effects()).toEqual(['respond agree 马上处理'])
    expect(saying(w, '已收到，正在提交平台')).toHaveLength(1)
    expect(saying(w, '#1 同意和解已提交 · 小李')).toHaveLength(1)
  })

  test('while complaints come: all are there afterwards, in their order', async () => {
    const { w, calm } = await stage()
    w.wecom.wecom.cut(bot)
    for (const text of ['第二件', '第三件']) await w.complain({ text })
    await w.wecom.connected()
    await w.pass(minute, 5_000)
    await calm()
    const cards = ours(w).filter(({ kind }) => kind === 'card')
    expect(cards.map(({ text }) => /#\d/.exec(text)?.[0])).toEqual(['#1', '#2', '#3'])
  })
})

describe('an answer that comes too late for the card', () => {
  test('because the press itself came late: it is said as a message, and the act is done', async () => {
    const { w, card } = await stage()
    const { li } = w.wecom.people
    w.wecom.wecom.misbehave({ on: 'aibot_event_callback', how: { lateMs: 6_000 } })
    const press = li.press(w.wecom.group, card(li, one), '认领')
    await w.pass(8_000, 1_000)
    expect(press.state).toBe('late')
    expect(saying(w, '#1 由你处理')).toHaveLength(1)
  })

  test('because it takes long: within five seconds that it does, and then the answer', async () => {
    const w = (await world({ wecom: true, pay: ['青禾优选'] })) as PayWorld & WecomWorld
    const { calm, card, press } = driveWecom(w)
    await w.pay.complain({ text: '少发一件', type: 'REFUND', amount: 1990 })
    await calm()
    const { chen } = w.wecom.people
    w.pay.sandbox.misbehave({ on: 'order', how: 'slow', ms: 7_000 })
    const shown = card(chen, '#1 青禾优选')
    const pressed = chen.press(w.wecom.group, shown, '退款')
    await new Promise((resolve) => setTimeout(resolve, 100))
    w.clock.advance(4_500)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(pressed.state).toBe('updated')
    expect(card(chen, '正在处理').text).toContain('请稍后点“刷新”')
    await w.pass(10_000, 1_000)
    await calm()
    const offer = card(chen, '#1 退款')
    expect(labels(offer)).toContain('全额退 ¥19.90')
    await press(chen, offer, '全额退 ¥19.90')
    await w.pass(5 * minute)
    expect(paidBack(w)).toEqual([1990])
  })
})

describe('WeCom refuses', () => {
  test('a card as used before (42014): it goes once more, with another number', async () => {
    const w = await world({ wecom: true })
    const { calm } = driveWecom(w)
    w.wecom.wecom.misbehave({ on: 'aibot_send_msg', how: { errcode: 42014, errmsg: 'invalid taskid' } })
    await w.complain()
    await w.pass(minute, 5_000)
    await calm()
    expect(saying(w, one)).toHaveLength(1)
    const sent = calls(w, 'aibot_send_msg').map(({ body }) => (body.template_card as { task_id: string }).task_id)
    expect(new Set(sent).size).toBe(2)
  })

  test('what an answer is tied to (846605): it is simply said', async () => {
    const { w, say } = await stage()
    w.wecom.wecom.misbehave({ on: 'aibot_respond_msg', how: { errcode: 846605, errmsg: 'invalid req_id' } })
    expect((await say(w.wecom.people.li, '认领 1')).map(({ text }) => text)).toEqual(['#1 由你处理'])
  })

  test('a face of the pressed card (846605): it is said below', async () => {
    const { w, press } = await stage()
    w.wecom.wecom.misbehave({ on: 'aibot_respond_update_msg', how: { errcode: 846605, errmsg: 'invalid req_id' } })
    const { said } = await press(w.wecom.people.li, one, '同意和解')
    expect(said.map(({ text }) => text).join('\n')).toContain('请写给用户的说明')
  })

  test('more for now (45009): the chat rests a minute, then everything comes, and no act counts twice', async () => {
    const w = await world({ wecom: true })
    const { calm, say } = driveWecom(w)
    w.wecom.wecom.misbehave({
      on: 'aibot_send_msg',
      how: { errcode: 45009, errmsg: 'reach max api daily quota limit' },
    })
    await w.complain({ text: '第一件' })
    const refused = w.clock.now()
    await w.complain({ text: '第二件' })
    await w.pass(50_000, 5_000)
    expect(calls(w, 'aibot_send_msg').map(({ errcode }) => errcode)).toEqual([45009])
    await w.pass(minute, 5_000)
    await calm()
    const again = calls(w, 'aibot_send_msg')[1]
    expect((again?.at ?? 0) - refused).toBeGreaterThanOrEqual(59_000)
    expect([saying(w, one).length, saying(w, '#2 小店').length]).toEqual([1, 1])
    await say(w.wecom.people.li, '同意 1 好的')
    expect(w.effects()).toEqual(['respond agree 好的'])
  })

  test('an answer to a person for now (45009): it comes when the minute is over, and the act was done', async () => {
    const { w, say } = await stage()
    w.wecom.wecom.misbehave({ on: 'aibot_respond_msg', how: { errcode: 45009 } })
    w.wecom.people.li.say(w.wecom.group, '备注 1 已联系', { to: bot })
    await w.pass(30_000, 5_000)
    expect(saying(w, '#1 备注已记下')).toHaveLength(0)
    await w.pass(40_000, 5_000)
    expect(saying(w, '#1 备注已记下')).toHaveLength(1)
    expect((await say(w.wecom.people.li, '撤回 1'))[0]?.text).toBe('#1 的备注已撤回')
  })

  test('us in the group (93008): what waits for it waits, others go on, and it comes when we are back', async () => {
    const { w, calm } = await stage()
    const other = await secondGroup(w)
    w.wecom.group.remove(bot)
    await w.complain({ text: '第二件' })
    await w.pass(minute, 5_000)
    expect(saying(w, '#2 小店', other)).toHaveLength(1)
    expect(saying(w, '#2 小店')).toHaveLength(0)
    w.wecom.group.add(bot)
    await w.pass(6 * minute, 15_000)
    await calm()
    expect(saying(w, '#2 小店')).toHaveLength(1)
  })

  test('our credentials at the start: the service runs, and the bot is tried again until it stands', async () => {
    const w = await world({ wecom: true })
    const { calm, say } = driveWecom(w)
    await w.restart(async () => {
      w.wecom.wecom.misbehave({ on: 'aibot_subscribe', how: { errcode: 853000 }, times: 2 })
    })
    expect(w.app.bots.running(w.bot.id)).toBe(false)
    await w.complain()
    expect(await findRunning(w.storage.reads, w.tenant.id, 1)).toBeDefined()
    for (let turn = 0; turn < 40 && !w.wecom.wecom.connected(bot); turn++) {
      await w.pass(2_000, 1_000)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await calm()
    expect(saying(w, one)).toHaveLength(1)
    await say(w.wecom.people.li, '同意 1 好的')
    expect(w.effects()).toEqual(['respond agree 好的'])
  })
})

describe('forty complaints in a minute', () => {
  test('all are seen, and WeCom, which would drop what is too much without a word, drops nothing', async () => {
    const w = await world({ wecom: true })
    w.wecom.wecom.setRules({ over: 'dropped' })
    const { li } = w.wecom.people
    const many = 40
    for (let n = 1; n <= many; n++) {
      await w.complain({ text: `第 ${n} 件` })
      await w.pass(1_500, 750)
      if (n % 8 === 0) li.say(w.wecom.group, '列表', { to: bot })
      const shown = w.wecom.group.seenBy(li).findLast(({ buttons }) => buttons.length > 0)
      if (n % 10 === 0 && shown) li.press(w.wecom.group, shown, '认领')
    }
    for (let turn = 0; turn < 60 && saying(w, `#${many} `).length === 0; turn++) await w.pass(4_000, 2_000)
    await w.pass(minute, 5_000)
    const sent = w.wecom.wecom.calls().filter(({ cmd }) => cmd === 'aibot_send_msg' || cmd === 'aibot_respond_msg')
    expect(sent.filter(({ errcode }) => errcode !== 0)).toEqual([])
    // What was sent is what was seen.
    expect(ours(w)).toHaveLength(sent.length)
    const numbers = Array.from({ length: many }, (_, index) => index + 1)
    expect(numbers.filter((n) => !ours(w).some(({ text }) => new RegExp(`#${n} 小店`).test(text)))).toEqual([])
    const most = Math.max(...sent.map(({ at }) => sent.filter((one) => one.at >= at && one.at < at + minute).length))
    expect(most).toBeLessThanOrEqual(25)
  }, 60_000)
})

describe('another process with the same bot', () => {
  /** Subscribes as we do. */
  async function intruder(w: WecomWorld): Promise<WebSocket> {
    const socket = new WebSocket(w.wecom.wecom.wsUrl)
    await new Promise((resolve) => socket.once('open', resolve))
    const body = { bot_id: wecomBot.botId, secret: wecomBot.secret }
    socket.send(JSON.stringify({ cmd: 'aibot_subscribe', headers: { req_id: 'aibot_subscribe_1' }, body }))
    await new Promise((resolve) => socket.once('message', resolve))
    return socket
  }

  test('is left alone, and said elsewhere; what waits comes when a person has decided', async () => {
    const { w, calm } = await stage()
    const { wecom, people } = w.wecom
    const spare = wecom.group({ name: '主管群', people: [people.chen], bots: [otherBot.botId] })
    people.chen.say(spare, '你好', { to: otherBot.botId })
    await w.storage.transaction(async (tx) => {
      const secrets = { botId: otherBot.botId, secret: otherBot.secret }
      const of = { tenant: w.tenant.id, kind: 'wecom', enabled: true } as const
      const made = await createBot(tx, { ...of, name: '备用', settings: {}, secrets })
      if (!made) throw new Error('no bot')
      const room = { tenant: w.tenant.id, bot: made.id, chat: spare.chatid, topic: '', alone: false, title: '主管群' }
      await createRoom(tx, { ...room, language: 'zh-CN' })
    })
    await w.app.bots.refresh()
    const socket = await intruder(w)
    await w.wecom.heard()
    await w.complain({ text: '第二件' })
    await w.pass(30_000, 5_000)
    const told = () => spare.seenBy(people.chen).filter(({ text }) => text.includes('另一个程序'))
    expect(told()).toHaveLength(1)
    expect(told()[0]?.text).toContain('Redress')
    // Nobody fights about it.
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(socket.readyState).toBe(WebSocket.OPEN)
    expect(saying(w, '#2 小店')).toHaveLength(0)
    socket.close()
    await w.restart()
    await w.pass(minute, 5_000)
    await calm()
    expect(saying(w, '#2 小店')).toHaveLength(1)
    expect(told()).toHaveLength(1)
  })
})

describe('a restart of ours', () => {
  test('with cards and questions open: the buttons of old cards work', async () => {
    const { w, complaint, press, say, calm, card } = await stage()
    const { li } = w.wecom.people
    await w.complain({ text: '第二件' })
    await calm()
    await w.restart(async () => {
      // Whoever presses meanwhile is not heard: WeCom tells nobody.
      li.press(w.wecom.group, card(li, one), '认领')
    })
    expect((await press(li, one, '刷新')).face.text).not.toContain('处理人')
    await press(li, one, '同意和解')
    await w.restart()
    await say(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
    expect((await press(li, '#2 小店', '认领')).face.text).toContain('#2 由你处理')
    expect(complaint).toBeGreaterThan(0)
  })
})

describe('what is told twice', () => {
  test('is one act, and one answer', async () => {
    const { w, card } = await stage()
    const { li } = w.wecom.people
    const { wecom, group } = w.wecom
    wecom.misbehave({ on: 'aibot_msg_callback', how: { twice: true }, times: 2 })
    wecom.misbehave({ on: 'aibot_event_callback', how: { twice: true } })
    li.press(group, card(li, one), '认领')
    li.say(group, '备注 1 已联系', { to: bot })
    li.say(group, '同意 1 马上处理', { to: bot })
    await w.wecom.heard()
    await w.pass(10_000, 1_000)
    expect(w.effects()).toEqual(['respond agree 马上处理'])
    expect([saying(w, '#1 备注已记下').length, saying(w, '已收到，正在提交平台').length]).toEqual([1, 1])
    expect(calls(w, 'aibot_respond_update_msg')).toHaveLength(1)
  })
})

describe('a picture', () => {
  async function evidence() {
    const on = await stage()
    await on.w.wechat.set(on.complaint, { status: 106, push: true })
    await on.calm()
    const { wecom, people } = on.w.wecom
    const alone = wecom.single(people.li, bot)
    await on.say(people.li, '详情 1', { in: alone })
    await on.press(people.li, one, '补充凭证', { in: alone })
    const before = alone.seenBy(people.li).length
    const said = () =>
      alone
        .seenBy(people.li)
        .slice(before)
        .map(({ text }) => text)
        .join('\n')
    return { ...on, alone, said }
  }
  const submitted = async ({ w, press, alone }: Awaited<ReturnType<typeof evidence>>) => {
    await press(w.wecom.people.li, '#1 提交前请核对', '确认提交', { in: alone })
    return w.wechat.ledger().findLast(({ what }) => what === 'evidence')?.media ?? []
  }

  test('whose address has run out is asked for again, and the words are kept', async () => {
    const { w, say } = await evidence()
    w.wecom.wecom.setRules({ mediaMs: 0 })
    const [preview] = await say(w.wecom.people.li, '补凭证 1 签收记录', { photos: [parcelPhoto(1)] })
    expect(preview?.text).toContain('图片: 0 张')
    expect(preview?.text).toContain('有 1 张图片没有收到，请重发')
    expect(w.effects()).toEqual([])
  })

  test.each([
    ['of 25 MB', () => ({ name: 'big.png', bytes: Buffer.concat([parcelPhoto(1), Buffer.alloc(25 * 1024 * 1024)]) })],
    ['that is a PDF', () => ({ name: 'a.pdf', bytes: Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n') })],
    ['that is a PDF called png', () => ({ name: 'a.png', bytes: Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n') })],
  ])('%s is not taken, and said so', async (_, file) => {
    const on = await evidence()
    const { w, alone, said, calm } = on
    w.wecom.people.li.file(alone, file())
    // What breaks off is tried three times.
    for (let tries = 0; tries < 3; tries++) {
      await w.wecom.heard()
      await w.pass(3_000, 1_000)
    }
    await calm()
    expect(said()).toContain('有 1 张图片没有收到，请重发')
    expect(w.effects()).toEqual([])
  })

  test.each(['webp', 'gif'] as const)('as %s becomes one that the platform takes', async (format) => {
    const on = await evidence()
    const { w, alone, calm } = on
    w.wecom.people.li.picture(alone, await sharp(parcelPhoto(1)).toFormat(format).toBuffer())
    await w.wecom.heard()
    await calm()
    expect(await submitted(on)).toHaveLength(1)
  })

  test('that does not open with its key is asked for again', async () => {
    const { w, alone, said, calm } = await evidence()
    w.wecom.wecom.misbehave({ on: 'media', how: { errcode: 200, errmsg: 'not what was sealed' } })
    w.wecom.people.li.picture(alone, parcelPhoto(1))
    await w.wecom.heard()
    await calm()
    expect(said()).toContain('有 1 张图片没有收到，请重发')
  })

  test('whose download breaks once is had the next time', async () => {
    const on = await evidence()
    const { w, alone, calm } = on
    w.wecom.wecom.misbehave({ on: 'media', how: { cut: 'before' } })
    w.wecom.people.li.picture(alone, parcelPhoto(1))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await w.pass(3_000, 1_000)
    await w.wecom.heard()
    await calm()
    expect(await submitted(on)).toHaveLength(1)
  })

  test('of the customer as webp is shown', async () => {
    const w = await world({ wecom: true })
    const { calm } = driveWecom(w)
    await w.complain({ text: '见图', photos: [await sharp(parcelPhoto(1)).webp().toBuffer()] })
    await calm()
    expect(ours(w).map(({ kind }) => kind)).toEqual(['card', 'image'])
  })
})

describe('whatever a customer writes', () => {
  const hidden = /(?!\n)[\p{Cc}\p{Bidi_Control}\u00ad\u200b\u2028\u2029\u2060\ufeff]/u
  const texts: readonly (readonly [string, string])[] = [
    ['markdown', '# 标题\n**粗** `code` [点我](https://evil.example/a) ![](https://evil.example/b.png)\n> 引用\n- 一'],
    ['HTML', '<a href="https://evil.example">点</a><font color="warning">红</font><img src=x onerror=1>&lt;&amp;'],
    ['mentions', '@all @所有人 <@all> <@User-li> @Redress 客诉 退款 1 全额'],
    ['links', 'https://evil.example/x www.evil.example weixin://dl/business'],
    ['right to left', '\u202e退款\u202c مرحبا \u2066abc\u2069'],
    ['what is not seen', '退\u200b款\u200d\ufeff\u2060吧\u00ad'],
    ['emoji', '👨‍👩‍👧‍👦😡🇨🇳👍🏽'.repeat(30)],
    ['a great deal', `${'长'.repeat(4_200)}尾`],
    ['marks on marks', `a${'\u0301'.repeat(300)}b`],
    ['lines', '\n\n\n一\r\n\r\n二\u2028三\u0000\u0007'],
  ]
  test.each(texts)('%s: a card like any other, and a line that is only words', async (_, text) => {
    const { w, complaint, card, calm, press } = await stage(text)
    const { li } = w.wecom.people
    const shown = card(li, one)
    expect(labels(shown)).toEqual(['同意和解', '拒绝和解', '认领', '详情'])
    expect(overAdvice(shown.content)).toEqual([])
    await w.wechat.move(complaint, { kind: 'message', content: text })
    await calm()
    const line = ours(w).at(-1)
    if (!line) throw new Error('no line')
    // Nobody writes a line that looks like ours.
    expect(line.text).toMatch(/^#1 用户：.*$/u)
    const { said } = await press(li, one, '详情')
    // A title, a line with a name of ours, or a quote.
    const rows = String(said[0]?.content.content).split('\n')
    expect(rows.filter((row) => !/^(🔵 )?\*\*[^*]+\*\*|^> |^>?$/u.test(row))).toEqual([])
    for (const one of [shown, line, ...said]) {
      expect([one.links, one.mentions, one.pictures]).toEqual([[], [], []])
      expect(one.text).not.toMatch(hidden)
    }
    expect(w.effects()).toEqual([])
  })

  test('how it would look if we said it: one line all the same', async () => {
    const { w, complaint, calm } = await stage()
    const forged = '好的\n#1 已退款 ¥19.90 到账 12:00 · 阿陈\r\n#2 已结束：已完结'
    await w.wechat.move(complaint, { kind: 'message', content: forged })
    await calm()
    expect(ours(w).at(-1)?.text).toBe('#1 用户：好的 #1 已退款 ¥19.90 到账 12:00 · 阿陈 #2 已结束：已完结')
  })
})
