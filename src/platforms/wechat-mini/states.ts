// The platform's own words for its numbers. docs/platforms/wechat-mini.md#tables
// A number that is not here is shown as it came, never refused.

type Words = ReadonlyMap<number, string>

/** complaintOrder.status 投诉单状态 */
export const states: Words = new Map([
  [201, '待处理'],
  [202, '商家超时未回应，待用户确认'],
  [203, '已回应，待用户确认'],
  [204, '已回应，待用户确认'],
  [205, '投诉已完结'],
  [101, '平台客服处理中'],
  [102, '用户取消申请'],
  [103, '平台客服处理中'],
  [104, '平台客服处理中'],
  [105, '平台客服处理中'],
  [106, '待商家补充凭证'],
  [107, '平台客服处理中'],
  [108, '待双方补充凭证'],
  [109, '平台客服处理中'],
  [112, '投诉已完结'],
  [115, '投诉已完结'],
  [116, '投诉已完结'],
  [206, '平台已判定为商责，待上传处理凭证'],
  [207, '平台客服核实凭证中'],
  [208, '超时未上传凭证'],
  [209, '投诉已关闭'],
  [305, '平台客服处理中'],
  [307, '平台客服处理中'],
  [308, '平台已判定为商责，待用户退货中'],
  [309, '平台已判定为商责，待用户退货中'],
  [310, '平台客服处理中'],
  [311, '签收异常'],
  [312, '平台判定商家责任，平台退款中'],
])

/** appealState, appealItemType 申诉状态 */
export const appeals: Words = new Map([
  [0, '未进入申诉'],
  [401, '待商家申诉'],
  [402, '超过申诉时间'],
  [403, '申诉中'],
  [117, '申诉成功'],
  [118, '申诉失败'],
])

/** returnBill.orderStatus 运单状态 */
export const waybills: Words = new Map([
  [0, '已下单待揽件'],
  [1, '已揽件'],
  [2, '运输中'],
  [3, '派件中'],
  [4, '已签收'],
  [5, '异常'],
  [6, '代签收'],
  [7, '揽收失败'],
  [8, '签收失败'],
  [10, '未下单'],
  [11, '已取消'],
  [12, '已删除'],
  [13, '退件中'],
  [14, '已退件'],
  [15, '运力方取消'],
  [99, '未确认'],
])

/** type 投诉问题分类: the class by the first two digits, then the kind. */
const classes: Words = new Map([
  [61, '发货问题'],
  [62, '客服问题'],
  [63, '承诺未履行'],
  [64, '商品问题'],
  [65, '收费异常'],
  [66, '充电宝'],
  [67, '欺诈或扣费'],
])

export const types: Words = new Map([
  [611, '未按约定时间发货'],
  [612, '商家拒绝发货'],
  [613, '少发/错发'],
  [614, '物流长时间不更新'],
  [621, '客服不回复'],
  [622, '客服辱骂/骚扰/恐吓'],
  [631, '赠品'],
  [632, '物流'],
  [633, '其他'],
  [641, '描述不符'],
  [642, '破损'],
  [643, '其他'],
  [650, '车辆没电/故障'],
  [651, '关锁仍计费'],
  [652, '扣费金额不对'],
  [653, '规范停车仍扣调度费'],
  [654, '其他'],
  [655, '已购骑行卡仍扣费'],
  [656, '骑行卡退款'],
  [657, '押金退还'],
  [658, '余额退还'],
  [659, '客服不回复'],
  [660, '充电宝未弹出已扣费'],
  [661, '充电宝无法使用'],
  [662, '已归还仍计费'],
  [663, '不认可时长'],
  [664, '其他'],
  [665, '押金退还异常'],
  [666, '客服不回复'],
  [667, '归还点少'],
  [668, '误操作购买'],
  [670, '虚假广告'],
  [671, '剧集数量不符'],
  [672, '金额与页面不符'],
  [673, '剧集内容不符'],
  [674, '营销活动'],
  [675, '重复扣费'],
  [676, '无理由扣费'],
  [677, '标准不一致'],
  [678, '未成年误付款'],
  [679, '其他'],
  [610001, '可观看数量/时长不符'],
  [610002, '剧集内容不符'],
  [610003, '无法播放'],
  [610004, '未成年误付款'],
  [610005, '其他'],
])

