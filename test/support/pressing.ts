import { createHash } from 'node:crypto'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import type { Person } from './chat.ts'
import { inChromium, launch, noChromium, openPage } from './chromium.ts'
import type { World } from './world.ts'

export interface Stage<W extends World = World> {
  readonly w: W
  readonly page: Page
}

/** What a press brings about; `effects` is read from the platforms' own ledgers. */
export interface Case<W extends World = World> {
  readonly press: (at: Stage<W>) => Promise<void>
  readonly effects: readonly string[]
  /** What the person sees afterwards. */
  readonly sees?: string
  /** Leaves everything open: pressed where the labels are read, one after another. */
  readonly looks?: true
}

export interface State<W extends World = World> {
  readonly name: string
  readonly arrange: (w: W) => Promise<unknown>
  /** What was pressed already when the page is opened anew. */
  readonly before?: (at: Stage<W>) => Promise<void>
  /** Literal: a button that comes or goes is a decision. */
  readonly labels: readonly string[]
  readonly cases: Readonly<Record<string, Case<W>>>
}

export interface Pressing<W extends World> {
  readonly states: readonly State<W>[]
  readonly world: () => Promise<W>
  readonly who: Person
  /** Everything of ours that the platforms have so far. */
  readonly effects: (w: W) => readonly string[]
  /** What must hold after every press. */
  readonly holds?: (w: W) => void
}

export const photo = parcelPhoto(3)
export const photoHash = createHash('sha256').update(photo).digest('hex')

export const button = (page: Page, label: string): Locator =>
  page.locator(`[data-testid=post] .card button[data-label="${label}"]`).last()

/** The word at the button that was pressed last; the one before it leaves with the press. */
export const toast = (page: Page, words = ''): Locator =>
  page.locator('[data-testid=toast]:not(.leaving)').filter({ hasText: words }).first()

export async function takeSeat(page: Page, who: Person): Promise<void> {
  await page.locator(`[data-person=${who.id}]`).click()
  await page.locator(`[data-person=${who.id}][aria-checked=true]`).waitFor()
  await page.getByTestId('post').first().waitFor()
}

/** The words, and the picture, that the question on the page asks for. */
export async function say(page: Page, words: string, picture?: Buffer): Promise<void> {
  const ask = page.getByTestId('ask')
  await ask.locator('textarea').fill(words)
  if (picture) {
    await ask.locator('input[type=file]').setInputFiles({ name: '签收.png', mimeType: 'image/png', buffer: picture })
    await ask.locator('[data-testid=staged] img').waitFor()
  }
  await ask.locator('button[data-label="提交"]').click()
}

export async function answerWith({ page, w }: Stage, label: string, words: string, picture?: Buffer): Promise<void> {
  const taken = page.getByText('已收到，正在提交平台')
  const earlier = await taken.count()
  await button(page, label).click()
  await say(page, words, picture)
  await taken.nth(earlier).waitFor()
  await w.settle()
}

export async function thinkBetter({ page }: Stage, label: string): Promise<void> {
  await button(page, label).click()
  const ask = page.getByTestId('ask')
  await ask.locator('button[data-label="取消"]').click()
  await ask.waitFor({ state: 'detached' })
}

/** Presses a button of the card with this heading, once it is there. */
export async function onCard({ page, w }: Stage, heading: string, label: string): Promise<void> {
  await page.getByRole('heading', { name: heading }).last().waitFor()
  await button(page, label).click()
  await toast(page).waitFor()
  await w.settle()
}

export const claim: Case = {
  press: async ({ page }) => button(page, '认领').click(),
  effects: [],
  sees: '#1 由你处理',
  looks: true,
}
export const detail: Case = {
  press: async ({ page }) => button(page, '详情').click(),
  effects: [],
  sees: '#1 详情',
  looks: true,
}

/** In each state the card has just these buttons, and every one of them is pressed in Chromium. */
export function everyButton<W extends World>(title: string, pressing: Pressing<W>): void {
  const { states, holds, who } = pressing
  let browser: Browser

  async function stageOf({ arrange, before }: State<W>): Promise<Stage<W>> {
    const w = await pressing.world()
    await arrange(w)
    const page = await openPage(browser, w.address(), { reducedMotion: 'reduce' })
    await takeSeat(page, who)
    if (before) {
      await before({ w, page })
      await page.reload()
      await takeSeat(page, who)
    }
    return { w, page }
  }

  async function pressed(stage: Stage<W>, { press, effects, sees }: Case<W>): Promise<void> {
    const { w, page } = stage
    const earlier = pressing.effects(w).length
    await press(stage)
    if (sees) await page.getByText(sees).last().waitFor()
    expect(pressing.effects(w).slice(earlier)).toEqual(effects)
    holds?.(w)
  }

  describe.skipIf(noChromium)(inChromium(title), { timeout: 40_000 }, () => {
    beforeAll(async () => {
      browser = await launch()
    }, 30_000)
    afterAll(() => browser?.close())
    afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

    for (const state of states)
      describe(state.name, () => {
        test('the card has just these buttons, and each has a case; what leaves it open works', async () => {
          const stage = await stageOf(state)
          expect(await labelsOf(stage.page)).toEqual(state.labels)
          expect(Object.keys(state.cases).sort()).toEqual([...state.labels].sort())
          for (const one of Object.values(state.cases)) if (one.looks) await pressed(stage, one)
        })

        const changing = Object.entries(state.cases).filter(([, { looks }]) => !looks)
        if (changing.length > 0) test.each(changing)('%s', async (_, one) => pressed(await stageOf(state), one))
      })
  })
}

/** Of the complaint's own card, whatever hangs below it. */
async function labelsOf(page: Page): Promise<readonly (string | null)[]> {
  const own = page.locator('[data-testid=post] .card').filter({ has: page.getByRole('heading', { name: /#1 \S+ · / }) })
  await own.last().waitFor()
  return own
    .last()
    .locator('button[data-label]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-label')))
}
