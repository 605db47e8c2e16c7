import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { samples } from '../../sandbox/wechat/samples.ts'
import { desktop, launch, openPage, phone } from '../support/chromium.ts'
import { people, type World, world } from '../support/world.ts'

const folder = new URL('../../docs/screens/', import.meta.url)
const shot = (page: Page, name: string) => page.screenshot({ path: new URL(`${name}.png`, folder).pathname })
const languages = [
  ['zh', 'zh-CN'],
  ['en', 'en'],
] as const

/** A morning in the group: each state of a card once. */
async function morning(w: World): Promise<void> {
  const hour = 3_600_000
  const say = async (index: number, photos = 0) => {
    const { photos: _, ...sample } = samples[index % samples.length] ?? { photos: 0 }
    const pictures = Array.from({ length: photos }, (__, at) => parcelPhoto(index + at))
    return (await w.complain({ ...sample, photos: pictures })).id
  }
  const late = await say(3)
  await w.pass(47 * hour, hour)
  const [closed, evidence, judged, working] = [await say(4), await say(2, 1), await say(5), await say(6)]
  await w.wechat.set(closed, { status: 205, push: true })
  await w.wechat.set(evidence, { status: 106, push: true })
  await w.wechat.set(judged, { status: 206, push: true })
  await w.wechat.set(working, { status: 101, push: true })
  await w.settle()
  expect(late).toBeGreaterThan(0)
  await w.pass(1.5 * hour, hour / 4)
  await say(1)
  await say(0, 2)
}

describe.each(languages)('the chat in %s', (name, language) => {
  let browser: Browser
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    browser = await launch()
  })
  afterAll(() => browser.close())

  test('at a desk, on a phone', async () => {
    const w = await world({ page: true, language })
    await morning(w)
    for (const [size, viewport] of [
      ['desktop', desktop],
      ['phone', phone],
    ] as const) {
      const page = await openPage(browser, w.address(), { viewport })
      await page.getByTestId('post').last().waitFor()
      await page.waitForTimeout(1500)
      await shot(page, `chat-${size}-${name}`)
      const cards = page.locator('[data-testid=post] .card')
      for (let index = 0; index < (await cards.count()); index++) {
        const card = cards.nth(index)
        const title = (await card.locator('h3, h2, h4, [role=heading]').first().textContent()) ?? ''
        const number = /#(\d+)/.exec(title)?.[1] ?? `${index}`
        await card.screenshot({ path: new URL(`card-${number}-${size}-${name}.png`, folder).pathname })
      }
      if (size === 'desktop') {
        await page.locator(`[data-person=${people.li.id}]`).click()
        await page.locator('[data-testid=post] .card').last().locator('button').first().click()
        await page.getByTestId('ask').waitFor()
        await page.waitForTimeout(1000)
        await shot(page, `ask-${size}-${name}`)
      }
    }
  })
})
