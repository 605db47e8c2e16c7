import { expect } from 'vitest'
import {
  answerWith,
  button,
  type Case,
  claim,
  detail,
  everyButton,
  onCard,
  photo,
  photoHash,
  type Stage,
  type State,
  say,
  thinkBetter,
} from '../support/pressing.ts'
import { people, type World, world } from '../support/world.ts'

const preview = '#1 提交前请核对'

const evidence = async (stage: Stage, then: string) => {
  await button(stage.page, '补充凭证').click()
  await say(stage.page, '签收记录见图', photo)
  await onCard(stage, preview, then)
}

/** Opens it, says yes to the goods where that is asked, gives the words, and confirms. */
const drafted = async (stage: Stage, label: string, words: string, goods?: string) => {
  const { page } = stage
  await button(page, label).click()
  if (goods) {
    await page.getByRole('heading', { name: '#1 用户有退货：收到了吗？' }).waitFor()
    await button(page, goods).click()
  }
  await say(page, words)
  await onCard(stage, preview, '确认提交')
}

const evidenceCases: Readonly<Record<string, Case>> = {
  补充凭证: {
    press: (stage) => evidence(stage, '确认提交'),
    effects: ['evidence 签收记录见图'],
    sees: '#1 补充凭证已提交 · 小李',
  },
  认领: claim,
  详情: detail,
}

const complained = async (w: World) => (await w.complain({ text: '杯子碎了', amount: 1990 })).id
const withPlatform = async (w: World) => {
  const id = await complained(w)
  await w.wechat.move(id, { kind: 'ask-platform' }).catch(() => w.wechat.set(id, { status: 101, push: true }))
  return id
}
const inState = (status: number) => async (w: World) => {
  const id = await complained(w)
  await w.wechat.set(id, { status, push: true })
  await w.settle()
  return id
}

const goodsBack = (how: 'return-received' | 'return-abnormal') => async (w: World) => {
  const id = await inState(101)(w)
  for (const move of [{ kind: 'judge', verdict: 'return' }, { kind: 'ship-return' }, { kind: how }] as const)
    await w.wechat.move(id, move)
  await w.settle()
  return id
}

