import { describe, expect, test } from 'vitest'
import type { Acted, ActionKind, ActionOf } from '../../../src/complaints/action.ts'
import { OutsideError } from '../../../src/core/errors.ts'
import { Secret } from '../../../src/core/seal.ts'
import { asId, type Fen, instant, type PictureHash } from '../../../src/core/words.ts'
import { deedFor } from '../../../src/platforms/deed.ts'
import type { Job, Uploaded } from '../../../src/platforms/platform.ts'
import {
  type Answer,
  account,
  eventId,
  hashOf,
  jobOf,
  merchant,
  no,
  ok,
  platformOn,
  png,
  risk,
  riskId,
  type Script,
  start,
  trade,
  tradeNo,
} from './support.ts'

const silence = new OutsideError('unknown', 'no answer in time', { code: 'ECONNRESET' })
/** What each method answers; the last one stays. */
const by = (answers: Readonly<Record<string, Answer | readonly Answer[]>>): Script => {
  const left = new Map(Object.entries(answers).map(([name, given]) => [name, [given].flat() as Answer[]]))
  return ({ method }) => {
    const name = [...left.keys()].find((each) => method.endsWith(each))
    const rest = left.get(name ?? '') ?? []
    return rest.length > 1 ? rest.shift() : rest[0]
  }
}

function on<Kind extends ActionKind>(script: Script, job: Job<Kind>) {
  const made = platformOn(script)
  const deed = deedFor(made.platform, job.seat, job.action.kind)
  if (!deed) throw new Error(`no deed ${job.action.kind}`)
  const whole = job as unknown as Job<ActionKind>
  return {
    ...made,
    deed,
    perform: (): Promise<Acted> => deed.perform(whole),
    look: (): Promise<Acted> => deed.look(whole),
    asked: (ending: string) => made.transport.asked.filter(({ method }) => method.endsWith(ending)),
  }
}

const talk = { kind: 'respond', stance: 'talk', text: '您好，马上处理' } as const
const finishing = { kind: 'finish', choice: 'ORTHER', text: '已联系用户' } as const
const feedback = { kind: 'finish', choice: '03', text: '已经发货，单号 SF1' } as const
const evidence = { kind: 'add-evidence', text: '发货单见附图' } as const

