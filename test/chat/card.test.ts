import { describe, expect, test } from 'vitest'
import { plan } from '../../src/chat/card.ts'
import { rulingsShown } from '../../src/chat/ruling-words.ts'
import type { View } from '../../src/chat/view.ts'
import type { ActionState, Refund } from '../../src/complaints/action.ts'
import { asId, fen } from '../../src/core/words.ts'
import type { StoredAction } from '../../src/storage/actions.ts'
import type { Ruling } from '../../src/storage/rulings.ts'
import { complaint, hour, move, plus, start } from '../complaints/support.ts'
import { acted, view, viewAt } from './support.ts'

const labels = (of: View) =>
  plan(of)
    .buttons.map((button) => button.label)
    .join(' ')
const member = asId<'member'>('mem_1')

// Check 1: literal on purpose. status | the buttons of its card, in order.
const states = `
201 | 同意和解 拒绝和解 认领 详情
202 | 认领 详情
203 | 认领 详情
204 | 认领 详情
205 | 详情
101 | 认领 详情
102 | 详情
103 | 认领 详情
104 | 认领 详情
105 | 认领 详情
106 | 补充凭证 认领 详情
107 | 认领 详情
108 | 补充凭证 认领 详情
109 | 认领 详情
112 | 详情
115 | 详情
116 | 详情
206 | 退款凭证 认领 详情
207 | 认领 详情
208 | 认领 详情
209 | 详情
305 | 认领 详情
307 | 认领 详情
308 | 认领 详情
309 | 认领 详情
310 | 认领 详情
311 | 退款凭证 认领 详情
312 | 认领 详情
399 | 认领 详情
`
  .trim()
  .split('\n')
  .map((row) => row.split('|').map((cell) => cell.trim()))

describe('the buttons of every state of a mini-program complaint', () => {
  test('all 28 states and one that nobody knows', () => expect(states.length).toBe(29))
  test.each(states)('%s: %s', async (status, buttons) => {
    expect(labels(await viewAt({ status: Number(status) }))).toBe(buttons)
  })
  test('206 after the user sent the goods back', async () => {
    const more = { returnBill: { returnId: 'r1', waybillId: 'SF1', orderStatus: 4 } }
    expect(labels(await viewAt({ status: 206 }, more))).toBe('退款凭证 认领 详情')
  })
  test('closed, and an appeal is open', async () => {
    expect(labels(await viewAt({ status: 205, appealState: 401 }))).toBe('申诉 详情')
  })
  test('a disabled account offers nothing that it could not do', async () => {
    expect(labels({ ...(await viewAt({ status: 201 })), capable: [] })).toBe('认领 详情')
  })
})

describe('the buttons', () => {
  test.each<[string, Partial<View>, string]>([
    ['claimed', { complaint: complaint({ claim: { member, at: start } }) }, '同意和解 拒绝和解 放回 详情'],
    [
      'closed while claimed',
      { complaint: complaint({ phase: 'closed', moves: [], claim: { member, at: start } }) },
      '详情',
    ],
    ['provisional', { complaint: complaint({ moves: [], provisional: '48001' }) }, '再读一次 认领 详情'],
    ['a picture could not be fetched', { failed: 1, held: 2 }, '同意和解 拒绝和解 再取图片 认领 详情'],
    ['all of it', { failed: 1, complaint: complaint({ moves: [], provisional: '' }) }, '再读一次 再取图片 认领 详情'],
  ])('%s: %s', (_, over, buttons) => expect(labels(view({ ...over, complaint: yesNo(over.complaint) }))).toBe(buttons))

  test.each([
    ['requested', '认领 详情'],
    ['sent', '认领 详情'],
    ['underway', '认领 详情'],
    ['unknown', '认领 详情'],
    ['failed', '同意和解 拒绝和解 认领 详情'],
    ['withdrawn', '同意和解 拒绝和解 认领 详情'],
  ] as const)('while an answer is %s: %s', (state, buttons) => {
    expect(labels(view({ complaint: yesNo(), last: acted(state) }))).toBe(buttons)
  })
  test('an answer on its way does not hide another move', () => {
    const moves = [...yesNo().moves, move('add-evidence')]
    expect(labels(view({ complaint: complaint({ moves }), last: acted('sent') }))).toBe('补充凭证 认领 详情')
  })
  test('after a done answer, none to answer again until the platform has been asked since', () => {
    const last = acted('done', { settledAt: plus(10) })
    expect(labels(view({ complaint: yesNo(complaint({ asOf: plus(9) })), last }))).toBe('认领 详情')
    expect(labels(view({ complaint: yesNo(complaint({ asOf: plus(10) })), last }))).toBe('同意和解 拒绝和解 认领 详情')
  })
  test('what is owed stands first and strong; refusing is never the strong one', () => {
    const moves = [move('add-evidence'), ...yesNo().moves]
    const buttons = plan(view({ complaint: complaint({ moves }) })).buttons
    expect(buttons.map(({ label, weight }) => `${label} ${weight}`)).toEqual([
      '同意和解 main',
      '拒绝和解 plain',
      '补充凭证 plain',
      '认领 plain',
      '详情 plain',
    ])
  })
  test('a respond without choices is a reply; a choice that nobody knows gets no button', () => {
    expect(labels(view())).toBe('回复 认领 详情')
    const odd = yesNo(undefined, ['agree', 'arbitrate'])
    expect(labels(view({ complaint: odd }))).toBe('同意和解 认领 详情')
  })
  test('each says what it means', () => {
    expect(plan(view({ complaint: yesNo(), failed: 1 })).buttons.map(({ intent }) => intent)).toEqual([
      { do: 'open', kind: 'respond', stance: 'agree' },
      { do: 'open', kind: 'respond', stance: 'refuse' },
      { do: 'pictures' },
      { do: 'claim' },
      { do: 'detail' },
    ])
  })
  test('in English', () => {
    expect(labels(view({ complaint: yesNo(), language: 'en', failed: 1 }))).toBe(
      'Agree Refuse Fetch pictures again Claim Detail',
    )
  })
})

