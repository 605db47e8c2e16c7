import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../../src/complaints/complaint.ts'
import { owed } from '../../../src/complaints/complaint.ts'
import { dueOf } from '../../../src/complaints/deadline.ts'
import { Secret } from '../../../src/core/seal.ts'
import { actionLabel, isAction, stepLabel } from '../../../src/platforms/wechat-pay/states.ts'
import { vectorTest } from '../../support/vectors.ts'
import {
  account,
  complaint,
  failureOf,
  keys,
  number,
  pageOf,
  pem,
  phoneSealed,
  platformOn,
  provider,
  refuse,
  root,
  step,
} from './support.ts'
import { file, fixture } from './vectors.ts'

const opened = Date.parse('2026-11-21T10:00:00.120+08:00')
const hour = 3_600_000
const iso = (ms: number) => new Date(ms).toISOString()

async function read(
  over: object = {},
  steps: readonly object[] = [step('USER_CREATE_COMPLAINT', opened)],
  of = account(),
): Promise<Snapshot> {
  const { platform } = platformOn((asked) =>
    asked.path === `${root}/${number}` ? complaint(over) : pageOf(steps, asked),
  )
  return platform.fetch({ account: of }, number)
}
const kinds = (snapshot: Snapshot) => snapshot.moves.map((move) => (move.owed ? `${move.kind}!` : move.kind))
const due = (snapshot: Snapshot, kind: string) => snapshot.moves.find((move) => move.kind === kind)?.due

describe('whose turn it is', () => {
  test.each([
    [{ complaint_state: 'PENDING' }, 'ours', '待处理', ['respond!', 'refund', 'finish!']],
    [
      { complaint_state: 'PROCESSING', incoming_user_response: true },
      'ours',
      '处理中',
      ['respond!', 'refund', 'finish!'],
    ],
    [
      { complaint_state: 'PROCESSING', incoming_user_response: false },
      'ours',
      '处理中',
      ['respond', 'refund', 'finish!'],
    ],
    [{ complaint_state: 'PROCESSED' }, 'closed', '已处理完成', []],
    [
      { complaint_state: 'PENDING', in_platform_service: true },
      'platform',
      '待处理 · 平台协助中',
      ['respond!', 'refund', 'finish!'],
    ],
    [{ complaint_state: 'PROCESSED', in_platform_service: true }, 'closed', '已处理完成 · 平台协助中', []],
    [{ complaint_full_refunded: true }, 'ours', '待处理 · 已全额退款', ['respond!', 'finish!']],
    [{ problem_type: 'REFUND' }, 'ours', '待处理', ['respond!', 'decide-refund', 'refund', 'finish!']],
    [{ problem_type: 'REFUND', complaint_full_refunded: true }, 'ours', '待处理 · 已全额退款', ['respond!', 'finish!']],
    [{ complaint_order_info: undefined }, 'ours', '待处理', ['respond!', 'finish!']],
    [{ complaint_state: 'ARCHIVED' }, 'platform', '状态 ARCHIVED（未知）', []],
    [{ complaint_state: undefined }, 'platform', '状态 —（未知）', []],
  ])('%j: %s, %s, %j', async (over, phase, label, moves) => {
    const said = await read(over)
    expect([said.phase, said.label, kinds(said)]).toEqual([phase, label, moves])
  })
  test('a state that nobody knows is believed, marked and shown', async () => {
    const said = await read({ complaint_state: 'ARCHIVED' })
    expect([said.code, said.warnings.length]).toEqual(['ARCHIVED', 1])
    expect(said.warnings[0]).toContain('ARCHIVED')
  })
  test('it can be ours again after it was closed', async () => {
    expect((await read({ complaint_state: 'PROCESSED' })).phase).toBe('closed')
    expect(
      (await read({ complaint_state: 'PENDING' }, [step('USER_CONTINUE_COMPLAINT', opened + 90 * hour)])).phase,
    ).toBe('ours')
  })
})

