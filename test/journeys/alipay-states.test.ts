import { expect, test } from 'vitest'
import { type RiskStatus, riskStatuses, type TradeStatus, tradeStatuses } from '../../sandbox/alipay/index.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { type AlipayWorld, group, people, world } from '../support/world.ts'

// Literal: a button that comes or goes is a decision.

const card = (w: AlipayWorld) => w.chat.card(group, '#1 ').card
const labels = (w: AlipayWorld) => card(w).buttons.map(({ label }) => label)

/** What is open, and what must be chosen with it. */
async function moves(w: AlipayWorld): Promise<readonly string[]> {
  const complaint = await findRunning(w.storage.reads, w.tenant.id, 1)
  return (complaint?.moves ?? []).map(({ kind, owed, takes }) =>
    [kind, owed && 'owed', ...(takes.choices ?? []).map(({ code }) => code)].filter(Boolean).join(' '),
  )
}

interface Shown {
  readonly title: string
  readonly moves: readonly string[]
  readonly labels: readonly string[]
}

const five = 'finish owed CONSENSUS_WITH_CLIENT REFUND RECTIFICATION_NO_REFUND SUBMIT_PROOF_NOT_CONTACTED ORTHER'
const inRisk = { moves: ['respond talk', 'refund', five], labels: ['完结', '回复', '退款', '认领', '详情'] }
const over = { moves: [], labels: ['详情'] }
const risk: Readonly<Record<RiskStatus, Shown>> = {
  WAIT_PROCESS: { title: '待处理', ...inRisk },
  OVERDUE: { title: '超时未处理', ...inRisk },
  PROCESSING: { title: '处理中', ...inRisk },
  PART_OVERDUE: { title: '部分超时未处理', ...inRisk },
  PROCESSED: { title: '处理完成', ...over },
  OVERDUE_PROCESSED: { title: '超时处理完成', ...over },
  DROP_COMPLAIN: { title: '用户撤诉', ...over },
  DROP_PROCESSED: { title: '处理完成用户撤诉', ...over },
  DROP_OVERDUE_COMPLAIN: { title: '超时后用户撤诉', ...over },
  DROP_OVERDUE_PROCESSED: { title: '超时处理完成用户撤诉', ...over },
}

const six = 'finish owed 02 03 05 06 194 04'
const inTrade = { moves: ['respond talk', 'refund', six], labels: ['完结', '回复', '退款', '认领', '详情'] }
const trade: Readonly<Record<TradeStatus, Shown>> = {
  MERCHANT_PROCESSING: { title: '待商家处理', ...inTrade },
  MERCHANT_FEEDBACK_TIMEOUT: { title: '商家处理超时', ...inTrade },
  MERCHANT_FEEDBACKED: {
    title: '商家已反馈',
    moves: ['respond talk', 'refund'],
    labels: ['回复', '退款', '认领', '详情'],
  },
  PLATFORM_PROCESSING: {
    title: '客服处理中',
    moves: ['add-evidence', 'refund'],
    labels: ['补充凭证', '退款', '认领', '详情'],
  },
  PLATFORM_FINISH: { title: '客服处理完结', ...over },
  FINISHED: { title: '投诉已完结', ...over },
  CANCELLED: { title: '投诉已撤销', ...over },
  CLOSED: { title: '投诉已关闭', ...over },
  REPORT_SUCCEED: { title: '举报成功', ...over },
}

async function shows(w: AlipayWorld, shown: Shown): Promise<void> {
  expect(card(w).title.split(' · ').at(-1)).toBe(shown.title)
  expect(await moves(w)).toEqual(shown.moves)
  expect(labels(w)).toEqual(shown.labels)
}

test.each(riskStatuses)('risk %s', async (status) => {
  const w = await world({ alipay: { rules: { riskMessage: 'method' } } })
  const { id } = await w.alipay.risk()
  w.alipay.sandbox.setQuirks({ status })
  // Read again: what had ended before anybody here knew of it is shown to nobody.
  await w.chat.say(people.chen, group, `/import 支付宝 ${id}`)
  await w.settle()
  await shows(w, risk[status])
})

test.each(tradeStatuses)('trade %s', async (status) => {
  const w = await world({ alipay: { quirks: { status } } })
  await w.alipay.trade()
  await shows(w, trade[status])
})

test.each(['risk', 'trade'] as const)(
  '%s in a state that no table knows: shown as it is, and nothing may be done',
  async (source) => {
    const w = await world({ alipay: { rules: { riskMessage: 'method' }, quirks: { status: 'DREAMING' } } })
    await w.alipay[source]()
    expect(card(w).title).toContain('DREAMING')
    expect(card(w).note).toContain('注意：支付宝给出了不认识的状态 DREAMING，请到商家平台查看')
    expect([await moves(w), labels(w)]).toEqual([[], ['认领', '详情']])
  },
)

test.each(['risk', 'trade'] as const)('%s without refunds: no button for money', async (source) => {
  const w = await world({ alipay: { rules: { riskMessage: 'method' }, settings: {} } })
  await w.alipay[source]()
  expect(labels(w)).toEqual((source === 'risk' ? inRisk : inTrade).labels.filter((label) => label !== '退款'))
})