// Check 1: what goes by itself can be stopped, before all else.
describe('what a rule is about to do', () => {
  const ruling = (over: Partial<Ruling> = {}): Ruling => ({
    ...{
      id: asId<'ruling'>('rlg_1'),
      tenant: asId<'tenant'>('t'),
      complaint: asId<'complaint'>('c'),
      rule: asId<'rule'>('r'),
    },
    ...{ version: 1, position: 1, name: '小额', act: 'refund', amount: fen(1_200), nr: 1, state: 'waiting' },
    ...{ due: plus(60_000), createdAt: start },
    ...over,
  })
  test.each<[string, Partial<Ruling>, string, string | undefined]>([
    ['waits', {}, '取消自动退款 同意和解 拒绝和解 认领 详情', '16:01:00 自动退款 ¥12.00（规则：小额）'],
    ['an answer', { act: 'respond' }, '取消自动回应 同意和解 拒绝和解 认领 详情', '16:01:00 自动回应（规则：小额）'],
    ['an end', { act: 'finish' }, '取消自动完结 同意和解 拒绝和解 认领 详情', '16:01:00 自动完结（规则：小额）'],
    ['begun', { state: 'begun' }, '取消自动退款 同意和解 拒绝和解 认领 详情', '自动退款 ¥12.00进行中（规则：小额）'],
    [
      'held back',
      { state: 'skipped', why: 'refunded' },
      '同意和解 拒绝和解 认领 详情',
      '规则「小额」没有自动退款 ¥12.00：该订单已全额退款，不用再退',
    ],
  ])('%s', (_, over, buttons, note) => {
    const of = view({ complaint: yesNo(), rulings: [ruling(over)] })
    expect([labels(of), plan(of).note]).toEqual([buttons, note])
  })
  test('its button names it', () => {
    expect(plan(view({ rulings: [ruling()] })).buttons[0]?.intent).toEqual({ do: 'halt', ruling: 'rlg_1' })
  })
  test('what waits goes before what did nothing; what is as it should be is not said', () => {
    const held = ruling({ state: 'skipped', why: 'others', position: 1 })
    const shown = (all: readonly Ruling[]) => rulingsShown(all, 1).map(({ state, why }) => why ?? state)
    expect(shown([ruling(), held])).toEqual(['waiting'])
    expect(shown([ruling({ state: 'skipped', why: 'cap-day', position: 2 }), held])).toEqual(['others'])
    expect(shown([ruling({ state: 'done' }), held])).toEqual([])
    for (const why of ['after', 'in-hand', 'cancelled'] as const)
      expect(shown([ruling({ state: why === 'cancelled' ? 'cancelled' : 'skipped', why })])).toEqual([])
    expect(shown([ruling({ state: 'skipped', why: 'others', version: 0 })])).toEqual([])
  })
})