describe('until when', () => {
  const create = step('USER_CREATE_COMPLAINT', opened)
  const reply = (at: number) => step('MERCHANT_RESPONSE', at, { operator: '商户' })
  const message = (at: number) => step('USER_RESPONSE', at)
  test('a first reply within a day, the end within three', async () => {
    const said = await read({}, [create])
    expect([due(said, 'respond'), due(said, 'finish')]).toEqual([iso(opened + 24 * hour), iso(opened + 72 * hour)])
    expect(dueOf(said)).toBe(iso(opened + 24 * hour))
    expect(owed(said)?.kind).toBe('respond')
  })
  test('without a history as well', async () =>
    expect(due(await read({}, []), 'respond')).toBe(iso(opened + 24 * hour)))
  test('a second message of the user does not put off the first reply', async () =>
    expect(due(await read({}, [create, message(opened + 5 * hour)]), 'respond')).toBe(iso(opened + 24 * hour)))
  test('after a reply, a day from the first message since', async () => {
    const steps = [create, reply(opened + hour), message(opened + 5 * hour), message(opened + 9 * hour)]
    expect(due(await read({ complaint_state: 'PROCESSING' }, steps), 'respond')).toBe(iso(opened + 29 * hour))
  })
  test('in whatever order they send the history', async () => {
    const steps = [message(opened + 5 * hour), reply(opened + hour), create]
    const said = await read({ complaint_state: 'PROCESSING' }, steps)
    expect(due(said, 'respond')).toBe(iso(opened + 29 * hour))
    expect(said.timeline.map(({ label }) => label)).toEqual(['用户提交投诉', '商户回复', '用户留言'])
  })
  test('steps of one moment stand in the order in which the history runs', async () => {
    const steps = [message(opened + hour), step('USER_CREATE_COMPLAINT_SYSTEM_MESSAGE', opened), create]
    const labels = async (list: object[]) => (await read({}, list)).timeline.map(({ label }) => label)
    const inOrder = ['用户提交投诉', '用户提交投诉（系统通知）', '用户留言']
    expect(await labels(steps)).toEqual(inOrder)
    expect(await labels([...steps].reverse())).toEqual(inOrder)
    expect(await labels(steps.slice(1))).toEqual(inOrder.slice(0, 2))
  })
  test('to finish, or to agree to a refund, is an answer too', async () => {
    for (const type of ['MERCHANT_CONFIRM_COMPLETE', 'MERCHANT_APPROVE_REFUND']) {
      const steps = [create, message(opened + hour), step(type, opened + 2 * hour), message(opened + 3 * hour)]
      expect(due(await read({ complaint_state: 'PROCESSING' }, steps), 'respond')).toBe(iso(opened + 27 * hour))
    }
  })
  test('a reply that waits for nothing has no end', async () => {
    const said = await read({ complaint_state: 'PROCESSING', incoming_user_response: false }, [
      create,
      reply(opened + hour),
    ])
    expect(said.moves.find(({ kind }) => kind === 'respond')).toMatchObject({ owed: false })
    expect([due(said, 'respond'), dueOf(said)]).toEqual([undefined, iso(opened + 72 * hour)])
  })
  test('a complaint that goes on counts from there', async () => {
    const steps = [create, reply(opened + hour), step('USER_CONTINUE_COMPLAINT', opened + 100 * hour)]
    const said = await read({}, steps)
    expect([due(said, 'respond'), due(said, 'finish')]).toEqual([iso(opened + 124 * hour), iso(opened + 172 * hour)])
  })
  test('without any time there is none', async () => {
    const said = await read({ complaint_time: 'yesterday' }, [])
    expect([due(said, 'respond'), due(said, 'finish')]).toEqual([undefined, undefined])
    expect(said.openedAt).toBe(said.asOf)
  })
})

describe('a refund that the user asks for', () => {
  const create = step('USER_CREATE_COMPLAINT', opened)
  const asked = { problem_type: 'REFUND', apply_refund_amount: 990, complaint_state: 'PROCESSING' }
  test.each(['MERCHANT_APPROVE_REFUND', 'MERCHANT_REFUSE_RERUND', 'MERCHANT_REJECT_REFUND'])(
    'is decided once: %s',
    async (type) =>
      expect(kinds(await read(asked, [create, step(type, opened + hour)]))).not.toContain('decide-refund'),
  )
  test('may be decided anew when the complaint goes on', async () => {
    const steps = [
      create,
      step('MERCHANT_REFUSE_RERUND', opened + hour),
      step('USER_CONTINUE_COMPLAINT', opened + 2 * hour),
    ]
    expect(kinds(await read(asked, steps))).toContain('decide-refund')
  })
  test('once agreed to, warns until the money is there', async () => {
    const steps = [create, step('MERCHANT_APPROVE_REFUND', opened + hour)]
    expect((await read(asked, steps)).warnings.join()).toContain('已同意退款')
    expect((await read({ ...asked, complaint_full_refunded: true }, steps)).warnings).toEqual([])
    expect((await read({ ...asked, complaint_state: 'PROCESSED' }, steps)).warnings).toEqual([])
  })
  test('shows what is asked for, else what the orders cost; never as money to act on', async () => {
    expect((await read(asked)).amountShown).toBe(990)
    expect((await read()).amountShown).toBe(1990)
    expect((await read({ complaint_order_info: [{ amount: 1 }, { amount: 2 }] })).amountShown).toBe(3)
    expect(await read({ complaint_order_info: [{ amount: 'viel' }] })).not.toHaveProperty('amountShown')
  })
})

