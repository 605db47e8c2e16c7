import type { Complaint, Item } from './complaint.ts'
import type { Quirks } from './rules.ts'

type Show = (sha256: string) => string

/** The answer of complaintOrderDetail. WeChat docs, 查询投诉单详情, with what was seen in real answers. */
export function showDetail(complaint: Complaint, quirks: Quirks, show: Show): Record<string, unknown> {
  const item = showItems(complaint, quirks, show)
  return {
    errcode: 0,
    errmsg: 'ok',
    complaintOrder: showOrder(complaint, quirks, show),
    ...(item === undefined ? {} : { item }),
    ...(complaint.returnBill ? { returnBill: complaint.returnBill } : {}),
  }
}

function showOrder(c: Complaint, quirks: Quirks, show: Show): Record<string, unknown> {
  const number = (value: number) => (quirks.numbers === 'string' ? String(value) : value)
  return {
    complaintOrderId: quirks.id === 'string' ? String(c.id) : c.id,
    [quirks.openid]: c.openid,
    createTime: number(c.createdAt),
    phoneNumber: quirks.phone === 'string' ? c.phone : Number(c.phone),
    type: number(c.type),
    status: number(c.status),
    customerMaterial: { content: c.text, mediaIdList: c.photos.map(show) },
    orderId: `payorder@_${c.transactionId}`,
    outTradeNo: c.outTradeNo,
    productName: c.product,
    payTime: number(c.paidAt),
    ...showCost(c.amount, quirks),
    expireTime: number(c.expiresAt),
    ...(quirks.avatar ? { headImgUrl: c.avatar, nickName: c.nickname } : {}),
    appealState: number(c.appealState),
  }
}

// `totalCostStr` is a text in yuan; a bare totalCost is in fen, as in the push.
function showCost(amount: number, { cost }: Quirks): Record<string, unknown> {
  if (cost === 'number') return { totalCost: amount }
  if (cost === 'string') return { totalCost: String(amount) }
  return { totalCostStr: `¥${yuan(amount)}` }
}

export const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`

function showItems(complaint: Complaint, quirks: Quirks, show: Show): unknown {
  const items = complaint.items.map((item) => showItem(item, quirks, show))
  if (quirks.item === 'absent') return undefined
  if (quirks.item === 'object') return items.at(-1)
  return quirks.itemOrder === 'newest-first' ? items.reverse() : items
}

function showItem(item: Item, quirks: Quirks, show: Show): Record<string, unknown> {
  const phone = item.phoneNumber
  return {
    itemType: item.type,
    time: item.time,
    content: item.content ?? '',
    mediaIdList: (item.photos ?? []).map(show),
    ...(phone ? { phoneNumber: quirks.phone === 'string' ? phone : Number(phone) } : {}),
    ...(item.blameResult === undefined ? {} : { blameResult: item.blameResult }),
    ...(item.nickName ? { nickName: item.nickName } : {}),
    ...(item.appealItemType === undefined ? {} : { appealItemType: item.appealItemType }),
  }
}
