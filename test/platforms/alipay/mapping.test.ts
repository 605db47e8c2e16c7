import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../../src/complaints/complaint.ts'
import type { Fen, Instant } from '../../../src/core/words.ts'
import { idOf, numberOf } from '../../../src/platforms/alipay/number.ts'
import { snapshotOf as riskSnapshot } from '../../../src/platforms/alipay/risk/mapping.ts'
import { complaint as riskWire } from '../../../src/platforms/alipay/risk/wire.ts'
import { beijingText, beijingTime } from '../../../src/platforms/alipay/time.ts'
import { provisionalOf, snapshotOf as tradeSnapshot } from '../../../src/platforms/alipay/trade/mapping.ts'
import { complaint as tradeWire } from '../../../src/platforms/alipay/trade/wire.ts'
import { eventId, risk, riskId, trade, tradeNo } from './support.ts'

const asOf = '2026-11-21T08:00:00.000Z' as Instant
const ofRisk = (over: object = {}) => riskSnapshot(riskWire.parse(risk(over)), { number: riskId, asOf })
const ofTrade = (over: object = {}) => tradeSnapshot(tradeWire.parse(trade(over)), { number: eventId, asOf })
const movesOf = ({ moves }: Snapshot) => moves.map(({ kind, owed }) => (owed ? `${kind}!` : kind))

