import { describe, expect, test } from 'vitest'
import { instant } from '../../../src/core/words.ts'
import type { Seat } from '../../../src/platforms/platform.ts'
import {
  type Asked,
  account,
  complaint,
  failureOf,
  merchant,
  number,
  pageOf,
  platformOn,
  png,
  provider,
  refuse,
  root,
  type Script,
  said,
  start,
} from './support.ts'

const day = 86_400_000
const seat = { account: account() }
const rows = (count: number, prefix = 'C') =>
  Array.from({ length: count }, (_, n) => {
    // No list has it.
    return complaint({ complaint_id: `${prefix}${n}`, payer_openid: undefined })
  })
const list =
  (answer: Script): Script =>
  (asked) => {
    if (asked.path === root) return answer(asked)
    if (asked.path.endsWith('/negotiation-historys')) return pageOf([], asked)
    return complaint({ complaint_id: asked.path.slice(root.length + 1) })
  }

async function numbers(answer: Script, from = start - day, to = start, who: Seat = seat) {
  const { platform, transport } = platformOn(list(answer))
  const found: string[] = []
  for await (const one of platform.listed?.(who, instant(from), instant(to)) ?? []) found.push(one.number)
  return { found, asked: transport.asked.filter((one) => one.path === root) }
}
const queries = (asked: readonly Asked[]) => asked.map((one) => Object.fromEntries(one.query))

describe('complaints of some days', () => {
  test('are asked for by days of Beijing', async () => {
    // 16:30 UTC is past midnight there.
    const { asked } = await numbers(
      () => pageOf([]),
      Date.parse('2026-11-19T16:30:00Z'),
      Date.parse('2026-11-21T15:59:00Z'),
    )
    expect(queries(asked)).toEqual([{ limit: '50', offset: '0', begin_date: '2026-11-20', end_date: '2026-11-21' }])
  })
  test('of more than 30 days in slices, without a gap and without overlap', async () => {
    const { asked } = await numbers(() => pageOf([]), start - 70 * day, start)
    const spans = queries(asked).map(({ begin_date, end_date }) => [begin_date, end_date])
    expect(spans).toEqual([
      ['2026-09-12', '2026-10-11'],
      ['2026-10-12', '2026-11-10'],
      ['2026-11-11', '2026-11-21'],
    ])
  })
  test('come page after page, each once, whatever their order', async () => {
    const all = rows(120)
    const { found, asked } = await numbers((one) => pageOf(all, one))
    expect([found.length, new Set(found).size]).toEqual([120, 120])
    expect(queries(asked).map(({ offset }) => offset)).toEqual(['0', '50', '100'])
    // A new one in front moves the others down: one comes twice, none is lost.
    let count = 0
    const moved = await numbers((one) => pageOf(count++ === 0 ? all : [...rows(1, 'NEW'), ...all], one))
    expect(new Set(moved.found).size).toBe(moved.found.length)
    expect(all.every(({ complaint_id }) => moved.found.includes(complaint_id))).toBe(true)
  })
  test('without a total end at the page that is not full', async () => {
    const { found, asked } = await numbers((one) => {
      const { total_count: _, ...page } = pageOf(rows(60), one)
      return page
    })
    expect([found.length, asked.length]).toEqual([60, 2])
  })
  test('too many at once are asked for fewer at a time, from the same place', async () => {
    const { found, asked } = await numbers((one) =>
      Number(one.query.get('limit')) > 20
        ? refuse(400, 'INVALID_REQUEST', '当前查询结果数据量过大')
        : pageOf(rows(30), one),
    )
    expect(found.length).toBe(30)
    expect(
      queries(asked)
        .slice(0, 3)
        .map(({ limit, offset }) => [limit, offset]),
    ).toEqual([
      ['50', '0'],
      ['25', '0'],
      ['12', '0'],
    ])
  })
  test('that may never be listed are not asked for for ever', async () => {
    const { platform, transport } = platformOn(() => refuse(400, 'INVALID_REQUEST'))
    const asked = async () => {
      for await (const _ of platform.created?.(seat, instant(start - day), instant(start)) ?? [])
        throw new Error('none')
    }
    expect(await failureOf(asked())).toMatchObject({ trouble: 'refused' })
    expect(transport.asked.length).toBeLessThan(6)
  })
  test('by a provider are those of one sub-merchant, or of all', async () => {
    const one = await numbers(() => pageOf([]), start, start, { account: provider(), merchant })
    expect(queries(one.asked)[0]).toMatchObject({ complainted_mchid: '1600000001' })
    const all = await numbers(() => pageOf([]), start, start, { account: provider() })
    expect(queries(all.asked)[0]).not.toHaveProperty('complainted_mchid')
  })
  test('as `created` are read whole: with the openid, which no list has', async () => {
    const { platform, transport } = platformOn(list((one) => pageOf(rows(2), one)))
    const found = []
    for await (const snapshot of platform.created?.(seat, instant(start - day), instant(start)) ?? [])
      found.push(snapshot)
    expect(found.map((one) => [one.number, one.person.openid !== undefined])).toEqual([
      ['C0', true],
      ['C1', true],
    ])
    expect(transport.asked.length).toBe(5)
  })
  test('a line of the list says whether it must be read', async () => {
    const { platform } = platformOn(list((one) => pageOf([complaint({ complaint_state: 'PROCESSING' })], one)))
    for await (const line of platform.listed?.(seat, instant(start), instant(start)) ?? [])
      expect(line).toEqual({
        number,
        code: 'PROCESSING',
        openedAt: '2026-11-21T02:00:00.120Z',
        waiting: true,
        over: false,
      })
  })
})