const states: readonly State[] = [
  {
    name: '201 待处理',
    arrange: complained,
    labels: ['同意和解', '拒绝和解', '认领', '详情'],
    cases: {
      同意和解: {
        press: (stage) => answerWith(stage, '同意和解', '马上补发'),
        effects: ['respond agree 马上补发'],
        sees: '#1 同意和解已提交 · 小李',
      },
      拒绝和解: {
        press: (stage) => answerWith(stage, '拒绝和解', '已按约发货'),
        effects: ['respond refuse 已按约发货'],
        sees: '#1 拒绝和解已提交 · 小李',
      },
      认领: claim,
      详情: detail,
    },
  },
  {
    name: '201, thought better of it',
    arrange: complained,
    labels: ['同意和解', '拒绝和解', '认领', '详情'],
    cases: {
      认领: {
        press: async ({ page, w }) => {
          await button(page, '认领').click()
          await w.settle()
          await button(page, '放回').click()
        },
        effects: [],
        sees: '#1 已放回',
      },
      同意和解: { press: (stage) => thinkBetter(stage, '同意和解'), effects: [], sees: '已取消' },
      拒绝和解: { press: (stage) => thinkBetter(stage, '拒绝和解'), effects: [], sees: '已取消' },
      详情: detail,
    },
  },
  {
    name: '101 with the platform',
    arrange: async (w) => {
      const id = await withPlatform(w)
      await w.settle()
      return id
    },
    labels: ['认领', '详情'],
    cases: { 认领: claim, 详情: detail },
  },
  { name: '106 待商家补充凭证', arrange: inState(106), labels: ['补充凭证', '认领', '详情'], cases: evidenceCases },
  { name: '108 待双方补充凭证', arrange: inState(108), labels: ['补充凭证', '认领', '详情'], cases: evidenceCases },
  {
    name: '106, thought better of it',
    arrange: inState(106),
    labels: ['补充凭证', '认领', '详情'],
    cases: {
      补充凭证: { press: (stage) => evidence(stage, '放弃'), effects: [], sees: '已放弃，没有提交' },
      认领: claim,
      详情: detail,
    },
  },
  {
    name: '206 judged against us',
    arrange: inState(206),
    labels: ['退款凭证', '认领', '详情'],
    cases: {
      退款凭证: {
        press: (stage) => drafted(stage, '退款凭证', '退款单号 5030001'),
        effects: ['proof 退款单号 5030001'],
        sees: '#1 退款凭证已提交 · 小李',
      },
      认领: claim,
      详情: detail,
    },
  },
  {
    name: '206 after the goods have come back',
    arrange: goodsBack('return-received'),
    labels: ['退款凭证', '认领', '详情'],
    cases: {
      退款凭证: {
        press: (stage) => drafted(stage, '退款凭证', '退款单号 5030001', '已收到退货'),
        effects: ['proof received 退款单号 5030001'],
        sees: '#1 退款凭证已提交 · 小李',
      },
      认领: claim,
      详情: detail,
    },
  },
  {
    name: '206 with a return, thought better of it',
    arrange: goodsBack('return-received'),
    labels: ['退款凭证', '认领', '详情'],
    cases: {
      退款凭证: {
        press: async ({ page }) => {
          await button(page, '退款凭证').click()
          await page.getByRole('heading', { name: '#1 用户有退货：收到了吗？' }).waitFor()
          await button(page, '放弃').click()
        },
        effects: [],
        sees: '已放弃，没有提交',
      },
      认领: claim,
      详情: detail,
    },
  },
  {
    name: '311 the return went wrong',
    arrange: goodsBack('return-abnormal'),
    labels: ['退款凭证', '认领', '详情'],
    cases: {
      退款凭证: {
        press: (stage) => drafted(stage, '退款凭证', '已与用户核实', '已收到退货'),
        effects: ['proof received 已与用户核实'],
        sees: '#1 退款凭证已提交 · 小李',
      },
      认领: claim,
      详情: detail,
    },
  },
  {
    name: '205 closed, and an appeal (401) is open',
    arrange: async (w) => {
      const id = await inState(205)(w)
      await w.wechat.move(id, { kind: 'open-appeal' })
      await w.settle()
      return id
    },
    labels: ['申诉', '详情'],
    cases: {
      申诉: {
        press: (stage) => drafted(stage, '申诉', '商品按约发出'),
        effects: ['appeal 商品按约发出'],
        sees: '#1 申诉已提交 · 小李',
      },
      详情: detail,
    },
  },
  { name: '205 closed', arrange: inState(205), labels: ['详情'], cases: { 详情: detail } },
  { name: '399 unknown code', arrange: inState(399), labels: ['认领', '详情'], cases: { 认领: claim, 详情: detail } },
  {
    name: 'provisional: the detail cannot be read',
    arrange: async (w) => {
      const trouble = w.wechat.misbehave({ on: 'detail', how: 'errcode', errcode: 48001, times: 1000 })
      const id = await complained(w)
      await w.pass(61_000, 5_000)
      trouble.stop()
      return id
    },
    labels: ['再读一次', '认领', '详情'],
    cases: {
      再读一次: {
        press: async ({ page, w }) => {
          await button(page, '再读一次').click()
          await page.getByTestId('toast').waitFor()
          await w.settle()
        },
        effects: [],
        sees: '#1 小店 · 待处理',
      },
      认领: claim,
      详情: detail,
    },
  },
]

everyButton('every button of every card, pressed in Chromium', {
  states,
  world: () => world({ page: true }),
  who: people.li,
  effects: (w) => w.effects(),
  holds(w) {
    const sent = w.wechat.ledger().filter((entry) => entry.by === 'merchant' && entry.what === 'evidence')
    for (const entry of sent) expect(entry.media?.map(({ sha256 }) => sha256)).toEqual([photoHash])
  },
})
