import type { Answer, Card, Heard } from '../../../src/chat/chat.ts'
import type { Picture } from '../../../src/core/picture.ts'
import { asButtonToken, instant } from '../../../src/core/words.ts'

/** A group as the tests and the screenshots play it: rooms, people, the cards of a working day. */
export const group = {
  port: 0,
  rooms: [
    { chat: 'ops', title: '投诉处理群' },
    { chat: 'finance', title: '财务群' },
  ],
  people: [
    { id: 'zhang', name: '张晓兰' },
    { id: 'li', name: '李文博' },
    { id: 'wang', name: '王思远' },
  ],
  language: 'zh-CN',
}

const button = (label: string, token: string, weight: Card['buttons'][number]['weight'] = 'plain') => ({
  label,
  token: asButtonToken(token),
  weight,
})

const hour = 3_600_000

export const cards = {
  calm: (now: number): Card => ({
    title: '#128 小程序「鲜果日记」 · 待商家处理',
    tone: 'calm',
    due: instant(now + 48 * hour - 30_000),
    lines: [
      { label: '金额', text: '¥39.90，可退 ¥39.90' },
      { label: '商品', text: '当季鲜桃礼盒 6 枚装' },
      { label: '原因', text: '商品质量问题' },
      { label: '投诉人', text: '王*（手机尾号 5678），第 1 次投诉' },
      { label: '订单号', text: '4200001234202607210000123456' },
    ],
    quote: '收到的桃子坏了两个，联系客服一直没人回复，要求退款。',
    buttons: [
      button('同意和解', 'agree', 'main'),
      button('退款', 'refund'),
      button('拒绝', 'refuse', 'danger'),
      button('补充凭证', 'evidence'),
      button('认领', 'claim'),
      button('详情', 'detail'),
    ],
  }),
  urgent: (now: number): Card => ({
    title: '#126 微信支付 · 待回复',
    tone: 'urgent',
    due: instant(now + 42 * 60_000 + 12_000),
    lines: [
      { label: '金额', text: '¥268.00，可退 ¥268.00' },
      { label: '商品', text: '儿童自行车 16 寸' },
      { label: '认领', text: '李文博' },
    ],
    quote: '说好三天发货，已经等了九天，客服只会让我再等等。',
    note: '用户 13:20 又留言：今天不处理就打 12315。',
    buttons: [
      button('回复用户', 'reply', 'main'),
      button('退款', 'refund'),
      button('完结', 'finish'),
      button('详情', 'detail'),
    ],
  }),
  late: (now: number): Card => ({
    title: '#119 支付宝「鲜果日记旗舰店」 · 待处理',
    tone: 'late',
    due: instant(now - 2 * hour - 5 * 60_000),
    lines: [
      { label: '金额', text: '¥1,280.00，可退 ¥1,280.00' },
      { label: '原因', text: '未收到货' },
    ],
    note: '已超过平台时限，可能影响保证金。请立即处理。',
    buttons: [button('立即退款', 'refund', 'main'), button('申诉', 'appeal'), button('详情', 'detail')],
  }),
  settled: (): Card => ({
    title: '#117 小程序「鲜果日记」 · 已完结',
    tone: 'settled',
    lines: [
      { label: '结果', text: '已退款 ¥12.00，14:03 到账' },
      { label: '处理人', text: '李文博' },
    ],
    buttons: [button('详情', 'detail')],
  }),
}

export const menu = [
  { name: '列表', help: '未结的投诉，按剩余时间排列' },
  { name: '详情', help: '详情 128：看一条投诉的全部经过' },
  { name: '退款', help: '退款 128 全部 原因：先确认，再退' },
  { name: '同意', help: '同意 128 话：同意和解并回复用户' },
  { name: '帮助', help: '全部命令' },
]

/** What the app could answer; everything heard is kept. */
export function counter(now: () => number) {
  const heard: Heard[] = []
  async function hear(thing: Heard): Promise<Answer> {
    heard.push(thing)
    switch (thing.press?.token) {
      case 'claim':
        return {
          toast: '已认领',
          fresh: {
            ...cards.calm(now()),
            lines: [...cards.calm(now()).lines, { label: '认领', text: thing.user.name }],
          },
        }
      case 'detail':
        return { text: '14:03 已通知用户\n13:20 用户补充了图片', onlyFor: [thing.user.id] }
      case 'refuse':
        return { toast: '没有退款权限，请联系管理员开通。', alert: true }
      case 'agree':
        return {
          ask: {
            prompt: '同意和解 #128：要对用户说什么？',
            ttl: 600_000,
            suggest: ['非常抱歉，已为您安排退款，1–3 个工作日到账。', '我们会马上补发两枚，请留意物流。'],
            pictures: true,
            cancel: asButtonToken('never-mind'),
          },
        }
      case 'never-mind':
        return { toast: '已取消' }
    }
    if (thing.replyTo) return { text: `已提交：${thing.text ?? ''}（图片 ${thing.pictures?.length ?? 0} 张）` }
    if (thing.text === 'boom') throw new Error('the app fell over')
    return {}
  }
  return { heard, hear }
}

export const dot: Picture = {
  type: 'image/png',
  bytes: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
}
