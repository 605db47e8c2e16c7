import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bookshop, cafe, isv, openWorld, otherIsv, tinyPng, type World } from './alipay-world.ts'

let world: World
let token: string
beforeEach(async () => {
  world = await openWorld()
  token = (await world.alipay.authorise(isv, cafe.pid)).token
})
afterEach(() => world.close())

const family = 'alipay.merchant.tradecomplain'
const ask = (name: string, biz: unknown, who = token) => world.exec(`${family}.${name}`, { biz, token: who })
const feedback = (flat: Record<string, string>) => world.exec(`${family}.feedback.submit`, { flat, token })
const complain = (more: object = {}) => world.alipay.complainTrade({ pid: cafe.pid, ...more })
const said = (id: string, more: object = {}) => ({
  complain_event_id: id,
  feedback_code: '05',
  feedback_content: '已补发',
  ...more,
})
const statusOf = (id: string) => world.alipay.tradeComplaint(id)?.status
const upload = (name: string, type: string, bytes: Buffer, who = token, as = isv) =>
  world.exec('alipay.merchant.image.upload', {
    token: who,
    as,
    flat: { image_type: type },
    file: { part: 'image_content', name, bytes },
  })

describe('the list and the detail', () => {
  test('show what the documents say', async () => {
    const c = await complain({ amount: 8800, text: '没发货', phone: '13900001111' })
    const { inner, genuine } = await ask('batchquery', {})
    const trade = world.alipay.trades()[0]
    const item = {
      complain_event_id: c.id,
      status: 'MERCHANT_PROCESSING',
      trade_no: trade?.tradeNo,
      merchant_order_no: trade?.outTradeNo,
      gmt_create: '2026-11-21 10:00:00',
      gmt_modified: '2026-11-21 10:00:00',
      leaf_category_name: '未收到货',
      complain_reason: '商家未发货',
      content: '没发货',
      phone_no: '13900001111',
      target_id: cafe.appId,
      target_type: 'APPID',
    }
    expect(genuine).toBe(true)
    const ok = { code: '10000', msg: 'Success' }
    expect(inner).toEqual({
      ...ok,
      page_num: 1,
      page_size: 10,
      total_page_num: 1,
      total_num: 1,
      trade_complain_infos: [item],
    })
    expect((await ask('query', { complain_event_id: c.id })).inner).toEqual({ ...ok, ...item, trade_amount: '88.00' })
  })

  test('cover thirty days by themselves, and a year at most', async () => {
    const { id } = await complain()
    world.clock.advance(31 * 86_400_000)
    expect((await ask('batchquery', {})).inner.total_num).toBe(0)
    const window = { begin_time: '2026-11-01 00:00:00', end_time: '2026-11-30 00:00:00' }
    expect((await ask('batchquery', { ...window, status: 'MERCHANT_PROCESSING' })).inner.total_num).toBe(1)
    expect((await ask('batchquery', { ...window, status: 'CLOSED' })).inner.total_num).toBe(0)
    const targets = [{ target_id: bookshop.appId, target_type: 'APPID' }]
    expect((await ask('batchquery', { ...window, target_infos: targets })).inner.total_num).toBe(0)
    expect((await ask('batchquery', { begin_time: '2020-01-01 00:00:00' })).inner.sub_code).toBe('PARAM_ILLEGAL')
    expect((await ask('batchquery', { page_size: 21 })).inner.sub_code).toBe('PARAM_ILLEGAL')
    expect(statusOf(id)).toBe('MERCHANT_PROCESSING')
  })

  test('of another merchant are not for this token', async () => {
    const theirs = await world.alipay.complainTrade({ pid: bookshop.pid })
    expect((await ask('query', { complain_event_id: theirs.id })).inner.sub_code).toBe('AUTHORITY_ILLEGAL')
  })
})

