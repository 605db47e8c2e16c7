import { createHash } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { inChromium, launch, noChromium, openPage } from '../support/chromium.ts'
import { people, type World, world } from '../support/world.ts'

/** What a press brings about; `effects` is read from the platform's own ledger. */
interface Case {
  readonly press: (at: Stage) => Promise<void>
  readonly effects: readonly string[]
  /** What the person sees afterwards. */
  readonly sees?: string
}

interface Stage {
  readonly w: World
  readonly page: Page
  readonly id: number
}

interface State {
  readonly name: string
  readonly arrange: (w: World) => Promise<number>
  /** Literal: a button that comes or goes is a decision. */
  readonly labels: readonly string[]
  readonly cases: Readonly<Record<string, Case>>
}

const button = (page: Page, label: string) =>
  page.locator(`[data-testid=post] .card button[data-label="${label}"]`).last()
const answerWith = async ({ page, w }: Stage, label: string, words: string) => {
  await button(page, label).click()
  const ask = page.getByTestId('ask')
  await ask.locator('textarea').fill(words)
  await ask.locator('button[data-label="提交"]').click()
  await page.getByText('已收到，正在提交平台').first().waitFor()
  await w.settle()
}

const thinkBetter = async ({ page }: Stage, label: string) => {
  await button(page, label).click()
  await page.getByTestId('ask').locator('button[data-label="取消"]').click()
}

const photo = parcelPhoto(3)
const photoHash = createHash('sha256').update(photo).digest('hex')
const evidence = async (stage: Stage, then: string) => {
  const { page, w } = stage
  await button(page, '补充凭证').click()
  const ask = page.getByTestId('ask')
  await ask.locator('textarea').fill('签收记录见图')
  await ask.locator('input[type=file]').setInputFiles({ name: '签收.png', mimeType: 'image/png', buffer: photo })
  await ask.locator('[data-testid=staged] img').waitFor()
  await ask.locator('button[data-label="提交"]').click()
  await page.getByRole('heading', { name: '#1 提交前请核对' }).waitFor()
  await button(page, then).click()
  await page.getByTestId('toast').waitFor()
  await w.settle()
}

/** Opens it, says yes to the goods where that is asked, gives the words, and confirms. */
const drafted = async ({ page, w }: Stage, label: string, words: string, goods?: string) => {
  await button(page, label).click()
  if (goods) {
    await page.getByRole('heading', { name: '#1 用户有退货：收到了吗？' }).waitFor()
    await button(page, goods).click()
  }
  const ask = page.getByTestId('ask')
  await ask.locator('textarea').fill(words)
  await ask.locator('button[data-label="提交"]').click()
  await page.getByRole('heading', { name: '#1 提交前请核对' }).waitFor()
  await button(page, '确认提交').click()
  await page.getByTestId('toast').waitFor()
  await w.settle()
}

const claim: Case = { press: async ({ page }) => button(page, '认领').click(), effects: [], sees: '#1 由你处理' }
const detail: Case = { press: async ({ page }) => button(page, '详情').click(), effects: [], sees: '#1 详情' }
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

describe.skipIf(noChromium)(inChromium('every button of every card, pressed in Chromium'), { timeout: 40_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  }, 30_000)
  afterAll(() => browser?.close())
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

  for (const state of states)
    describe(state.name, () => {
      const changing = Object.entries(state.cases).filter(([, one]) => one !== claim && one !== detail)

      test('the card has just these buttons, and each has a case; what only looks or claims works', async () => {
        const stage = await stageOf(browser, state)
        const card = stage.page.locator('[data-testid=post] .card').last()
        const labels = await card
          .locator('button[data-label]')
          .evaluateAll((all) => all.map((one) => one.getAttribute('data-label')))
        expect(labels).toEqual(state.labels)
        expect(Object.keys(state.cases).sort()).toEqual([...state.labels].sort())
        for (const one of Object.values(state.cases)) if (one === claim) await pressed(stage, one)
        for (const one of Object.values(state.cases)) if (one === detail) await pressed(stage, one)
      })

      if (changing.length > 0) test.each(changing)('%s', async (_, one) => pressed(await stageOf(browser, state), one))
    })
})

async function stageOf(browser: Browser, state: State): Promise<Stage> {
  const w = await world({ page: true })
  const id = await state.arrange(w)
  const page = await openPage(browser, w.address())
  await page.locator(`[data-person=${people.li.id}]`).click()
  await page.getByTestId('post').first().waitFor()
  return { w, page, id }
}

async function pressed(stage: Stage, { press, effects, sees }: Case): Promise<void> {
  const { w, page } = stage
  const before = w.effects().length
  await press(stage)
  if (sees) await page.getByText(sees).last().waitFor()
  expect(w.effects().slice(before)).toEqual(effects)
  const sent = w.wechat.ledger().filter((entry) => entry.by === 'merchant' && entry.what === 'evidence')
  for (const entry of sent) expect(entry.media?.map(({ sha256 }) => sha256)).toEqual([photoHash])
}
