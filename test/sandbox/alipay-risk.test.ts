import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bookshop, cafe, isv, openWorld, start, tinyPng, type World } from './alipay-world.ts'

let world: World
let token: string
beforeEach(async () => {
  world = await openWorld()
  token = (await world.alipay.authorise(isv, cafe.pid)).token
})
afterEach(() => world.close())

const family = 'alipay.security.risk.complaint'
const ask = (name: string, biz: unknown, who = token) => world.exec(`${family}.${name}`, { biz, token: who })
const list = (biz: unknown = {}, who = token) => ask('info.batchquery', biz, who)
const detail = async (id: number) => (await ask('info.query', { complain_id: String(id) })).inner
const finish = (id: number, more: object = {}) =>
  ask('process.finish', { id_list: [id], process_code: 'CONSENSUS_WITH_CLIENT', ...more })
const day = 86_400_000

describe('the list', () => {
  test('shows a merchant its own complaints, every field as documented', async () => {
    const c = await world.alipay.complainRisk({ pid: cafe.pid, text: '没有收到', contact: '13800001111', amount: 9900 })
    await world.alipay.complainRisk({ pid: bookshop.pid })
    const { inner, genuine } = await list()
    expect(genuine).toBe(true)
    expect(inner).toMatchObject({ code: '10000', total_size: 1, current_page: 1, page_size: 10 })
    const trade = world.alipay.trades()[0]
    expect(inner.complaint_list).toEqual([
      {
        id: c.id,
        task_id: c.taskId,
        opposite_pid: cafe.pid,
        opposite_name: '街角咖啡',
        complain_amount: '99.00',
        complain_content: '没有收到',
        contact: '13800001111',
        gmt_complain: '2026-11-21 10:00:00',
        gmt_overdue: '2026-11-22 10:00:00',
        gmt_risk_finish_time: '2026-11-21 10:00:00',
        trade_no: trade?.tradeNo,
        status: 'WAIT_PROCESS',
        status_description: '待处理',
        complaint_trade_info_list: [
          {
            id: String(c.trades[0]?.id),
            complaint_record_id: String(c.id),
            trade_no: trade?.tradeNo,
            out_no: trade?.outTradeNo,
            gmt_trade: '2026-11-21 09:00:00',
            status: 'WAIT_PROCESS',
            status_description: '待处理',
            amount: '99.00',
          },
        ],
      },
    ])
  })

  test('has no rows at all when it is empty, unless it is told otherwise', async () => {
    expect((await list()).inner).toEqual({
      code: '10000',
      msg: 'Success',
      total_size: 0,
      current_page: 1,
      page_size: 10,
    })
    world.alipay.setQuirks({ emptyList: 'empty' })
    expect((await list()).inner.complaint_list).toEqual([])
  })

  test('filters by time, state, trade, number and upgrade, and turns pages', async () => {
    const first = await world.alipay.complainRisk({ pid: cafe.pid })
    world.clock.advance(60_000)
    const second = await world.alipay.complainRisk({ pid: cafe.pid })
    await world.alipay.moveRisk(second.id, { kind: 'upgrade' })
    await finish(first.id)
    const ids = async (biz: object) => {
      const rows = (await list(biz)).inner.complaint_list as { id: number }[] | undefined
      return (rows ?? []).map(({ id }) => id)
    }
    expect(await ids({})).toEqual([second.id, first.id])
    expect(await ids({ gmt_complaint_start: '2026-11-21 10:00:01' })).toEqual([second.id])
    expect(await ids({ gmt_complaint_end: '2026-11-21 10:00:00' })).toEqual([first.id])
    expect(await ids({ gmt_process_start: '2026-11-21 10:00:00' })).toEqual([first.id])
    expect(await ids({ status_list: ['WAIT_PROCESS', 'OVERDUE'] })).toEqual([second.id])
    expect(await ids({ trade_no: first.trades[0]?.tradeNo })).toEqual([first.id])
    expect(await ids({ task_id_list: [second.taskId] })).toEqual([second.id])
    expect(await ids({ upgrade: true })).toEqual([second.id])
    expect(await ids({ page_size: 1, current_page_num: 2 })).toEqual([first.id])
    expect(await ids({ page_size: 1, current_page_num: 3 })).toEqual([])
  })

  test.each([
    { begin_time: '2026-11-21 10:00:00' },
    { page_size: 50 },
    { status_list: ['WAITING'] },
    { gmt_complaint_start: '2026-11-21' },
  ])('refuses %j', async (biz) => {
    expect((await list(biz)).inner.sub_code).toBe('isv.invalid-parameter')
  })

  test('an app with the merchant’s token sees no other merchant’s complaint', async () => {
    const theirs = await world.alipay.complainRisk({ pid: bookshop.pid })
    expect((await ask('info.query', { complain_id: String(theirs.id) })).inner).toMatchObject({ code: '40004' })
    expect((await finish(theirs.id)).inner.complaint_process_success).toBe(false)
    expect(world.alipay.riskComplaint(theirs.id)?.status).toBe('WAIT_PROCESS')
  })
})

