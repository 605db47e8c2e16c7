import { describe, expect, test } from 'vitest'
import type { Instant } from '../../../src/core/words.ts'
import type { Listed } from '../../../src/platforms/platform.ts'
import {
  account,
  eventId,
  failureOf,
  merchant,
  no,
  ok,
  platformOn,
  risk,
  riskId,
  type Script,
  trade,
} from './support.ts'

const from = '2026-11-19T16:00:00.000Z' as Instant
const to = '2026-11-21T08:00:00.000Z' as Instant
const seat = { account: account() }

async function all<Row>(rows: AsyncIterable<Row> | Iterable<Row>): Promise<Row[]> {
  const found: Row[] = []
  for await (const row of rows) found.push(row)
  return found
}
const listedBy = (script: Script, settings: object = {}) => {
  const made = platformOn(script)
  const of = { account: account({ settings: { ...settings } }) }
  return {
    ...made,
    listed: () => all(made.platform.listed(of, from, to)),
    open: () => all(made.platform.open(of) ?? []),
  }
}
const many = (count: number) => Array.from({ length: count }, (_, nr) => risk({ id: 1000 + nr }))
const paged = (rows: readonly object[], total?: number): Script => {
  return ({ content }) => {
    const { current_page_num: page, page_size: size } = content as { current_page_num: number; page_size: number }
    const some = rows.slice((page - 1) * size, page * size)
    return ok({
      ...(some.length === 0 ? {} : { complaint_list: some }),
      ...(total === undefined ? {} : { total_size: total }),
    })
  }
}
const numbers = (rows: readonly Listed[]) => rows.map(({ number }) => number)

describe('消费者投诉', () => {
  const sources = { sources: ['risk'] }
  test('is asked for in Beijing’s time, twenty at a time', async () => {
    const { listed, transport } = listedBy(paged(many(45), 45), sources)
    expect(numbers(await listed())).toHaveLength(45)
    expect(transport.asked.map(({ content }) => content)).toEqual(
      [1, 2, 3].map((page) => ({
        gmt_complaint_start: '2026-11-20 00:00:00',
        gmt_complaint_end: '2026-11-21 16:00:00',
        current_page_num: page,
        page_size: 20,
      })),
    )
  })
  test.each([
    [0, 0, 1],
    [20, 20, 1],
    [40, 40, 2],
    [21, undefined, 2],
    [20, undefined, 2],
  ])('%s of them (%s named) take %s calls', async (count, total, calls) => {
    const { listed, transport } = listedBy(paged(many(count), total), sources)
    expect(await listed()).toHaveLength(count)
    expect(transport.asked).toHaveLength(calls)
  })
  test('one that moves to the next page meanwhile is told once', async () => {
    const rows = [...many(20), ...many(20).slice(15)]
    expect(await listedBy(paged(rows, 25), sources).listed()).toHaveLength(20)
  })
  test('a line says what is waited for', async () => {
    const rows = [risk({}), risk({ id: 2, status: 'PROCESSED' }), risk({ id: 3, status: 'NEW_ONE' }), { task_id: 'x' }]
    expect(await listedBy(paged(rows, 3), sources).listed()).toEqual([
      { number: riskId, code: 'WAIT_PROCESS', openedAt: '2026-11-21T02:00:00.000Z', waiting: true, over: false },
      { number: '2', code: 'PROCESSED', openedAt: '2026-11-21T02:00:00.000Z', waiting: false, over: true },
      { number: '3', code: 'NEW_ONE', openedAt: '2026-11-21T02:00:00.000Z', waiting: false, over: false },
    ])
  })
  test('what is open now is asked for by state', async () => {
    const { open, transport } = listedBy(paged(many(1), 1), sources)
    expect(await open()).toHaveLength(1)
    expect(transport.asked[0]?.content).toMatchObject({
      status_list: ['WAIT_PROCESS', 'OVERDUE', 'PROCESSING', 'PART_OVERDUE'],
    })
    const onlyTrade = listedBy(() => undefined, { sources: ['trade'] })
    expect(onlyTrade.platform.open({ account: account({ settings: { sources: ['trade'] } }) })).toBeUndefined()
  })
  test('a list that never ends does', async () => {
    const { listed, transport } = listedBy(() => ok({ complaint_list: many(20), total_size: 999_999 }), sources)
    expect(await listed()).toHaveLength(20)
    expect(transport.asked).toHaveLength(200)
  })
})