describe('what is said', () => {
  test('takes the fields over', async () => {
    expect(await read({ user_complaint_times: 3 })).toMatchObject({
      source: 'wechat-pay',
      number,
      scope: '',
      code: 'PENDING',
      text: '反馈一个重复扣费的问题',
      reason: '其他类型 · 不满意商家服务 · 第 3 次投诉',
      orders: ['4200000404201909069117582536'],
      outTradeNo: '20190906154617947762231',
      person: { phone: '13800138000', openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
      openedAt: '2026-11-21T02:00:00.120Z',
      asOf: '2026-11-21T08:00:00.000Z',
      warnings: [],
    })
  })
  test('a pay-score order has no payment number; its service is named', async () => {
    const service_order_info = [{ order_id: '1', out_order_no: 'S-1', state: 'WAITPAY' }]
    const said = await read({ complaint_order_info: undefined, payer_openid: undefined, service_order_info })
    expect(said).toMatchObject({ orders: [], product: '服务订单待支付 S-1' })
    expect(said).not.toHaveProperty('outTradeNo')
  })
  test('a power bank names where and when it came back', async () => {
    const additional_info = {
      type: 'SHARE_POWER_TYPE',
      share_power_info: { return_time: '2026-11-20T13:29:35+08:00', return_address_info: { return_address: '科技园' } },
    }
    expect((await read({ additional_info })).product).toBe('充电宝 2026-11-20T05:29:35.000Z 科技园')
  })
  test.each([
    [{ need_immediate_service: true }, '即时服务'],
    [{ user_tag_list: ['HIGH_RISK'] }, '高风险'],
    [{ is_agent_mode: true }, '智能体'],
  ])('%j is a warning', async (over, words) => expect((await read(over)).warnings.join()).toContain(words))
  test('a trusted user is none', async () =>
    expect((await read({ user_tag_list: ['TRUSTED', 'NEW'] })).warnings).toEqual([]))
  test('a phone that cannot be opened is left out and said', async () => {
    const said = await read({ payer_phone: phoneSealed('13800138000', keys.stranger.publicKey) })
    expect(said.person).toEqual({ openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' })
    expect(said.warnings.join()).toContain('旧私钥')
  })
  test('a phone sealed for a former certificate is opened with the former key', async () => {
    const formerKeys = new Secret(pem(keys.next.privateKey))
    const of = account({ secrets: { ...account().secrets, formerKeys } })
    const said = await read({ payer_phone: phoneSealed('13900139000', keys.next.publicKey) }, [], of)
    expect(said.person.phone).toBe('13900139000')
  })
  test('another mchid is a warning: a provider has not been set as one', async () => {
    expect((await read({ complainted_mchid: '1600000001' })).warnings.join()).toContain('provider')
    expect((await read({ complainted_mchid: '1600000001' }, [], provider())).warnings).toEqual([])
  })
  test('a partial refund is a warning', async () => {
    const steps = [step('COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE', opened + hour)]
    expect((await read({}, steps)).warnings.join()).toContain('部分退款')
  })
  test('complainted_mchid as a number, unknown fields and nulls do not disturb', async () => {
    const said = await read({ complainted_mchid: 1900007291, payer_phone: null, complaint_media_list: null, news: [1] })
    expect(said.person.phone).toBeUndefined()
    expect(said.warnings).toEqual([])
  })
})

describe('the history', () => {
  const media = 'https://api.mch.weixin.qq.com/v3/merchant-service/images/abc%3D%3D'
  const image = 'https://qpic.cn/xxx'
  test.each([
    ['an object', { media_type: 'USER_COMPLAINT_IMAGE', media_url: [media] }],
    ['a list', [{ media_type: 'USER_COMPLAINT_IMAGE', media_url: [media] }]],
  ])('gives pictures from complaint_media_list as %s', async (_, complaint_media_list) => {
    const steps = [
      step('USER_RESPONSE', opened, { complaint_media_list, image_list: [image], operate_details: '见图' }),
    ]
    expect((await read({}, steps)).timeline).toEqual([
      { at: iso(opened), by: 'user', label: '用户留言', text: '见图', pictures: [media] },
    ])
  })
  test('what we uploaded there cannot be fetched back', async () => {
    const complaint_media_list = { media_url: [media] }
    const steps = [step('MERCHANT_RESPONSE', opened, { complaint_media_list, image_list: [image] })]
    expect((await read({}, steps)).timeline[0]?.pictures).toEqual([image])
  })
  test('takes words from wherever they stand, each once', async () => {
    const steps = [
      step('USER_APPLY_PLATFORM_SERVICE', opened, {
        operate_details: '请平台介入',
        user_appy_platform_service_reason: '商家不回复',
        user_appy_platform_service_reason_description: '已三天',
        normal_message: {
          blocks: [
            { type: 'TEXT', text: { text: '请平台介入' } },
            { type: 'LINK', link: { text: '查看' } },
          ],
        },
        click_message: { message_content: '人工服务' },
      }),
    ]
    expect((await read({}, steps)).timeline[0]?.text).toBe('请平台介入\n商家不回复\n已三天\n查看\n人工服务')
  })
  test('of many pages is read whole, 50 at a time', async () => {
    const steps = Array.from({ length: 120 }, (_, n) =>
      step('USER_RESPONSE', opened + n * 1000, { operate_details: `第${n}条` }),
    )
    const { platform, transport } = platformOn((asked) =>
      asked.path === `${root}/${number}` ? complaint() : pageOf(steps, asked),
    )
    expect((await platform.fetch({ account: account() }, number)).timeline.length).toBe(120)
    expect(transport.targets().slice(1)).toEqual(
      [0, 50, 100].map((offset) => `GET ${root}/${number}/negotiation-historys?limit=50&offset=${offset}`),
    )
  })
  test('that may not be seen does not hide the complaint; one that cannot be had is waited for', async () => {
    const on = (status: number, code: string) =>
      platformOn((asked) => (asked.path === `${root}/${number}` ? complaint() : refuse(status, code))).platform.fetch(
        { account: account() },
        number,
      )
    const said = await on(403, 'NO_AUTH')
    expect([said.timeline, said.warnings.join()]).toEqual([[], expect.stringContaining('协商历史')])
    expect(await failureOf(on(500, 'SYSTEM_ERROR'))).toMatchObject({ trouble: 'unreachable' })
  })
  test.each([
    ['USER_CREATE_COMPLAINT', 'user'],
    ['MERCHANT_RESPONSE', 'merchant'],
    ['MERCHANT_REFUSE_RERUND', 'merchant'],
    ['PLATFORM_RESPONSE', 'platform'],
    ['COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE', 'platform'],
  ])('%s is by the %s', (type, by) => expect(stepLabel(type).by).toBe(by))
  test('a step that nobody knows is by whom they name, in their own word', () => {
    expect(stepLabel('NEW_STEP', '投诉人')).toEqual({ by: 'user', label: 'NEW_STEP（未知）' })
    expect(stepLabel('NEW_STEP', '某商户')).toEqual({ by: 'merchant', label: 'NEW_STEP（未知）' })
    expect(stepLabel('', undefined)).toEqual({ by: 'platform', label: '—（未知）' })
  })
  test('an action of a callback that nobody knows is shown as it came', () => {
    expect([isAction('NEW'), actionLabel('NEW')]).toEqual([false, 'NEW（未知）'])
  })
})

vectorTest(file, 'the published samples of detail and list are read', async (vectors) => {
  const sample = fixture(vectors, 'GetMerchantServiceComplaintByComplaintIdResponse.json')
  const listing = fixture(vectors, 'QueryMerchantServiceComplaintsResponse.json')
  const { platform } = platformOn((asked) =>
    asked.path === root ? listing : asked.path.endsWith('historys') ? pageOf([], asked) : sample,
  )
  const said = await platform.fetch({ account: account() }, number)
  expect(said).toMatchObject({
    phase: 'platform',
    label: '待处理 · 平台协助中 · 已全额退款',
    text: '反馈一个重复扣费的问题',
    orders: ['4200000404201909069117582536'],
    amountShown: 10,
    openedAt: '2015-05-20T05:29:35.120Z',
    pictures: ['https://api.mch.weixin.qq.com/v3/merchant-service/images/xxxxx'],
    person: { phone: '18500000000' },
  })
  expect(said.warnings.length).toBe(1)
})
