import { randomBytes } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { arrive, paidBack, withOrder, zhou } from '../chat/pay-people.ts'
import { alone } from '../support/chat.ts'
import { inChromium, launch, noChromium, phone } from '../support/chromium.ts'
import { publicUrl } from '../support/public-url.ts'
import { group, people, type World, world } from '../support/world.ts'
import { addressIn } from '../web/support.ts'

const photo = { name: 'a.png', mimeType: 'image/png', buffer: parcelPhoto(3) }

describe.skipIf(noChromium)(inChromium('the case page in Chromium'), { timeout: 40_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  }, 30_000)
  afterAll(() => browser?.close())

  /** Whatever the page's own rules forbid would be said here. */
  async function opened(w: World, address: string, more: object = {}): Promise<{ page: Page; wrong: string[] }> {
    const context = await browser.newContext({ viewport: phone, locale: 'zh-CN', ...more })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const wrong: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && wrong.push(message.text())))
    page.on('pageerror', (error) => void wrong.push(error.message))
    await page.goto(address.replace(publicUrl, w.url))
    return { page, wrong }
  }
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  test('a member opens the own link, answers with a picture, and reads how it went', async () => {
    const w = await world()
    await w.complain({ text: '杯子碎了', amount: 1990, photos: [parcelPhoto(0)] })
    const link = addressIn(await w.chat.say(people.li, alone(people.li), '/link 1'))
    const { page, wrong } = await opened(w, link)
    await button(page, '打开').click()
    await page.getByRole('heading', { name: '#1 小店' }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/case\/own\//)
    await expect.poll(() => page.evaluate("document.querySelector('.pictures img').naturalWidth")).toBeGreaterThan(0)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await button(page, '同意和解').click()
    // A sentence to begin with is one tap away.
    await page.locator('[data-fill]').first().click()
    expect(await page.locator('.step textarea').inputValue()).toContain('非常抱歉')
    await page.locator('.step textarea').fill('马上补发')
    await page.locator('input[type=file]').setInputFiles(photo)
    await page.locator('.chosen', { hasText: '1 张' }).waitFor()
    await button(page, '提交').dblclick()
    await page.getByText('已收到，正在提交平台：#1 同意和解（附图 1 张）').waitFor()
    await w.settle()
    // It looks again by itself.
    await page.getByText('同意和解已提交 · 小李').first().waitFor()
    expect(w.effects()).toEqual(['respond agree 马上补发'])
    // Back and sent again is the same once.
    expect(wrong).toEqual([])
    await page.context().close()
  })

  test('money goes after a look, once; a page that is opened from history does not send it again', async () => {
    const w = await withOrder()
    const { page, wrong } = await opened(w, addressIn(await w.chat.say(zhou, alone(zhou), '/link 1')))
    await button(page, '打开').click()
    await button(page, '退款').click()
    await button(page, '全额退 ¥19.90').click()
    await page.getByText('已收到，正在提交平台：#1 退款 ¥19.90').waitFor()
    await page.reload()
    await page.locator('.story').waitFor()
    await arrive(w)
    await page.goto(page.url())
    await page
      .getByText(/已退款 ¥19\.90/)
      .first()
      .waitFor()
    expect(paidBack(w)).toEqual([1990])
    expect(wrong).toEqual([])
    await page.context().close()
  })

  test('a photo too big to send is made smaller on the way; the group takes it', async () => {
    const w = await world({ publicUrl: true })
    await w.complain()
    const { page, wrong } = await opened(w, w.chat.card(group, '#1').card.link?.url ?? '')
    const size = { width: 1200, height: 900, channels: 3 } as const
    const big = await sharp(randomBytes(1200 * 900 * 3), { raw: size })
      .png()
      .toBuffer()
    expect(big.length).toBeGreaterThan(3_000_000)
    await page.locator('input[type=file]').setInputFiles({ ...photo, buffer: big })
    await page.locator('.chosen', { hasText: '1 张' }).waitFor()
    await button(page, '上传').click()
    await page.getByText('已放好 1 张图片').waitFor()
    await w.settle()
    const took = await w.chat.pressLabel(people.li, group, '#1 有人', '收下图片')
    expect(took.fresh?.title).toBe('#1 小李 收下了 1 张图片')
    const kept = await w.storage.reads.db
      .selectFrom('picture')
      .innerJoin('offer_picture', 'offer_picture.hash', 'picture.hash')
      .select(['type', 'bytes'])
      .execute()
    expect(kept.map(({ type }) => type)).toEqual(['image/jpeg'])
    expect(wrong).toEqual([])
    await page.context().close()
  })

  test('works without a script', async () => {
    const w = await world()
    await w.complain()
    const link = addressIn(await w.chat.say(people.li, alone(people.li), '/link 1'))
    const { page } = await opened(w, link, { javaScriptEnabled: false })
    await button(page, '打开').click()
    await button(page, '拒绝和解').click()
    await page.locator('.step textarea').fill('已按约定发货')
    await button(page, '提交').click()
    await page.getByText('已收到，正在提交平台：#1 拒绝和解').waitFor()
    await w.settle()
    expect(w.effects()).toEqual(['respond refuse 已按约定发货'])
    await page.context().close()
  })
})
