import { afterEach, expect, test } from 'vitest'
import { app, openWorld, phone, sdkAppId, start, type World } from './sms-world.ts'

// SendSms and its limits, notifications.md §1.1, §1.4, §1.5.
let w: World
afterEach(() => w.close())

test('a status for each number; the phone shows sign and text', async () => {
  w = await openWorld()
  const written = ['+8613800000000', '8613800000001', '008613800000002', '13800000003', '+861234']
  const { status, statuses, RequestId } = await w.send({ PhoneNumberSet: written, SessionContext: 'n-7' })
  expect(status).toBe(200)
  expect(RequestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(statuses).toHaveLength(5)
  expect(statuses[0]).toEqual({
    SerialNo: expect.stringMatching(/^2721:\d+$/),
    PhoneNumber: '+8613800000000',
    Fee: 1,
    SessionContext: 'n-7',
    Code: 'Ok',
    Message: 'send success',
    IsoCode: 'CN',
  })
  expect(statuses[4]).toMatchObject({
    SerialNo: '',
    PhoneNumber: '+861234',
    Fee: 0,
    SessionContext: 'n-7',
    Code: 'InvalidParameterValue.IncorrectPhoneNumber',
  })
  expect(w.sms.messages().map((one) => one.phone)).toEqual([
    '+8613800000000',
    '+8613800000001',
    '+8613800000002',
    '+8613800000003',
  ])
  expect(w.sms.messages()[0]).toMatchObject({
    text: '【青禾优选】您有3笔新投诉（微信支付，尾号1），最早截止18:30，请登录处理。',
    state: 'sending',
    session: 'n-7',
  })
  expect(new Set(w.sms.messages().map((one) => one.serialNo)).size).toBe(4)
})

test('an error of the whole request comes with HTTP 200', async () => {
  w = await openWorld()
  const { status, error, statuses } = await w.send({ PhoneNumberSet: [phone, '+60198890000'] })
  expect([status, error?.Code, statuses]).toEqual([
    200,
    'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber',
    [],
  ])
})

const many = Array.from({ length: 201 }, (_, index) => `+86138000${String(10000 + index)}`)
const wrong: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['201 numbers', { PhoneNumberSet: many }, 'LimitExceeded.PhoneNumberCountLimit'],
  ['no number', { PhoneNumberSet: [] }, 'InvalidParameter'],
  ['numbers missing', { PhoneNumberSet: undefined }, 'MissingParameter'],
  ['an app id that is a number', { SmsSdkAppId: 1400006666 }, 'InvalidParameter'],
  ['a parameter that is a number', { TemplateParamSet: [3, 'a', 'b', 'c'] }, 'InvalidParameter'],
  ['an unknown field', { Sign: 'x' }, 'UnknownParameter'],
  ['a session of 512 bytes', { SessionContext: 'x'.repeat(512) }, 'InvalidParameter'],
  ['an unknown app', { SmsSdkAppId: '1' }, 'InvalidParameterValue.SdkAppIdNotExist'],
  ['the app of somebody else', { SmsSdkAppId: '1400007777' }, 'UnauthorizedOperation.SmsSdkAppIdVerifyFail'],
  ['an unknown sign', { SignName: '【青禾优选】' }, 'FailedOperation.SignatureIncorrectOrUnapproved'],
  ['no sign', { SignName: null }, 'FailedOperation.SignatureIncorrectOrUnapproved'],
  ['a sign in review', { SignName: '待审签名' }, 'FailedOperation.SignatureIncorrectOrUnapproved'],
  ['an unknown template', { TemplateId: '9' }, 'FailedOperation.TemplateIncorrectOrUnapproved'],
  [
    'a template in review',
    { TemplateId: '1113', TemplateParamSet: ['1'] },
    'FailedOperation.TemplateIncorrectOrUnapproved',
  ],
  [
    'a foreign template',
    { TemplateId: '1114', TemplateParamSet: ['1'] },
    'FailedOperation.TemplateIncorrectOrUnapproved',
  ],
  ['a parameter too few', { TemplateParamSet: ['1', '2', '3'] }, 'FailedOperation.TemplateIncorrectOrUnapproved'],
  [
    'a parameter too many',
    { TemplateParamSet: ['1', '2', '3', '4', '5'] },
    'FailedOperation.TemplateIncorrectOrUnapproved',
  ],
  [
    'seven characters',
    { TemplateParamSet: ['1234567', 'a', 'b', 'c'] },
    'InvalidParameterValue.TemplateParameterLengthLimit',
  ],
  [
    'a link',
    { TemplateParamSet: ['a.cn/x', 'a', 'b', 'c'] },
    'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter',
  ],
  [
    'a code of letters',
    { TemplateId: '1111', TemplateParamSet: ['12ab'] },
    'InvalidParameterValue.TemplateParameterFormatError',
  ],
  [
    'more than 500 characters',
    { TemplateId: '1115', TemplateParamSet: ['长长长长长', '长长长长长', '长长长长长'] },
    'InvalidParameterValue.ContentLengthLimit',
  ],
]
test.each(wrong)('%s', async (_, more, code) => {
  w = await openWorld()
  expect(await w.code(more)).toBe(code)
  expect(w.sms.messages()).toEqual([])
})

