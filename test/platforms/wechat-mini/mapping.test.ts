import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../../src/complaints/complaint.ts'
import { OutsideError } from '../../../src/core/errors.ts'
import { instant } from '../../../src/core/words.ts'
import { account, appid, detail, jsonPush, platformOn, seconds, start, xmlPush } from './support.ts'

const asOf = instant(start)
const seat = { account: account() }

async function read(answer: object): Promise<Snapshot> {
  const { platform } = platformOn((asked) => (asked.path.endsWith('complaintOrderDetail') ? answer : undefined))
  return platform.fetch(seat, '2157')
}

/** `kind`, `kind!` when owed, `@time` when due. */
/** All but the refund, which has a test of its own. */
const movesOf = (snapshot: Snapshot) =>
  snapshot.moves
    .filter(({ kind }) => kind !== 'refund')
    .map((move) => `${move.kind}${move.owed ? '!' : ''}${move.due ? `@${move.due.slice(0, 16)}` : ''}`)

// Literal on purpose: status | phase | label | moves when the platform names an end | moves when it names none.
// The complaint began 2026-11-20T08:00Z, was judged on 2026-11-21T00:00Z; expireTime 2026-11-22T08:00Z.
const table = `
201 | ours     | 待处理                                | respond!@2026-11-22T08:00      | respond!@2026-11-22T08:00
202 | theirs   | 商家超时未回应，待用户确认            | |
203 | theirs   | 已回应，待用户确认                    | |
204 | theirs   | 已回应，待用户确认                    | |
205 | closed   | 投诉已完结                            | |
101 | platform | 平台客服处理中                        | |
102 | closed   | 用户取消申请                          | |
103 | platform | 平台客服处理中                        | |
104 | platform | 平台客服处理中                        | |
105 | platform | 平台客服处理中                        | |
106 | platform | 待商家补充凭证                        | add-evidence!@2026-11-22T08:00 | add-evidence!
107 | platform | 平台客服处理中                        | |
108 | platform | 待双方补充凭证                        | add-evidence!@2026-11-22T08:00 | add-evidence!
109 | platform | 平台客服处理中                        | |
112 | closed   | 投诉已完结                            | |
115 | closed   | 投诉已完结                            | |
116 | closed   | 投诉已完结                            | |
206 | remedy   | 平台已判定为商责，待上传处理凭证      | prove-refund!@2026-11-22T08:00 | prove-refund!@2026-11-23T00:00
207 | platform | 平台客服核实凭证中                    | |
208 | platform | 超时未上传凭证                        | |
209 | closed   | 投诉已关闭                            | |
305 | platform | 平台客服处理中                        | |
307 | platform | 平台客服处理中                        | |
308 | remedy   | 平台已判定为商责，待用户退货中        | |
309 | remedy   | 平台已判定为商责，待用户退货中        | |
310 | platform | 平台客服处理中                        | |
311 | remedy   | 签收异常                              | prove-refund@2026-11-22T08:00  | prove-refund
312 | platform | 平台判定商家责任，平台退款中          | |
399 | platform | 状态 399（未知）                      | |
`
  .trim()
  .split('\n')
  .map((row) => row.split('|').map((cell) => cell.trim()))

const judged = [
  { itemType: 32, time: seconds('2026-11-21T00:00:00Z'), content: '', mediaIdList: [], blameResult: 0 },
  { itemType: 1, time: seconds('2026-11-20T08:00:00Z'), content: '漏水', mediaIdList: [] },
]

