import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, phone, sdkAppId, start, type World } from './sms-world.ts'

// Delivery statuses, pushed and pulled: notifications.md §1.6.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const second = '+8613800000001'
const events = () => w.sms.ledger().map(({ what }) => what)

test('several in one request, to the address of the app: delivered and not', async () => {
  w.sms.phone(second, 'off')
  await w.send({ PhoneNumberSet: [phone, second] })
  await w.pass(2999)
  expect(w.received).toEqual([])
  await w.pass(1)
  const [one, two] = w.sms.messages()
  expect(w.received).toEqual([
    {
      path: '/sms/unguessable',
      body: [
        {
          user_receive_time: '2026-11-22 10:00:03',
          nationcode: '86',
          mobile: '13800000000',
          report_status: 'SUCCESS',
          errmsg: 'DELIVRD',
          description: '用户短信送达成功',
          sid: one?.serialNo,
        },
        expect.objectContaining({
          mobile: '13800000001',
          report_status: 'FAIL',
          errmsg: 'MN:0001',
          sid: two?.serialNo,
        }),
      ],
    },
  ])
  expect([one?.state, two?.state]).toEqual(['delivered', 'failed'])
  expect(events()).toEqual(['sent', 'sent', 'delivered', 'failed', 'status', 'status'])
})

test('an answer that is no result 0, and none at all: lost, and tried again as often as the rule says', async () => {
  w.sms.setRules({ statusTries: 2, statusWaitMs: 5000 })
  w.answering = () => ({ status: 200, body: '{"result":1}' })
  await w.send()
  await w.pass(3000)
  expect([w.received.length, events().at(-1)]).toEqual([1, 'status-lost'])
  w.answering = () => 'silence'
  w.clock.advance(1)
  await w.sms.advance()
  await expect.poll(() => w.received.length).toBe(2)
  w.clock.advance(5000)
  await w.sms.idle()
  expect(w.sms.ledger().at(-1)).toMatchObject({ what: 'status-lost', answer: expect.stringContaining('no answer') })
  await w.pass(10_000)
  expect(w.received).toHaveLength(2)
})

test('withheld: delivered, and nobody is told', async () => {
  const handle = w.sms.misbehave({ on: 'status', how: 'withheld', phone: second })
  await w.send({ PhoneNumberSet: [phone, second] })
  await w.pass(3000)
  expect(w.received.map(({ body }) => body.map(({ mobile }) => mobile))).toEqual([['13800000000']])
  expect(handle.happened).toBe(1)
})

test('duplicate: the same sid in two requests', async () => {
  w.sms.misbehave({ on: 'status', how: 'duplicate' })
  await w.send()
  await w.pass(3000)
  const sid = w.sms.messages()[0]?.serialNo
  expect(w.received.map(({ body }) => body.map((one) => one.sid))).toEqual([[sid], [sid]])
})

test('unknown-sid: a status of a message that nobody sent', async () => {
  w.sms.misbehave({ on: 'status', how: 'unknown-sid' })
  await w.send()
  await w.pass(3000)
  expect(w.received[0]?.body[0]?.sid).toMatch(/^9999:\d+$/)
})

test('failed: the carrier says why', async () => {
  w.sms.misbehave({ on: 'status', how: 'failed', word: 'MK:1008' })
  await w.send()
  await w.pass(3000)
  expect(w.received[0]?.body[0]).toMatchObject({ report_status: 'FAIL', errmsg: 'MK:1008' })
  expect(w.sms.messages()[0]).toMatchObject({ state: 'failed', word: 'MK:1008' })
})

test('pulled by number, seven days back; all at once only when opened, and each once', async () => {
  await w.send({ SessionContext: 'n-1' })
  await w.pass(3000)
  await w.send()
  const wish = { BeginTime: start / 1000, Offset: 0, Limit: 100, PhoneNumber: phone, SmsSdkAppId: sdkAppId }
  const { body } = await w.ask('PullSmsSendStatusByPhoneNumber', wish)
  expect(body.PullSmsSendStatusSet).toEqual([
    {
      UserReceiveTime: start / 1000 + 3,
      CountryCode: '86',
      SubscriberNumber: '13800000000',
      PhoneNumber: phone,
      SerialNo: w.sms.messages()[0]?.serialNo,
      ReportStatus: 'SUCCESS',
      Description: 'DELIVRD',
      SessionContext: '',
    },
  ])
  // What the sender gave along comes back only where support has opened that.
  w.sms.setRules({ sessionPulled: true })
  expect((await w.ask('PullSmsSendStatusByPhoneNumber', wish)).body.PullSmsSendStatusSet).toMatchObject([
    { SessionContext: 'n-1' },
  ])
  const old = { ...wish, BeginTime: start / 1000 - 8 * 86_400 }
  expect((await w.ask('PullSmsSendStatusByPhoneNumber', old)).error?.Code).toBe(
    'InvalidParameterValue.BeginTimeVerifyFail',
  )
  const all = async () => w.ask('PullSmsSendStatus', { Limit: 100, SmsSdkAppId: sdkAppId })
  expect((await all()).error?.Code).toBe('UnauthorizedOperation.RequestPermissionDeny')
  w.sms.setRules({ pullOpen: true })
  expect((await all()).body.PullSmsSendStatusSet).toHaveLength(1)
  expect((await all()).body.PullSmsSendStatusSet).toHaveLength(0)
})