test('what is just allowed: 200 numbers, 511 bytes, six characters beyond the plane, 500 characters', async () => {
  w = await openWorld()
  expect((await w.send({ PhoneNumberSet: many.slice(0, 200) })).statuses).toHaveLength(200)
  const just = { SessionContext: 'x'.repeat(511), TemplateParamSet: ['😀😀😀😀😀😀', 'a', 'b', 'c'] }
  expect(await w.code(just)).toBe('Ok')
  expect(await w.code({ TemplateId: '1115', TemplateParamSet: ['长长长长长', '长长长长长', '长长长长'] })).toBe('Ok')
  expect([...(w.sms.messages().at(-1)?.text ?? '')]).toHaveLength(500)
  expect(w.sms.messages().at(-1)?.pieces).toBe(8)
})

test('Chinese in a code template, words too sensitive, a longer parameter where it is allowed', async () => {
  w = await openWorld({ sensitive: ['彩票'], maxParamChars: 12 })
  expect(await w.code({ TemplateParamSet: ['1', '福利彩票', '3', '4'] })).toBe('FailedOperation.ContainSensitiveWord')
  expect(await w.code({ TemplateParamSet: ['1', '123456789012', '3', '4'] })).toBe('Ok')
})

test('abroad: no sign is needed, the template is another', async () => {
  w = await openWorld()
  const { statuses } = await w.send({
    PhoneNumberSet: ['+60198890000'],
    TemplateId: '1114',
    SignName: null,
    TemplateParamSet: ['3'],
  })
  expect(statuses).toMatchObject([{ Code: 'Ok', IsoCode: 'DEF' }])
  expect(w.sms.messages()[0]?.text).toBe('3 new complaints')
})

test('what is wrong with the template may be told of the whole request instead', async () => {
  w = await openWorld({ refusedIn: 'error' })
  expect((await w.send({ TemplateId: '9' })).error?.Code).toBe('FailedOperation.TemplateIncorrectOrUnapproved')
  expect((await w.send({ SmsSdkAppId: '1' })).error?.Code).toBe('InvalidParameterValue.SdkAppIdNotExist')
  w.sms.setRules({ refusedIn: 'status' })
  expect((await w.send({ TemplateId: '9' })).error).toBeUndefined()
})

