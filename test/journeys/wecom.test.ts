import { describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { createBindCode } from '../../src/storage/bind-codes.ts'
import { listMembers } from '../../src/storage/members.ts'
import { listRooms } from '../../src/storage/rooms.ts'
import { driveWecom, labels, type WecomDriver, wecomBot } from '../support/wecom.ts'
import { type WecomWorld, world } from '../support/world.ts'

interface Stage extends WecomDriver {
  readonly w: WecomWorld
  readonly complaint: number
  /** Alone with the bot. */
  single(who: keyof WecomWorld['wecom']['people']): ReturnType<WecomWorld['wecom']['wecom']['single']>
}

type State = 'new' | 'evidence' | 'judged' | 'returned' | 'finished'

/** A complaint that stands so, and its card in the group. */
async function stage(state: State = 'new', options: Partial<Parameters<typeof world>[0]> = {}): Promise<Stage> {
  const w = await world({ ...options, wecom: true })
  const driver = driveWecom(w)
  const { id } = await w.complain({ text: '衣服破了一个洞', amount: 1990, nickname: '张三' })
  await driver.calm()
  await moves[state](w, id)
  await driver.calm()
  const { wecom, people } = w.wecom
  return { w, complaint: id, ...driver, single: (who) => wecom.single(people[who], wecomBot.botId) }
}

const moves: Readonly<Record<State, (w: WecomWorld, id: number) => Promise<unknown>>> = {
  new: async () => undefined,
  evidence: (w, id) => w.wechat.set(id, { status: 106, push: true }),
  judged: (w, id) => judge(w, id, 'liable'),
  async returned(w, id) {
    await judge(w, id, 'return')
    await w.wechat.move(id, { kind: 'ship-return', waybill: 'SF123456' })
    await w.wechat.move(id, { kind: 'return-received' })
  },
  async finished(w, id) {
    await w.wechat.set(id, { status: 205 })
    await w.wechat.move(id, { kind: 'open-appeal' })
  },
}

async function judge(w: WecomWorld, id: number, verdict: 'liable' | 'return') {
  await w.wechat.set(id, { status: 101 })
  await w.wechat.move(id, { kind: 'judge', verdict })
}

const one = '#1 小店'
const two = [parcelPhoto(1), parcelPhoto(2)]
/** What others in the group read of it since. */
const linesOf = (said: readonly { readonly text: string }[]) => said.map(({ text }) => text)
const media = (w: WecomWorld, what: string) => w.wechat.ledger().findLast((entry) => entry.what === what)?.media ?? []

test('a push becomes a card in the group, with its buttons', async () => {
  const { w, card } = await stage()
  const shown = card(w.wecom.people.li, one)
  expect(shown.text).toMatch(/^🔵 Redress 客诉\n#1 小店 · 待处理\n进度：待我方处理\n衣服破了一个洞\n/u)
  expect(shown.text).toContain('投诉所示金额：¥19.90')
  expect(shown.buttons.map(({ label }) => label)).toEqual(['同意和解', '拒绝和解', '认领', '详情', '刷新'])
})

interface Act {
  readonly state: State
  readonly button: string
  /** Buttons of questions in between. */
  readonly next?: string
  readonly command: string
  /** What the platform has afterwards. */
  readonly effect: string
  readonly previewed?: true
  /** Not owed: the card that hangs there offers it once it is looked at anew. */
  readonly refreshed?: true
}

const acts: readonly (readonly [string, Act])[] = [
  ['agree', { state: 'new', button: '同意和解', command: '同意 1', effect: 'respond agree' }],
  ['refuse', { state: 'new', button: '拒绝和解', command: 'refuse 1', effect: 'respond refuse' }],
  ['evidence', { state: 'evidence', button: '补充凭证', command: '补凭证 1', effect: 'evidence', previewed: true }],
  ['proof', { state: 'judged', button: '退款凭证', command: '退款凭证 1', effect: 'proof', previewed: true }],
  [
    'proof of a return',
    {
      state: 'returned',
      button: '退款凭证',
      next: '已收到退货',
      command: 'proof 1 已收货',
      effect: 'proof received',
      previewed: true,
    },
  ],
  [
    'appeal',
    { state: 'finished', button: '申诉', command: '申诉 1', effect: 'appeal', previewed: true, refreshed: true },
  ],
]

describe.each(acts)('%s', (_, act) => {
  const words = '说明：单号 5030001'

  async function submitted({ w, press, read }: Stage, said: readonly string[]) {
    const { li, chen } = w.wecom.people
    if (act.previewed) {
      expect(w.effects()).toEqual([])
      const { face, said: more } = await press(li, '#1 提交前请核对', '确认提交')
      expect(face.text).toContain('已收到，正在提交平台：#1')
      expect(linesOf(more).filter((line) => /^#1 .*已提交 · 小李/u.test(line))).toHaveLength(1)
    } else expect(said[0]).toContain('已收到，正在提交平台：#1')
    expect(w.effects()).toEqual([`${act.effect} ${words}`])
    // The group reads it once, in one message.
    expect(read(chen).filter((line) => /^#1 .*已提交 · 小李/mu.test(line))).toHaveLength(1)
  }

  test('by button, with the words asked for: the question is the presser’s alone', async () => {
    const on = await stage(act.state)
    const { w, press, say, face, card } = on
    const { li, chen } = w.wecom.people
    if (act.refreshed) await press(li, one, '刷新')
    const before = card(chen, one).text
    const pressed = await press(li, one, act.button)
    const question = act.next ? (await press(li, pressed.face, act.next)).face : pressed.face
    expect(question.text).toMatch(/请在 10 分钟内 @Redress 客诉 发送内容/u)
    expect(labels(question)).toEqual(['取消'])
    expect(face(chen, question).text).toBe(before)
    expect(w.effects()).toEqual([])
    const said = await say(li, words)
    await submitted(on, linesOf(said))
  })

  test('by command, without a slash', async () => {
    const on = await stage(act.state)
    await submitted(on, linesOf(await on.say(on.w.wecom.people.li, `${act.command} ${words}`)))
  })

  test('by command, with one', async () => {
    const on = await stage(act.state)
    await submitted(on, linesOf(await on.say(on.w.wecom.people.li, `/${act.command} ${words}`)))
  })
})

describe('words', () => {
  test.each(['／同意　１　马上处理', '/同意１ 马上处理', '/agree #1 马上处理', ' 同意 ＃１ 马上处理'])(
    'in full-width characters: %s',
    async (said) => {
      const { w, say } = await stage()
      await say(w.wecom.people.li, said)
      expect(w.effects()).toEqual(['respond agree 马上处理'])
    },
  )

  test('the next ones that are addressed to us and no command are the answer; a command in between is one', async () => {
    const { w, press, say } = await stage()
    const { li, chen } = w.wecom.people
    const { group } = w.wecom
    await press(li, one, '同意和解')
    li.say(group, '大家等我一下')
    await w.wecom.heard()
    expect((await say(chen, '我替他回'))[0]?.text).toContain('我没有在等你的回答')
    expect((await say(li, '/whoami'))[0]?.text).toContain('你是 小李')
    expect(w.effects()).toEqual([])
    await say(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
    expect((await say(li, '还有一句'))[0]?.text).toContain('我没有在等你的回答')
    expect(w.effects()).toHaveLength(1)
  })

  test('取消 brings the card back, and the next ones are no answer', async () => {
    const { w, press, say } = await stage()
    const { li } = w.wecom.people
    const { face } = await press(li, one, '同意和解')
    const back = await press(li, face, '取消')
    expect(back.face.text).toContain('已取消')
    expect(labels(back.face)).toEqual(['同意和解', '拒绝和解', '认领', '详情'])
    expect(back.said).toEqual([])
    expect((await say(li, '马上处理'))[0]?.text).toContain('我没有在等你的回答')
    expect(w.effects()).toEqual([])
  })

  test('after ten minutes are no answer', async () => {
    const { w, press, say } = await stage()
    const { li } = w.wecom.people
    await press(li, one, '同意和解')
    await w.pass(11 * 60_000, 60_000)
    expect((await say(li, '马上处理'))[0]?.text).toContain('我没有在等你的回答')
    expect(w.effects()).toEqual([])
  })

  test('that are too long are asked for once more, and may then be shorter', async () => {
    const { w, press, say } = await stage()
    const { li } = w.wecom.people
    await press(li, one, '拒绝和解')
    const said = await say(li, '长'.repeat(600))
    expect(linesOf(said).join('\n')).toContain('太长了：600 字，最多 500 字')
    expect(w.effects()).toEqual([])
    await say(li, '按约定发货')
    expect(w.effects()).toEqual(['respond refuse 按约定发货'])
  })

  test('answered by a question that stays one over a restart', async () => {
    const { w, press, say } = await stage()
    const { li } = w.wecom.people
    await press(li, one, '同意和解')
    await w.restart()
    await say(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })
})

describe('pictures', () => {
  test('come with a command in one message: looked at, then submitted', async () => {
    const { w, say, press } = await stage('evidence')
    const { li } = w.wecom.people
    const [preview] = await say(li, '补凭证 1 签收记录', { photos: two })
    expect(preview?.text).toContain('图片: 2 张（最多 4 张）')
    expect(w.effects()).toEqual([])
    if (!preview) throw new Error('no preview')
    await press(li, preview, '确认提交')
    expect(w.effects()).toEqual(['evidence 签收记录'])
    expect(media(w, 'evidence')).toHaveLength(2)
  })

  test('come with the answer to a question', async () => {
    const { w, press, say } = await stage()
    const { li } = w.wecom.people
    await press(li, one, '拒绝和解')
    await say(li, '按约定发货，见图', { photos: two })
    expect(w.effects()).toEqual(['respond refuse 按约定发货，见图'])
    expect(media(w, 'respond')).toHaveLength(2)
  })

  test('sent before are quoted', async () => {
    const { w, press, say } = await stage('evidence')
    const { li, chen } = w.wecom.people
    const photo = chen.picture(w.wecom.group, two[0] ?? Buffer.alloc(0))
    const [preview] = await say(li, '补凭证 1 仓库拍的', { quote: photo })
    if (!preview) throw new Error('no preview')
    expect(preview.text).toContain('图片: 1 张')
    await press(li, preview, '确认提交')
    expect(media(w, 'evidence')).toHaveLength(1)
  })

  test('follow one another: those after the first go with it, and 放弃 throws all away', async () => {
    const { w, press, say } = await stage('evidence')
    const { li } = w.wecom.people
    await say(li, '补凭证 1 签收记录', { photos: two.slice(0, 1) })
    const [more] = await say(li, '', { photos: two.slice(1) })
    if (!more) throw new Error('no preview')
    expect(more.text).toContain('图片: 2 张')
    expect((await press(li, more, '放弃')).face.text).toContain('已放弃，没有提交')
    expect(w.effects()).toEqual([])
    const [again] = await say(li, '补凭证 1 只有文字')
    expect(again?.text).toContain('图片: 0 张')
  })

  test('alone with the bot: one after the other, as it can only be there', async () => {
    const { w, press, say, single, calm } = await stage('evidence')
    const { li } = w.wecom.people
    const alone = single('li')
    await say(li, '详情 1', { in: alone })
    await press(li, one, '补充凭证', { in: alone })
    for (const photo of two) {
      li.picture(alone, photo)
      await w.wecom.heard()
    }
    await calm()
    const [preview] = await say(li, '补凭证 1 签收记录', { in: alone })
    if (!preview) throw new Error('no preview')
    expect((await press(li, preview, '确认提交', { in: alone })).face.text).toContain('已收到，正在提交平台：#1')
    expect(w.effects()).toEqual(['evidence 签收记录'])
    expect(media(w, 'evidence')).toHaveLength(2)
  })

  test('of the customer follow the card', async () => {
    const w = await world({ wecom: true })
    const { calm } = driveWecom(w)
    await w.complain({ text: '见图', photos: two })
    await calm()
    const seen = w.wecom.group.seenBy(w.wecom.people.li).map(({ kind }) => kind)
    expect(seen).toEqual(['text', 'card', 'image', 'image'])
  })

  test('what was drafted can be dropped, and by nobody else', async () => {
    const { w, say, press } = await stage('evidence')
    const { li, chen } = w.wecom.people
    const [preview] = await say(li, '补凭证 1 签收记录')
    if (!preview) throw new Error('no preview')
    expect((await press(chen, preview, '确认提交')).face.text).toContain('这个按钮只给发起的人')
    expect(w.effects()).toEqual([])
    expect(labels((await press(li, preview, '放弃')).face)).not.toContain('确认提交')
    expect(w.effects()).toEqual([])
  })
})

describe('what changes nothing on the platform', () => {
  test('claim and release, by button: the card says it, and no message', async () => {
    const { w, press, card } = await stage()
    const { li, chen, wang } = w.wecom.people
    const claimed = await press(li, one, '认领')
    expect(claimed.face.text).toContain('#1 由你处理')
    expect(claimed.said).toEqual([])
    // Everybody's card, and to whom it is said.
    expect(card(wang, one).text).toMatch(/：#1 由你处理/u)
    expect(card(wang, one).text).toContain('处理人: 小李')
    const released = await press(chen, one, '放回')
    expect(released.said).toEqual([])
    expect(card(wang, one).text).not.toContain('处理人')
  })

  test('claim, release and note, by command: nobody but the author is answered', async () => {
    const { w, say, card, press } = await stage()
    const { li, chen } = w.wecom.people
    expect(linesOf(await say(li, '认领 1'))).toEqual(['#1 由你处理'])
    expect(linesOf(await say(chen, '/claim 1'))).toEqual(['#1 已由 小李 认领；需要时请对方先放回'])
    expect(linesOf(await say(li, '备注 1 已联系仓库'))).toEqual(['#1 备注已记下'])
    expect(linesOf(await say(li, '放回 1'))).toEqual(['#1 已放回，大家都可以认领'])
    await press(li, one, '刷新')
    expect(card(li, one).text).not.toContain('处理人')
    const detail = await press(li, one, '详情')
    expect(linesOf(detail.said).join('\n')).toContain('已联系仓库')
  })

  test('assign tells the group, and undo takes back', async () => {
    const { w, say, press } = await stage()
    const { chen, li } = w.wecom.people
    const said = linesOf(await say(chen, '指派 1 @li'))
    expect(said).toEqual(['#1 已指派给 小李', '#1 由 阿陈 指派给 小李'])
    expect((await press(li, one, '刷新')).face.text).toContain('处理人: 小李')
    expect(linesOf(await say(li, '备注 1 写错了'))).toEqual(['#1 备注已记下'])
    expect(linesOf(await say(li, '撤回 1'))).toEqual(['#1 的备注已撤回'])
    // What somebody else did is not theirs to undo.
    expect(linesOf(await say(li, '/undo 1'))[0]).toContain('没有你在 #1 上可撤回的操作')
    await say(li, '放回 1')
    await say(li, '认领 1')
    expect(linesOf(await say(li, 'undo'))[0]).toContain('#1 已放回')
  })

  test('list, search, detail, help and whoami', async () => {
    const { w, say, press, single } = await stage()
    const { li, chen } = w.wecom.people
    expect((await say(li, '列表'))[0]?.text).toMatch(/^🔵 未结投诉\n#1 待处理 · ¥19.90/u)
    expect((await say(li, '搜索 衣服'))[0]?.text).toContain('#1')
    expect((await say(li, '/search 鞋子'))[0]?.text).not.toContain('#1')
    const detail = await press(li, one, '详情')
    expect(detail.said[0]?.text).toContain('#1 详情')
    // The card behind it is still the card.
    expect(labels(detail.face)).toContain('同意和解')
    expect((await say(li, '/help'))[0]?.text).toContain('/agree 128')
    expect((await say(li, ''))[0]?.text).toContain('/agree 128')
    expect((await say(chen, '/whoami', { in: single('chen') }))[0]?.text).toContain('你是 阿陈（@chen），角色：管理员')
  })

  test('show makes a new card, and the old one leads there', async () => {
    const { w, say, press, card } = await stage()
    const { li, chen } = w.wecom.people
    const old = card(li, one)
    const [again] = await say(li, '详情 1')
    if (!again) throw new Error('no card')
    expect(labels(again)).toEqual(labels(old))
    const late = await press(chen, old, '刷新')
    expect(late.face.text).toContain('#1 已有新卡片，请看下方最新的一张')
    expect(labels(late.face)).toEqual(['刷新'])
    await press(li, again, '同意和解')
    await say(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })

  test('a button of an old card still does what it says, and its card leads to the new one', async () => {
    const { w, say, press, card } = await stage()
    const { li } = w.wecom.people
    const old = card(li, one)
    await say(li, '/show 1')
    const { face } = await press(li, old, '认领')
    expect(face.text).toContain('已有新卡片')
    expect((await press(li, one, '刷新')).face.text).toContain('处理人: 小李')
  })
})

describe('what the group reads', () => {
  test('a line for the result and whose turn it is, none for what a press brings; a new card when something is owed', async () => {
    const { w, complaint, say, calm, card } = await stage()
    const { li, chen } = w.wecom.people
    const first = card(chen, one)
    const seen = () => w.wecom.group.seenBy(chen).filter(({ from }) => from === wecomBot.botId)
    await say(li, '同意 1 马上处理')
    expect(linesOf(seen()).slice(1)).toEqual([
      '已收到，正在提交平台：#1 同意和解',
      '#1 同意和解已提交 · 小李\n#1 待用户：已回应，待用户确认',
    ])
    await w.wechat.move(complaint, { kind: 'message', content: '在吗' })
    await calm()
    expect(linesOf(seen()).at(-1)).toBe('#1 用户：在吗')
    await judge(w, complaint, 'liable')
    await calm()
    const cards = seen().filter(({ kind }) => kind === 'card')
    expect(cards).toHaveLength(2)
    expect(cards[1]?.id).not.toBe(first.id)
    expect(labels(card(chen, one))).toContain('退款凭证')
    await w.wechat.set(complaint, { status: 205, push: true })
    await calm()
    expect(linesOf(seen()).at(-1)).toMatch(/^#1 已结束：/u)
    expect(seen().filter(({ kind }) => kind === 'card')).toHaveLength(2)
  })

  test('刷新 shows the card as it is now, to everybody, and says nothing', async () => {
    const { w, say, press, card } = await stage()
    const { li, chen } = w.wecom.people
    await say(chen, '认领 1')
    expect(card(li, one).text).not.toContain('处理人')
    const { face, said, press: pressed } = await press(li, one, '刷新')
    expect(face.text).toContain('处理人: 阿陈')
    expect(card(chen, one).text).toBe(face.text)
    expect(said).toEqual([])
    expect(pressed.state).toBe('updated')
  })
})

test('a room in English speaks English, its buttons and its questions too', async () => {
  const { w, press, say, card, calm } = await stage('new', { language: 'en' })
  const { li, chen } = w.wecom.people
  expect(card(li, one).buttons.map(({ label }) => label)).toEqual(['Agree', 'Refuse', 'Claim', 'Detail', 'Refresh'])
  const { face } = await press(li, one, 'Agree')
  expect(face.text).toContain('Send it within 10 min, with @Redress 客诉')
  expect(labels(face)).toEqual(['Cancel'])
  const said = await say(li, 'We are sorry')
  expect(said[0]?.text).toBe('Taken, submitting to the platform: #1 Agreement')
  expect(w.effects()).toEqual(['respond agree We are sorry'])
  expect((await say(li, '/lang zh'))[0]?.text).toContain('Your role')
  expect((await say(chen, '/lang 中文'))[0]?.text).toBe('好的，这里从现在起用中文')
  await calm()
  expect((await say(chen, '/list'))[0]?.text).toContain('未结投诉')
})

describe('who is not known', () => {
  test('is told how, in words and in the face of the card; everybody else keeps theirs', async () => {
    const { w, say, press, card } = await stage()
    const { stranger, li } = w.wecom.people
    const before = card(li, one).text
    for (const said of ['同意 1 好的', '/agree 1 好的'])
      expect((await say(stranger, said))[0]?.text).toContain('你还没有绑定身份')
    const { face } = await press(stranger, one, '同意和解')
    expect(face.text).toContain('你还没有绑定身份')
    expect(card(li, one).text).toBe(before)
    expect(w.effects()).toEqual([])
  })

  test('a viewer may look and not act', async () => {
    const { w, say, press, card } = await stage()
    const { wang, li } = w.wecom.people
    const { face } = await press(wang, one, '同意和解')
    expect(face.text).toContain('你的角色')
    expect(card(li, one).text).not.toContain('你的角色')
    expect((await say(wang, '拒绝 1 不行'))[0]?.text).toContain('你的角色')
    expect((await say(wang, '列表'))[0]?.text).toContain('#1')
    expect(w.effects()).toEqual([])
  })
})

describe('binding', () => {
  async function personCode(w: WecomWorld, handle: string): Promise<string> {
    const member = (await listMembers(w.storage.reads, w.tenant.id)).find((each) => each.handle === handle)
    if (!member) throw new Error(`no ${handle}`)
    const binding = { purpose: 'member', tenant: w.tenant.id, member: member.id } as const
    return (await w.storage.transaction((tx) => createBindCode(tx, binding))).code
  }
  const groupCode = (w: WecomWorld) =>
    w.storage
      .transaction((tx) => createBindCode(tx, { purpose: 'room', tenant: w.tenant.id, language: 'zh-CN' }))
      .then(({ code }) => code)
  const rooms = (w: WecomWorld) => listRooms(w.storage.reads, w.tenant.id)

  test('a person alone with the bot, the group in the group; then cards come and buttons work', async () => {
    const w = await world({ wecom: 'unbound' })
    const { calm, say, press } = driveWecom(w)
    const { li } = w.wecom.people
    await w.complain()
    await calm()
    const alone = w.wecom.wecom.single(li, wecomBot.botId)
    expect((await say(li, `/bind ${await personCode(w, 'li')}`, { in: alone }))[0]?.text).toContain('小李')
    expect((await say(li, '/bind 0000000000'))[0]?.text).toContain('绑定码')
    expect((await say(li, `/bind ${await groupCode(w)}`))[0]?.text).toContain('小店')
    expect((await rooms(w)).filter(({ alone }) => !alone)).toMatchObject([{ chat: w.wecom.group.chatid }])
    // What was open before is there too.
    await press(li, one, '同意和解')
    await say(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })

  test.each(['／绑定　', '绑定 ', 'BIND '])('with %s and a code in small letters', async (command) => {
    const w = await world({ wecom: 'unbound' })
    const { say } = driveWecom(w)
    const { li } = w.wecom.people
    await say(li, `${command}${(await groupCode(w)).toLowerCase()}`)
    expect(await rooms(w)).toHaveLength(1)
  })

  test('a code works once; a personal one that was sent into the group binds nobody', async () => {
    const w = await world({ wecom: 'unbound' })
    const { say } = driveWecom(w)
    const { li, chen } = w.wecom.people
    const alone = w.wecom.wecom.single(li, wecomBot.botId)
    const code = await personCode(w, 'li')
    expect((await say(li, `/bind ${code}`))[0]?.text).toContain('绑定码')
    expect((await say(li, `/bind ${code}`, { in: alone }))[0]?.text).toContain('绑定码')
    const room = await groupCode(w)
    await say(li, `/bind ${room}`)
    const other = w.wecom.wecom.group({ name: '另一个群', people: [chen], bots: [wecomBot.botId] })
    expect((await say(chen, `/bind ${room}`, { in: other }))[0]?.text).toContain('绑定码')
    expect(await rooms(w)).toHaveLength(1)
  })
})
