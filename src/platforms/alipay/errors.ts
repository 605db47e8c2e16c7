import { OutsideError, type Trouble } from '../../core/errors.ts'
import { textIn } from './fields.ts'

/** One plain sentence in both languages. */
export const both = (zh: string, en: string): string => `${zh} | ${en}`

type Entry = readonly [trouble: Trouble, zh: string, en: string]

const console_ = '支付宝开放平台 → 控制台 → 应用 → 开发设置'
const authorise = '请商家重新授权，并确认授权时勾选了消费者投诉和退款的接口'

const noToken: Entry = [
  'forbidden',
  `商家的授权已失效：${authorise}`,
  'the authorisation of this merchant has ended: let the merchant authorise the app again',
]
const noApi: Entry = [
  'forbidden',
  `没有调用这个接口的权限：应用需要添加该产品，${authorise}`,
  'no permission for this call: add the product to the app, then let the merchant authorise it again',
]
const badSignature: Entry = [
  'forbidden',
  `签名或证书不被接受：请核对应用编号、应用私钥和证书（${console_} → 接口加签方式）`,
  'signature or certificate was not accepted: check app id, private key and certificates',
]
const badTime: Entry = [
  'forbidden',
  '请求时间不被接受：请校准服务器时间',
  'the time was not accepted: set the clock of the server',
]
const tooMany: Entry = ['busy', '调用太频繁：稍后重试', 'too many calls: try later']
const theirFault: Entry = ['unknown', '支付宝系统错误：稍后重试', 'Alipay has a system error: try later']
const movedOn: Entry = ['moved', '投诉已进入另一状态，当前不能这样处理', 'the complaint is in another state by now']
const wrong: Entry = ['refused', '参数不被接受', 'a parameter was not accepted']

// Their word without its prefix (isv. isp. aop. ACQ.) → what it means for us and what a person can do.
const words: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ...[
    'invalid-app-auth-token',
    'app-auth-token-time-out',
    'invalid-app-auth-relations',
    'invalid-auth-token',
    'auth-token-time-out',
  ].map((word) => [word, noToken] as const),
  ...[
    'invalid-app-auth-token-no-api',
    'not-support-app-auth',
    'insufficient-isv-permissions',
    'insufficient-user-permissions',
    'AUTHORITY_ILLEGAL',
  ].map((word) => [word, noApi] as const),
  ...[
    'invalid-signature',
    'missing-signature',
    'app-cert-not-exist',
    'app-cert-expired',
    'alipay-cert-not-exist',
    'missing-app-cert-sn',
    'invalid-alipay-root-cert-sn',
    'invalid-app-id',
  ].map((word) => [word, badSignature] as const),
  [
    'illegal-client-ip',
    [
      'forbidden',
      `本机地址不在白名单：请到 ${console_} 添加服务器 IP`,
      'the address of this machine is not on the allow list of the app: add it in the console',
    ],
  ],
  ['invalid-timestamp', badTime],
  ['illegal-timestamp', badTime],
  ['app-call-limited', tooMany],
  ['method-call-limited', tooMany],
  ['unknow-error', theirFault],
  ['unknown-error', theirFault],
  ['SYSTEM_ERROR', theirFault],
  ['PARAM_ILLEGAL', wrong],
  ['INVALID_PARAMETER', wrong],
  ['STATUS_CHANGED', movedOn],
  ['WAITING_REFUND', ['moved', '正在退款：稍后再处理', 'a refund is under way: try again later']],
  ['REFUND_ALREADY_SUCCEED', ['moved', '已经退过款', 'it has been refunded already']],
  [
    'SUBMIT_CONTENT_VIOLATION',
    [
      'refused',
      '内容没有通过支付宝的审核：请换一种说法',
      'Alipay does not let these words pass: say it in another way',
    ],
  ],
  ['SECURITY_INTERCEPT', ['refused', '被支付宝的安全策略拦截', 'stopped by the security rules of Alipay']],
  ['REFUND_FEEDBACK_FAILED', ['refused', '退款反馈失败', 'the feedback about a refund failed']],
  ['IMAGE_SIZE_OVERRANGE', ['refused', '图片太大', 'the picture is too large']],
  ['TRADE_NOT_EXIST', ['refused', '交易不存在：请核对订单号', 'no such trade: check the order number']],
  ['TRADE_HAS_FINISHED', ['refused', '交易已结束，不能退款', 'the trade has ended and takes no refund']],
  ['TRADE_HAS_CLOSE', ['refused', '交易已关闭，不能退款', 'the trade is closed and takes no refund']],
  [
    'SELLER_BALANCE_NOT_ENOUGH',
    ['refused', '商家余额不足：请充值后再退', 'not enough balance: top up, then try again'],
  ],
  [
    'REASON_TRADE_BEEN_FREEZEN',
    ['refused', '交易被冻结：解冻后再退', 'the trade is frozen: try again when it is not any more'],
  ],
  [
    'DISCORDANT_REPEAT_REQUEST',
    [
      'refused',
      '同一退款请求号下已有另一笔退款：请人工核对',
      'another refund stands under this number: a person must look',
    ],
  ],
  ['REFUND_AMT_NOT_EQUAL_TOTAL', ['refused', '退款金额超过可退金额', 'more than what is left of the trade']],
])

// What the gateway itself says; a word in sub_code says more.
const codes: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ['20000', ['unknown', '支付宝服务暂不可用：稍后重试', 'Alipay is not available: try later']],
  ['20001', noToken],
  ['40001', wrong],
  ['40002', wrong],
  ['40003', ['refused', '条件不满足，不能这样处理', 'the conditions for this are not met']],
  ['40004', ['refused', '支付宝没有接受', 'Alipay did not accept it']],
  ['40005', tooMany],
  ['40006', noApi],
])

/** `ACQ.SYSTEM_ERROR`, `AQC.SYSTEM_ERROR`, `isv.invalid-signature` → the word alone. */
export const bareWord = (code: string): string => code.replace(/^(?:isv|isp|aop|ACQ|AQC)[.-]/, '')

/** What the inner object of an answer says of its success. */
export interface Told {
  readonly code?: unknown
  readonly sub_code?: unknown
  readonly sub_msg?: unknown
}

/** An answer that is no success, as the error that the rest of us understands. `act`: it was to change something there. */
export function failure(told: Told, act: boolean): OutsideError {
  const [code, sub] = [textIn(told.code), textIn(told.sub_code)]
  const entry = words.get(bareWord(sub ?? '')) ?? codes.get(code ?? '')
  const [trouble, zh, en] = entry ?? ['unknown', '支付宝没有给出可用的回答', 'no usable answer from Alipay']
  // Theirs to a bad signature repeats what we signed, tokens and all.
  const quote = entry === badSignature ? '' : quoted(textIn(told.sub_msg))
  const named = (sub ?? code ?? '—').slice(0, 80)
  return new OutsideError(settled(trouble, act), both(`${named} ${zh}${quote}`, `${en} (${named})${quote}`), {
    code: sub ?? code ?? 'unreadable',
  })
}

/** What we only asked has had no effect: it may be asked again. */
export const settled = (trouble: Trouble, act: boolean): Trouble =>
  trouble === 'unknown' && !act ? 'unreachable' : trouble

// What looks like a key, a token or a telephone number is not repeated.
function quoted(message: string | undefined): string {
  const plain = message
    ?.replace(/[\w+/=-]{32,}/g, '…')
    .replace(/(?<!\d)1\d{10}(?!\d)/g, '…')
    .trim()
    .slice(0, 200)
  return plain ? ` [${plain}]` : ''
}
