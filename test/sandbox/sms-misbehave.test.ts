import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Misbehaviour } from '../../sandbox/sms/index.ts'
import { openWorld, phone, type World } from './sms-world.ts'

// Each misbehaviour of a call is seen to happen; what really went to the phone is read from the messages (codes: notifications.md §1.5).
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const went = () => w.sms.messages().length
const last = () => w.sms.calls().at(-1)

test('lost-answer: the socket is closed, the message went out', async () => {
  const handle = w.sms.misbehave({ on: 'send', how: 'lost-answer' })
  await expect(w.send()).rejects.toThrow('fetch failed')
  expect([handle.happened, went()]).toEqual([1, 1])
  expect(last()).toMatchObject({ outcome: 'lost', ran: 'yes', how: 'lost-answer' })
})

test('lost-request: nothing went', async () => {
  w.sms.misbehave({ on: 'send', how: 'lost-request' })
  await expect(w.send()).rejects.toThrow('fetch failed')
  expect([went(), last()?.ran]).toEqual([0, 'no'])
})

test('late-effect: it goes out half a minute after the caller was cut off', async () => {
  w.sms.misbehave({ on: 'send', how: 'late-effect', ms: 30_000 })
  await expect(w.send()).rejects.toThrow('fetch failed')
  await w.pass(29_999)
  expect(went()).toBe(0)
  await w.pass(1)
  expect([went(), last()?.ran]).toEqual([1, 'later'])
})

test.each([
  [500, false, 0],
  [502, true, 1],
])('http %i, effect %s', async (status, effect, count) => {
  w.sms.misbehave({ on: 'send', how: 'http', status, effect })
  await expect(w.send()).rejects.toThrow(/JSON/)
  expect([went(), last()?.how]).toEqual([count, 'http'])
})

test.each([
  [false, 0],
  [true, 1],
])('hang, effect at once %s: no answer until released', async (effect, before) => {
  const handle = w.sms.misbehave({ on: 'send', how: 'hang', effect })
  const answer = w.send()
  await vi.waitFor(() => expect([handle.waiting, went()]).toEqual([1, before]))
  handle.release()
  expect((await answer).statuses).toMatchObject([{ Code: 'Ok' }])
  expect(went()).toBe(1)
})

test('slow: the answer waits for the clock', async () => {
  const handle = w.sms.misbehave({ on: 'send', how: 'slow', ms: 9000 })
  const answer = w.send()
  await vi.waitFor(() => expect(handle.happened).toBe(1))
  w.clock.advance(9000)
  expect((await answer).statuses).toMatchObject([{ Code: 'Ok' }])
})

test('malformed: the JSON is cut off, the message went', async () => {
  w.sms.misbehave({ on: 'send', how: 'malformed' })
  await expect(w.send()).rejects.toThrow(/JSON/)
  expect(went()).toBe(1)
})

test.each([
  ['AuthFailure.UnauthorizedOperation', false, 0],
  ['RequestLimitExceeded', false, 0],
  ['InternalError.Timeout', true, 1],
  ['UnauthorizedOperation.RequestIpNotInWhitelist', false, 0],
])('error %s of the whole request, effect %s', async (code, effect, count) => {
  w.sms.misbehave({ on: 'send', how: 'error', code, effect, times: 2 })
  const { status, error } = await w.send()
  expect([status, error?.Code, went()]).toEqual([200, code, count])
  expect(await w.code()).toBe(code)
  expect(await w.code()).toBe(effect ? 'LimitExceeded.PhoneNumberDailyLimit' : 'Ok')
})

test('a code for one number; the other has its message, HTTP is 200 and there is no error', async () => {
  const code = 'FailedOperation.PhoneNumberInBlacklist'
  w.sms.misbehave({ on: 'number', how: 'code', code, phone: '+8613800000001' })
  const { status, error, statuses } = await w.send({ PhoneNumberSet: [phone, '+8613800000001'] })
  expect([status, error, statuses.map(({ Code }) => Code)]).toEqual([200, undefined, ['Ok', code]])
  expect(w.sms.messages().map((one) => one.phone)).toEqual([phone])
  expect(w.sms.ledger().at(-1)).toMatchObject({ what: 'refused', code, how: 'code' })
})

test('any: the records too; a call that is not meant goes on', async () => {
  w.sms.misbehave({ on: 'templates', how: 'lost-request' })
  expect(await w.code()).toBe('Ok')
  await expect(w.ask('DescribeSmsTemplateList', { International: 0 })).rejects.toThrow('fetch failed')
  w.sms.misbehave({ on: 'any', how: 'error', code: 'InternalError.OtherError' })
  expect((await w.ask('DescribeSmsSignList', { International: 0 })).error?.Code).toBe('InternalError.OtherError')
})

test('by JSON: set, listed, stopped; nonsense is refused with a reason', async () => {
  const script: Misbehaviour = { on: 'send', how: 'error', code: 'InternalError.UnknownError', times: 5 }
  expect(await w.post('/sandbox/api/misbehave', script)).toEqual({ id: 1 })
  expect(await w.code()).toBe('InternalError.UnknownError')
  expect(await w.post('/sandbox/api/misbehave/1/stop', {})).toEqual({ done: true })
  expect(await (await w.get('/sandbox/api/misbehave')).json()).toMatchObject([{ id: 1, happened: 1, left: 0 }])
  expect(await w.code()).toBe('Ok')
  const why = async (body: object) => (await w.post('/sandbox/api/misbehave', body)).error
  expect(await why({ on: 'nowhere', how: 'hang' })).toContain('nowhere is none of')
  expect(await why({ on: 'send', how: 'duplicate' })).toContain('duplicate is none of')
  expect(await why({ on: 'send', how: 'slow' })).toBe('slow needs the number ms')
  expect(await why({ on: 'number', how: 'code' })).toBe('a code is needed')
  expect(await why({ on: 'status', how: 'failed' })).toBe('failed needs a word')
})
