/** What the platform answers instead of doing it: in v2 under HTTP 200, in v3 as an HTTP error. */
export interface Problem {
  /** v2: 20000, 20001, 40001…40006. */
  readonly code: string
  readonly msg: string
  /** v2, with its prefix. */
  readonly subCode: string
  readonly subMsg: string
  readonly v3: { readonly status: number; readonly code: string }
}

interface Entry {
  readonly code: string
  readonly prefix: string
  readonly status: number
  readonly text: string
}

const entry = (code: string, prefix: string, status: number, text: string): Entry => ({ code, prefix, status, text })

const msgs: Readonly<Record<string, string>> = {
  '20000': 'Service Currently Unavailable',
  '20001': 'Insufficient Token Permissions',
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40003': 'Insufficient Conditions',
  '40004': 'Business Failed',
  '40005': 'Call Limited',
  '40006': 'Insufficient Permissions',
}

// The gateway's own words; v2 puts isv., isp. or aop. before them, v3 nothing.
const gateway: Readonly<Record<string, Entry>> = {
  'missing-method': entry('40001', 'isv.', 400, '缺少方法名参数'),
  'missing-app-id': entry('40001', 'isv.', 400, '缺少AppID参数'),
  'missing-timestamp': entry('40001', 'isv.', 400, '缺少时间戳参数'),
  'missing-version': entry('40001', 'isv.', 400, '缺少版本参数'),
  'missing-signature': entry('40001', 'isv.', 400, '缺少签名参数'),
  'missing-signature-type': entry('40001', 'isv.', 400, '缺少签名类型参数'),
  'missing-app-cert-sn': entry('40001', 'isv.', 400, '缺少应用公钥证书序列号'),
  'missing-parameter': entry('40001', 'isv.', 400, '缺少必选参数'),
  'invalid-method': entry('40002', 'isv.', 404, '不存在的方法名'),
  'invalid-app-id': entry('40002', 'isv.', 400, '无效的AppID参数'),
  'invalid-timestamp': entry('40002', 'isv.', 400, '非法的时间戳参数'),
  'invalid-charset': entry('40002', 'isv.', 400, '字符集错误'),
  'invalid-version': entry('40002', 'isv.', 400, '版本错误'),
  'invalid-format': entry('40002', 'isv.', 400, '无效的数据格式'),
  'invalid-signature': entry('40002', 'isv.', 401, '验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配'),
  'invalid-signature-type': entry('40002', 'isv.', 400, '无效的签名类型'),
  'invalid-parameter': entry('40002', 'isv.', 400, '参数无效'),
  'app-cert-not-exist': entry('40002', 'isv.', 400, '应用公钥证书不存在'),
  'app-cert-expired': entry('40002', 'isv.', 400, '应用公钥证书已过期'),
  'invalid-alipay-root-cert-sn': entry('40002', 'isv.', 400, '支付宝根证书序列号不匹配'),
  'alipay-cert-not-exist': entry('40002', 'isv.', 400, '支付宝公钥证书不存在'),
  'invalid-app-auth-token': entry('20001', 'aop.', 401, '无效的应用授权令牌'),
  'not-support-app-auth': entry('40002', 'isv.', 400, '此接口不支持应用授权'),
  'insufficient-isv-permissions': entry('40006', 'isv.', 403, 'ISV权限不足，建议在开发者中心检查签约是否已经生效'),
  'app-call-limited': entry('40005', 'isv.', 429, '应用调用次数超限'),
  'unknow-error': entry('20000', 'isp.', 500, '服务暂不可用（业务系统不可用）'),
}

// What a service says itself; under 40004 in v2.
const business: Readonly<Record<string, string>> = {
  'ACQ.SYSTEM_ERROR': '接口返回错误',
  'ACQ.INVALID_PARAMETER': '参数无效',
  'ACQ.TRADE_NOT_EXIST': '交易不存在',
  'ACQ.TRADE_HAS_FINISHED': '交易已完结',
  'ACQ.TRADE_HAS_CLOSE': '交易已经关闭',
  'ACQ.TRADE_STATUS_ERROR': '交易状态不合法',
  'ACQ.TRADE_NOT_ALLOW_REFUND': '当前交易不允许退款',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': '退款金额超限',
  'ACQ.DISCORDANT_REPEAT_REQUEST': '请求信息不一致',
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': '卖家余额不足',
  PARAM_ILLEGAL: '参数非法',
  SYSTEM_ERROR: '系统繁忙',
  AUTHORITY_ILLEGAL: '权限非法',
  WAITING_REFUND: '退款处理中',
  REFUND_FEEDBACK_FAILED: '退款反馈失败',
  REFUND_ALREADY_SUCCEED: '退款已成功',
  SECURITY_INTERCEPT: '安全拦截',
  STATUS_CHANGED: '投诉单状态已变更',
  SUBMIT_CONTENT_VIOLATION: '提交内容违规',
  IMAGE_SIZE_OVERRANGE: '图片大小超限',
  APP_NOT_ISV: '应用不是第三方应用',
  GRANT_TYPE_INVALID: '授权类型不合法',
  AUTH_CODE_NOT_EXIST: '授权码不存在',
  AUTH_CODE_NOT_VALID: '授权码无效',
  APP_ID_NOT_CONSISTENT: '应用与授权码不一致',
  AUTH_TOKEN_NOT_FOUND: '授权令牌不存在',
  REFRESH_TOKEN_NOT_VALID: '刷新令牌无效',
  REFRESH_TOKEN_NOT_EXIST: '刷新令牌不存在',
  REFRESH_TOKEN_TIME_OUT: '刷新令牌已过期',
  ILLEGAL_PARAM: '参数非法',
  AUTH_TOKEN_NOT_EXISTED: '授权令牌不存在',
  AUTH_TOKEN_NOT_CONSISTENT: '授权令牌与应用不一致',
}

/** A gateway's word such as `invalid-signature`, or a service's code such as `ACQ.TRADE_NOT_EXIST`. */
export function refuse(word: string, text?: string, more: Partial<Pick<Problem, 'code' | 'subCode'>> = {}): Problem {
  const known = gateway[word]
  const code = more.code ?? known?.code ?? '40004'
  return {
    code,
    msg: msgs[code] ?? 'Business Failed',
    subCode: more.subCode ?? `${known?.prefix ?? ''}${word}`,
    subMsg: text ?? known?.text ?? business[word] ?? '业务处理失败',
    v3: { status: known?.status ?? (word.endsWith('SYSTEM_ERROR') ? 500 : 400), code: word },
  }
}

export const isProblem = (value: object): value is Problem => 'subCode' in value && 'v3' in value