describe('the detail', () => {
  test('adds the customer’s pictures, which open for an hour', async () => {
    const { id } = await world.alipay.complainRisk({ pid: cafe.pid, photos: [tinyPng] })
    const { certify_info: photos, complain_url: url } = await detail(id)
    expect(url).toMatch(/^https:/)
    const [address = ''] = photos as string[]
    expect(Buffer.from(await (await fetch(address)).arrayBuffer())).toEqual(tinyPng)
    world.clock.advance(3_600_000)
    expect((await fetch(address)).status).toBe(403)
    world.alipay.setQuirks({ certifyInfo: 'absent' })
    expect((await detail(id)).certify_info).toBeUndefined()
  })

  test('takes the number by either name, and asks for one', async () => {
    const { id } = await world.alipay.complainRisk({ pid: cafe.pid })
    expect((await ask('info.query', { record_id: id })).inner.id).toBe(id)
    expect((await ask('info.query', {})).inner.sub_code).toBe('isv.missing-parameter')
    expect((await ask('info.query', { complaint_id: String(id) })).inner.sub_code).toBe('isv.invalid-parameter')
  })
})

describe('a finish', () => {
  test.each(['CONSENSUS_WITH_CLIENT', 'REFUND', 'RECTIFICATION_NO_REFUND', 'SUBMIT_PROOF_NOT_CONTACTED', 'ORTHER'])(
    'with %s closes it',
    async (code) => {
      const { id } = await world.alipay.complainRisk({ pid: cafe.pid })
      expect((await finish(id, { process_code: code, remark: '已处理' })).inner.complaint_process_success).toBe(true)
      expect(await detail(id)).toMatchObject({
        status: 'PROCESSED',
        process_code: code,
        process_remark: '已处理',
        gmt_process: '2026-11-21 10:00:00',
      })
    },
  )

  test('a second time is success with false, and changes nothing', async () => {
    const { id } = await world.alipay.complainRisk({ pid: cafe.pid })
    await finish(id)
    const again = await finish(id, { process_code: 'REFUND' })
    expect(again.inner).toMatchObject({ code: '10000', complaint_process_success: false })
    expect(world.alipay.riskComplaint(id)?.processCode).toBe('CONSENSUS_WITH_CLIENT')
    expect(world.alipay.ledger().filter(({ what }) => what === 'finish')).toHaveLength(1)
  })

  test.each([{ process_code: 'OTHER' }, { id_list: ['1'] }, { remark: 'x'.repeat(501) }, { complaint_id: '1' }])(
    'refuses %j',
    async (more) => {
      const { id } = await world.alipay.complainRisk({ pid: cafe.pid })
      expect((await finish(id, more)).inner.sub_code).toBe('isv.invalid-parameter')
      expect(world.alipay.riskComplaint(id)?.status).toBe('WAIT_PROCESS')
    },
  )

  test('carries uploaded pictures by both their names', async () => {
    const { id } = await world.alipay.complainRisk({ pid: cafe.pid })
    const file = { part: 'file_content', name: 'proof.png', bytes: tinyPng }
    const { inner } = await world.exec(`${family}.file.upload`, { token, file })
    expect(inner).toMatchObject({ code: '10000', file_name: 'proof.png' })
    const image = { img_url: inner.file_url, img_url_key: inner.file_key }
    const wrong = await finish(id, { img_file_list: [{ ...image, img_url_key: 'risk/1' }] })
    expect(wrong.inner.sub_code).toBe('isv.invalid-parameter')
    await finish(id, { img_file_list: [image] })
    const sha256 = createHash('sha256').update(tinyPng).digest('hex')
    expect(world.alipay.ledger().at(-1)).toMatchObject({ what: 'finish', media: [{ sha256, key: inner.file_key }] })
    expect(world.alipay.picture(sha256)).toEqual(tinyPng)
  })

  test('an upload of more than five megabytes, or of no picture, is refused', async () => {
    const upload = (bytes: Buffer) =>
      world.exec(`${family}.file.upload`, { token, file: { part: 'file_content', name: 'a.png', bytes } })
    const big = Buffer.concat([tinyPng, Buffer.alloc(5 * 1024 * 1024)])
    expect((await upload(big)).inner.sub_code).toBe('isv.invalid-parameter')
    expect((await upload(Buffer.from('text'))).inner.sub_code).toBe('isv.invalid-parameter')
  })
})

