/** What the platform answers instead of doing it. */
export interface Refusal {
  readonly errcode: number
  readonly errmsg: string
}

// WeChat docs, error codes of the complaint, order and penalty calls and of access_token.
const words: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  1: '单号不存在',
  2: 'mediaIdList/content 格式错误',
  309: '状态不对',
  1002: '当前状态不支持该操作',
  10001: '参数异常',
  20002: '参数非法',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40004: 'invalid media type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40066: 'invalid url',
  40125: 'invalid appsecret',
  40243: 'appsecret frozen',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41005: 'media data missing',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  44002: 'empty post data',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  48001: 'api unauthorized',
  48004: 'api forbidden for irregularities',
  50002: 'user limited',
  50004: 'token call forbidden',
  50007: 'account frozen',
  76021: 'cgi_path not found, please check',
  89503: 'waiting for the administrator to confirm this IP',
  200002: '参数错误',
  10060001: '支付单不存在',
  10060014: '参数错误',
}

export function refuse(errcode: number, more?: string): Refusal {
  if (errcode === 40164) return whitelist(more ?? '203.0.113.7')
  return { errcode, errmsg: [words[errcode] ?? 'system error', more].filter(Boolean).join(': ') }
}

// The answer names the caller's address, so that it can be put on the list.
const whitelist = (ip: string): Refusal => ({
  errcode: 40164,
  errmsg: `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist`,
})

export function isRefusal(value: object): value is Refusal {
  return 'errcode' in value && value.errcode !== 0
}
