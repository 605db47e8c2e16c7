import { expect } from 'vitest'
import type { Complain } from '../../sandbox/wechat-pay/index.ts'
import { arrive, changed } from '../chat/pay-people.ts'
import {
  type Case as AnyCase,
  type Stage as AnyStage,
  type State as AnyState,
  answerWith,
  button,
  claim,
  detail,
  everyButton,
  onCard,
  photo,
  photoHash,
  say,
  takeSeat,
  thinkBetter,
  toast,
} from '../support/pressing.ts'
import { type PayWorld, people, world } from '../support/world.ts'

type Case = AnyCase<PayWorld>
type Stage = AnyStage<PayWorld>
type State = AnyState<PayWorld>

const minute = 60_000
const preview = '#1 提交前请核对'
const approval = '#1 同意退款：钱现在退吗？'
const finishing = '#1 完结：请核对'

const complaint = (w: PayWorld) => w.pay.sandbox.complaints()[0]?.id ?? ''

const complained = (more: Partial<Complain>) => async (w: PayWorld) => {
  await w.pay.complain({ text: '少发一件', amount: 1990, ...more })
}
const refundWanted = complained({ type: 'REFUND' })
const other = complained({ type: 'OTHERS' })

/** Opens what asks before anything is done, and leaves it again. */
const left =
  (label: string, heading: string): Case['press'] =>
  async (stage) => {
    await button(stage.page, label).click()
    await onCard(stage, heading, '取消')
    await toast(stage.page, '已取消，什么也没有提交').waitFor()
  }

const paid = async (stage: Stage, label: string) => {
  await button(stage.page, '退款').click()
  await onCard(stage, '#1 退款', label)
  await arrive(stage.w)
}

const paidInPart = async (stage: Stage, words: string, amount: string) => {
  const { page, w } = stage
  await button(page, '退款').click()
  await page.getByRole('heading', { name: '#1 退款' }).last().waitFor()
  await button(page, '退部分').click()
  await say(page, words)
  await onCard(stage, `#1 退款 ¥${amount}：请核对`, `确认退款 ¥${amount}`)
  await arrive(w)
}

const approved = async (stage: Stage, label: string) => {
  const { page, w } = stage
  await button(page, '同意退款').click()
  await page.getByText('同意本身不会退钱').last().waitFor()
  await onCard(stage, approval, label)
  await arrive(w)
}

const rejected = async (stage: Stage, then: string) => {
  await button(stage.page, '拒绝退款').click()
  await say(stage.page, '商品已签收三个月')
  await onCard(stage, preview, then)
}

const finished = async (stage: Stage, warning: string) => {
  await button(stage.page, '完结').click()
  await stage.page.getByText(warning).last().waitFor()
  await onCard(stage, finishing, '确认完结')
  await stage.w.pass(minute)
}

const reply: Case = {
  press: (stage) => answerWith(stage, '回复', '今天补发'),
  effects: ['reply 今天补发'],
  sees: '#1 回复已提交 · 阿陈',
}
const finish = (warning: string): Case => ({
  press: (stage) => finished(stage, warning),
  effects: ['complete'],
  sees: '#1 完结已提交 · 阿陈',
})
const silent = finish('还没有回复过用户')
const unanswered = finish('用户在我方之后又说：怎么还没到')
const refundOf = (fen: number, yuan: string): Case => ({
  press: (stage) => paid(stage, `全额退 ¥${yuan}`),
  effects: [`refund ${fen}`, `refund-success ${fen}`],
  sees: `#1 已退款 ¥${yuan} 到账`,
})
const refundAll = refundOf(1990, '19.90')
const refundPart: Case = {
  press: (stage) => paidInPart(stage, '12.5 少发一件', '12.50'),
  effects: ['refund 1250 少发一件', 'refund-success 1250'],
  sees: '#1 已退款 ¥12.50 到账',
}
const reject: Case = {
  press: (stage) => rejected(stage, '确认提交'),
  effects: ['reject 商品已签收三个月'],
  sees: '#1 拒绝退款已提交 · 阿陈',
}
const approveOnly: Case = {
  press: (stage) => approved(stage, '只同意，钱稍后再退'),
  effects: ['approve'],
  sees: '#1 同意退款已提交 · 阿陈',
}
const better = { effects: [], looks: true } as const
const noReply: Case = { ...better, press: (stage) => thinkBetter(stage, '回复'), sees: '已取消' }
const noFinish: Case = { ...better, press: left('完结', finishing) }
const noRefund: Case = { ...better, press: left('退款', '#1 退款') }
const noApproval: Case = { ...better, press: left('同意退款', approval) }
const noRejection: Case = { ...better, press: (stage) => rejected(stage, '放弃'), sees: '已放弃，没有提交' }

const undecided = ['回复', '完结', '同意退款', '拒绝退款', '退款', '认领', '详情']
const open = ['回复', '完结', '退款', '认领', '详情']

/** 小王 may refund too: the second person. */
const inTwo = async (w: PayWorld) => {
  await changed(w, 'wang', { role: 'refunder' })
  await complained({ amount: 25_000 })(w)
}
const question = '#1 退款 ¥250.00 需要第二人批准'

const asked = async (stage: Stage) => {
  await button(stage.page, '退款').click()
  await onCard(stage, '#1 退款', '全额退 ¥250.00')
  await toast(stage.page, '#1 还没有退：已在群里请第二人批准').waitFor()
}

