import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { samples } from '../../sandbox/wechat-pay/samples.ts'
import { hire } from '../chat/pay-people.ts'
import { alone } from '../support/chat.ts'
import { desktop, launch, phone } from '../support/chromium.ts'
import { publicUrl } from '../support/public-url.ts'
import { group, people, world } from '../support/world.ts'
import { addressIn } from '../web/support.ts'

const folder = new URL('../../docs/screens/', import.meta.url)
const shot = (page: Page, name: string) =>
  page.screenshot({ path: new URL(`${name}.png`, folder).pathname, fullPage: true })
const languages = [
  ['zh', 'zh-CN'],
  ['en', 'en'],
] as const
const sizes = [
  ['desktop', desktop, 'light'],
  ['phone', phone, 'light'],
  ['phone-dark', phone, 'dark'],
] as const

const zhou = { id: 'u-zhou', name: '老周' }

describe.each(languages)('the case page in %s', (name, language) => {
  let browser: Browser
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    browser = await launch()
  })
  afterAll(() => browser.close())

  test('by a card’s link, by one’s own, with a question, with a confirm, and when it opens nothing', async () => {
    const w = await world({ language, pay: ['青禾优选'] })
    await hire(w, zhou, 'zhou')
    const { photos: _, ...sample } = samples[4] ?? { photos: 0 }
    const said = await w.pay.complain({ ...sample, photos: [parcelPhoto(0), parcelPhoto(1), parcelPhoto(2)] })
    await w.chat.pressLabel(people.li, group, '#1', language === 'en' ? 'Claim' : '认领')
    await w.chat.say(people.li, group, language === 'en' ? '/note 1 Called, no answer' : '/note 1 已打过电话，没有人接')
    await w.chat.say(
      people.li,
      group,
      language === 'en' ? '/reply 1 We are looking into it.' : '/reply 1 您好，我们正在核实。',
    )
    await w.settle()
    await w.pass(60 * 60_000, 20 * 60_000)
    await w.pay.sandbox.move(said.id, { kind: 'message', text: '都两天了还没有结果？' })
    await w.settle()
    const here = (address: string) => address.replace(publicUrl, w.url)
    const link = w.chat.cards(group).findLast((card) => card.link)?.link?.url ?? ''
    for (const [size, viewport, colorScheme] of sizes) {
      const small = size !== 'desktop'
      const context = await browser.newContext({ viewport, colorScheme, locale: language })
      const page = await context.newPage()
      await page.goto(here(link))
      await shot(page, `case-room-${size}-${name}`)
      await page.goto(here(addressIn(await w.chat.say(zhou, alone(zhou), '/link 1'))))
      if (small) await shot(page, `case-open-${size}-${name}`)
      await page.getByRole('button').click()
      await page.locator('.story').waitFor()
      await shot(page, `case-own-${size}-${name}`)
      await page.getByRole('button', { name: /^(回复|Reply)$/ }).click()
      await page.locator('.step').waitFor()
      if (small) await shot(page, `case-ask-${size}-${name}`)
      await page
        .locator('.step')
        .getByRole('button', { name: /^(取消|Cancel)$/ })
        .click()
      await page.getByRole('button', { name: /^(退款|Refund)$/ }).click()
      await page.locator('.step').waitFor()
      if (small) await shot(page, `case-refund-${size}-${name}`)
      await page.goto(`${w.url}/case/nonsense`)
      if (small) await shot(page, `case-gone-${size}`)
      await context.close()
    }
  })
})