describe('every status', () => {
  test('the table has all 28 of them and one that nobody knows', () => expect(table.length).toBe(29))
  test.each(table)('%s is %s: %s', async (status = '', phase = '', label = '', dated = '', open = '') => {
    const said = await read(detail({ status: Number(status) }, { item: judged }))
    expect([said.phase, said.code, said.label]).toEqual([phase, status, label])
    expect(movesOf(said).join()).toBe(dated)
    const endless = await read(detail({ status, expireTime: 0 }, { item: judged }))
    expect([endless.code, movesOf(endless).join()]).toEqual([status, open])
    const warned = ['208', '399'].includes(status)
    expect(said.warnings.length).toBe(warned ? 1 : 0)
    expect(endless.warnings.length).toBe(warned || ['201', '206'].includes(status) ? 1 : 0)
  })
  test.each(table)(
    'an appeal that waits for us is open at %s beside what else is, never owed',
    async (status = '', _, __, dated = '') => {
      const said = await read(detail({ status: Number(status), appealState: 401 }, { item: judged }))
      expect(movesOf(said)).toEqual([...(dated ? [dated] : []), 'appeal@2026-11-22T08:00'])
      expect(said.label.endsWith(' · 待商家申诉')).toBe(true)
    },
  )
  test.each(table)(
    'money may go back at %s: unless it is over, not known, or the platform pays itself',
    async (status = '', phase = '') => {
      const said = await read(detail({ status: Number(status) }, { item: judged }))
      const may = phase !== 'closed' && !['312', '399'].includes(status)
      expect(said.moves.filter(({ kind }) => kind === 'refund')).toEqual(
        may
          ? [{ kind: 'refund', owed: false, takes: { text: { max: 80, unit: 'bytes', required: false, plain: true } } }]
          : [],
      )
    },
  )
  test.each([0, 402, 403, 117, 118, 999])('appealState %d opens no appeal', async (appealState) => {
    const said = await read(detail({ status: 205, appealState }))
    expect(said.moves).toEqual([])
    const words = {
      0: '',
      402: ' · 超过申诉时间',
      403: ' · 申诉中',
      117: ' · 申诉成功',
      118: ' · 申诉失败',
      999: ' · 申诉状态 999（未知）',
    }
    expect(said.label).toBe(`投诉已完结${Reflect.get(words, appealState)}`)
  })
  test('206 without the step of the judgement counts from the newest step; without any there is no time', async () => {
    const item = [{ itemType: 13, time: seconds('2026-11-20T20:00:00Z') }]
    expect(movesOf(await read(detail({ status: 206, expireTime: 0 }, { item })))).toEqual([
      'prove-refund!@2026-11-22T20:00',
    ])
    expect(movesOf(await read(detail({ status: 206, expireTime: 0 }, { item: [] })))).toEqual(['prove-refund!'])
  })
  test('a detail without a status is shown and believed to be unknown', async () => {
    const said = await read(detail({ status: undefined }))
    expect([said.phase, said.code, said.label, said.moves.length, said.warnings.length]).toEqual([
      'platform',
      '',
      '状态未知',
      0,
      1,
    ])
  })
})

describe('what a move takes', () => {
  test('an answer: text or pictures, agree or refuse, once', async () => {
    const said = await read(detail())
    expect(said.moves[0]?.takes).toEqual({
      text: { max: 500, unit: 'chars', required: false },
      pictures: { max: 4, bytes: 2_097_152, types: ['image/png', 'image/jpeg', 'image/gif'] },
      either: true,
      choices: [
        { code: 'agree', label: '同意和解' },
        { code: 'refuse', label: '拒绝和解' },
      ],
      once: true,
    })
  })
  test('the limits are settings', async () => {
    const { platform } = platformOn((asked) => (asked.path.endsWith('Detail') ? detail({ status: 106 }) : undefined), {
      limits: { contentChars: 20, pictures: 1 },
    })
    const takes = (await platform.fetch(seat, '2157')).moves[0]?.takes
    expect([takes?.text?.max, takes?.pictures?.max, takes?.pictures?.bytes, takes?.choices]).toEqual([
      20,
      1,
      2_097_152,
      undefined,
    ])
  })
  test('a proof asks for the received goods only when something was sent back', async () => {
    const plain = await read(detail({ status: 206 }))
    expect(plain.moves[0]?.takes.choices).toBeUndefined()
    const bill = { returnId: '77', waybillId: 'SF123', deliveryName: '顺丰速运', orderStatus: 4 }
    const sent = await read(detail({ status: 206 }, { returnBill: bill }))
    expect(sent.moves[0]?.takes.choices?.map((choice) => choice.code)).toEqual(['received'])
    expect([plain.moves[0]?.takes.once, sent.moves[0]?.takes.once]).toEqual([true, true])
    expect([plain.returned, sent.warnings]).toEqual([undefined, []])
    expect(sent.returned).toEqual({ number: '77', carrier: '顺丰速运', waybill: 'SF123', label: '已签收' })
  })
  test('"not received" is offered only where the account says how it is spelled', async () => {
    const codes = async (settings: object) => {
      const { platform } = platformOn((asked) =>
        asked.path.endsWith('complaintOrderDetail')
          ? detail({ status: 206 }, { returnBill: { returnId: '77' } })
          : undefined,
      )
      const said = await platform.fetch({ account: account({ settings: { mode: 'safe', ...settings } }) }, '2157')
      return said.moves[0]?.takes.choices?.map((choice) => choice.code).join()
    }
    expect(await codes({})).toBe('received')
    expect(await codes({ notReceived: 2 })).toBe('received,not-received')
    expect(await codes({ notReceived: 0 })).toBe('received,not-received')
    for (const odd of [1, 10, -1, 2.5, '2', null]) expect(await codes({ notReceived: odd })).toBe('received')
  })
  test('a return without a number is shown and asks nothing', async () => {
    const said = await read(detail({ status: 206 }, { returnBill: { waybillId: 'SF1', orderStatus: 77 } }))
    expect(said.returned).toEqual({ waybill: 'SF1', label: '运单状态 77（未知）' })
    expect(said.moves[0]?.takes.choices).toBeUndefined()
  })
})