const states: readonly State[] = [
  {
    name: 'PENDING, money is asked for',
    arrange: refundWanted,
    labels: undecided,
    cases: {
      回复: {
        ...reply,
        press: async (stage) => {
          await answerWith(stage, '回复', '今天补发', photo)
          expect(stage.w.pay.did('reply').map(({ media }) => media?.map(({ sha256 }) => sha256))).toEqual([[photoHash]])
        },
      },
      完结: silent,
      同意退款: {
        press: (stage) => approved(stage, '同意并全额退 ¥19.90'),
        effects: ['approve', 'refund 1990', 'refund-success 1990'],
        sees: '#1 已退款 ¥19.90 到账',
      },
      拒绝退款: reject,
      退款: refundAll,
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'PENDING, money is asked for, thought better of it',
    arrange: refundWanted,
    labels: undecided,
    cases: {
      回复: noReply,
      完结: noFinish,
      同意退款: noApproval,
      拒绝退款: noRejection,
      退款: noRefund,
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'PENDING, no money is asked for',
    arrange: other,
    labels: open,
    cases: { 回复: reply, 完结: silent, 退款: refundPart, 认领: claim, 详情: detail },
  },
  {
    name: 'PENDING after a part went back',
    arrange: refundWanted,
    before: (stage) => paidInPart(stage, '5', '5.00'),
    labels: undecided,
    cases: {
      回复: noReply,
      完结: noFinish,
      同意退款: approveOnly,
      拒绝退款: noRejection,
      退款: refundOf(1490, '14.90'),
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'PROCESSING: we answered, and the user wrote again',
    arrange: other,
    async before(stage) {
      const { w } = stage
      await answerWith(stage, '回复', '今天补发')
      await w.pass(minute)
      await w.pay.sandbox.move(complaint(w), { kind: 'message', text: '怎么还没到' })
      await w.settle()
    },
    labels: open,
    cases: {
      回复: { ...reply, press: (stage) => answerWith(stage, '回复', '已签收'), effects: ['reply 已签收'] },
      完结: unanswered,
      退款: noRefund,
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'PROCESSING after our yes',
    arrange: refundWanted,
    before: (stage) => approved(stage, '只同意，钱稍后再退'),
    labels: ['完结', '回复', '退款', '认领', '详情'],
    cases: {
      回复: noReply,
      完结: noFinish,
      退款: refundAll,
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'in platform service',
    arrange: async (w) => {
      await other(w)
      await w.pay.sandbox.move(complaint(w), { kind: 'ask-platform', text: '请平台介入' })
      await w.settle()
    },
    labels: open,
    cases: { 回复: reply, 完结: noFinish, 退款: refundAll, 认领: claim, 详情: detail },
  },
  {
    name: 'PROCESSED after our no',
    arrange: refundWanted,
    before: (stage) => rejected(stage, '确认提交'),
    labels: ['详情'],
    cases: { 详情: detail },
  },
  {
    name: 'an amount that takes two',
    arrange: inTwo,
    labels: open,
    cases: {
      回复: noReply,
      完结: noFinish,
      退款: {
        async press(stage) {
          const { page, w } = stage
          await asked(stage)
          await arrive(w)
          expect(w.pay.sandbox.refunds()).toEqual([])
          await takeSeat(page, people.wang)
          await onCard(stage, question, '批准')
          await arrive(w)
        },
        effects: ['refund 25000', 'refund-success 25000'],
        sees: '· 阿陈（小王 批准）',
      },
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'an amount that takes two, thought better of it',
    arrange: inTwo,
    before: asked,
    labels: open,
    cases: {
      回复: noReply,
      完结: noFinish,
      退款: {
        ...better,
        async press(stage) {
          const { page, w } = stage
          await onCard(stage, question, '撤回')
          await page.getByRole('heading', { name: '#1 退款 ¥250.00 已撤回，没有退' }).waitFor()
          expect(await button(page, '批准').count()).toBe(0)
          await arrive(w)
        },
      },
      认领: claim,
      详情: detail,
    },
  },
]

const miniProgram: readonly State[] = [
  {
    name: '201 待处理',
    arrange: async (w) => {
      const mchid = w.pay.merchants[0]?.mchid ?? ''
      const { transactionId } = await w.pay.sandbox.order({ mchid, total: 1990 })
      await w.complain({ transactionId, text: '杯子碎了' })
    },
    labels: ['同意和解', '拒绝和解', '退款', '认领', '详情'],
    cases: {
      同意和解: { ...better, press: (stage) => thinkBetter(stage, '同意和解'), sees: '已取消' },
      拒绝和解: { ...better, press: (stage) => thinkBetter(stage, '拒绝和解'), sees: '已取消' },
      退款: {
        ...refundAll,
        effects: [
          'refund 1990',
          'refund-success 1990',
          'respond agree 退款 ¥19.90 已受理，退款单号 {number}，预计 1–3 个工作日到账，请留意原支付账户。',
        ],
      },
      认领: claim,
      详情: detail,
    },
  },
]

/** The answer's refund number is made from the order's. */
function effects(w: PayWorld): readonly string[] {
  const paying = w.pay.sandbox
    .ledger()
    .filter(({ by, what }) => by === 'merchant' || what === 'refund-success')
    .map(({ what, amount, text }) => [what, amount, text].filter(Boolean).join(' '))
  const number = w.pay.sandbox.refunds()[0]?.outRefundNo ?? '-'
  return [...paying, ...w.effects().map((effect) => effect.replace(number, '{number}'))]
}

const pressing = { who: people.chen, world: () => world({ page: true, pay: ['青禾优选'] }), effects }

everyButton('every button of every card of WeChat Pay, pressed in Chromium', { ...pressing, states })
everyButton('every button of a mini program whose orders an account pays, pressed in Chromium', {
  ...pressing,
  states: miniProgram,
})
