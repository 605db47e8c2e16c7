import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { desktop, launch, openPage, phone } from '../support/chromium.ts'
import { publicUrl } from '../support/public-url.ts'
import { type AlipayWorld, people, world } from '../support/world.ts'

const folder = new URL('../../docs/screens/', import.meta.url)
const shot = (of: Page | Locator, name: string) => of.screenshot({ path: new URL(`${name}.png`, folder).pathname })
const sizes = [
  ['desktop', desktop],
  ['phone', phone],
] as const

/** The merchant's browser, for which our public address leads here. */
async function merchantsPage(browser: Browser, w: AlipayWorld, language: string): Promise<Page> {
  const page = await openPage(browser, 'about:blank', {
    viewport: phone,
    locale: language === 'en' ? 'en-US' : 'zh-CN',
  })
  await page.route(`${publicUrl}/**`, async (route) => {
    const { pathname, search } = new URL(route.request().url())
    await route.fulfill({ response: await route.fetch({ url: `${w.url}${pathname}${search}` }) })
  })
  return page
}

describe.each([
  ['zh', 'zh-CN'],
  ['en', 'en'],
] as const)('Alipay in %s', (name, language) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  test('a complaint about two payments, at a desk and on a phone; which of them is given back', async () => {
    const w = await world({ page: true, language, alipay: { merchants: ['南枝生活馆'] } })
    const paid = { subject: '洗车次卡 10 次', total: 9900 }
    await w.alipay.risk({
      text: '扫码时页面卡住，又扫了一次，同一张卡付了两个 99 元，只认一笔。',
      trades: [paid, paid],
    })
    await w.pass(5 * 60_000, 60_000)
    for (const [size, viewport] of sizes) {
      const page = await openPage(browser, w.address(), { viewport })
      const card = page.locator('[data-testid=post] .card').last()
      await card.waitFor()
      await page.waitForTimeout(1_500)
      await shot(card, `alipay-card-${size}-${name}`)
    }
    const page = await openPage(browser, w.address(), { viewport: desktop })
    await page.locator(`[data-person=${people.chen.id}]`).click()
    await page.getByRole('button', { name: /^(退款|Refund)$/ }).click()
    await page
      .getByRole('button', { name: /全额退|all of it/ })
      .first()
      .waitFor()
    await page.waitForTimeout(1_000)
    await shot(page.locator('.stream'), `alipay-refund-desktop-${name}`)
  })

  test.each(sizes)('how a complaint was settled (%s)', async (size, viewport) => {
    const w = await world({ page: true, language, alipay: { merchants: ['南枝生活馆'] } })
    await w.alipay.risk({
      text: '办卡时说随时能退，现在店里没人接电话。',
      trades: [{ subject: '瑜伽月卡', total: 39_900 }],
    })
    await w.pass(5 * 60_000, 60_000)
    const page = await openPage(browser, w.address(), { viewport })
    await page.getByRole('button', { name: /^(完结|Finish)$/ }).click()
    await page.getByRole('button', { name: /^1 / }).waitFor()
    await page.waitForTimeout(1_000)
    await shot(page.locator('.stream'), `alipay-finish-${size}-${name}`)
  })

  test('a merchant agrees, and reads what comes next', async () => {
    const w = await world({ page: true, language, alipay: true })
    const page = await openPage(browser, w.address(), { viewport: desktop })
    await page.locator(`[data-person=${people.chen.id}]`).click()
    await page.getByTestId('words').fill('/authorize')
    await page.getByTestId('words').press('Enter')
    const link = page.getByRole('link', { name: /bizData/ })
    await link.waitFor()
    await page.waitForTimeout(1_000)
    await shot(page.locator('.stream'), `alipay-authorize-desktop-${name}`)

    const merchant = await merchantsPage(browser, w, language)
    await merchant.goto((await link.getAttribute('href')) ?? '')
    await merchant.locator('a.agree').first().click()
    await merchant.getByRole('heading', { name: /授权成功|Authorised/ }).waitFor()
    expect(merchant.url()).toContain(`${publicUrl}/oauth/alipay/`)
    await shot(merchant, `alipay-authorised-phone-${name}`)
  })
})
