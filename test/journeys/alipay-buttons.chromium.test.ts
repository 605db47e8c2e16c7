import { expect } from 'vitest'
import type { TradeMove } from '../../sandbox/alipay/index.ts'
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
  thinkBetter,
} from '../support/pressing.ts'
import { type AlipayWorld, people, world } from '../support/world.ts'

type Case = AnyCase<AlipayWorld>
type Stage = AnyStage<AlipayWorld>
type State = AnyState<AlipayWorld>

const minute = 60_000
const how = '#1 完结：处理结果是？'
const check = '#1 提交前请核对'

const risk = (w: AlipayWorld) => w.alipay.risk({ text: '自动续费', trades: [{ total: 1990 }, { total: 500 }] })
const trade = (move?: TradeMove) => async (w: AlipayWorld) => {
  const { id } = await w.alipay.trade({ text: '一直不发货', amount: 1990 })
  if (move) await w.alipay.sandbox.moveTrade(id, move)
  await w.settle()
}

/** With that picture, as the platform has it. */
const given = ({ w }: Stage, what: string) =>
  expect(w.alipay.did(what).map(({ media }) => media?.map(({ sha256 }) => sha256))).toEqual([[photoHash]])

const refund = (fen: number, yuan: string, label = `全额退 ¥${yuan}`): Case => ({
  async press(stage) {
    await button(stage.page, '退款').click()
    await onCard(stage, '#1 退款', label)
    await stage.w.pass(minute)
  },
  effects: [`refund ${fen}`, `refund-success ${fen}`],
  sees: `#1 已退款 ¥${yuan} 到账`,
})
const part: Case = {
  async press(stage) {
    const { page, w } = stage
    await button(page, '退款').click()
    await page.getByRole('heading', { name: '#1 退款' }).last().waitFor()
    await button(page, '退部分').click()
    await say(page, '12.5 少发一件')
    await onCard(stage, '#1 退款 ¥12.50：请核对', '确认退款 ¥12.50')
    await w.pass(minute)
  },
  effects: ['refund 1250 少发一件', 'refund-success 1250'],
  sees: '#1 已退款 ¥12.50 到账',
}
/** One of several trades, told apart by the ends of their numbers. */
const second: Case = {
  ...refund(500, '5.00'),
  async press(stage) {
    const { page, w } = stage
    await button(page, '退款').click()
    await page.getByRole('heading', { name: '#1 退款' }).last().waitFor()
    const number = w.alipay.sandbox.trades()[1]?.tradeNo ?? ''
    await onCard(stage, '#1 退款', `…${number.slice(-6)} 全额退 ¥5.00`)
    await w.pass(minute)
    expect(w.alipay.did('refund').map(({ tradeNo }) => tradeNo)).toEqual([number])
  },
}
const reply = (text: string): Case => ({
  press: (stage) => answerWith(stage, '回复', text),
  effects: [`reply ${text}`],
  sees: '#1 回复已提交 · 阿陈',
})
/** Opened, and left again. */
const noRefund: Case = {
  async press(stage) {
    await button(stage.page, '退款').click()
    await onCard(stage, '#1 退款', '取消')
  },
  effects: [],
  looks: true,
  sees: '已取消，什么也没有提交',
}
/** How it was settled, by its button; then a look at it. */
const finish = (result: string, effect: string): Case => ({
  async press(stage) {
    const { page } = stage
    await button(page, '完结').click()
    await page.getByRole('heading', { name: how }).last().waitFor()
    await button(page, result).click()
    await onCard(stage, check, '确认提交')
  },
  effects: [effect],
  sees: '#1 完结已提交 · 阿陈',
})
/** With words and a picture: asked for where the platform wants them, else by 写说明. */
const finishSaying = (said: {
  readonly result: string
  readonly words: string
  readonly effect: string
  readonly optional?: true
}): Case => ({
  async press(stage) {
    const { page } = stage
    await button(page, '完结').click()
    await page.getByRole('heading', { name: how }).last().waitFor()
    await button(page, said.result).click()
    if (said.optional) await button(page, '写说明').click()
    await say(page, said.words, photo)
    // The look before it had none.
    await page.locator('.card').filter({ hasText: said.words }).last().waitFor()
    await onCard(stage, check, '确认提交')
    given(stage, said.optional ? 'finish' : 'feedback')
  },
  effects: [said.effect],
  sees: '#1 完结已提交 · 阿陈',
})
const noFinish: Case = {
  async press(stage) {
    await button(stage.page, '完结').click()
    await onCard(stage, how, '取消')
  },
  effects: [],
  looks: true,
  sees: '已取消，什么也没有提交',
}
const noReply: Case = { press: (stage) => thinkBetter(stage, '回复'), effects: [], looks: true, sees: '已取消' }

const states: readonly State[] = [
  {
    name: 'risk WAIT_PROCESS, two trades',
    arrange: risk,
    labels: ['完结', '回复', '退款', '认领', '详情'],
    cases: {
      完结: finish('3 不涉及退款，已整改', 'finish RECTIFICATION_NO_REFUND'),
      回复: reply('已为您关闭续费'),
      退款: second,
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'risk WAIT_PROCESS, answered before',
    arrange: risk,
    before: (stage) => answerWith(stage, '回复', '已为您关闭续费'),
    labels: ['完结', '回复', '退款', '认领', '详情'],
    cases: {
      完结: finishSaying({
        ...{ result: '1 已联系到用户，协商一致', words: '已电话联系', optional: true },
        effect: 'finish CONSENSUS_WITH_CLIENT 已电话联系',
      }),
      回复: noReply,
      退款: noRefund,
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'trade MERCHANT_PROCESSING',
    arrange: trade(),
    labels: ['完结', '回复', '退款', '认领', '详情'],
    cases: {
      完结: finishSaying({ result: '2 已发货', words: '今天已经发出', effect: 'feedback 03 今天已经发出' }),
      回复: {
        ...reply('今天发出'),
        async press(stage) {
          await answerWith(stage, '回复', '今天发出', photo)
          given(stage, 'reply')
        },
      },
      退款: refund(1990, '19.90'),
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'trade PLATFORM_PROCESSING',
    arrange: trade({ kind: 'ask-platform' }),
    labels: ['补充凭证', '退款', '认领', '详情'],
    cases: {
      补充凭证: {
        async press(stage) {
          await button(stage.page, '补充凭证').click()
          await say(stage.page, '签收记录', photo)
          await onCard(stage, check, '确认提交')
          given(stage, 'supplement')
        },
        effects: ['supplement 签收记录'],
        sees: '#1 补充凭证已提交 · 阿陈',
      },
      退款: part,
      认领: claim,
      详情: detail,
    },
  },
  {
    name: 'trade CANCELLED',
    arrange: trade({ kind: 'cancel' }),
    labels: ['详情'],
    cases: { 详情: detail },
  },
  {
    name: 'trade MERCHANT_PROCESSING, thought better of it',
    arrange: trade(),
    before: (stage) => answerWith(stage, '回复', '今天发出'),
    labels: ['完结', '回复', '退款', '认领', '详情'],
    cases: { 完结: noFinish, 回复: noReply, 退款: noRefund, 认领: claim, 详情: detail },
  },
]

everyButton('every button of every card of Alipay, pressed in Chromium', {
  states,
  who: people.chen,
  world: () => world({ page: true, alipay: { rules: { riskMessage: 'method' } } }),
  effects: (w) => w.alipay.deeds(),
})