describe('feedback', () => {
  test('goes as flat parameters and makes it the customer’s turn', async () => {
    const { id } = await complain()
    expect((await feedback(said(id, { operator: '小王' }))).inner.code).toBe('10000')
    expect(world.alipay.tradeComplaint(id)).toMatchObject({
      status: 'MERCHANT_FEEDBACKED',
      feedback: { code: '05', text: '已补发', operator: '小王' },
      replies: [{ by: 'MERCHANT', text: '已补发' }],
    })
    expect((await feedback(said(id))).inner.sub_code).toBe('STATUS_CHANGED')
  })

  test('in biz_content is not seen, unless the rules are wider', async () => {
    const { id } = await complain()
    expect((await ask('feedback.submit', said(id))).inner.sub_code).toBe('PARAM_ILLEGAL')
    expect(statusOf(id)).toBe('MERCHANT_PROCESSING')
    world.alipay.setRules({ feedbackFrom: 'either' })
    expect((await ask('feedback.submit', said(id))).inner.code).toBe('10000')
  })

  test.each([
    [{ feedback_code: '00' }, 'PARAM_ILLEGAL'],
    [{ feedback_code: '01' }, 'PARAM_ILLEGAL'],
    [{ feedback_content: '长'.repeat(201) }, 'PARAM_ILLEGAL'],
    [{ operator: '七个字的操作员' }, 'PARAM_ILLEGAL'],
    [{ feedback_images: 'nobody-uploaded-this' }, 'PARAM_ILLEGAL'],
    [{ feedback_content: '你这个骗子' }, 'SUBMIT_CONTENT_VIOLATION'],
  ])('%j is refused with %s', async (more, code) => {
    const { id } = await complain()
    expect((await feedback(said(id, more))).inner).toMatchObject({ code: '40004', sub_code: code })
    expect(statusOf(id)).toBe('MERCHANT_PROCESSING')
  })

  test.each(['02', '03', '04', '05', '06', '194'])('knows the code %s', async (code) => {
    const { id } = await complain()
    expect((await feedback(said(id, { feedback_code: code }))).inner.code).toBe('10000')
  })

  test('carries uploaded pictures, named with commas between', async () => {
    const { id } = await complain()
    const other = Buffer.concat([tinyPng, Buffer.from('2')])
    const ids = [await upload('a.png', 'png', tinyPng), await upload('b.png', 'png', other)].map(
      ({ inner }) => inner.image_id,
    )
    await feedback(said(id, { feedback_images: ids.join(',') }))
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(world.alipay.tradeComplaint(id)?.replies[0]?.photos).toEqual([hash(tinyPng), hash(other)])
    const { inner } = await ask('query', { complain_event_id: id })
    const [shown] = inner.reply_detail_infos as { images: string[]; replier_role: string }[]
    expect(shown?.replier_role).toBe('MERCHANT')
    expect(Buffer.from(await (await fetch(shown?.images[1] ?? '')).arrayBuffer())).toEqual(other)
  })
})

test('an image is checked for size and kind, and belongs to the app that uploaded it', async () => {
  const big = Buffer.concat([tinyPng, Buffer.alloc(5 * 1024 * 1024)])
  expect((await upload('a.png', 'png', big)).inner.sub_code).toBe('IMAGE_SIZE_OVERRANGE')
  expect((await upload('a.gif', 'gif', tinyPng)).inner.sub_code).toBe('PARAM_ILLEGAL')
  expect((await upload('a.jpg', 'jpg', tinyPng)).inner.sub_code).toBe('PARAM_ILLEGAL')
  const theirs = (await world.alipay.authorise(otherIsv, cafe.pid)).token
  const { inner } = await upload('a.png', 'png', tinyPng, theirs, otherIsv)
  const { id } = await complain()
  expect((await feedback(said(id, { feedback_images: String(inner.image_id) }))).inner.sub_code).toBe('PARAM_ILLEGAL')
})