test('a reply names the complaint by its own spelling, and is kept', async () => {
  const { id } = await world.alipay.complainRisk({ pid: cafe.pid })
  const said = await ask('reply.send', { complaint_id: String(id), reply_content: '马上为您处理' })
  expect(said.inner).toEqual({ code: '10000', msg: 'Success' })
  expect(world.alipay.riskComplaint(id)?.replies).toEqual([{ at: start, text: '马上为您处理' }])
  const misnamed = await ask('reply.send', { complain_id: String(id), reply_content: '马上为您处理' })
  expect(misnamed.inner.sub_code).toBe('isv.invalid-parameter')
  expect((await ask('reply.send', { record_id: id, reply_content: '好' })).inner.code).toBe('10000')
})

describe('its states', () => {
  const refund = (tradeNo: string | undefined, amount: string) =>
    world.exec('alipay.trade.refund', {
      token,
      biz: { trade_no: tradeNo, refund_amount: amount, out_request_no: `r${tradeNo}` },
    })
  const two = () =>
    world.alipay.complainRisk({ pid: cafe.pid, trades: [{ total: 1000 }, { total: 2000, complained: 500 }] })

  test('a refund turns its trade, and the last one the complaint, after a while and by itself', async () => {
    const { id, trades } = await two()
    await refund(trades[0]?.tradeNo, '10.00')
    expect(await detail(id)).toMatchObject({
      status: 'PROCESSING',
      complain_amount: '15.00',
      complaint_trade_info_list: [
        { status: 'REFUNDING', gmt_refund: '2026-11-21 10:00:00' },
        { status: 'WAIT_PROCESS' },
      ],
    })
    await world.pass(2999)
    expect(world.alipay.riskComplaint(id)?.trades[0]?.status).toBe('REFUNDING')
    await world.pass(1)
    expect(world.alipay.riskComplaint(id)).toMatchObject({
      status: 'PROCESSING',
      trades: [{ status: 'PROCESSED' }, {}],
    })
    await refund(trades[1]?.tradeNo, '5.00')
    await world.pass(3000)
    expect(await detail(id)).toMatchObject({ status: 'PROCESSED', gmt_process: '2026-11-21 10:00:06' })
  })

  test('a refund of less than what is complained about turns nothing', async () => {
    const { id, trades } = await two()
    await refund(trades[0]?.tradeNo, '9.99')
    await world.pass(day / 2)
    expect(world.alipay.riskComplaint(id)?.status).toBe('WAIT_PROCESS')
  })

  test('where refunds do not turn complaints, only a finish does', async () => {
    world.alipay.setRules({ refundTurns: false })
    const { id, trades } = await two()
    await refund(trades[0]?.tradeNo, '10.00')
    await refund(trades[1]?.tradeNo, '20.00')
    await world.pass(3_600_000)
    expect(world.alipay.riskComplaint(id)?.status).toBe('WAIT_PROCESS')
    await finish(id, { process_code: 'REFUND' })
    expect(world.alipay.riskComplaint(id)?.status).toBe('PROCESSED')
  })

  test('a deadline passes: overdue, partly overdue, finished late', async () => {
    const { id } = await two()
    const half = await two()
    await refund(half.trades[0]?.tradeNo, '10.00')
    await world.pass(day)
    expect(world.alipay.riskComplaint(id)?.status).toBe('OVERDUE')
    expect(world.alipay.riskComplaint(half.id)?.status).toBe('PART_OVERDUE')
    await finish(id)
    await finish(half.id)
    expect(world.alipay.riskComplaint(id)?.status).toBe('OVERDUE_PROCESSED')
    expect(world.alipay.riskComplaint(half.id)?.status).toBe('OVERDUE_PROCESSED')
  })

  test('a withdrawal ends in the state that fits what was before', async () => {
    const [open, late, done, lateDone] = [await two(), await two(), await two(), await two()]
    await finish(done.id)
    for (const one of [late, lateDone]) await world.alipay.moveRisk(one.id, { kind: 'overdue' })
    await finish(lateDone.id)
    const ends = []
    for (const one of [open, late, done, lateDone]) ends.push(await world.alipay.moveRisk(one.id, { kind: 'withdraw' }))
    expect(ends.map(({ status }) => status)).toEqual([
      'DROP_COMPLAIN',
      'DROP_OVERDUE_COMPLAIN',
      'DROP_PROCESSED',
      'DROP_OVERDUE_PROCESSED',
    ])
    expect((await finish(open.id)).inner.complaint_process_success).toBe(false)
    await expect(world.alipay.moveRisk(open.id, { kind: 'withdraw' })).rejects.toThrow('not possible at DROP_COMPLAIN')
  })

  test('an upgrade keeps its words and its label', async () => {
    const { id } = await two()
    await world.alipay.moveRisk(id, { kind: 'upgrade', text: '没人理我' })
    expect(await detail(id)).toMatchObject({ upgrade_content: '没人理我', label_tag_list: ['升级投诉'] })
  })
})