describe('消费者投诉', () => {
  test('a reply goes to the complaint, for the merchant', async () => {
    const { platform, transport } = platformOn(by({ 'reply.send': ok() }), {
      grants: { token: async () => new Secret('202611BBtoken') },
    })
    const job = jobOf<'respond'>(talk, { merchant })
    expect(await platform.deeds(job.seat).respond?.perform(job)).toMatchObject({ outcome: 'done' })
    const [one] = transport.asked
    expect(one?.content).toEqual({ complaint_id: riskId, reply_content: '您好，马上处理' })
    expect(one?.query.get('app_auth_token')).toBe('202611BBtoken')
  })
  test('a reply that got no answer is never sent again by itself', async () => {
    const { perform, look, deed, transport } = on(by({ 'reply.send': silence }), jobOf<'respond'>(talk))
    expect(await perform()).toEqual({ outcome: 'unknown' })
    expect(await look()).toEqual({ outcome: 'absent' })
    expect(deed.repeat).toBe('ask')
    expect(transport.asked).toHaveLength(1)
  })
  test('is finished with a result, a remark and pictures', async () => {
    const file = ok({ file_key: 'k1', file_url: 'https://example.com/k1', file_name: 'x' })
    const job = jobOf<'finish'>({ ...finishing, pictures: [hashOf(1), hashOf(2)] })
    const { perform, asked } = on(
      by({ 'file.upload': file, 'process.finish': ok({ complaint_process_success: true }) }),
      job,
    )
    expect(await perform()).toEqual({ outcome: 'done', reference: riskId })
    const picture = { img_url: 'https://example.com/k1', img_url_key: 'k1' }
    expect(asked('process.finish')[0]?.content).toEqual({
      id_list: [158237746],
      process_code: 'ORTHER',
      remark: '已联系用户',
      img_file_list: [picture, picture],
    })
    expect(asked('file.upload')[0]?.body.includes(png().bytes)).toBe(true)
    expect(asked('file.upload')[0]?.body.toString('latin1')).toContain('name="file_content"')
  })
  test('an upload for the other system is not used', async () => {
    const cache = new Map<PictureHash, Uploaded>([[hashOf(1), { id: 'image-of-trade', until: instant(start) }]])
    const job = jobOf<'finish'>({ ...finishing, pictures: [hashOf(1)] }, { cache })
    const file = ok({ file_key: 'k1', file_url: 'https://example.com/k1' })
    const { perform, asked } = on(
      by({ 'file.upload': file, 'process.finish': ok({ complaint_process_success: 'true' }) }),
      job,
    )
    expect(await perform()).toMatchObject({ outcome: 'done' })
    expect(asked('file.upload')).toHaveLength(1)
    expect(cache.get(hashOf(1))?.id).toBe('k1 https://example.com/k1')
  })

  const processed = { status: 'PROCESSED', process_code: 'ORTHER', gmt_process: '2026-11-21 16:00:30' }
  const says = (over: object) => ok(risk(over))
  test.each<[what: string, finish: Answer, detail: Answer, acted: object]>([
    [
      'success that says no',
      ok({ complaint_process_success: false }),
      says({}),
      { outcome: 'failed', again: false, moved: true },
    ],
    ['success that says nothing', ok(), says({}), { outcome: 'failed', moved: true }],
    ['no, because we did it already', ok({ complaint_process_success: false }), says(processed), { outcome: 'done' }],
    [
      'no, and the user has withdrawn',
      ok({ complaint_process_success: false }),
      says({ status: 'DROP_COMPLAIN' }),
      { outcome: 'failed', moved: true },
    ],
    ['silence', silence, says({}), { outcome: 'unknown' }],
    ['a system error', no('SYSTEM_ERROR'), says({}), { outcome: 'unknown' }],
    ['no connection', new OutsideError('unreachable', 'x'), says({}), { outcome: 'failed', again: true }],
    ['too many calls', no('isv.app-call-limited', { code: '40005' }), says({}), { outcome: 'failed', again: true }],
    ['no permission', { code: '40006' }, says({}), { outcome: 'failed', again: false, because: { code: '40006' } }],
    ['refusal', no('PARAM_ILLEGAL'), says({}), { outcome: 'failed', again: false }],
  ])('finish, answered with %s', async (_, answer, detail, acted) => {
    const { perform, asked } = on(by({ 'process.finish': answer, 'info.query': detail }), jobOf<'finish'>(finishing))
    expect(await perform()).toMatchObject(acted)
    expect(asked('process.finish')).toHaveLength(1)
  })
  test.each<[what: string, detail: object, acted: object]>([
    ['it stands there', processed, { outcome: 'done' }],
    ['after its time', { ...processed, status: 'OVERDUE_PROCESSED' }, { outcome: 'done' }],
    ['it is still open', {}, { outcome: 'absent' }],
    ['another result stands there', { ...processed, process_code: 'REFUND' }, { outcome: 'failed', moved: true }],
    [
      'an older one stands there',
      { ...processed, gmt_process: '2026-11-21 15:00:00' },
      { outcome: 'failed', moved: true },
    ],
    ['the user has withdrawn', { status: 'DROP_COMPLAIN' }, { outcome: 'failed', moved: true }],
    ['in a state that nobody knows', { status: 'NEW_ONE' }, { outcome: 'absent' }],
  ])('a look at the finish: %s', async (_, detail, acted) => {
    expect(await on(by({ 'info.query': says(detail) }), jobOf<'finish'>(finishing)).look()).toMatchObject(acted)
  })
})

