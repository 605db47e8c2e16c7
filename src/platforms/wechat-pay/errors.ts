import { OutsideError, type Trouble } from '../../core/errors.ts'
import { type Fields, fieldsOf, isFields, text } from './fields.ts'

/** One plain sentence in both languages. */
export const both = (zh: string, en: string): string => `${zh} | ${en}`

/** A failed call: `trouble` says whether it may have had an effect, `code` is theirs (or `unverified:…`, `network`). */
export class PayError extends OutsideError {
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined
  /** The field that they refused, as a JSON pointer. */
  readonly field: string | undefined

  constructor(
    trouble: Trouble,
    message: string,
    more: { code?: string; wait?: number; cause?: unknown; status?: number; field?: string } = {},
  ) {
    super(trouble, message, more)
    this.status = more.status
    this.field = more.field
  }
}

type Entry = readonly [trouble: Trouble, zh: string, en: string]

const console_ = '微信支付商户平台 → 账户中心 → API安全'

// Their code → what it means for us and what a person can do. docs/platforms/wechat-pay.md#errors
const entries: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ['PARAM_ERROR', ['refused', '参数不被接受', 'a parameter was not accepted']],
  ['INVALID_REQUEST', ['refused', '当前状态或权限不允许这样处理', 'the state or the permissions do not allow this']],
  [
    'SIGN_ERROR',
    [
      'forbidden',
      `签名不被接受：请核对商户号、商户API证书序列号、商户API私钥（${console_}）和服务器时间`,
      'the signature was not accepted: check mchid, certificate serial, private key and the clock of the server',
    ],
  ],
  [
    'NO_AUTH',
    [
      'forbidden',
      '没有权限：请确认该投诉属于此商户号，并已开通该产品权限或取得子商户授权',
      'no permission: is this complaint of this mchid, and is the feature open or granted by the sub-merchant?',
    ],
  ],
  [
    'NOT_ENOUGH',
    [
      'refused',
      '商户余额不足：请充值后再退，退款单号不变',
      'not enough balance: top up, then try again with the same number',
    ],
  ],
  [
    'USER_ACCOUNT_ABNORMAL',
    [
      'refused',
      '用户账户异常，无法原路退款：请用其他方式',
      'the account of the user takes no refund: pay in another way',
    ],
  ],
  ['MCH_NOT_EXISTS', ['refused', '商户号不存在：请核对商户号', 'no such mchid: check it']],
  ['RESOURCE_NOT_EXISTS', ['refused', '单号不存在：请核对单号和商户号', 'not found: check the number and the mchid']],
  ['FREQUENCY_LIMITED', ['busy', '调用太频繁：稍后重试', 'too many calls: try later']],
  ['RATELIMIT_EXCEEDED', ['busy', '调用太频繁：稍后重试', 'too many calls: try later']],
  ['SYSTEM_ERROR', ['unknown', '微信支付系统错误：稍后重试', 'WeChat Pay has a system error: try later']],
  ['SERVICE_UNAVAILABLE', ['unknown', '微信支付暂不可用：稍后重试', 'WeChat Pay is not available: try later']],
])

export const errorCodes: readonly string[] = [...entries.keys()]
export const notThere = ['RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST', 'ORDERNOTEXIST'] as const
export const isNotThere = (error: unknown): boolean =>
  error instanceof OutsideError && notThere.some((code) => code === error.code)

export interface Answered {
  readonly status: number
  readonly body: Buffer
  readonly requestId?: string | undefined
}

/** An answer that is no success, as the error that the rest of us understands. `act`: it was to change something there. */
export function failure(answer: Answered, act: boolean): PayError {
  const said = parsed(answer.body)
  const code = text(said, 'code')
  const [trouble, zh, en] = entries.get(code ?? '') ?? byStatus(answer.status, code)
  const field = text(fieldsOf(said.detail), 'field')
  const words = [quoted(text(said, 'message')), field === undefined ? '' : ` [${field.slice(0, 100)}]`].join('')
  const id = answer.requestId === undefined ? '' : ` (Request-ID: ${answer.requestId.slice(0, 80)})`
  const named = (code ?? `HTTP ${answer.status}`).slice(0, 80)
  return new PayError(
    trouble === 'unknown' && !act ? 'unreachable' : trouble,
    both(`${named} ${zh}${words}${id}`, `${en} (${named})${words}${id}`),
    { code: code ?? `http-${answer.status}`, status: answer.status, ...(field === undefined ? {} : { field }) },
  )
}

/** A refusal is one only when it is theirs: a page of some proxy has no code, and then nobody knows. */
function byStatus(status: number, code: string | undefined): Entry {
  if (status === 429) return ['busy', '调用太频繁：稍后重试', 'too many calls: try later']
  if (code !== undefined && (status === 401 || status === 403))
    return ['forbidden', '微信支付拒绝了请求：请核对权限', 'WeChat Pay refused the call: check the permissions']
  if (code !== undefined && status >= 400 && status < 500)
    return ['refused', '微信支付拒绝了请求', 'WeChat Pay refused the call']
  return ['unknown', '微信支付没有给出可用的回答', 'no usable answer from WeChat Pay']
}

function parsed(body: Buffer): Fields {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isFields(value) ? value : {}
  } catch {
    return {}
  }
}

// What looks like a key, a token or a telephone number is not repeated.
function quoted(message: string | undefined): string {
  const plain = message
    ?.replace(/[\w+/=-]{32,}/g, '…')
    .replace(/(?<!\d)1\d{10}(?!\d)/g, '…')
    .trim()
    .slice(0, 200)
  return plain ? ` [${plain}]` : ''
}