describe('a picture of theirs', () => {
  const { bytes } = png(40)
  const place = '/v3/merchant-service/images/ChsyMDAyMDE4%3D%3D'
  const image = said({ body: bytes, how: { drop: 'wechatpay-signature' } })
  test.each(['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'])(
    'at %s is fetched with our signature, its name encoded as they wrote it',
    async (host) => {
      const { platform, transport } = platformOn(() => image)
      expect(await platform.picture(seat, `${host}${place}`)).toEqual({ type: 'image/png', bytes })
      expect(transport.asked).toMatchObject([
        { host: 'api.mch.weixin.qq.com', target: place, headers: { accept: '*/*', authorization: expect.any(String) } },
      ])
    },
  )
  test.each([
    'https://qpic.cn/xxx',
    'https://api.mch.weixin.qq.com.evil.example/v3/merchant-service/images/x',
    'https://evil.example/v3/merchant-service/images/x',
    'https://api.mch.weixin.qq.com:8443/v3/merchant-service/images/x',
    'https://api.mch.weixin.qq.com/v3/refund/domestic/refunds/x',
    'https://api.mch.weixin.qq.com/v3/merchant-service/images/../complaints-v2',
    'https://api.mch.weixin.qq.com/v3/merchant-service/images/%2e%2e/complaints-v2',
    'https://api.mch.weixin.qq.com@evil.example/v3/merchant-service/images/x',
    'https://evil.example/https://api.mch.weixin.qq.com/v3/merchant-service/images/x',
  ])('at %s goes without it', async (reference) => {
    const { platform, transport } = platformOn(() => image)
    await platform.picture(seat, reference).catch(() => undefined)
    for (const one of transport.asked) expect(one.headers).not.toHaveProperty('authorization')
  })
  test('at a configured address is asked for there alone', async () => {
    const { platform, transport } = platformOn(() => image, { baseUrl: 'http://127.0.0.1:9' })
    await platform.picture(seat, `https://api.mch.weixin.qq.com${place}`)
    await platform.picture(seat, `http://127.0.0.1:9${place}`)
    await platform.picture(seat, 'http://127.0.0.1:9/qpic/1')
    expect(transport.asked.map((one) => [one.host, one.headers.authorization !== undefined])).toEqual([
      ['127.0.0.1:9', true],
      ['127.0.0.1:9', true],
      ['127.0.0.1:9', false],
    ])
  })
  test.each([
    ['no address', 'MEDIA_ID', image, 'refused'],
    ['an inner address', 'http://127.0.0.1:10/x', image, 'refused'],
    ['with credentials', 'https://a:b@qpic.cn/x', image, 'refused'],
    ['no picture', `https://api.mch.weixin.qq.com${place}`, said({ body: '<html>' }), 'refused'],
    ['not there', `https://api.mch.weixin.qq.com${place}`, refuse(404, 'RESOURCE_NOT_EXISTS'), 'refused'],
    ['our own', `https://api.mch.weixin.qq.com${place}`, refuse(400, 'INVALID_REQUEST'), 'refused'],
    ['a redirect', `https://api.mch.weixin.qq.com${place}`, said({ status: 302, body: '' }), 'unreachable'],
    ['an outage', `https://api.mch.weixin.qq.com${place}`, refuse(500, 'SYSTEM_ERROR'), 'unreachable'],
  ])('%s is none', async (_, reference, answer, trouble) => {
    const { platform } = platformOn(() => answer)
    await expect(platform.picture(seat, reference)).rejects.toMatchObject({ trouble })
  })
})