test('two messages to one number in a day of Beijing’s; another number, and another app, has its own', async () => {
  w = await openWorld()
  expect([await w.code(), await w.code(), await w.code()]).toEqual(['Ok', 'Ok', 'LimitExceeded.PhoneNumberDailyLimit'])
  expect(await w.code({ PhoneNumberSet: ['+8613800000001'] })).toBe('Ok')
  w.sms.app(app({ sdkAppId: '1400008888' }))
  expect(await w.code({ SmsSdkAppId: '1400008888' })).toBe('Ok')
  // Until 23:59:59 and then past midnight in Beijing.
  w.clock.advance(14 * 3_600_000 - 1000)
  expect(await w.code()).toBe('LimitExceeded.PhoneNumberDailyLimit')
  w.clock.advance(1000)
  expect(await w.code()).toBe('Ok')
})

test('the same content once in 30 seconds', async () => {
  w = await openWorld()
  const same = { TemplateParamSet: ['1', 'a', 'b', 'c'] }
  expect(await w.code(same)).toBe('Ok')
  w.clock.advance(29_999)
  expect(await w.code(same)).toBe('LimitExceeded.PhoneNumberThirtySecondLimit')
  w.clock.advance(1)
  expect(await w.code(same)).toBe('Ok')
})

test('what an account may set: an hour, the same content of a day, the carrier, the app', async () => {
  w = await openWorld({ perDay: 0, perHour: 1 })
  expect([await w.code(), await w.code()]).toEqual(['Ok', 'LimitExceeded.PhoneNumberOneHourLimit'])
  w.clock.advance(3_600_000)
  w.sms.setRules({ perHour: 0, sameContentMs: 0, sameContentPerDay: 1 })
  const same = { TemplateParamSet: ['1', 'a', 'b', 'c'] }
  expect([await w.code(same), await w.code(same)]).toEqual(['Ok', 'LimitExceeded.PhoneNumberSameContentDailyLimit'])
  w.sms.setRules({ sameContentPerDay: 0, carrierPerDay: 3 })
  expect([await w.code(), await w.code()]).toEqual(['Ok', 'LimitExceeded.DeliveryFrequencyLimit'])
  w.sms.setRules({ carrierPerDay: 0, appPerDay: 4 })
  expect([await w.code(), await w.code()]).toEqual(['Ok', 'LimitExceeded.AppDailyLimit'])
})

test('the package: each piece counts, and it ends', async () => {
  w = await openWorld({ perDay: 0, maxParamChars: 0 }, { balance: 3 })
  const fee = async (middle: string) => (await w.send({ TemplateParamSet: ['1', middle, 'b', 'c'] })).statuses[0]?.Fee
  // 【青禾优选】您有1笔新投诉（，尾号b），最早截止c，请登录处理。 has 32 characters of its own.
  expect([await fee('x'.repeat(38)), await fee('x'.repeat(39))]).toEqual([1, 2])
  expect(w.sms.apps()[0]?.balance).toBe(0)
  expect(await w.code()).toBe('FailedOperation.InsufficientBalanceInSmsPackage')
  expect(w.sms.messages()).toHaveLength(2)
})

test('an app in arrears, a disabled one, an unsubscribed number', async () => {
  w = await openWorld()
  w.sms.app(app({ arrears: true }))
  expect(await w.code()).toBe('UnauthorizedOperation.SerivceSuspendDueToArrears')
  w.sms.app(app({ disabled: true }))
  expect(await w.code()).toBe('UnauthorizedOperation.SdkAppIdIsDisabled')
  w.sms.app(app())
  w.sms.phone('13800000000', 'blacklisted')
  expect(await w.code()).toBe('FailedOperation.PhoneNumberInBlacklist')
  w.sms.phone('13800000000', 'on')
  expect(await w.code()).toBe('Ok')
})

test('marketing only from eight to ten in the evening', async () => {
  w = await openWorld({ perDay: 0 })
  const marketing = { TemplateId: '1112', TemplateParamSet: ['茶具'] }
  expect(await w.code(marketing)).toBe('Ok')
  w.clock.advance(12 * 3_600_000)
  expect(await w.code(marketing)).toBe('FailedOperation.MarketingSendTimeConstraint')
  w.clock.advance(10 * 3_600_000 - 1)
  expect(await w.code(marketing)).toBe('FailedOperation.MarketingSendTimeConstraint')
  w.clock.advance(1)
  expect(await w.code(marketing)).toBe('Ok')
})