/** The complaint, to be answered by yes or no where it is still to be answered. */
function yesNo(of = complaint(), codes = ['agree', 'refuse']) {
  const choices = codes.map((code) => ({ code, label: code }))
  return { ...of, moves: of.moves.map((one) => ({ ...one, takes: { ...one.takes, choices } })) }
}

describe('the card', () => {
  const lines = (of: View) => Object.fromEntries(plan(of).lines.map(({ label, text }) => [label, text]))
  test('names complaint, account and state, how urgent it is, and quotes the customer', () => {
    const card = plan(view({ now: plus(40 * hour) }))
    expect([card.title, card.tone, card.due, card.quote]).toEqual([
      '#128 小店 · 待处理',
      'urgent',
      plus(48 * hour),
      '衣服破了一个洞',
    ])
  })
  test('says everything that is known, and nothing that is not', () => {
    expect(lines(view({ held: 2, claimedBy: '阿陈', related: { order: [], payer: [], nth: 3 } }))).toEqual({
      进度: '待我方处理',
      投诉所示金额: '¥19.90',
      原因: '商品问题 · 破损',
      商品: '保温杯',
      商户订单: 'T20240426001',
      投诉人: '张* ·6688（第 3 次投诉）',
      截止: '11-23 16:00',
      图片: '2 张',
      处理人: '阿陈',
    })
    const {
      amountShown: _,
      product: __,
      outTradeNo: ___,
      ...little
    } = complaint({ moves: [], reason: '', text: '', who: '—' })
    expect(plan(view({ complaint: little }))).toMatchObject({
      lines: [{ label: '进度' }, { label: '投诉人', text: '—' }],
    })
    expect('quote' in plan(view({ complaint: little })) || 'note' in plan(view({ complaint: little }))).toBe(false)
  })
  test('shows an amount of nothing as an amount', () => {
    expect(lines(view({ complaint: complaint({ amountShown: fen(0) }) }))).toMatchObject({ 投诉所示金额: '¥0.00' })
  })
  test('counts the pictures that could not be fetched', () => {
    expect(lines(view({ held: 2, failed: 1 }))).toMatchObject({ 图片: '2 张，另有 1 张未能取到' })
    expect(lines(view())).not.toHaveProperty('图片')
  })
  test('never shows who it is: no name, phone or openid', () => {
    const text = JSON.stringify([plan(view()), plan(view({ language: 'en' }))])
    for (const secret of ['张三', '13800136688', 'oABC']) expect(text).not.toContain(secret)
  })
  test('is the same for the same view', () => expect(plan(view())).toEqual(plan(view())))
})

describe('the note says what happened last, what is wrong, what to do', () => {
  const note = (over: Partial<View>) => plan(view(over)).note
  test.each([
    ['requested', '处理中：同意和解 · 小李'],
    ['sent', '处理中：同意和解 · 小李'],
    ['underway', '处理中：同意和解 · 小李'],
    ['unknown', '同意和解 · 小李：已发出，平台未答复，正在核实，请勿重复操作'],
    ['done', '同意和解已提交 · 小李 · 11-21 16:01'],
    ['failed', '同意和解未成功 · 小李：图片过大'],
    ['withdrawn', undefined],
  ] as const)('an answer that is %s', (state, said) => {
    const last = acted(state, { settledAt: plus(60_000), message: '图片过大 | picture too big' })
    expect(note({ last })).toBe(said)
  })
  test('an act is named for what it is, in the room’s language', () => {
    expect(
      note({
        language: 'en',
        last: acted('failed', { action: { kind: 'add-evidence' }, message: '图片过大 | too big' }),
      }),
    ).toBe('Evidence failed · 小李: too big')
  })
  test('a detail that cannot be read: why, and that it mends itself', () => {
    expect(note({ complaint: complaint({ provisional: '没有权限，请 … | no permission' }) })).toBe(
      '未能读取详情：没有权限，请 …。我们会一直重试；修好后自动变成完整卡片。',
    )
  })
  test('every warning, after what happened', () => {
    const warnings = ['不认识的状态 399 | unknown state 399', '只有中文']
    expect(note({ complaint: complaint({ warnings }), last: acted('sent') })).toBe(
      '处理中：同意和解 · 小李\n注意：不认识的状态 399\n注意：只有中文',
    )
    expect(note({ complaint: complaint({ warnings }), language: 'en' })).toBe('Note: unknown state 399\nNote: 只有中文')
  })
})

