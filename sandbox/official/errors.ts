import { isRefusal, type Refusal, refuse as refuseAsProgram } from '../wechat/errors.ts'

export { isRefusal, type Refusal }

// WeChat docs, error codes of template messages, QR codes and followers; all others are the mini programs' too.
const words: Readonly<Record<number, string>> = {
  40003: 'invalid openid',
  40037: 'invalid template_id',
  40052: 'invalid action name',
  40053: 'invalid action info, please check document',
  40246: 'invalid keyword_name_list',
  43004: 'require subscribe',
  43019: 'receiver is in the blacklist',
  45029: 'qrcode count out of limit',
  47003: 'argument invalid!',
  50005: 'user is unsubscribed',
}

export function refuse(errcode: number, more?: string): Refusal {
  const own = words[errcode]
  if (own === undefined) return refuseAsProgram(errcode, more)
  return { errcode, errmsg: [own, more].filter(Boolean).join(' ') }
}