describe('消费者投诉', () => {
  test('in our words', () => {
    expect(ofRisk()).toEqual({
      source: 'alipay-risk',
      against: { outsideId: '2088000000000001', name: '某商家' },
      number: riskId,
      scope: '',
      phase: 'ours',
      code: 'WAIT_PROCESS',
      label: '待处理',
      moves: [
        {
          kind: 'respond',
          owed: false,
          takes: { text: { max: 200, unit: 'chars', required: true }, choices: [{ code: 'talk', label: '回复' }] },
        },
        { kind: 'refund', owed: false, takes: { text: { max: 256, unit: 'chars', required: false } } },
        {
          kind: 'finish',
          owed: true,
          due: '2026-11-22T02:00:00.000Z',
          takes: {
            text: { max: 200, unit: 'chars', required: false },
            pictures: { max: 4, bytes: 5_000_000, types: ['image/png', 'image/jpeg'] },
            choices: [
              { code: 'CONSENSUS_WITH_CLIENT', label: '已联系到用户，协商一致' },
              { code: 'REFUND', label: '已退款，用户无异议' },
              { code: 'RECTIFICATION_NO_REFUND', label: '不涉及退款，已整改' },
              { code: 'SUBMIT_PROOF_NOT_CONTACTED', label: '已提交证明材料' },
              { code: 'ORTHER', label: '其他' },
            ],
            once: true,
          },
        },
      ],
      orders: [tradeNo],
      outTradeNo: '20190906154617947762231',
      text: '付款后没有收到货',
      reason: '投诉单号 10243351927',
      amountShown: 3980 as Fen,
      person: { phone: '13800138000' },
      pictures: [],
      timeline: [
        {
          at: '2026-11-21T02:00:00.000Z',
          by: 'user',
          label: '用户投诉',
          text: '付款后没有收到货',
          pictures: [],
        },
      ],
      openedAt: '2026-11-21T02:00:00.000Z',
      asOf,
      warnings: [],
    })
  })

  const all = ['respond', 'refund', 'finish!']
  test.each([
    ['WAIT_PROCESS', '待处理', 'ours', all],
    ['OVERDUE', '超时未处理', 'ours', all],
    ['PROCESSING', '处理中', 'ours', all],
    ['PART_OVERDUE', '部分超时未处理', 'ours', all],
    ['PROCESSED', '处理完成', 'closed', []],
    ['OVERDUE_PROCESSED', '超时处理完成', 'closed', []],
    ['DROP_COMPLAIN', '用户撤诉', 'closed', []],
    ['DROP_PROCESSED', '处理完成用户撤诉', 'closed', []],
    ['DROP_OVERDUE_COMPLAIN', '超时后用户撤诉', 'closed', []],
    ['DROP_OVERDUE_PROCESSED', '超时处理完成用户撤诉', 'closed', []],
  ])('%s is %s: %s', (status, label, phase, moves) => {
    const snapshot = ofRisk({ status, status_description: '别的说法' })
    expect(snapshot).toMatchObject({ code: status, label, phase, warnings: [] })
    expect(movesOf(snapshot)).toEqual(moves)
  })
  test('a state that nobody knows is believed, marked, and offers nothing', () => {
    const snapshot = ofRisk({ status: 'NEW_ONE', status_description: '新的状态' })
    expect(snapshot).toMatchObject({ code: 'NEW_ONE', label: '新的状态', phase: 'platform', moves: [] })
    expect(snapshot.warnings[0]).toContain('NEW_ONE')
    expect(ofRisk({ status: undefined, status_description: '' })).toMatchObject({ code: '', label: '状态 —（未知）' })
  })
  test('several trades in one complaint: each is an order, and one refunded leaves the rest', () => {
    const row = (over: object) => ({ trade_no: '1', amount: '10.00', status: 'WAIT_PROCESS', ...over })
    const two = [row({ gmt_refund: '2026-11-21 12:00:00', status: 'PROCESSED' }), row({ trade_no: '2', amount: '5.5' })]
    const snapshot = ofRisk({ trade_no: '1', complaint_trade_info_list: two })
    expect(snapshot.orders).toEqual(['1', '2'])
    expect(snapshot.product).toBe('1 ¥10.00 已退款；2 ¥5.50 待处理')
    expect(movesOf(snapshot)).toEqual(all)
    expect(snapshot.timeline.at(-1)).toMatchObject({
      at: '2026-11-21T04:00:00.000Z',
      by: 'merchant',
      label: '已退款 ¥10.00',
    })
    const both = two.map((one) => ({ ...one, status: 'PROCESSED' }))
    expect(movesOf(ofRisk({ complaint_trade_info_list: both }))).toEqual(['respond', 'finish!'])
    const odd = ofRisk({ complaint_trade_info_list: [two[1], { ...two[1], status: 'X', status_description: '新' }] })
    expect(odd.product).toContain('新')
  })
  test('without a trade nothing can be refunded', () => {
    expect(movesOf(ofRisk({ trade_no: '', complaint_trade_info_list: [] }))).toEqual(['respond', 'finish!'])
  })
  test('what was done, and that it was taken further, in the order of time', () => {
    const { timeline, urgent } = ofRisk({
      status: 'PROCESSED',
      process_code: 'ORTHER',
      process_remark: '已电话沟通',
      process_img_url_list: ['https://example.com/p.png'],
      gmt_process: '2026-11-21 14:00:00',
      gmt_upgrade: '2026-11-21 13:00:00',
      upgrade_content: '还是没有收到',
      certify_info: ['https://example.com/c.png'],
    })
    expect(timeline.map(({ by, label, text }) => [by, label, text])).toEqual([
      ['user', '用户投诉', '付款后没有收到货'],
      ['user', '升级投诉', '还是没有收到'],
      ['merchant', '其他', '已电话沟通'],
    ])
    expect(timeline[0]?.pictures).toEqual(['https://example.com/c.png'])
    expect(timeline[2]?.pictures).toEqual(['https://example.com/p.png'])
    // Closed is not urgent any more.
    expect(urgent).toBeUndefined()
  })
  test('what Alipay marks is seen', () => {
    const marked = ofRisk({ label_tag_list: ['高风险', '加急', '平台已介入'] })
    expect(marked.urgent).toBe(true)
    expect(marked.warnings).toHaveLength(2)
    expect(marked.reason).toMatch(/^高风险 · 加急/)
    expect(ofRisk({ gmt_upgrade: '2026-11-21 13:00:00' }).urgent).toBe(true)
    expect(ofRisk().urgent).toBeUndefined()
  })
  test.each([
    ['13800138000', { phone: '13800138000' }],
    ['138****8000', { name: '138****8000' }],
    ['someone@example.com', { name: 'someone@example.com' }],
    ['', {}],
  ])('reached at %j', (contact, person) => {
    expect(ofRisk({ contact }).person).toEqual(person)
  })
  test('an answer in which everything is missing or odd is still a complaint', () => {
    const bare = riskSnapshot(
      riskWire.parse({ id: 1, complaint_trade_info_list: [null, 1], complain_amount: '一元' }),
      {
        number: '1',
        asOf,
      },
    )
    expect(bare).toMatchObject({ openedAt: asOf, orders: [], text: '', person: {}, phase: 'platform' })
    expect(bare.amountShown).toBeUndefined()
  })
})

