import type { Body } from '../desk.ts'
import { type Core, stampOf } from './core.ts'
import { type Refusal, refuse } from './errors.ts'
import { readPhone, splitPhone } from './numbers.ts'
import type { App, Message, ReviewState } from './sms.ts'

type Rows = Refusal | Readonly<Record<string, unknown>>

const hour = 3_600_000
const seconds = (at: number | undefined): number => (at === undefined ? 0 : Math.floor(at / 1000))

/** The application, if it is the caller's. */
function ownApp({ apps }: Core, secretId: string, body: Body): App | Refusal {
  const app = apps.get(String(body.SmsSdkAppId))
  return app?.secretId === secretId ? app : refuse('UnauthorizedOperation.SmsSdkAppIdVerifyFail')
}

/** DescribeSendRecordList: what became of the messages to one number (notifications.md §1.3). */
export function sendRecords(core: Core, secretId: string, body: Body): Rows {
  const app = ownApp(core, secretId, body)
  if ('Code' in app) return app
  const [begin, end] = [Number(body.BeginTime) * 1000, Number(body.EndTime ?? seconds(core.clock.now())) * 1000 + 999]
  if (begin < core.clock.now() - 72 * hour) return refuse('InvalidParameterValue.BeginTimeVerifyFail')
  const phone = readPhone(String(body.PhoneNumber))?.number
  const asked = (one: { sdkAppId: string; phone?: string; at: number }) =>
    one.sdkAppId === app.sdkAppId && one.phone === phone && one.at >= begin && one.at <= end
  const sent = core.store.all().filter(asked).map(recordOf)
  const refused = core.ledger
    .entries()
    .filter((one) => one.what === 'refused' && asked(one))
    .map(({ at, code }) => record({ phone: phone ?? '', at, SendStatus: 1, RequestCode: code ?? '' }))
  const rows = [...sent, ...refused].sort((a, b) => Number(b.SendTime) - Number(a.SendTime))
  const offset = Number(body.Offset ?? 0)
  return { SendRecordSet: rows.slice(offset, offset + Number(body.Limit ?? 20)), TotalCount: rows.length }
}

const states = { delivered: 2, sending: 3, failed: 4 } as const

function recordOf({ serialNo, phone, at, text, params, state, settledAt, word }: Message) {
  // What came in as a parameter is shown masked.
  const Content = params.reduce((masked, param) => masked.replace(param, '*'.repeat(param.length)), text)
  const UserReceiveTime = state === 'delivered' ? seconds(settledAt) : 0
  const more = { SerialNo: serialNo, StatusCode: word ?? '', Content, UserReceiveTime }
  return { ...record({ phone, at, SendStatus: states[state], RequestCode: 'Ok' }), ...more }
}

const record = ({ phone, at, ...more }: { phone: string; at: number; SendStatus: number; RequestCode: string }) => ({
  PhoneNumber: phone,
  SerialNo: '',
  StatusCode: '',
  IsoCode: phone.startsWith('+86') ? 'CN' : 'DEF',
  Content: '',
  SendTime: seconds(at),
  UserReceiveTime: 0,
  ...more,
})

/** PullSmsSendStatusByPhoneNumber: delivery statuses of one number, seven days back (§1.6). */
export function pullByNumber(core: Core, secretId: string, body: Body): Rows {
  const app = ownApp(core, secretId, body)
  if ('Code' in app) return app
  const begin = Number(body.BeginTime) * 1000
  if (begin < core.clock.now() - 7 * 24 * hour) return refuse('InvalidParameterValue.BeginTimeVerifyFail')
  const end = Number(body.EndTime ?? seconds(core.clock.now())) * 1000 + 999
  const phone = readPhone(String(body.PhoneNumber))?.number
  const settled = core.store
    .all()
    .filter((one) => one.sdkAppId === app.sdkAppId && one.phone === phone && one.at >= begin && one.at <= end)
    .flatMap((one) => pulled(core, one))
  return { PullSmsSendStatusSet: settled.slice(0, Number(body.Limit)) }
}

