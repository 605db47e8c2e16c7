export type Lang = 'zh' | 'en'
type Label = readonly [zh: string, en: string]

// WeChat docs, 投诉单状态 (the official labels) with the finer meaning that its sister product gives the same numbers.
const statuses: Readonly<Record<number, Label>> = {
  201: ['待商家处理', 'Waiting for the merchant'],
  202: ['商家超时未回应，待用户确认', 'Merchant missed the deadline'],
  203: ['商家已回应，待用户确认', 'Answered, waiting for the customer'],
  204: ['商家已回应，待用户确认', 'Answered, waiting for the customer'],
  205: ['投诉已完结', 'Finished'],
  101: ['平台客服处理中', 'With the platform'],
  102: ['用户取消申请', 'Withdrawn by the customer'],
  103: ['平台客服处理中', 'With the platform'],
  104: ['平台客服处理中（待用户凭证）', 'With the platform: customer’s evidence due'],
  105: ['平台客服处理中', 'With the platform'],
  106: ['待商家补充凭证', 'Merchant’s evidence due'],
  107: ['平台客服处理中', 'With the platform'],
  108: ['待双方补充凭证', 'Evidence due from both'],
  109: ['平台客服处理中', 'With the platform'],
  112: ['投诉已完结', 'Finished'],
  115: ['投诉已完结', 'Finished'],
  116: ['投诉已完结', 'Finished'],
  206: ['判定商责，待上传处理凭证', 'Merchant liable: proof due'],
  207: ['平台核实凭证中', 'Platform checks the proof'],
  208: ['超时未上传凭证', 'Proof missed'],
  209: ['投诉已关闭', 'Closed'],
  305: ['平台客服处理中', 'With the platform'],
  307: ['平台客服处理中', 'With the platform'],
  308: ['判定商责，待用户退货', 'Merchant liable: waiting for the return'],
  309: ['判定商责，用户退货中', 'Merchant liable: goods on their way back'],
  310: ['平台客服处理中', 'With the platform'],
  311: ['退货签收异常', 'The return went wrong'],
  312: ['判定商责，平台退款中', 'Merchant liable: platform refunds'],
}

const appeals: Readonly<Record<number, Label>> = {
  401: ['可申诉', 'Appeal possible'],
  402: ['超过申诉时间', 'Appeal missed'],
  403: ['申诉中', 'Under appeal'],
  117: ['申诉成功', 'Appeal won'],
  118: ['申诉失败', 'Appeal lost'],
}

// WeChat docs, 投诉问题分类; the ones offered on the page.
export const types: Readonly<Record<number, Label>> = {
  611: ['未按约定时间发货', 'Not shipped in time'],
  612: ['商家拒绝发货', 'Merchant refuses to ship'],
  613: ['少发 / 错发', 'Missing or wrong goods'],
  614: ['物流长时间不更新', 'Shipment does not move'],
  621: ['客服不回复', 'Service does not answer'],
  622: ['客服辱骂 / 骚扰 / 恐吓', 'Service was abusive'],
  631: ['赠品承诺未履行', 'Promised gift missing'],
  632: ['物流承诺未履行', 'Delivery promise broken'],
  633: ['其他承诺未履行', 'Other promise broken'],
  641: ['商品描述不符', 'Not as described'],
  642: ['商品破损', 'Goods damaged'],
  643: ['其他商品问题', 'Other trouble with the goods'],
  652: ['扣费金额不对', 'Wrong amount charged'],
  662: ['已归还仍计费', 'Returned, still charged'],
  675: ['重复扣费', 'Charged twice'],
  676: ['无理由扣费', 'Charged without reason'],
  678: ['未成年误付款', 'Paid by a minor'],
}

// WeChat docs, 运单状态.
export const waybills: Readonly<Record<number, Label>> = {
  0: ['已下单待揽件', 'ordered'],
  1: ['已揽件', 'picked up'],
  2: ['运输中', 'on its way'],
  3: ['派件中', 'out for delivery'],
  4: ['已签收', 'signed for'],
  5: ['异常', 'abnormal'],
  6: ['代签收', 'signed for by another'],
  7: ['揽收失败', 'pick-up failed'],
  8: ['签收失败', 'delivery failed'],
  10: ['未下单', 'not ordered'],
  11: ['已取消', 'cancelled'],
  12: ['已删除', 'deleted'],
  13: ['退件中', 'going back'],
  14: ['已退件', 'went back'],
  15: ['运力方取消', 'cancelled by the carrier'],
  99: ['未确认', 'unconfirmed'],
}