describe('交易投诉', () => {
  test('in our words', () => {
    const snapshot = ofTrade()
    expect(snapshot).toMatchObject({
      source: 'alipay-trade',
      number: eventId,
      scope: '',
      phase: 'ours',
      code: 'MERCHANT_PROCESSING',
      label: '待商家处理',
      orders: [tradeNo],
      outTradeNo: '20190906154617947762231',
      text: '一直不发货',
      reason: '商品没有收到 · 卖家不发货',
      amountShown: 3980,
      person: { phone: '13800138000' },
      pictures: ['https://example.com/1.jpg'],
      openedAt: '2026-11-21T03:00:00.000Z',
    })
    expect(snapshot.moves.find(({ kind }) => kind === 'finish')).toMatchObject({
      owed: true,
      due: '2026-11-22T03:00:00.000Z',
      takes: {
        choices: [{ code: '02' }, { code: '03' }, { code: '05' }, { code: '06' }, { code: '194' }, { code: '04' }],
      },
    })
    expect(snapshot.warnings[0]).toContain('24 小时是我们的提醒')
  })
  test.each([
    ['MERCHANT_PROCESSING', 'ours', ['respond', 'refund', 'finish!']],
    ['MERCHANT_FEEDBACK_TIMEOUT', 'ours', ['respond', 'refund', 'finish!']],
    ['MERCHANT_FEEDBACKED', 'theirs', ['respond', 'refund']],
    ['PLATFORM_PROCESSING', 'platform', ['add-evidence', 'refund']],
    ['PLATFORM_FINISH', 'closed', []],
    ['FINISHED', 'closed', []],
    ['CANCELLED', 'closed', []],
    ['CLOSED', 'closed', []],
    ['REPORT_SUCCEED', 'closed', []],
    ['NEW_ONE', 'platform', []],
  ])('%s: %s', (status, phase, moves) => {
    const snapshot = ofTrade({ status })
    expect(snapshot).toMatchObject({ code: status, phase })
    expect(movesOf(snapshot)).toEqual(moves)
    expect(snapshot.warnings.some((line) => line.includes('不认识'))).toBe(status === 'NEW_ONE')
  })
  test('what was said, by whom, in the order of time; the user is not named', () => {
    const said = (replier_role: string, replier_name: string, gmt_create: string) => ({
      replier_role,
      replier_name,
      gmt_create,
      content: `${replier_role} 说`,
      images: ['https://example.com/2.jpg'],
    })
    const { timeline } = ofTrade({
      reply_detail_infos: [
        said('MERCHANT', '小王', '2026-11-21 13:00:00'),
        said('USER', '张三', '2026-11-21 12:00:00'),
        said('AUDITOR', '小二', '2026-11-21 14:00:00'),
        said('NEW_ROLE', '某', '2026-11-21 15:00:00'),
      ],
      gmt_finished: '2026-11-21 16:00:00',
      status: 'FINISHED',
    })
    expect(timeline.map(({ by, label }) => [by, label])).toEqual([
      ['user', '用户投诉'],
      ['user', '用户'],
      ['merchant', '商家 小王'],
      ['platform', '审核小二 小二'],
      ['platform', 'NEW_ROLE（未知） 某'],
      ['platform', '投诉已完结'],
    ])
    expect(timeline[1]).toMatchObject({ text: 'USER 说', pictures: ['https://example.com/2.jpg'] })
  })
  test.each([
    ['CANCELLED', 'user', '投诉已撤销'],
    ['CLOSED', 'platform', '投诉已关闭'],
  ])('%s was ended by the %s', (status, by, label) => {
    const { timeline } = ofTrade({ status, gmt_finished: '2026-11-21 16:00:00' })
    expect(timeline.at(-1)).toMatchObject({ by, label })
  })
  test('from a message alone offers nothing', () => {
    expect(provisionalOf({}, { number: eventId, asOf })).toMatchObject({
      number: eventId,
      moves: [],
      provisional: '',
      openedAt: asOf,
    })
  })
})

describe('a number', () => {
  test('says which system it is of', () => {
    expect(idOf('158237746')).toEqual({ source: 'risk', id: '158237746' })
    expect(idOf(eventId)).toEqual({ source: 'trade', id: eventId })
    for (const [source, id] of [
      ['risk', '158237746'],
      ['trade', eventId],
      ['trade', '12345'],
      ['trade', 'abc-1'],
      ['trade', 'risk-1'],
      ['risk', '9223372036854775807'],
      ['risk', '9007199254740993'],
    ] as const)
      expect(idOf(numberOf(source, id))).toEqual({ source, id })
  })
  test.each(['', '../1', '1?x', '投诉', 'x'.repeat(65)])('%j is none of theirs', (odd) => {
    expect(() => idOf(odd)).toThrow(expect.objectContaining({ trouble: 'refused' }))
  })
})

describe('a time', () => {
  test.each([
    ['2026-11-21 00:00:00', '2026-11-20T16:00:00.000Z'],
    ['2024-02-29 23:59:59', '2024-02-29T15:59:59.000Z'],
    ['2026-11-21T10:00:00', '2026-11-21T02:00:00.000Z'],
    ['2026-11-21 10:00:00.5', '2026-11-21T02:00:00.500Z'],
  ])('%s is Beijing’s', (written, at) => {
    expect(beijingTime(written)).toBe(at)
  })
  test.each(['', '2026-02-30 00:00:00', '2026-11-21', '2026-11-21 24:00:00', '1763712000000', '2026-11-21 10:00:00Z'])(
    '%j is none',
    (written) => {
      expect(beijingTime(written)).toBeUndefined()
    },
  )
  test('is written as it is read', () => {
    expect(beijingText(Date.parse('2026-12-31T16:00:01.999Z'))).toBe('2027-01-01 00:00:01')
  })
})
