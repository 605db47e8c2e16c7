import type { Body } from '../desk.ts'
import { piecesOf, writeText } from './content.ts'
import type { Core } from './core.ts'
import { type Refusal, refuse } from './errors.ts'
import { tooOften } from './frequency.ts'
import { isOfNumber } from './misbehave.ts'
import { type Phone, readPhone } from './numbers.ts'
import type { App } from './sms.ts'

interface Order {
  readonly app: App
  readonly templateId: string
  readonly params: readonly string[]
  readonly session: string
  /** What would be shown, or why nothing is. */
  readonly content: { readonly text: string } | { readonly code: string }
}

type Status = Readonly<
  Record<'SerialNo' | 'PhoneNumber' | 'SessionContext' | 'Code' | 'Message' | 'IsoCode', string>
> & {
  readonly Fee: number
}

/** SendSms: a status for each number, or a refusal of them all (notifications.md §1.1). */
export function sendSms(core: Core, secretId: string, body: Body): Refusal | { SendStatusSet: readonly Status[] } {
  const written = body.PhoneNumberSet as readonly string[]
  const rules = core.rules()
  if (written.length === 0) return refuse('InvalidParameter', 'PhoneNumberSet is empty.')
  if (written.length > rules.maxNumbers) return refuse('LimitExceeded.PhoneNumberCountLimit')
  const session = String(body.SessionContext ?? '')
  if (Buffer.byteLength(session) >= 512) return refuse('InvalidParameter', 'SessionContext is too long.')
  const phones = written.map((one) => [one, readPhone(one)] as const)
  const kinds = new Set(phones.flatMap(([, phone]) => (phone ? [phone.mainland] : [])))
  if (kinds.size > 1) return refuse('UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber')

  const order = readOrder(core, secretId, body, { session, mainland: !kinds.has(false) })
  const code = 'code' in order ? order.code : 'code' in order.content ? order.content.code : undefined
  if (code !== undefined && rules.refusedIn === 'error') return refuse(code)
  const status = ([number, phone]: readonly [string, Phone | undefined]) =>
    'code' in order
      ? refused(core, { app: String(body.SmsSdkAppId), session }, { number, code: order.code })
      : sendOne(core, order, number, phone)
  return { SendStatusSet: phones.map(status) }
}

function readOrder(
  core: Core,
  secretId: string,
  body: Body,
  { session, mainland }: { session: string; mainland: boolean },
): Order | { readonly code: string } {
  const app = core.apps.get(String(body.SmsSdkAppId))
  const code = wrongApp(app, secretId)
  if (!app || code !== undefined) return { code: code ?? '' }
  const params = (body.TemplateParamSet as readonly string[] | null | undefined) ?? []
  const templateId = String(body.TemplateId)
  const sign = body.SignName === null || body.SignName === undefined ? undefined : String(body.SignName)
  const content = writeText(app, { templateId, sign, params, mainland }, { rules: core.rules(), now: core.clock.now() })
  return { app, templateId, params, session, content }
}

function wrongApp(app: App | undefined, secretId: string): string | undefined {
  if (!app) return 'InvalidParameterValue.SdkAppIdNotExist'
  if (app.secretId !== secretId) return 'UnauthorizedOperation.SmsSdkAppIdVerifyFail'
  if (app.disabled) return 'UnauthorizedOperation.SdkAppIdIsDisabled'
  return app.arrears ? 'UnauthorizedOperation.SerivceSuspendDueToArrears' : undefined
}

function sendOne(core: Core, order: Order, written: string, phone: Phone | undefined): Status {
  const { session, content } = order
  const about = { app: order.app.sdkAppId, session }
  if (!phone) return refused(core, about, { number: written, code: 'InvalidParameterValue.IncorrectPhoneNumber' })
  const { number } = phone
  const trouble = core.troubles.take(isOfNumber(number))
  if (trouble) return refused(core, about, { number, code: trouble.script.code, how: trouble.script.how })
  if ('code' in content) return refused(core, about, { number, code: content.code })
  const { text } = content
  if (core.phones.get(number) === 'blacklisted')
    return refused(core, about, { number, code: 'FailedOperation.PhoneNumberInBlacklist' })
  const often = tooOften(core, { sdkAppId: about.app, phone: number, text })
  if (often) return refused(core, about, { number, code: often })
  const pieces = piecesOf(text, core.rules())
  if (!pay(core, about.app, pieces))
    return refused(core, about, { number, code: 'FailedOperation.InsufficientBalanceInSmsPackage' })
  return taken(core, order, { number, text, pieces })
}

/** Takes the pieces out of the package, if they are there. */
function pay({ apps }: Core, sdkAppId: string, pieces: number): boolean {
  const app = apps.get(sdkAppId)
  if (app?.balance === undefined) return true
  if (app.balance < pieces) return false
  apps.set(sdkAppId, { ...app, balance: app.balance - pieces })
  return true
}

function taken(core: Core, order: Order, what: { number: string; text: string; pieces: number }): Status {
  const { clock, random, store, ledger } = core
  const { number, text, pieces } = what
  const serialNo = `2721:${random(10).readBigUInt64BE()}${Math.floor(clock.now() / 1000)}`
  const { sdkAppId } = order.app
  const { templateId, params, session } = order
  const at = clock.now()
  store.add({ serialNo, at, sdkAppId, phone: number, templateId, params, text, pieces, session, state: 'sending' })
  ledger.add({ what: 'sent', sdkAppId, phone: number, serialNo })
  return statusOf({ serialNo, number, fee: pieces, session }, { Code: 'Ok', Message: 'send success' })
}

function refused(
  { ledger }: Core,
  { app, session }: { app: string; session: string },
  { number, code, how }: { number: string; code: string; how?: string },
): Status {
  ledger.add({ what: 'refused', sdkAppId: app, phone: number, code, ...(how ? { how } : {}) })
  return statusOf({ serialNo: '', number, fee: 0, session }, refuse(code))
}

const statusOf = (
  of: { serialNo: string; number: string; fee: number; session: string },
  { Code, Message }: Refusal,
): Status => ({
  SerialNo: of.serialNo,
  PhoneNumber: of.number,
  Fee: of.fee,
  SessionContext: of.session,
  Code,
  Message,
  IsoCode: of.number.startsWith('+86') ? 'CN' : 'DEF',
})
