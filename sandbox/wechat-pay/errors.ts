/** What the platform answers instead of doing it. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly detail?: Readonly<Record<string, string>>
  /** The number behind the last dash of Request-ID. */
  readonly cause?: number
}

// WeChat Pay docs, error tables: which code comes with which status.
const statuses: Readonly<Record<string, number>> = {
  PARAM_ERROR: 400,
  INVALID_REQUEST: 400,
  SIGN_ERROR: 401,
  NO_AUTH: 403,
  NOT_ENOUGH: 403,
  USER_ACCOUNT_ABNORMAL: 403,
  RESOURCE_NOT_EXISTS: 404,
  ORDER_NOT_EXIST: 404,
  MCH_NOT_EXISTS: 404,
  FREQUENCY_LIMITED: 429,
  RATELIMIT_EXCEEDED: 429,
  SYSTEM_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
}

const words: Readonly<Record<string, string>> = {
  PARAM_ERROR: '参数错误',
  INVALID_REQUEST: '请求不符合业务规则',
  SIGN_ERROR: '签名错误',
  NO_AUTH: '没有权限',
  NOT_ENOUGH: '基本账户余额不足，请充值后重新发起',
  USER_ACCOUNT_ABNORMAL: '用户账户异常',
  RESOURCE_NOT_EXISTS: '请求的资源不存在',
  ORDER_NOT_EXIST: '订单不存在',
  MCH_NOT_EXISTS: '商户号不存在',
  FREQUENCY_LIMITED: '频率限制，请稍后重试',
  RATELIMIT_EXCEEDED: '请求过于频繁',
  SYSTEM_ERROR: '系统繁忙，请稍后重试',
  SERVICE_UNAVAILABLE: '服务不可用，请稍后重试',
}

export function refuse(code: string, message?: string, more: Partial<Problem> = {}): Problem {
  return { status: statuses[code] ?? 400, code, message: message ?? words[code] ?? '系统错误', ...more }
}

/** A field is wrong: where it stands as a JSON pointer, and what is the matter with it. */
export const paramError = (field: string, issue: string, location = 'body'): Problem =>
  refuse('PARAM_ERROR', `参数错误：${field} ${issue}`, { detail: { field, issue, location } })

export const isProblem = (value: object): value is Problem => 'code' in value && 'status' in value && 'message' in value