describe('what is allowed where', () => {
  const reply = (id: string) => ask('reply.submit', { complain_event_id: id, reply_content: '请补充照片' })
  const supplement = (id: string) =>
    ask('supplement.submit', { complain_event_id: id, supplement_content: '物流单号 1' })

  test.each([
    ['MERCHANT_PROCESSING', 'ok', 'STATUS_CHANGED', 'ok'],
    ['MERCHANT_FEEDBACKED', 'ok', 'STATUS_CHANGED', 'STATUS_CHANGED'],
    ['MERCHANT_FEEDBACK_TIMEOUT', 'ok', 'STATUS_CHANGED', 'ok'],
    ['PLATFORM_PROCESSING', 'STATUS_CHANGED', 'ok', 'STATUS_CHANGED'],
    ['FINISHED', 'STATUS_CHANGED', 'STATUS_CHANGED', 'STATUS_CHANGED'],
    ['CANCELLED', 'STATUS_CHANGED', 'STATUS_CHANGED', 'STATUS_CHANGED'],
    ['PLATFORM_FINISH', 'STATUS_CHANGED', 'STATUS_CHANGED', 'STATUS_CHANGED'],
    ['CLOSED', 'STATUS_CHANGED', 'STATUS_CHANGED', 'STATUS_CHANGED'],
    ['REPORT_SUCCEED', 'STATUS_CHANGED', 'STATUS_CHANGED', 'STATUS_CHANGED'],
  ] as const)('at %s: reply %s, supplement %s, feedback %s', async (status, replied, supplemented, fed) => {
    const { id } = await complain()
    const at = async (act: (id: string) => ReturnType<typeof reply>) => {
      await world.alipay.setTrade(id, { status })
      const { inner } = await act(id)
      return inner.sub_code ?? 'ok'
    }
    expect(await at(reply)).toBe(replied)
    expect(await at(supplement)).toBe(supplemented)
    expect(await at((one) => feedback(said(one)))).toBe(fed)
  })

  test('customers and the platform walk it to each of its ends', async () => {
    const [a, b, c, d] = [await complain(), await complain(), await complain(), await complain()]
    await feedback(said(a.id))
    await world.alipay.moveTrade(a.id, { kind: 'confirm' })
    await world.alipay.moveTrade(b.id, { kind: 'ask-platform' })
    await supplement(b.id)
    await world.alipay.moveTrade(b.id, { kind: 'platform-reply', text: '请双方举证' })
    await world.alipay.moveTrade(b.id, { kind: 'platform-finish' })
    await world.alipay.moveTrade(c.id, { kind: 'cancel' })
    await world.alipay.moveTrade(d.id, { kind: 'close' })
    expect([a, b, c, d].map(({ id }) => statusOf(id))).toEqual(['FINISHED', 'PLATFORM_FINISH', 'CANCELLED', 'CLOSED'])
    const { inner } = await ask('query', { complain_event_id: b.id })
    expect(inner.gmt_finished).toBe('2026-11-21 10:00:00')
    expect((inner.reply_detail_infos as { replier_role: string }[]).map((one) => one.replier_role)).toEqual([
      'MERCHANT',
      'AUDITOR',
    ])
    await expect(world.alipay.moveTrade(a.id, { kind: 'cancel' })).rejects.toThrow('not possible at FINISHED')
  })

  test('a merchant that says nothing runs out of time, where the rules say so', async () => {
    world.alipay.setRules({ feedbackMs: 3_600_000 })
    const { id } = await complain()
    await world.pass(3_599_999)
    expect(statusOf(id)).toBe('MERCHANT_PROCESSING')
    await world.pass(1)
    expect(statusOf(id)).toBe('MERCHANT_FEEDBACK_TIMEOUT')
  })
})

test('v3 does the same things by other paths', async () => {
  const { id } = await complain()
  const base = '/v3/alipay/merchant'
  const listed = await world.v3('POST', `${base}/tradecomplain/batchquery`, { biz: { page_num: 1 }, token })
  expect(listed.json.total_num).toBe(1)
  const file = { part: 'image_content', name: 'a.png', bytes: tinyPng }
  const up = await world.v3('POST', `${base}/image/upload`, { biz: { image_type: 'png' }, file, token })
  expect(up).toMatchObject({ status: 200, genuine: true })
  const images = String(up.json.image_id)
  const replied = { complain_event_id: id, reply_content: '在查', reply_images: images }
  expect((await world.v3('POST', `${base}/tradecomplain/reply`, { biz: replied, token })).status).toBe(200)
  expect((await world.v3('POST', `${base}/tradecomplain/feedback`, { biz: said(id), token })).status).toBe(200)
  const detail = await world.v3('GET', `${base}/tradecomplain/${id}`, { token })
  expect(detail).toMatchObject({ genuine: true, json: { status: 'MERCHANT_FEEDBACKED' } })
  await world.alipay.moveTrade(id, { kind: 'ask-platform' })
  const more = { complain_event_id: id, supplement_content: '单号 1' }
  expect((await world.v3('POST', `${base}/tradecomplain/supplement`, { biz: more, token })).status).toBe(200)
  const again = await world.v3('POST', `${base}/tradecomplain/feedback`, { biz: said(id), token })
  expect(again).toMatchObject({ status: 400, json: { code: 'STATUS_CHANGED' } })
})
