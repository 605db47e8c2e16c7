import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { samples } from '../../sandbox/wechat-pay/samples.ts'
import { desktop, launch, openPage, phone } from '../support/chromium.ts'
import { people, world } from '../support/world.ts'

const folder = new URL('../../docs/screens/', import.meta.url)
const shot = (page: Page, name: string) => page.screenshot({ path: new URL(`${name}.png`, folder).pathname })
const languages = [
  ['zh', 'zh-CN'],
  ['en', 'en'],
] as const

describe.each(languages)('money in the chat in %s', (name, language) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  test('asked, confirmed, waiting for a second person, arrived', async () => {
    const w = await world({ page: true, language, pay: ['青禾优选'] })
    const { photos, ...sample } = samples[4] ?? { photos: 0 }
    await w.pay.complain({ ...sample, photos: Array.from({ length: photos }, (_, at) => parcelPhoto(at)) })
    await w.pay.complain({ amount: 26_800, type: 'OTHERS', text: '一直没有发货，客服不回。' })
    const page = await openPage(browser, w.address(), { viewport: desktop })
    await page.locator(`[data-person=${people.chen.id}]`).click()
    await page.getByTestId('post').last().waitFor()
    const press = async (text: RegExp, at: 'first' | 'last') => {
      await page.locator('[data-testid=post] .card button[data-label]', { hasText: text })[at]().click()
      await page.waitForTimeout(800)
      await w.settle()
      await page.waitForTimeout(800)
    }
    await press(/^(退款|Refund)$/, 'first')
    await shot(page, `refund-asked-desktop-${name}`)
    await press(/^(全额退|All of it)/, 'last')
    await w.pass(90_000)
    await page.waitForTimeout(1_000)
    await press(/^(退款|Refund)$/, 'last')
    await press(/^(全额退|All of it)/, 'last')
    await shot(page, `refund-second-desktop-${name}`)
    const small = await openPage(browser, w.address(), { viewport: phone })
    await small.getByTestId('post').last().waitFor()
    await small.waitForTimeout(1_500)
    await shot(small, `refund-second-phone-${name}`)
    await page
      .locator('[data-testid=post] .card')
      .first()
      .screenshot({
        path: new URL(`refund-arrived-${name}.png`, folder).pathname,
      })
  })
})