// WeChat docs, 查询订单列表.
const orders: Readonly<Record<number, Label>> = {
  1: ['待发货', 'To ship'],
  2: ['已发货', 'Shipped'],
  3: ['确认收货', 'Received'],
  4: ['交易完成', 'Done'],
  5: ['已退款', 'Refunded'],
  6: ['资金待结算', 'To be settled'],
}

// Read after who makes them: 顾客 认可, Customer accepts.
const moves: Readonly<Record<string, Label>> = {
  respond: ['回应', 'responds:'],
  evidence: ['补充凭证', 'adds evidence'],
  proof: ['提交处理凭证', 'submits proof'],
  appeal: ['申诉', 'appeals'],
  accept: ['认可', 'accepts'],
  'ask-platform': ['申请平台介入', 'asks the platform'],
  withdraw: ['撤销', 'withdraws'],
  message: ['留言', 'writes'],
  'user-evidence': ['补充凭证', 'adds evidence'],
  'ship-return': ['寄回商品', 'ships back'],
  'take-up': ['受理', 'takes it up'],
  'ask-evidence:merchant': ['要商家凭证', 'asks merchant for evidence'],
  'ask-evidence:both': ['要双方凭证', 'asks both for evidence'],
  'ask-evidence:customer': ['要顾客凭证', 'asks customer for evidence'],
  'judge:liable': ['判商家责任', 'holds merchant liable'],
  'judge:return': ['判商责、退货', 'liable, goods go back'],
  'judge:dismissed': ['驳回、完结', 'dismisses it'],
  'judge:not-liable': ['判商家无责', 'merchant not liable'],
  'return-received': ['退货已签收', 'return arrived'],
  'return-abnormal': ['退货签收异常', 'return went wrong'],
  'verify-proof': ['凭证属实', 'proof is good'],
  'refuse-proof': ['凭证异常', 'proof is not good'],
  'refuse-proof:26': ['凭证异常', 'proof is not good'],
  'merchant-message': ['在后台留言', 'writes in the console'],
  deduct: ['扣分', 'deducts'],
  'deduction-appeal': ['对扣分申诉', 'appeals the deduction'],
  'deduction-reject': ['驳回扣分申诉', 'rejects the score appeal'],
  'deduction-succeed': ['扣分申诉成功', 'gives the points back'],
  pay: ['先行赔付', 'refunds by itself'],
  'finish-pay': ['赔付完成', 'refund done'],
  'open-appeal': ['开放申诉', 'opens the appeal'],
  'close-appeal': ['申诉超时', 'appeal is over'],
  'win-appeal': ['申诉成功', 'grants the appeal'],
  'lose-appeal': ['申诉失败', 'rejects the appeal'],
}

const pick = (label: Label | undefined, lang: Lang, unknown: string) => (label ? label[lang === 'zh' ? 0 : 1] : unknown)

export const statusLabel = (status: number, lang: Lang) => pick(statuses[status], lang, `? ${status}`)
export const appealLabel = (state: number, lang: Lang) => pick(appeals[state], lang, `? ${state}`)
export const typeLabel = (type: number, lang: Lang) => pick(types[type], lang, String(type))

/** A move's name; those with a choice are named with it, as in judge:liable. */
export const moveName = (move: { kind: string; of?: string; verdict?: string; node?: number; state?: number }) =>
  [move.kind, move.of ?? move.verdict ?? move.node ?? move.state].filter((part) => part !== undefined).join(':')
export const waybillLabel = (state: number, lang: Lang) => pick(waybills[state], lang, String(state))
export const orderLabel = (state: number, lang: Lang) => pick(orders[state], lang, String(state))

export function moveLabel(name: string, lang: Lang): string {
  const [kind, state] = name.split(':')
  if (kind !== 'waybill') return pick(moves[name], lang, name)
  return `${lang === 'zh' ? '运单' : 'waybill:'} ${waybillLabel(Number(state), lang)}`
}
