import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { inChromium, launch, noChromium, openPage } from '../support/chromium.ts'
import { takeSeat } from '../support/pressing.ts'
import { people, type World, world } from '../support/world.ts'

interface Case {
  readonly typed: string
  readonly arrange?: (w: World, id: number) => Promise<unknown>
  /** What is looked at before it goes. */
  readonly confirm?: true
  readonly effects: readonly string[]
  readonly sees: string
}

const status = (code: number) => async (w: World, id: number) => {
  await w.wechat.set(id, { status: code, push: true })
}

const cases: Readonly<Record<string, Case>> = {
  agree: { typed: '/agree 1 马上补发', effects: ['respond agree 马上补发'], sees: '#1 同意和解已提交 · 阿陈' },
  refuse: { typed: '/拒绝 1 已按约发货', effects: ['respond refuse 已按约发货'], sees: '#1 拒绝和解已提交 · 阿陈' },
  evidence: {
    typed: '/补凭证 1 签收记录',
    arrange: status(106),
    confirm: true,
    effects: ['evidence 签收记录'],
    sees: '#1 补充凭证已提交 · 阿陈',
  },
  proof: {
    typed: '/proof 1 退款单号 5030001',
    arrange: status(206),
    confirm: true,
    effects: ['proof 退款单号 5030001'],
    sees: '#1 退款凭证已提交 · 阿陈',
  },
  'proof of returned goods': {
    typed: '/proof 1 received 退款单号 5030001',
    async arrange(w, id) {
      await w.wechat.set(id, { status: 101, push: true })
      for (const move of [
        { kind: 'judge', verdict: 'return' },
        { kind: 'ship-return' },
        { kind: 'return-received' },
      ] as const)
        await w.wechat.move(id, move)
    },
    confirm: true,
    effects: ['proof received 退款单号 5030001'],
    sees: '#1 退款凭证已提交 · 阿陈',
  },
  appeal: {
    typed: '/申诉 1 商品按约发出',
    async arrange(w, id) {
      await w.wechat.set(id, { status: 205, push: true })
      await w.settle()
      await w.wechat.move(id, { kind: 'open-appeal' })
    },
    confirm: true,
    effects: ['appeal 商品按约发出'],
    sees: '#1 申诉已提交 · 阿陈',
  },
  claim: { typed: '/认领 1', effects: [], sees: '#1 由你处理' },
  note: { typed: '/note 1 已联系仓库', effects: [], sees: '#1 备注 · 阿陈：已联系仓库' },
  list: { typed: '/list', effects: [], sees: '未结投诉' },
  show: { typed: '/show 1', effects: [], sees: '#1 小店 · 待处理' },
  score: { typed: '/score 小店', effects: [], sees: '体验分' },
  violations: { typed: '/扣分 小店', effects: [], sees: '扣分' },
  help: { typed: '/help', effects: [], sees: '/agree 128' },
  'a slip of the finger': { typed: '/agre 1 好', effects: [], sees: '/agree 128' },
}

async function type(page: Page, words: string): Promise<void> {
  await page.getByTestId('words').fill(words)
  await page.getByTestId('send').click()
}

describe.skipIf(noChromium)(inChromium('commands typed in Chromium'), { timeout: 40_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  }, 30_000)
  afterAll(() => browser?.close())
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

  const stage = async (arrange?: Case['arrange']) => {
    const w = await world({ page: true })
    const { id } = await w.complain({ text: '杯子碎了', amount: 1990 })
    await arrange?.(w, id)
    await w.settle()
    const page = await openPage(browser, w.address())
    await takeSeat(page, people.chen)
    return { w, page }
  }

  test.each(Object.entries(cases))('%s', async (_, { typed, arrange, confirm, effects, sees }) => {
    const { w, page } = await stage(arrange)
    await type(page, typed)
    if (confirm) {
      await page.getByRole('heading', { name: '#1 提交前请核对' }).waitFor()
      await page.locator('[data-testid=post] .card button[data-label="确认提交"]').last().click()
      await page.getByTestId('toast').waitFor()
    } else if (effects.length > 0) await page.getByText('已收到，正在提交平台').first().waitFor()
    await w.settle()
    await page.getByText(sees).last().waitFor()
    expect(w.effects()).toEqual(effects)
  })

  test('import of what was never pushed', async () => {
    const { w, page } = await stage()
    const trouble = w.wechat.misbehave({ on: 'push', how: 'withheld' })
    const { id } = await w.complain({ text: '推送没到' })
    trouble.stop()
    await type(page, `/import 小店 ${id}`)
    await page.getByText(String(id)).last().waitFor()
    await w.settle()
    await w.pass(10_000, 5_000)
    await page.getByRole('heading', { name: '#2 小店' }).last().waitFor()
  })
})
