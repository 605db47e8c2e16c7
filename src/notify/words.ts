import type { Source } from '../complaints/complaint.ts'
import type { Language } from '../storage/tenants.ts'

/** What letters say beside the words of the chat: Chinese, English. */
const words = {
  subject: ['【投诉】{platform} 尾号{tail} #{n}', '[Complaint] {platform} …{tail} #{n}'],
  'subject.several': ['【投诉】{count} 单待看', '[Complaints] {count} to look at'],
  'subject.notices': ['【投诉】系统通知', '[Complaints] notice'],
  'subject.test': ['【投诉】测试消息', '[Complaints] test message'],
  test: [
    '这是「{channel}」的测试消息，收到说明通道可用；没有投诉需要处理。',
    'This is a test message of "{channel}": it works. No complaint is behind it.',
  ],
  new: ['新投诉', 'New complaint'],
  account: ['账号', 'Account'],
  merchant: ['商家', 'Merchant'],
  platform: ['平台', 'Platform'],
  case: ['投诉单号', 'Complaint number'],
  turn: ['进度', 'Turn'],
  state: ['平台状态', 'Platform state'],
  reason: ['原因', 'Reason'],
  amount: ['投诉所示金额', 'Amount shown'],
  due: ['截止', 'Due'],
  left: ['还剩 {time}', '{time} left'],
  late: ['已超时', 'late'],
  product: ['商品', 'Product'],
  order: ['商户订单号', 'Order'],
  customer: ['用户', 'Customer'],
  opened: ['投诉时间', 'Opened'],
  text: ['投诉内容', 'Their words'],
  happened: ['有新情况', 'What is new'],
  footer: [
    '在群里处理：/show {n}。此邮件自动发送，请勿回复。',
    'Handle it in the group: /show {n}. Sent automatically; replies are not read.',
  ],
  'footer.plain': ['此邮件自动发送，请勿回复。', 'Sent automatically; replies are not read.'],
  hours: ['{n} 小时', '{n} h'],
  minutes: ['{n} 分钟', '{n} min'],
  days: ['{n} 天', '{n} d'],
  several: ['多个平台', 'Several'],
  'wechat-mini': ['小程序', 'WeChat MP'],
  'wechat-pay': ['微信支付', 'WeChatPay'],
  'alipay-risk': ['支付宝', 'Alipay'],
  'alipay-trade': ['支付宝', 'Alipay'],
} as const satisfies Record<Source | string, readonly [zh: string, en: string]>

export type Word = keyof typeof words

/** Filled in once: what people wrote is never read as a place to fill in. */
export function word(language: Language, name: Word, params: Readonly<Record<string, string | number>> = {}): string {
  const [zh, en] = words[name]
  return (language === 'en' ? en : zh).replace(/\{(\w+)\}/g, (place, key: string) => String(params[key] ?? place))
}
