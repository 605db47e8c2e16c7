import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTemplate } from '../../src/storage/templates.ts'
import { inChromium, launch, noChromium, openPage } from '../support/chromium.ts'
import { button, onCard, takeSeat } from '../support/pressing.ts'
import { people, world } from '../support/world.ts'

describe.skipIf(noChromium)(inChromium('templates in Chromium'), { timeout: 40_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  }, 30_000)
  afterAll(() => browser?.close())

  test('one is chosen beside the question, looked at filled in, and goes as it was shown', async () => {
    const w = await world({ page: true })
    await w.storage.transaction((tx) =>
      createTemplate(tx, {
        ...{ tenant: w.tenant.id, reasons: [], platforms: [] },
        ...{ name: '道歉补发', text: '抱歉，{amount}元这一单（#{n}）马上补发。{客服}', for: ['agree'] },
      }),
    )
    await w.complain({ text: '杯子碎了', amount: 1990 })
    const page = await openPage(browser, w.address())
    await takeSeat(page, people.li)
    await button(page, '同意和解').click()
    const ask = page.getByTestId('ask')
    await ask.getByRole('group', { name: '模板' }).getByRole('button', { name: '道歉补发' }).click()
    await page.getByRole('heading', { name: '#1 提交前请核对' }).waitFor()
    await page.getByText('抱歉，19.90元这一单（#1）马上补发。小李').waitFor()
    // The question is answered by it.
    await ask.waitFor({ state: 'detached' })
    expect(w.effects()).toEqual([])
    // The complaint's own card kept its buttons.
    expect(await button(page, '拒绝和解').isEnabled()).toBe(true)
    await onCard({ page, w }, '#1 提交前请核对', '确认提交')
    await page.getByText('#1 同意和解已提交 · 小李').waitFor()
    expect(w.effects()).toEqual(['respond agree 抱歉，19.90元这一单（#1）马上补发。小李'])
  })
})