test('交易投诉 is listed by its pages', async () => {
  const { listed, transport } = listedBy(
    ({ content }) => {
      const { page_num: page } = content as { page_num: number }
      return ok({
        total_page_num: 2,
        total_num: 21,
        trade_complain_infos: [trade({ complain_event_id: `${eventId}${page}`, status: 'FINISHED' })],
      })
    },
    { sources: ['trade'] },
  )
  expect(await listed()).toMatchObject([
    { number: `${eventId}1`, over: true, waiting: false },
    { number: `${eventId}2`, over: true },
  ])
  expect(transport.asked[0]?.content).toEqual({
    begin_time: '2026-11-20 00:00:00',
    end_time: '2026-11-21 16:00:00',
    page_num: 1,
    page_size: 20,
  })
})

test('one list that cannot be read does not hide the other', async () => {
  const { platform } = platformOn(({ method }) =>
    method.includes('risk')
      ? no('isv.insufficient-isv-permissions', { code: '40006' })
      : ok({ trade_complain_infos: [trade()] }),
  )
  const found: Listed[] = []
  const error = await failureOf(
    (async () => {
      for await (const one of platform.listed(seat, from, to)) found.push(one)
    })(),
  )
  expect(numbers(found)).toEqual([eventId])
  expect(error).toMatchObject({ trouble: 'forbidden' })
})

const lists = {
  risk: 'alipay.security.risk.complaint.info.batchquery',
  trade: 'alipay.merchant.tradecomplain.batchquery',
}
test.each([
  ['risk', [lists.risk], [lists.trade], false],
  ['trade', [lists.trade], [lists.risk], true],
  ['neither, so that both refuse', [lists.risk, lists.trade], [lists.risk, lists.trade], true],
  ['every list, though not every deed', ['alipay.trade.refund'], [lists.risk, lists.trade], true],
])('a merchant that does not let us ask for %s', async (_, lacks, asked, opens) => {
  const { platform, transport } = platformOn(() => ok())
  const seat = { account: account(), merchant: { ...merchant, lacks } }
  expect(await all(platform.listed(seat, from, to))).toEqual([])
  expect(transport.methods()).toEqual(asked)
  expect(platform.open(seat) !== undefined).toBe(opens)
})

test('a complaint is read in its own system, dated by the question', async () => {
  const made = platformOn(({ method, content }) => {
    made.clock.step(5_000)
    return method.includes('risk') ? ok(risk(content as object)) : ok(trade())
  })
  expect(await made.platform.fetch(seat, riskId)).toMatchObject({
    source: 'alipay-risk',
    asOf: '2026-11-21T08:00:00.000Z',
  })
  expect(await made.platform.fetch(seat, eventId)).toMatchObject({ source: 'alipay-trade', number: eventId })
  expect(made.transport.asked.map(({ content }) => content)).toEqual([
    { complain_id: riskId },
    { complain_event_id: eventId },
  ])
  expect(await failureOf(made.platform.fetch(seat, '../1'))).toMatchObject({ trouble: 'refused' })
})

test.each([
  ['another complaint', ok(risk({ id: 2 }))],
  ['nothing', ok({})],
])('an answer about %s is none', async (_, answer) => {
  expect(await failureOf(platformOn(() => answer).platform.fetch(seat, riskId))).toMatchObject({
    trouble: 'unreachable',
  })
})