describe('交易投诉', () => {
  const number = eventId
  test('a reply with pictures', async () => {
    const job = jobOf<'respond'>({ ...talk, pictures: [hashOf(1), hashOf(2)] }, { number })
    const { perform, asked } = on(
      by({ 'image.upload': [ok({ image_id: 'i1' }), ok({ image_id: 'i2' })], 'reply.submit': ok() }),
      job,
    )
    expect(await perform()).toEqual({ outcome: 'done', reference: eventId })
    expect(asked('reply.submit')[0]?.content).toEqual({
      complain_event_id: eventId,
      reply_content: '您好，马上处理',
      reply_images: 'i1,i2',
    })
    expect(asked('image.upload')[0]?.form.get('image_type')).toBe('png')
  })
  test('a feedback stands beside biz_content', async () => {
    const job = jobOf<'finish'>(feedback, { number, account: account({ settings: { operator: '小王' } }) })
    const { perform, asked } = on(by({ 'feedback.submit': ok() }), job)
    expect(await perform()).toMatchObject({ outcome: 'done' })
    const [one] = asked('feedback.submit')
    expect(Object.fromEntries(one?.form ?? [])).toEqual({
      complain_event_id: eventId,
      feedback_code: '03',
      feedback_content: '已经发货，单号 SF1',
      operator: '小王',
    })
  })
  test('evidence is supplied', async () => {
    const { perform, asked } = on(by({ 'supplement.submit': ok() }), jobOf<'add-evidence'>(evidence, { number }))
    expect(await perform()).toMatchObject({ outcome: 'done' })
    expect(asked('supplement.submit')[0]?.content).toEqual({
      complain_event_id: eventId,
      supplement_content: '发货单见附图',
    })
  })
  const step = (content: string, over: object = {}) => ({
    replier_role: 'MERCHANT',
    gmt_create: '2026-11-21 16:00:30',
    content,
    ...over,
  })
  const ours = [step('商家回复：您好，马上处理 ')]
  test.each<[what: string, detail: object, acted: object]>([
    ['in a short frame', { reply_detail_infos: ours }, { outcome: 'absent' }],
    ['as we said it', { reply_detail_infos: [step(' 您好，马上处理')] }, { outcome: 'done' }],
    [
      'before the call',
      { reply_detail_infos: [step('您好，马上处理', { gmt_create: '2026-11-21 15:00:00' })] },
      { outcome: 'absent' },
    ],
    ['by the user', { reply_detail_infos: [step('您好，马上处理', { replier_role: 'USER' })] }, { outcome: 'absent' }],
    ['nowhere, and it is closed', { status: 'CLOSED' }, { outcome: 'failed', moved: true }],
  ])('a look at the reply: our words %s', async (_, detail, acted) => {
    const job = jobOf<'respond'>(talk, { number })
    expect(await on(by({ 'tradecomplain.query': ok(trade(detail)) }), job).look()).toMatchObject(acted)
  })
  test('a look at the feedback goes by the state, too', async () => {
    const looked = (detail: object) =>
      on(by({ 'tradecomplain.query': ok(trade(detail)) }), jobOf<'finish'>(feedback, { number })).look()
    expect(await looked({})).toEqual({ outcome: 'absent' })
    expect(await looked({ status: 'MERCHANT_FEEDBACKED' })).toMatchObject({ outcome: 'done' })
    expect(await looked({ status: 'PLATFORM_PROCESSING' })).toEqual({ outcome: 'absent' })
  })
  test('another state: looked at before it is believed', async () => {
    const answers = {
      'feedback.submit': no('STATUS_CHANGED'),
      'tradecomplain.query': ok(trade({ status: 'MERCHANT_FEEDBACKED' })),
    }
    expect(await on(by(answers), jobOf<'finish'>(feedback, { number })).perform()).toMatchObject({ outcome: 'done' })
    const still = { ...answers, 'tradecomplain.query': ok(trade()) }
    expect(await on(by(still), jobOf<'finish'>(feedback, { number })).perform()).toMatchObject({
      outcome: 'failed',
      moved: true,
    })
  })
})

describe('not sent at all', () => {
  const long = '字'.repeat(201)
  test.each<[what: string, job: Job<ActionKind>]>([
    ['agreement', jobOf<'respond'>({ kind: 'respond', stance: 'agree' }) as unknown as Job<ActionKind>],
    ['a reply without words', jobOf<'respond'>({ ...talk, text: '  ' }) as unknown as Job<ActionKind>],
    ['a reply that is too long', jobOf<'respond'>({ ...talk, text: long }) as unknown as Job<ActionKind>],
    ['a picture with a risk reply', jobOf<'respond'>({ ...talk, pictures: [hashOf(1)] }) as unknown as Job<ActionKind>],
    ['a finish without a result', jobOf<'finish'>({ kind: 'finish' }) as unknown as Job<ActionKind>],
    ['a result of the other system', jobOf<'finish'>({ ...finishing, choice: '03' }) as unknown as Job<ActionKind>],
    [
      'five pictures',
      jobOf<'finish'>({ ...finishing, pictures: [1, 2, 3, 4, 5].map(hashOf) }) as unknown as Job<ActionKind>,
    ],
    [
      'a feedback without words',
      jobOf<'finish'>({ kind: 'finish', choice: '03' }, { number: eventId }) as unknown as Job<ActionKind>,
    ],
    ['evidence for the other system', jobOf<'add-evidence'>(evidence) as unknown as Job<ActionKind>],
  ])('%s', async (_, job) => {
    const { perform, transport } = on(() => undefined, job)
    expect(await perform()).toMatchObject({ outcome: 'failed', again: false })
    expect(transport.asked).toEqual([])
  })
})