describe('money on its way', () => {
  const refund = { number: 'rd7', notBefore: start, stuck: false }
  const action: Refund = { kind: 'refund', order: '4200002179', amount: fen(1200), total: fen(1990), reason: '' }
  const money = (state: ActionState, more: Partial<StoredAction> = {}) => acted(state, { action, refund, ...more })
  const note = (of: StoredAction, more: Partial<View> = {}) => plan(view({ refund: of, ...more })).note
  const approved = { name: '小李', via: 'chat', approved: { name: '阿陈', member } } as const
  const there = { ...refund, arrivedAt: plus(3 * 60_000), receivedBy: '招商银行信用卡0403' }

  test.each<[string, StoredAction, string | undefined]>([
    ['taken', money('requested'), '退款 ¥12.00 已提交 · 小李'],
    ['sent', money('sent'), '退款 ¥12.00 已提交 · 小李'],
    [
      'waiting',
      money('requested', { refund: { ...refund, notBefore: plus(4 * 60_000) } }),
      '退款 ¥12.00 已登记，16:04 起执行 · 小李；之前可撤回：/undo',
    ],
    ['accepted', money('underway'), '退款 ¥12.00 已受理，等待到账 · 退款单号 rd7 · 小李'],
    [
      'stuck',
      money('underway', { refund: { ...refund, stuck: true }, message: '@stuck' }),
      '退款 ¥12.00：用户账户无法入账，请到商户平台处理 · 退款单号 rd7 · 小李',
    ],
    ['unsure', money('unknown'), '退款 ¥12.00 · 小李：已发出，平台未答复，正在核实，请勿重复操作'],
    [
      'there',
      money('done', { refund: there, by: approved }),
      '已退款 ¥12.00，16:03 到账（招商银行信用卡0403）· 小李（阿陈 批准）',
    ],
    [
      'there, somewhere',
      money('done', { refund: { ...refund, arrivedAt: plus(0) } }),
      '已退款 ¥12.00，16:00 到账 · 小李',
    ],
    ['there, some time', money('done', { settledAt: plus(60_000) }), '已退款 ¥12.00 · 小李 · 11-21 16:01'],
    [
      'back with us',
      money('failed', { message: '@refund-closed' }),
      '退款 ¥12.00未成功 · 小李：退款已关闭，钱已退回我方；用户没有收到，需要时请重新发起',
    ],
    ['withdrawn', money('withdrawn'), undefined],
  ])('%s', (_, of, said) => expect(note(of)).toBe(said))

  test('is said to be there in no language before it is', () => {
    const states = ['requested', 'sent', 'underway', 'unknown', 'failed', 'withdrawn'] as const
    for (const state of states)
      for (const language of ['zh-CN', 'en'] as const)
        expect(JSON.stringify(plan(view({ refund: money(state), language })))).not.toMatch(/已退款|refunded|到账 ?\d/i)
    expect(note(money('done', { refund: there }), { language: 'en' })).toBe(
      'Refunded ¥12.00, arrived 16:03 (招商银行信用卡0403) · 小李',
    )
  })
  test('hides neither what else was done nor, once it is there, another refund', () => {
    const moves = [move('respond', { owed: true }), move('refund'), move('finish', { takes: {} })]
    const answered = acted('done', { requestedAt: plus(-30_000), settledAt: plus(-20_000) })
    const on = view({
      complaint: complaint({ moves }),
      capable: ['respond', 'refund', 'finish'],
      refund: money('underway'),
      last: answered,
    })
    expect(plan(on).note?.split('\n')).toEqual([
      '退款 ¥12.00 已受理，等待到账 · 退款单号 rd7 · 小李',
      '同意和解已提交 · 小李 · 11-21 15:59',
    ])
    expect(labels(on)).toBe('回复 完结 认领 详情')
    expect(labels({ ...on, refund: money('done', { settledAt: plus(-1) }) })).toBe('回复 退款 完结 认领 详情')
  })
  test('how it was finished is asked after the button, whatever the platform wants to know', () => {
    const takes = { choices: [{ code: 'REFUND', label: '已退款' }] }
    const moves = [move('finish', { owed: true, takes })]
    expect(labels(view({ complaint: complaint({ moves }), capable: ['finish'] }))).toBe('完结 认领 详情')
  })
})
