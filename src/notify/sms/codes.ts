import type { Failed, Sent } from '../kind.ts'
import { both, untilTomorrow } from '../texts.ts'

type Entry = readonly [blames: Failed['blames'], zh: string, en: string, again?: 'tomorrow' | number]

const second = 1000
const minute = 60 * second
const hour = 60 * minute

const often = [
  '该号码的接收频率已到限制，可在短信控制台 应用管理 → 基础配置 调整',
  'the number has had as many messages as it may: change it in the console under 应用管理 → 基础配置',
] as const

// Their codes, spelled as they spell them. docs/channels.md#sms
const entries: Readonly<Record<string, Entry>> = {
  'LimitExceeded.PhoneNumberThirtySecondLimit': ['recipient', ...often, 35 * second],
  'LimitExceeded.PhoneNumberOneHourLimit': ['recipient', ...often, hour],
  'LimitExceeded.PhoneNumberDailyLimit': ['recipient', ...often, 'tomorrow'],
  'LimitExceeded.PhoneNumberSameContentDailyLimit': ['recipient', ...often, 'tomorrow'],
  'LimitExceeded.DeliveryFrequencyLimit': ['recipient', ...often, hour],
  'LimitExceeded.AppDailyLimit': ['channel', '应用今天的短信额度已用完', 'the quota of the day is used up', 'tomorrow'],
  'LimitExceeded.DailyLimit': [
    'channel',
    '今天的国际短信额度已用完',
    'the international quota of the day is used up',
    'tomorrow',
  ],
  'LimitExceeded.PhoneNumberCountLimit': ['message', '一次提交的号码过多', 'too many numbers at once'],
  'FailedOperation.InsufficientBalanceInSmsPackage': [
    'credentials',
    '短信套餐包余额不足：请在控制台购买',
    'the SMS package is used up: buy another in the console',
  ],
  'UnauthorizedOperation.SerivceSuspendDueToArrears': [
    'credentials',
    '腾讯云账号欠费停服：请充值',
    'the account is in arrears: pay it',
  ],
  'FailedOperation.SignatureIncorrectOrUnapproved': [
    'credentials',
    '短信签名未审核通过或内容不符：请核对设置 sign（不含【】）',
    'the signature (签名) is not approved, or its text is another: check the setting sign, without 【】',
  ],
  'FailedOperation.TemplateIncorrectOrUnapproved': [
    'credentials',
    '模板未审核通过，或参数个数不符：请核对设置 templateId 和 params',
    'the template is not approved, or the number of parameters is wrong: check templateId and params',
  ],
  'InvalidParameterValue.TemplateParameterLengthLimit': [
    'message',
    '模板变量过长：请调小设置 maxParamChars（默认 6）',
    'a variable is too long: set maxParamChars lower (6 by default)',
  ],
  'InvalidParameterValue.TemplateParameterFormatError': [
    'message',
    '模板变量格式不符：验证码模板只接受不超过 6 位的数字，请换通知类模板',
    'a variable has the wrong format: a code template takes digits only; use a notice template',
  ],
  'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': [
    'message',
    '模板变量中不能有链接',
    'a variable may hold no link',
  ],
  'InvalidParameterValue.ContentLengthLimit': ['message', '短信内容过长', 'the message is too long'],
  'InvalidParameterValue.IncorrectPhoneNumber': ['recipient', '手机号不正确', 'the number is wrong'],
  'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber': [
    'message',
    '不能同时发送国内和国际号码',
    'mainland and other numbers cannot go together',
  ],
  'UnsupportedOperation.UnsuportedRegion': ['recipient', '该地区不支持短信', 'the region of the number is not served'],
  'FailedOperation.PhoneNumberInBlacklist': [
    'recipient',
    '接收人已退订或在免打扰名单',
    'they have unsubscribed, or are on the do-not-disturb list',
  ],
  'FailedOperation.ContainSensitiveWord': ['message', '短信内容含敏感词', 'the message holds a sensitive word'],
  'FailedOperation.MarketingSendTimeConstraint': [
    'credentials',
    '营销类模板只能在 8:00–22:00 发送：请换通知类模板',
    'a marketing template goes from 8:00 to 22:00 only: use a notice template',
  ],
  'UnauthorizedOperation.SmsSdkAppIdVerifyFail': [
    'credentials',
    'SdkAppId 不属于该腾讯云账号：请核对设置 sdkAppId',
    'the SdkAppId is another account’s: check the setting sdkAppId',
  ],
  'InvalidParameterValue.SdkAppIdNotExist': [
    'credentials',
    'SdkAppId 不存在：请核对设置 sdkAppId',
    'there is no such SdkAppId: check the setting sdkAppId',
  ],
  'UnauthorizedOperation.SdkAppIdIsDisabled': [
    'credentials',
    'SdkAppId 已停用：请在控制台启用',
    'the SdkAppId is switched off: switch it on in the console',
  ],
  'UnauthorizedOperation.RequestIpNotInWhitelist': [
    'credentials',
    '本服务器 IP 不在白名单：请在控制台添加',
    'the address of this server is not in the allow list: add it in the console',
  ],
  'UnauthorizedOperation.RequestPermissionDeny': ['credentials', '没有接口权限', 'no permission for the call'],
  'AuthFailure.SecretIdNotFound': ['credentials', 'SecretId 不存在或已停用', 'the SecretId is unknown or switched off'],
  'AuthFailure.SignatureFailure': ['credentials', 'SecretKey 不对', 'the SecretKey is wrong'],
  'AuthFailure.SignatureExpire': [
    'credentials',
    '服务器时间相差超过 5 分钟：请同步时钟',
    'the clock of this server is off by more than 5 minutes: synchronise it',
  ],
  'AuthFailure.UnauthorizedOperation': [
    'credentials',
    '子账号没有短信权限：请在访问管理（CAM）中授权',
    'the sub-account may not send SMS: grant it in CAM',
  ],
  'AuthFailure.TokenFailure': ['credentials', '临时密钥无效', 'the temporary key is invalid'],
}