describe('a refund', () => {
  const wish: ActionOf<'refund'> = {
    kind: 'refund',
    order: tradeNo,
    amount: 1990 as Fen,
    total: 3980 as Fen,
    reason: '商品问题',
  }
  const number = 'rdabcdefghij'
  const paid = ok({ trade_no: tradeNo, trade_status: 'TRADE_SUCCESS', total_amount: '39.80' })
  const yes = ok({ trade_no: tradeNo, fund_change: 'Y', refund_fee: '39.80', gmt_refund_pay: '2026-11-21 16:00:01' })
  const unchanged = ok({ trade_no: tradeNo, fund_change: 'N', refund_fee: '19.90' })
  const there = (over: object = {}) =>
    ok({ trade_no: tradeNo, out_request_no: number, refund_status: 'REFUND_SUCCESS', refund_amount: '19.90', ...over })
  const nothing = ok({})
  const noWord = { code: '20001', sub_code: 'aop.invalid-app-auth-token' }
  const refunding = (answers: Parameters<typeof by>[0], over: object = {}) =>
    on(by({ 'trade.query': paid, ...answers }), jobOf<'refund'>({ ...wish, ...over }, { refund: number }))

  test('asks for the trade, then once for the money, in yuan, under its number', async () => {
    const { perform, asked, transport } = refunding({ 'trade.refund': yes })
    expect(await perform()).toEqual({
      outcome: 'done',
      reference: number,
      refund: { arrivedAt: '2026-11-21T08:00:01.000Z' },
    })
    expect(transport.methods()).toEqual(['alipay.trade.query', 'alipay.trade.refund'])
    expect(asked('trade.refund')[0]?.content).toEqual({
      trade_no: tradeNo,
      refund_amount: '19.90',
      out_request_no: number,
      refund_reason: '商品问题',
    })
  })
  test('is there only where the seat has a payer', () => {
    const { platform } = platformOn(() => undefined)
    expect(platform.deeds({ account: account() }).refund).toBeUndefined()
    expect(platform.deeds({ account: account(), payer: account() }).refund?.repeat).toBe('same-number')
  })
  test.each<[what: string, answers: Parameters<typeof by>[0], acted: object]>([
    ['accepted is not done', { 'trade.refund': unchanged, 'refund.query': nothing }, { outcome: 'unknown' }],
    ['accepted without a word of funds', { 'trade.refund': ok(), 'refund.query': nothing }, { outcome: 'unknown' }],
    [
      'a repeat changes no funds: the query knows',
      { 'trade.refund': unchanged, 'refund.query': there() },
      { outcome: 'done' },
    ],
    [
      'funds of another trade',
      { 'trade.refund': ok({ trade_no: '1', fund_change: 'Y' }), 'refund.query': nothing },
      { outcome: 'unknown' },
    ],
    [
      'another amount under this number',
      { 'trade.refund': unchanged, 'refund.query': there({ refund_amount: '5.00' }) },
      { outcome: 'failed', again: false, refund: { end: 'found', amount: 500 } },
    ],
    ['silence', { 'trade.refund': silence }, { outcome: 'unknown' }],
    ['a system error', { 'trade.refund': no('ACQ.SYSTEM_ERROR') }, { outcome: 'unknown' }],
    ['20000', { 'trade.refund': { code: '20000' } }, { outcome: 'unknown' }],
    ['too many calls', { 'trade.refund': { code: '40005' } }, { outcome: 'failed', again: true }],
    ['no connection', { 'trade.query': new OutsideError('unreachable', 'x') }, { outcome: 'failed', again: true }],
    [
      'no balance',
      { 'trade.refund': no('ACQ.SELLER_BALANCE_NOT_ENOUGH'), 'refund.query': nothing },
      { outcome: 'failed', again: false },
    ],
    [
      'no, though an earlier call worked',
      { 'trade.refund': no('ACQ.TRADE_HAS_CLOSE'), 'refund.query': there() },
      { outcome: 'done' },
    ],
    [
      'no, and nobody can say what is there',
      { 'trade.refund': no('ACQ.TRADE_HAS_CLOSE'), 'refund.query': silence },
      { outcome: 'unknown' },
    ],
    [
      'no, and nobody may look what is there',
      { 'trade.refund': no('ACQ.TRADE_HAS_CLOSE'), 'refund.query': noWord },
      { outcome: 'failed', again: false },
    ],
    [
      'the word of the merchant is taken back',
      { 'trade.query': noWord, 'trade.refund': noWord, 'refund.query': noWord },
      { outcome: 'failed', again: false, because: { code: 'aop.invalid-app-auth-token' } },
    ],
    [
      'accepted, and nobody may look what became of it',
      { 'trade.refund': unchanged, 'refund.query': noWord },
      { outcome: 'unknown' },
    ],
    [
      'other parameters under this number',
      { 'trade.refund': no('ACQ.DISCORDANT_REPEAT_REQUEST'), 'refund.query': there({ refund_amount: '5.00' }) },
      { outcome: 'failed', refund: { end: 'found', amount: 500 } },
    ],
    [
      'closed by this very refund',
      {
        'trade.query': ok({ trade_no: tradeNo, trade_status: 'TRADE_CLOSED', total_amount: '39.80' }),
        'refund.query': there(),
      },
      { outcome: 'done' },
    ],
  ])('%s', async (_, answers, acted) => {
    const { perform, asked } = refunding(answers)
    expect(await perform()).toMatchObject(acted)
    expect(asked('trade.refund').length).toBeLessThanOrEqual(1)
  })
  test.each<[what: string, over: object, trade: object]>([
    ['more than the trade', { amount: 3981 as Fen }, paid],
    ['nothing', { amount: 0 as Fen }, paid],
    [
      'a trade that costs something else by now',
      {},
      ok({ trade_no: tradeNo, trade_status: 'TRADE_SUCCESS', total_amount: '39.81' }),
    ],
    ['a trade that is not paid', {}, ok({ trade_no: tradeNo, trade_status: 'WAIT_BUYER_PAY', total_amount: '39.80' })],
    ['a trade that has ended', {}, ok({ trade_no: tradeNo, trade_status: 'TRADE_FINISHED', total_amount: '39.80' })],
    ['a trade that is not there', {}, no('ACQ.TRADE_NOT_EXIST')],
    ['a reason that is too long', { reason: '字'.repeat(257) }, paid],
    ['something that is no trade number', { order: '../1' }, paid],
  ])('not asked for: %s', async (_, over, told) => {
    const { perform, asked } = refunding({ 'trade.query': told, 'refund.query': nothing }, over)
    expect(await perform()).toMatchObject({ outcome: 'failed', again: false })
    expect(asked('trade.refund')).toEqual([])
  })
  test.each<[what: string, answer: Answer, acted: object]>([
    [
      'there',
      there({ gmt_refund_pay: '2026-11-21 16:00:01' }),
      { outcome: 'done', refund: { arrivedAt: '2026-11-21T08:00:01.000Z' } },
    ],
    ['not there', nothing, { outcome: 'absent' }],
    ['on its way', there({ refund_status: 'REFUND_PROCESSING' }), { outcome: 'absent' }],
    ['without an amount', there({ refund_amount: undefined }), { outcome: 'absent' }],
    ['no such trade', no('TRADE_NOT_EXIST'), { outcome: 'absent' }],
    ['of another trade', there({ trade_no: '1' }), { outcome: 'failed', refund: { end: 'found' } }],
  ])('looked for: %s', async (_, answer, acted) => {
    const { look, asked } = refunding({ 'refund.query': answer })
    expect(await look()).toMatchObject(acted)
    expect(asked('refund.query')[0]?.content).toEqual({
      trade_no: tradeNo,
      out_request_no: number,
      query_options: ['gmt_refund_pay'],
    })
  })
  test('a look that fails says so', async () => {
    await expect(refunding({ 'refund.query': no('ACQ.SYSTEM_ERROR') }).look()).rejects.toMatchObject({
      trouble: 'unreachable',
    })
  })
  test('whose money it is, is the merchant’s, whichever app asks', () => {
    const { platform } = platformOn(() => undefined)
    const other = account({ outsideId: '2021000000000002', id: asId<'account'>('acc_2') })
    expect(platform.payee({ account: account(), merchant })).toBe(merchant.outsideId)
    expect(platform.payee({ account: other, merchant })).toBe(merchant.outsideId)
    expect(platform.payee({ account: account() })).toBe(account().outsideId)
  })
  test('orders are what the trade query says', async () => {
    const told: Record<string, object> = {
      '1': ok({
        trade_no: '1',
        trade_status: 'TRADE_SUCCESS',
        total_amount: '39.80',
        send_pay_date: '2026-11-20 12:00:00',
      }),
      '2': ok({ trade_no: '2', trade_status: 'TRADE_CLOSED', total_amount: '1.00' }),
      '3': ok({ trade_no: '3', trade_status: 'WAIT_BUYER_PAY', total_amount: '1.00' }),
      '4': ok({ trade_no: '4', trade_status: 'TRADE_FINISHED', total_amount: '1.00' }),
      '5': no('ACQ.TRADE_NOT_EXIST'),
    }
    const { platform } = platformOn(({ content }) => told[(content as { trade_no: string }).trade_no])
    expect(await platform.orders({ account: account() }, ['1', '2', '3', '4', '5', '../6'])).toEqual([
      { number: '1', paid: 3980, refunded: 0, paidAt: '2026-11-20T04:00:00.000Z' },
      { number: '2', paid: 100, refunded: 100 },
    ])
  })
})
