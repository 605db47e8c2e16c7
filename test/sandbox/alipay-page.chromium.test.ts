import { expect, test } from 'vitest'
import { inChromium, launch, noChromium, openPage } from '../support/chromium.ts'
import { cafe, isv, openWorld } from './alipay-world.ts'

test.skipIf(noChromium)(
  inChromium('on a phone: complain at both desks, press, withdraw; nothing runs over the edge'),
  async () => {
    const w = await openWorld()
    const browser = await launch()
    try {
      await w.alipay.authorise(isv, cafe.pid)
      const page = await openPage(browser, `${w.url}/sandbox/`, { viewport: { width: 380, height: 780 } })
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(String(error)))
      await page.click('button.main')
      await page.waitForSelector('article')
      expect(w.alipay.riskComplaints()).toMatchObject([{ pid: cafe.pid, trades: [{ amount: 19_800 }] }])
      await page.click('button[data-move=withdraw]')
      await page.waitForSelector('article .badge:has-text("用户撤诉")')
      w.clock.advance(1000)
      // The form has the next sample by now: the other desk.
      await page.click('button.main')
      await page.waitForSelector('article[data-id^="trade/"]')
      await page.fill('article[data-id^="trade/"] [name=words]', '还没收到')
      await page.click('button[data-move=reply]')
      await page.waitForSelector('blockquote:has-text("还没收到")')
      expect(w.alipay.tradeComplaints()[0]?.replies).toMatchObject([{ by: 'USER', text: '还没收到' }])
      const width = await page.evaluate('document.documentElement.scrollWidth')
      expect([width, errors]).toEqual([380, []])
    } finally {
      await browser.close()
      await w.close()
    }
  },
)