export const smsCodes: readonly string[] = Object.keys(entries)

/** Theirs for "not now". */
const passing = /^(?:RequestLimitExceeded|InternalError)(?:\.|$)/
const mostPassing = 2

/** What their code means, whether it stood at one number or above all. */
export function codeMeans(code: string, at: { readonly tries: number; readonly now: number }): Failed {
  const failed = (blames: Failed['blames'], why: string, again?: number): Failed => ({
    outcome: 'failed',
    blames,
    code,
    why: `${why} [${code}]`,
    ...(again === undefined ? {} : { again }),
  })
  const entry = Object.hasOwn(entries, code) ? entries[code] : undefined
  if (entry) {
    const [blames, zh, en, again] = entry
    return failed(blames, both(zh, en), again === 'tomorrow' ? untilTomorrow(at.now) : again)
  }
  const why = both('短信服务暂时不可用', 'the SMS service is not available for the moment')
  if (passing.test(code)) return failed('message', why, at.tries < mostPassing ? minute : undefined)
  if (code.startsWith('AuthFailure') || code.startsWith('UnauthorizedOperation'))
    return failed('credentials', both('腾讯云拒绝了密钥或权限', 'Tencent Cloud refuses the key or the permission'))
  return failed('message', both('短信被拒绝', 'the message is refused'))
}

/** An error without a code of theirs: did the wish leave us? */
export function thrownMeans(error: { readonly message: string; readonly httpCode?: number }): Sent {
  // The library keeps only these words of what went wrong on the way.
  const never = /reason: (?:connect |getaddrinfo |.*(?:certificate|self.signed|unable to (?:verify|get)))/i
  if (never.test(error.message))
    return {
      outcome: 'failed',
      blames: 'channel',
      code: 'unreachable',
      why: both('连接不到短信服务', 'the SMS service cannot be reached'),
    }
  return {
    outcome: 'unknown',
    code: error.httpCode === undefined ? 'no answer' : `HTTP ${error.httpCode}`,
    why: both('短信提交后没有得到回应，不确定是否已发出', 'handed over, and no answer came: it may have been sent'),
  }
}