/** PullSmsSendStatus: each record can be read once; must be opened by support (§1.6). */
export function pullAll(core: Core, secretId: string, body: Body, read: Set<string>): Rows {
  const app = ownApp(core, secretId, body)
  if ('Code' in app) return app
  if (!core.rules().pullOpen) return refuse('UnauthorizedOperation.RequestPermissionDeny')
  const fresh = core.store
    .all()
    .filter((one) => one.sdkAppId === app.sdkAppId && one.state !== 'sending' && !read.has(one.serialNo))
    .slice(0, Number(body.Limit))
  for (const one of fresh) read.add(one.serialNo)
  return { PullSmsSendStatusSet: fresh.flatMap((one) => pulled(core, one)) }
}

function pulled({ rules }: Core, { serialNo, phone, state, settledAt, word = '', session }: Message) {
  if (state === 'sending') return []
  const [CountryCode, SubscriberNumber] = splitPhone(phone)
  return [
    {
      UserReceiveTime: state === 'delivered' ? seconds(settledAt) : 0,
      CountryCode,
      SubscriberNumber,
      PhoneNumber: phone,
      SerialNo: serialNo,
      ReportStatus: state === 'delivered' ? 'SUCCESS' : 'FAIL',
      Description: word,
      SessionContext: rules().sessionPulled ? session : '',
    },
  ]
}

/** One element of the array that is pushed (§1.6). */
export function statusOf({ serialNo, phone, state, settledAt = 0, word = '' }: Message) {
  const [nationcode, mobile] = splitPhone(phone)
  const good = state === 'delivered'
  return {
    user_receive_time: stampOf(settledAt),
    nationcode,
    mobile,
    report_status: good ? 'SUCCESS' : 'FAIL',
    errmsg: word,
    description: good ? '用户短信送达成功' : '用户短信送达失败',
    sid: serialNo,
  }
}

interface Reviewed {
  readonly id: number
  readonly state?: ReviewState
  readonly reply?: string
}

function chosen<Row extends Reviewed>(rows: readonly Row[], ids: unknown, { Limit, Offset }: Body): readonly Row[] {
  if (Array.isArray(ids) && ids.length > 0) return rows.filter(({ id }) => ids.includes(id))
  const offset = Number(Offset ?? 0)
  return rows.slice(offset, offset + Number(Limit ?? 10))
}

const owned = ({ apps }: Core, secretId: string): readonly App[] =>
  [...apps.values()].filter((app) => app.secretId === secretId)

/** DescribeSmsTemplateList (§1.4). */
export function templateList(core: Core, secretId: string, body: Body): Rows {
  const of = owned(core, secretId).flatMap(({ templates }) => templates)
  const rows = of.filter(({ international = false }) => international === (body.International === 1))
  const DescribeTemplateStatusSet = chosen(rows, body.TemplateIdSet, body).map(
    ({ id, content, state = 0, reply = '' }) => ({
      TemplateId: id,
      International: body.International,
      StatusCode: state,
      ReviewReply: reply,
      TemplateName: `模板${id}`,
      CreateTime: 1_700_000_000,
      TemplateContent: content,
    }),
  )
  return { DescribeTemplateStatusSet }
}

/** DescribeSmsSignList (§1.4). */
export function signList(core: Core, secretId: string, body: Body): Rows {
  const rows = owned(core, secretId).flatMap(({ signs }) => signs)
  const DescribeSignListStatusSet = chosen(rows, body.SignIdSet, body).map(({ id, text, state = 0, reply = '' }) => ({
    SignId: id,
    International: body.International,
    StatusCode: state,
    ReviewReply: reply,
    SignName: text,
    CreateTime: 1_700_000_000,
    QualificationId: 1,
    QualificationName: '青禾优选',
    QualificationStatusCode: 1,
  }))
  return { DescribeSignListStatusSet }
}
