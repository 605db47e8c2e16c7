import { describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { card, cards, count, type Driver, drive, found } from '../support/telegram.ts'
import { type TelegramWorld, world } from '../support/world.ts'

interface Stage extends Driver {
  readonly w: TelegramWorld
  readonly complaint: number
}

type State = 'new' | 'evidence' | 'judged' | 'returned' | 'finished'

/** A complaint that stands so, and its card in the group. */
async function stage(state: State = 'new', telegram: true | 'webhook' = true): Promise<Stage> {
  const w = await world({ telegram })
  const driver = drive(w)
  const { id } = await w.complain({ text: '衣服破了一个洞', amount: 1990, nickname: '张三' })
  await driver.calm()
  await moves[state](w, id)
  await driver.calm()
  return { w, complaint: id, ...driver }
}

const moves: Readonly<Record<State, (w: TelegramWorld, id: number) => Promise<unknown>>> = {
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

async function judge(w: TelegramWorld, id: number, verdict: 'liable' | 'return') {
  await w.wechat.set(id, { status: 101 })
  await w.wechat.move(id, { kind: 'judge', verdict })
}

const one = '#1 小店'
const two = [parcelPhoto(1), parcelPhoto(2)]

test('a push becomes a card in the group, with its keyboard', async () => {
  const { w } = await stage()
  const shown = card(w.played.group, one)
  expect(shown.text).toMatch(/^🔵 #1 小店 · 待处理\n进度：待我方处理\n投诉所示金额：¥19.90\n/u)
  expect(shown.text).toContain('衣服破了一个洞')
  expect(shown.entities.map(({ type }) => type)).toContain('blockquote')
  expect(shown.buttons).toEqual([
    ['同意和解', '拒绝和解'],
    ['认领', '详情'],
  ])
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
}

const acts: readonly (readonly [string, Act])[] = [
  ['agree', { state: 'new', button: '同意和解', command: '/agree 1', effect: 'respond agree' }],
  ['refuse', { state: 'new', button: '拒绝和解', command: '/refuse 1', effect: 'respond refuse' }],
  ['evidence', { state: 'evidence', button: '补充凭证', command: '/evidence 1', effect: 'evidence', previewed: true }],
  ['proof', { state: 'judged', button: '退款凭证', command: '/proof 1', effect: 'proof', previewed: true }],
  [
    'proof of a return',
    {
      state: 'returned',
      button: '退款凭证',
      next: '已收到退货',
      command: '/proof 1 已收货',
      effect: 'proof received',
      previewed: true,
    },
  ],
  ['appeal', { state: 'finished', button: '申诉', command: '/appeal 1', effect: 'appeal', previewed: true }],
]

describe.each(acts)('%s', (_, act) => {
  const words = '说明：单号 5030001'

  async function submitted({ w, press }: Stage) {
    if (act.previewed) {
      expect(w.effects()).toEqual([])
      const { toast } = await press(w.played.people.li, card(w.played.group, '#1 提交前请核对'), '确认提交')
      expect(toast).toContain('已收到，正在提交平台：#1')
    }
    expect(w.effects()).toEqual([`${act.effect} ${words}`])
    expect(count(w.played.group, /^#1 .*已提交 · 小李$/u)).toBe(1)
    expect(card(w.played.group, one).buttons.flat()).toEqual(['认领', '详情'])
    expect(cards(w.played.group, one)).toBe(1)
  }

  test('by button, with the words asked for', async () => {
    const on = await stage(act.state)
    const { w, press, answer } = on
    const { li } = w.played.people
    await press(li, card(w.played.group, one), act.button)
    if (act.next) await press(li, card(w.played.group, '#1 用户有退货'), act.next)
    expect(li.asked(w.played.group)?.text).toContain('❓ #1 ')
    await answer(li, words)
    await submitted(on)
  })

  test('by command, with the number', async () => {
    const on = await stage(act.state)
    await on.say(on.w.played.people.li, `${act.command} ${words}`)
    await submitted(on)
  })

  test('by command in answer to the card, without a number', async () => {
    const on = await stage(act.state)
    const replyTo = card(on.w.played.group, one).id
    await on.say(on.w.played.people.li, `${act.command.replace(' 1', '')} ${words}`, { replyTo })
    await submitted(on)
  })
})

test('the answer to a question carries an album', async () => {
  const { w, press, answer } = await stage()
  const { li } = w.played.people
  await press(li, card(w.played.group, one), '拒绝和解')
  await answer(li, '按约定发货，见图', two)
  const [entry] = w.wechat.ledger().filter(({ what }) => what === 'respond')
  expect(entry).toMatchObject({ choice: 'refuse', text: '按约定发货，见图' })
  expect(entry?.media).toHaveLength(2)
})

test('an album in answer to the card is evidence: looked at, then submitted', async () => {
  const { w, say, press } = await stage('evidence')
  const { li } = w.played.people
  const [preview] = await say(li, '签收记录', { replyTo: card(w.played.group, one).id, photos: two })
  expect(preview?.text).toContain('图片：2 张（最多 4 张）')
  expect(w.effects()).toEqual([])
  if (!preview) throw new Error('no preview')
  await press(li, preview, '确认提交')
  expect(w.effects()).toEqual(['evidence 签收记录'])
  expect(w.wechat.ledger().findLast(({ what }) => what === 'evidence')?.media).toHaveLength(2)
  expect(w.played.group.message(preview.id)?.buttons).toEqual([])
})

test('of an album below a command Telegram keeps all but one back: the person is told', async () => {
  const { w, say } = await stage('evidence')
  const [preview] = await say(w.played.people.li, '/evidence 1 签收记录', { photos: two })
  expect(preview?.text).toContain('图片：1 张（最多 4 张）')
  expect(preview?.text).toContain('有 1 张图片没有收到，请重发')
})

test('what was drafted can be dropped, and by nobody else', async () => {
  const { w, say, press } = await stage('evidence')
  const { li, chen } = w.played.people
  await say(li, '/evidence 1 签收记录')
  const preview = card(w.played.group, '#1 提交前请核对')
  expect(await press(chen, preview, '确认提交')).toMatchObject({ alert: true, toast: expect.stringContaining('发起') })
  expect((await press(li, preview, '放弃')).toast).toBe('已放弃，没有提交')
  expect(w.effects()).toEqual([])
})

describe('where Telegram calls us', () => {
  test('cards, buttons, questions, commands and pictures work as with asking', async () => {
    const { w, say, press, answer } = await stage('new', 'webhook')
    const { li } = w.played.people
    await press(li, card(w.played.group, one), '同意和解')
    await answer(li, '马上处理', two)
    expect(w.effects()).toEqual(['respond agree 马上处理'])
    await say(li, '/note 1 已联系仓库')
    expect(count(w.played.group, '#1 备注 · 小李：已联系仓库')).toBe(1)
    expect(w.played.telegram.calls().filter(({ method }) => method === 'getUpdates')).toEqual([])
  })

  test('what came while we were away comes again', async () => {
    const { w, say } = await stage('new', 'webhook')
    const { li } = w.played.people
    await w.restart(async () => {
      li.say(w.played.group, '/agree 1 马上处理')
    })
    await w.pass(60_000)
    await say(li, '/whoami')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })
})

describe('a question', () => {
  test('is answered by an answer to it; what people say to each other meanwhile is theirs', async () => {
    const { w, press, say, answer } = await stage()
    const { li, chen } = w.played.people
    await press(li, card(w.played.group, one), '同意和解')
    const question = found(w.played.group, '❓ #1 同意和解')
    expect(question.asks).toMatchObject({ selective: true })
    expect(await say(li, '我来回')).toEqual([])
    expect(await say(chen, '好的', { replyTo: found(w.played.group, '我来回').id })).toEqual([])
    expect(await say(chen, '我替他回', { replyTo: question.id })).toEqual([])
    expect(w.effects()).toEqual([])
    expect(chen.asked(w.played.group)).toBeUndefined()
    await answer(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })

  test('is given up by /cancel', async () => {
    const { w, press, say } = await stage()
    const { li } = w.played.people
    await press(li, card(w.played.group, one), '同意和解')
    const question = found(w.played.group, '❓ #1 同意和解')
    const [said] = await say(li, '/cancel')
    expect(said?.text).toBe('已取消')
    await say(li, '这不是回答', { replyTo: question.id })
    expect(w.effects()).toEqual([])
  })

  test('is still one after a restart', async () => {
    const { w, press, answer } = await stage()
    const { li } = w.played.people
    await press(li, card(w.played.group, one), '同意和解')
    await w.restart()
    await answer(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })
})

describe('what changes nothing on the platform', () => {
  test('claim and release, by button', async () => {
    const { w, press } = await stage()
    const { li, chen } = w.played.people
    expect((await press(li, card(w.played.group, one), '认领')).toast).toBe('#1 由你处理')
    expect(card(w.played.group, one).text).toContain('处理人：小李')
    await press(chen, card(w.played.group, one), '放回')
    expect(card(w.played.group, one).text).not.toContain('处理人')
  })

  test('claim, release and note, by command', async () => {
    const { w, say } = await stage()
    const { li, chen } = w.played.people
    const replyTo = card(w.played.group, one).id
    expect((await say(li, '/claim 1')).map(({ text }) => text)).toEqual(['#1 由你处理', '#1 由 小李 认领'])
    expect((await say(chen, '/claim', { replyTo })).map(({ text }) => text)).toEqual([
      '#1 已由 小李 认领；需要时请对方先放回',
    ])
    await say(li, '/note 1 已联系仓库')
    expect(count(w.played.group, '#1 备注 · 小李：已联系仓库')).toBe(1)
    await say(li, '/release@RedressBot', { replyTo })
    expect(card(w.played.group, one).text).not.toContain('处理人')
    await say(li, '/claim 1')
    await say(chen, '/release 1')
    expect(card(w.played.group, one).text).not.toContain('处理人')
    await say(li, '/note 仓库已回复', { replyTo })
    expect(count(w.played.group, '#1 备注 · 小李：仓库已回复')).toBe(1)
    const [shown] = await say(li, '/show', { replyTo })
    expect(shown?.buttons.flat()).toContain('同意和解')
  })

  test('list, show, detail, help and whoami', async () => {
    const { w, say, press } = await stage()
    const { li } = w.played.people
    expect((await say(li, '/list'))[0]?.text).toMatch(/^🔵 未结投诉\n#1 待处理 · ¥19.90/u)
    const [again] = await say(li, '/show 1')
    expect(again?.buttons.flat()).toContain('同意和解')
    const detail = await press(li, card(w.played.group, one), '详情')
    expect(detail.said[0]?.text).toContain('#1 详情')
    expect((await say(li, '/help'))[0]?.text).toContain('/agree 128')
    expect((await say(li, '/whoami'))[0]?.text).toBe('你是 小李（@li），角色：客服，商家：小店')
  })

  test('Chinese commands in answer to the card', async () => {
    const { w, say } = await stage()
    await say(w.played.people.li, '／同意 马上处理', { replyTo: card(w.played.group, one).id })
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })

  test('a card that was shown again works like the first one', async () => {
    const { w, say, press, answer } = await stage()
    const { li } = w.played.people
    const [again] = await say(li, '/show 1')
    if (!again) throw new Error('no card')
    await press(li, again, '同意和解')
    await answer(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
    const old = await press(li, again, '详情')
    expect(old.said[0]?.text).toContain('#1 详情')
  })
})

test('a complaint is imported by its number', async () => {
  const w = await world({ telegram: true })
  const { calm, say } = drive(w)
  const trouble = w.wechat.misbehave({ on: 'push', how: 'withheld' })
  const { id } = await w.complain({ text: '推送没到' })
  trouble.stop()
  await calm()
  expect(cards(w.played.group, one)).toBe(0)
  const [said] = await say(w.played.people.chen, `/import 小店 ${id}`)
  expect(said?.text).toContain(`正在读取 小店 的投诉单 ${id}`)
  expect(card(w.played.group, one).text).toContain('推送没到')
})

test('the score and the violations of a mini program', async () => {
  const { w, complaint, say } = await stage()
  await w.wechat.deduct({ complaint, wording: '商责投诉', points: 3 })
  const { wang } = w.played.people
  expect((await say(wang, '/score'))[0]?.text).toMatch(/^小店\n交易体验分：97\n交易保障：正常\n扣分记录：1 笔\n/u)
  expect((await say(wang, '/violations'))[0]?.text).toContain(`−3 · 商责投诉 · 扣分审批通过 · 投诉单 ${complaint}`)
})

test('pictures of the customer follow the card as an answer to it', async () => {
  const w = await world({ telegram: true })
  const { calm } = drive(w)
  await w.complain({ text: '见图', photos: two })
  await calm()
  const photos = w.played.group.messages().filter(({ photo }) => photo)
  expect(photos).toHaveLength(2)
  expect(photos[0]?.replyTo).toBe(card(w.played.group, one).id)
})