describe('an appeal', () => {
  test('is open until the time that WeChat names, and without a name until nobody knows when', async () => {
    expect(movesOf(await read(detail({ status: 205, appealState: 401 })))).toEqual(['appeal@2026-11-22T08:00'])
    expect(movesOf(await read(detail({ status: 205, appealState: 401, expireTime: 0 })))).toEqual(['appeal'])
  })
  test('beside an owed proof takes none of the hours that we count ourselves', async () => {
    const said = await read(detail({ status: 206, appealState: 401, expireTime: 0 }, { item: judged }))
    expect(movesOf(said)).toEqual(['prove-refund!@2026-11-23T00:00', 'appeal'])
  })
  test.each([
    [0, 'closed'],
    [401, 'closed'],
    [402, 'closed'],
    [403, 'platform'],
    [117, 'closed'],
    [118, 'closed'],
  ])('at %d the finished complaint is %s', async (appealState, phase) => {
    for (const status of [112, 115, 116, 205, 209])
      expect((await read(detail({ status, appealState }))).phase).toBe(phase)
  })
})

describe('the detail', () => {
  test('all of it', async () => {
    expect({ ...(await read(detail())), moves: [] }).toEqual({
      source: 'wechat-mini',
      number: '2157',
      scope: appid,
      phase: 'ours',
      code: '201',
      label: '待处理',
      moves: [],
      orders: ['4200002179202404261234567890'],
      outTradeNo: 'T20240426001',
      text: '收到的杯子漏水',
      reason: '商品问题 · 其他',
      product: '保温杯',
      amountShown: 5000,
      person: { name: '张三', phone: '13800138000', openid: 'oABCDEFG' },
      pictures: ['https://cdn.example/a.jpg'],
      timeline: [
        { at: '2026-11-20T08:00:00.000Z', by: 'user', label: '用户发起投诉', text: '收到的杯子漏水', pictures: [] },
      ],
      openedAt: '2026-11-20T08:00:00.000Z',
      asOf,
      warnings: [],
    })
  })
  test('numbers as text, the other spelling of openid, one step as an object: the same', async () => {
    const plain = await read(detail())
    const order = {
      complaintOrderId: 2157,
      openId: undefined,
      openid: 'oABCDEFG',
      createTime: String(seconds('2026-11-20T08:00:00Z')),
      phoneNumber: 13800138000,
      type: '643',
      status: '201',
      expireTime: String(seconds('2026-11-22T08:00:00Z')),
      appealState: '0',
    }
    const item = {
      itemType: '1',
      time: String(seconds('2026-11-20T08:00:00Z')),
      content: '收到的杯子漏水',
      mediaIdList: '',
    }
    expect(await read(detail(order, { item }))).toEqual(plain)
  })
  test('the steps stand in the order of their time, whatever order they came in', async () => {
    const steps = [
      { itemType: 109, time: 1_700_000_120 },
      { itemType: 1, time: 1_700_000_060 },
      { itemType: 11, time: 1_700_000_180 },
    ]
    for (const item of [steps, [...steps].reverse()]) {
      expect((await read(detail({}, { item }))).timeline.map((step) => step.label)).toEqual([
        '用户发起投诉',
        '商家已回应',
        '用户申请平台协助',
      ])
    }
  })
  test.each([
    [{ itemType: 32, blameResult: 1 }, 'platform', '商责，待用户退货'],
    [{ itemType: 31, blameResult: 0 }, 'platform', '商责，待上传处理凭证'],
    [{ itemType: 31 }, 'platform', '商责'],
    [{ itemType: 109, blameResult: 1 }, 'merchant', '商家已回应'],
    [{ itemType: 8, appealItemType: 0 }, 'merchant', '商家补充凭证'],
    [{ itemType: 999 }, 'platform', '节点 999（未知）'],
    [{ itemType: 999, appealItemType: 403 }, 'merchant', '申诉中'],
    [{ itemType: 13, appealItemType: 117 }, 'platform', '平台处理中，申诉成功'],
    [{}, 'platform', '节点未知'],
  ])('step %j is made by the %s: %s', async (step, by, label) => {
    const said = await read(detail({}, { item: [{ time: 1_700_000_000, ...step }] }))
    expect(said.timeline).toMatchObject([{ by, label }])
  })
  test('a step without a time stands at the beginning, and is not lost', async () => {
    const item = [
      { itemType: 109, time: seconds('2026-11-21T00:00:00Z') },
      { itemType: 2, content: '请回复' },
    ]
    expect((await read(detail({}, { item }))).timeline.map((step) => [step.at, step.text])).toEqual([
      ['2026-11-20T08:00:00.000Z', '请回复'],
      ['2026-11-21T00:00:00.000Z', undefined],
    ])
  })
  test.each([
    [{ totalCostStr: '¥50.00' }, 5000],
    [{ totalCostStr: '￥19.9' }, 1990],
    [{ totalCostStr: '¥1,234.50' }, 123450],
    [{ totalCostStr: '12元' }, 1200],
    [{ totalCostStr: '¥50.00', totalCost: '1' }, 5000],
    [{ totalCostStr: undefined, totalCost: 5000 }, 5000],
    [{ totalCostStr: '', totalCost: '5000' }, 5000],
    [{ totalCostStr: undefined, totalCost: '¥12.5' }, 1250],
    [{ totalCostStr: undefined, totalCost: 12.5 }, undefined],
    [{ totalCostStr: undefined, totalCost: '12.5' }, undefined],
    [{ totalCostStr: undefined }, undefined],
    [{ totalCostStr: '免费' }, undefined],
  ])('the amount of %j is %j fen', async (order, fen) => {
    expect((await read(detail(order))).amountShown).toBe(fen)
  })
  test.each([
    ['payorder@_4200001', ['4200001']],
    ['payorder@567', ['567']],
    ['4200001', ['4200001']],
    ['payorder@_', []],
    ['payorder@_42a', []],
    ['T2024', []],
    [undefined, []],
  ])('orderId %j is the transaction %j', async (orderId, orders) => {
    expect((await read(detail({ orderId }))).orders).toEqual(orders)
  })
  test.each([
    [
      ['https://a/1.jpg', 'https://a/2.jpg'],
      ['https://a/1.jpg', 'https://a/2.jpg'],
    ],
    ['https://a/1.jpg,https://a/2.jpg', ['https://a/1.jpg', 'https://a/2.jpg']],
    ['https://a/1.jpg?x=1,2, http://a/2.jpg', ['https://a/1.jpg?x=1,2', 'http://a/2.jpg']],
    ['id1,id2', ['id1', 'id2']],
    [
      ['https://a/1.jpg,https://a/2.jpg', ''],
      ['https://a/1.jpg', 'https://a/2.jpg'],
    ],
    ['', []],
    [null, []],
    [[1, {}, 'https://a/1.jpg'], ['https://a/1.jpg']],
  ])('pictures %j are %j', async (mediaIdList, pictures) => {
    expect((await read(detail({ customerMaterial: { content: 'x', mediaIdList } }))).pictures).toEqual(pictures)
  })
  test('without the material the first words of the user are the text', async () => {
    expect((await read(detail({ customerMaterial: undefined }))).text).toBe('收到的杯子漏水')
  })
  test.each([
    [611, '发货问题 · 未按约定时间发货'],
    [622, '客服问题 · 客服辱骂/骚扰/恐吓'],
    [661, '充电宝 · 充电宝无法使用'],
    [610003, '短剧 · 无法播放'],
    [669, '669'],
    [undefined, ''],
  ])('type %j is %j', async (type, reason) => expect((await read(detail({ type }))).reason).toBe(reason))
  test.each([
    ['another complaint', detail({ complaintOrderId: '2158' })],
    ['no complaint', { errcode: 0, errmsg: 'ok' }],
    ['an empty one', { errcode: 0, complaintOrder: {} }],
  ])('%s is no answer', async (_, answer) => {
    await expect(read(answer)).rejects.toBeInstanceOf(OutsideError)
  })
  test('whatever stands in its fields, a detail gives a snapshot', async () => {
    const junk = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string(), { maxLength: 2 }),
      fc.object({ maxDepth: 1 }),
    )
    const names = Object.keys(detail().complaintOrder).filter((name) => name !== 'complaintOrderId')
    const order = fc.dictionary(fc.constantFrom(...names), junk)
    const step = fc.dictionary(
      fc.constantFrom('itemType', 'time', 'content', 'mediaIdList', 'blameResult', 'appealItemType'),
      junk,
    )
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.oneof(junk, step, fc.array(step, { maxLength: 3 })),
        junk,
        async (order, item, returnBill) => {
          const said = await read(detail(order, { item, returnBill }))
          expect(said.number).toBe('2157')
          expect(said.openedAt).toMatch(/^\d{4}-.{18}Z$/)
          for (const step of said.timeline) expect(step.at).toMatch(/^\d{4}-.{18}Z$/)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a push alone', () => {
  const { platform } = platformOn(() => undefined)
  const provisional = (told: string) => {
    if (!platform.provisional) throw new Error('no provisional')
    return platform.provisional(account(), told, asOf)
  }
  const shared = {
    source: 'wechat-mini',
    number: '2157',
    scope: appid,
    phase: 'ours',
    code: '201',
    label: '待处理',
    moves: [],
    orders: ['4200002179202404261234567890'],
    outTradeNo: 'T20240426001',
    reason: '商品问题 · 其他',
    product: '保温杯',
    amountShown: 5000,
    person: { phone: '13800138000', openid: 'oABCDEFG' },
    openedAt: '2024-04-26T06:20:00.000Z',
    asOf,
    provisional: '',
    warnings: [],
  }
  test('flat JSON, the text in the one history entry, is a complaint without moves', () => {
    expect(provisional(jsonPush())).toEqual({
      ...shared,
      text: '收到的杯子漏水',
      pictures: [],
      timeline: [
        {
          at: '2024-04-26T06:20:00.000Z',
          by: 'user',
          label: '投诉进度',
          text: '收到的杯子漏水',
          pictures: ['https://cdn.example/a.jpg'],
        },
      ],
    })
  })
  test('wrapped XML with repeated tags is the same complaint', () => {
    const history = (n: number) =>
      `<history><time>${1714112400 + n}</time><content>第${n}条</content><media_id_list>https://a/${n}.jpg</media_id_list><media_id_list>https://b/${n}.jpg</media_id_list></history>`
    expect(provisional(xmlPush(history(2) + history(1)))).toEqual({
      ...shared,
      text: '杯子 <漏水> & 生锈',
      pictures: ['https://cdn.example/a.jpg', 'https://cdn.example/b.jpg'],
      timeline: [1, 2].map((n) => ({
        at: instant((1714112400 + n) * 1000),
        by: 'user',
        label: '投诉进度',
        text: `第${n}条`,
        pictures: [`https://a/${n}.jpg`, `https://b/${n}.jpg`],
      })),
    })
  })
  test('wrapped JSON and a history list are read too; later steps are nobody’s in particular', () => {
    const flat = JSON.parse(
      jsonPush({
        status: '206',
        history: [
          { time: 1714112400, content: 'a' },
          { time: '1714112500', content: 'b' },
        ],
      }),
    )
    const { ToUserName, Event, ...inside } = flat
    const said = provisional(JSON.stringify({ ToUserName, Event, BussiCallBackInfo: inside }))
    expect([said.phase, said.moves, said.timeline.map((step) => [step.text, step.by])]).toEqual([
      'remedy',
      [],
      [
        ['a', 'platform'],
        ['b', 'platform'],
      ],
    ])
  })
  test('the old spelling out_trade_No, a phone as a number, pictures joined by commas', () => {
    const told = jsonPush({
      out_trade_no: undefined,
      out_trade_No: 'T7',
      phone_number: 13800138000,
      customer_material_media_id_list: 'https://a/1.jpg,https://a/2.jpg',
      customer_material_content: '坏了',
    })
    const said = provisional(told)
    expect([said.outTradeNo, said.person.phone, said.pictures, said.text]).toEqual([
      'T7',
      '13800138000',
      ['https://a/1.jpg', 'https://a/2.jpg'],
      '坏了',
    ])
  })
  test('a state that nobody knows is kept in its own words', () => {
    expect(provisional(jsonPush({ status: '777' }))).toMatchObject({
      phase: 'platform',
      code: '777',
      label: '状态 777（未知）',
    })
  })
})