test('the door: version, action, region, body, too many in a second', async () => {
  w = await openWorld({ requestsPerSecond: 1 })
  const door = async (headers: Record<string, string | undefined>, body: object | string = {}) =>
    (await w.ask('SendSms', body, { headers })).error?.Code
  expect(await door({ 'x-tc-version': '2019-07-11' })).toBe('NoSuchVersion')
  expect(await door({ 'x-tc-action': 'SendMms' })).toBe('InvalidAction')
  expect(await door({ 'x-tc-action': undefined })).toBe('MissingParameter')
  expect(await door({ 'x-tc-region': undefined })).toBe('MissingParameter')
  expect(await door({ 'x-tc-region': 'ap-hongkong' })).toBe('UnsupportedOperation.UnsuportedRegion')
  expect(await door({}, '[1]')).toBe('InvalidParameter')
  expect([await w.code(), await w.code()]).toEqual(['Ok', 'RequestLimitExceeded'])
  w.clock.advance(1000)
  expect(await w.code()).toBe('Ok')
})

test('records of a number: sent, delivered, refused; parameters masked; 72 hours back', async () => {
  w = await openWorld()
  await w.code()
  await w.pass(3000)
  await w.code()
  await w.code({ SignName: 'x' })
  const wish = { PhoneNumber: phone, SmsSdkAppId: sdkAppId, BeginTime: start / 1000 - 10 }
  const { body } = await w.ask('DescribeSendRecordList', wish)
  expect(body.TotalCount).toBe(3)
  const rows = body.SendRecordSet as Record<string, unknown>[]
  expect(rows.map(({ SendStatus, RequestCode }) => [SendStatus, RequestCode])).toEqual([
    [3, 'Ok'],
    [1, 'FailedOperation.SignatureIncorrectOrUnapproved'],
    [2, 'Ok'],
  ])
  expect(rows[2]).toMatchObject({
    SendTime: start / 1000,
    UserReceiveTime: start / 1000 + 3,
    StatusCode: 'DELIVRD',
    SerialNo: w.sms.messages()[0]?.serialNo,
    Content: expect.stringContaining('（****，尾号*）'),
  })
  const page = await w.ask('DescribeSendRecordList', { ...wish, Limit: 1, Offset: 2 })
  expect(page.body.SendRecordSet).toMatchObject([{ SendStatus: 2 }])
  const old = { ...wish, BeginTime: start / 1000 - 73 * 3600 }
  expect((await w.ask('DescribeSendRecordList', old)).error?.Code).toBe('InvalidParameterValue.BeginTimeVerifyFail')
  const other = { ...wish, SmsSdkAppId: '1400007777' }
  expect((await w.ask('DescribeSendRecordList', other)).error?.Code).toContain('SmsSdkAppIdVerifyFail')
})

test('templates and signs with the state of their review', async () => {
  w = await openWorld()
  const templates = await w.ask('DescribeSmsTemplateList', { International: 0, TemplateIdSet: [1110, 1113, 1114] })
  expect(templates.body.DescribeTemplateStatusSet).toMatchObject([
    { TemplateId: 1110, StatusCode: 0, International: 0, TemplateContent: expect.stringContaining('{4}') },
    { TemplateId: 1113, StatusCode: 1 },
  ])
  const foreign = await w.ask('DescribeSmsTemplateList', { International: 1 })
  expect(foreign.body.DescribeTemplateStatusSet).toMatchObject([{ TemplateId: 1114 }])
  const signs = await w.ask('DescribeSmsSignList', { International: 0, Limit: 2, Offset: 1 })
  expect(signs.body.DescribeSignListStatusSet).toMatchObject([
    { SignId: 2, SignName: '待审签名', StatusCode: 1 },
    { SignId: 3, StatusCode: -1, ReviewReply: '未完成报备' },
  ])
})