export type By = 'user' | 'merchant' | 'platform'

/** itemType 投诉节点: who made the step. Numbers of this list are not states: step 104 is not state 104. */
export const steps: ReadonlyMap<number, readonly [By, string]> = new Map<number, readonly [By, string]>([
  [1, ['user', '用户发起投诉']],
  [2, ['user', '用户补充留言']],
  [3, ['merchant', '商家补充留言']],
  [7, ['user', '用户补充凭证']],
  [8, ['merchant', '商家补充凭证']],
  [11, ['user', '用户申请平台协助']],
  [12, ['user', '用户撤销']],
  [13, ['platform', '平台处理中']],
  [14, ['platform', '待用户补充凭证']],
  [16, ['platform', '待商家补充凭证']],
  [18, ['platform', '要求双方补充凭证']],
  [26, ['platform', '处理凭证异常，关闭']],
  [30, ['platform', '非商责，完结']],
  [31, ['platform', '商责']],
  [32, ['platform', '商责']],
  [33, ['platform', '非商责，完结']],
  [36, ['platform', '处理凭证已核实，完结']],
  [37, ['platform', '处理凭证异常，关闭']],
  [101, ['platform', '商家超时未回应']],
  [104, ['user', '用户认可，完结']],
  [107, ['platform', '商家超时未交处理凭证']],
  [108, ['platform', '用户超时未确认，完结']],
  [109, ['merchant', '商家已回应']],
  [110, ['merchant', '商家提交处理凭证']],
  [111, ['platform', '用户凭证超时']],
  [112, ['platform', '商家凭证超时']],
  [113, ['platform', '双方凭证超时']],
  [118, ['platform', '商责自动赔付']],
])

/** appealList.status 扣分记录状态 */
const penalties: Words = new Map([
  [2, '扣分审批通过'],
  [4, '申诉中'],
  [5, '申诉驳回'],
  [6, '申诉成功'],
])

/** itemType 31/32: what the judgement waits for. */
const blames: Words = new Map([
  [0, '待上传处理凭证'],
  [1, '待用户退货'],
])

export const stateLabel = (status: number | undefined): string => wordFor('状态', states, status)
export const appealLabel = (appeal: number): string => wordFor('申诉状态', appeals, appeal)
export const waybillLabel = (status: number): string => wordFor('运单状态', waybills, status)

export const penaltyLabel = (status: number | undefined): string => wordFor('扣分状态', penalties, status)

/** 643 → 商品问题 · 其他. Short drama (6100xx) has its own word, since 61 alone means delivery. */
export function typeLabel(type: number | undefined): string {
  if (type === undefined) return ''
  const kind = types.get(type)
  if (kind === undefined) return String(type)
  const family = type > 610_000 ? '短剧' : classes.get(Math.floor(type / 10))
  return `${family ?? ''} · ${kind}`
}

export function stepLabel(
  type: number | undefined,
  blame: number | undefined,
  appeal: number | undefined,
): { by: By; label: string } {
  const known = type === undefined ? undefined : steps.get(type)
  const said = appeal !== undefined && appeal !== 0 ? appealLabel(appeal) : undefined
  if (!known) return { by: appeal === 403 ? 'merchant' : 'platform', label: said ?? wordFor('节点', new Map(), type) }
  const waits = blame === undefined || known[1] !== '商责' ? undefined : blames.get(blame)
  return { by: known[0], label: [known[1], waits, said].filter((word) => word !== undefined).join('，') }
}

function wordFor(what: string, words: Words, code: number | undefined): string {
  if (code === undefined) return `${what}未知`
  return words.get(code) ?? `${what} ${code}（未知）`
}
