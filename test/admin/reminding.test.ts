import { expect, test } from 'vitest'
import { redress } from '../cli/support.ts'
import { key, shop, world } from './world.ts'

async function withShop() {
  const there = await world()
  await there.ask('POST', '/tenants', shop)
  for (const [handle, role] of [
    ['li', 'agent'],
    ['chen', 'admin'],
    ['wang', 'viewer'],
  ])
    await there.ask('POST', '/tenants/shop/members', { handle, name: `名${handle}`, role })
  const fields = async (path: string, body: object) => {
    const { status, json } = await there.ask('PATCH', `/tenants/shop${path}`, body)
    return [
      status,
      ...(json.problems ?? []).map(({ field, fix }: { field: string; fix: string }) => `${field}: ${fix}`),
    ]
  }
  const go = (...words: string[]) => redress({ url: there.url.replace('/admin/v1', ''), key }, ...words)
  return { ...there, fields, go }
}

const usual = { percent: [50, 80, 95], hours: [2], quiet: '22:00–08:00', digestHour: 10 }

test('when people are told: as usual, then as said; what is not named stays', async () => {
  const { ask } = await withShop()
  expect((await ask('GET', '/tenants/shop')).json.reminding).toEqual(usual)
  const change = async (reminding: object) =>
    (await ask('PATCH', '/tenants/shop', { reminding, refundEach: 50_000 })).json
  expect(await change({ quiet: '23:00-7:30', hours: [6, 2] })).toMatchObject({
    ...{ reminding: { ...usual, quiet: '23:00–07:30', hours: [2, 6] }, refundEach: 50_000 },
  })
  expect((await change({ quiet: null, digestHour: null, percent: [40, 60, 80, 90] })).reminding).toEqual({
    ...{ percent: [40, 60, 80, 90], hours: [2, 6], quiet: null, digestHour: null },
  })
  expect((await ask('GET', '/tenants')).json.items[0].reminding.quiet).toBe(null)
})

test.each<[object, string, string]>([
  [{ percent: [50, 95] }, 'percent', 'three to six'],
  [{ percent: [50, 80, 99] }, 'percent.2', '5 to 98'],
  [{ percent: [50, 53, 95] }, 'percent', 'rising by at least 5'],
  [{ percent: [80, 50, 95] }, 'percent', 'rising'],
  [{ hours: [2, 2] }, 'hours', 'each once'],
  [{ hours: [0] }, 'hours.0', '1 to 72'],
  [{ quiet: '22-8' }, 'quiet', 'such as 22:00-08:00'],
  [{ quiet: '25:00-08:00' }, 'quiet', 'such as 22:00-08:00'],
  [{ digestHour: 24 }, 'digestHour', '0 to 23'],
  [{ shares: [1] }, 'shares', 'no such field'],
])('%j is refused: %s, %s', async (reminding, field, fix) => {
  const { fields } = await withShop()
  const [status, problem] = await fields('', { reminding })
  expect(status).toBe(422)
  expect(problem).toMatch(new RegExp(`^reminding\\.${field}: .*${fix}`))
})

test('duty: in place of whoever was; shown with names', async () => {
  const { ask, fields } = await withShop()
  const both = [
    { member: 'li', hours: '09:00-21:00' },
    { member: '@chen', hours: '21:00-9:00' },
  ]
  expect((await ask('PATCH', '/tenants/shop/duty', { duties: both })).json.items).toEqual([
    { member: 'li', name: '名li', hours: '09:00–21:00' },
    { member: 'chen', name: '名chen', hours: '21:00–09:00' },
  ])
  expect((await ask('GET', '/tenants/shop/duty')).json.items).toHaveLength(2)
  const refused = (duties: readonly object[]) => fields('/duty', { duties })
  expect(await refused([{ member: 'li' }, { member: 'wang' }])).toEqual([
    ...[422, expect.stringMatching(/^duties\.1\.member: .*li, who is enabled and at least agent$/)],
  ])
  expect(await refused([both[0] ?? {}, { member: 'li' }])).toEqual([422, 'duties.1.member: name everybody once'])
  expect((await refused([{ member: 'li', hours: 'day' }]))[1]).toMatch(/^duties\.0\.hours: hours of the day/)
  expect((await ask('PATCH', '/tenants/shop/duty', { duties: [] })).json.items).toEqual([])
})

test('the command line does both', async () => {
  const { go } = await withShop()
  const words = [
    '--quiet',
    '22:30-08:00',
    '--remind-hours',
    '2,6',
    '--remind-percent',
    '50,75,90',
    '--digest-hour',
    '9',
  ]
  expect((await go('tenant', 'update', 'shop', ...words)).out).toContain(
    '50% 75% 90%, 2h 6h, quiet 22:30–08:00, digest 9:00',
  )
  expect((await go('tenant', 'update', 'shop', '--quiet', 'none', '--digest-hour', 'none')).out).toMatch(/2h 6h\n/)
  const bad = await go('tenant', 'update', 'shop', '--remind-percent', '50')
  expect([bad.exit, bad.err]).toEqual([1, expect.stringContaining('reminding.percent')])
  expect((await go('tenant', 'update', 'shop', '--remind-hours', 'two')).exit).toBe(2)
  expect((await go('duty', 'set', 'li', '09:00-21:00', 'chen')).out).toMatch(
    /09:00–21:00 +li[\s\S]*00:00–24:00 +chen|00:00–24:00 +chen[\s\S]*09:00–21:00 +li/,
  )
  expect((await go('duty', 'show', '--json')).out).toContain('"hours": "09:00–21:00"')
  expect((await go('duty', 'set', '09:00-21:00')).exit).toBe(2)
  expect((await go('duty', 'clear')).out).toBe('none\n')
})
