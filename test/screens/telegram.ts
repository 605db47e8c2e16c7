import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { samples } from '../../sandbox/wechat/samples.ts'
import { desktop, launch, openPage, phone } from '../support/chromium.ts'
import { drive, found } from '../support/telegram.ts'
import { type TelegramWorld, world } from '../support/world.ts'

const folder = new URL('../../docs/screens/', import.meta.url)
const shot = (page: Page, name: string) => page.screenshot({ path: new URL(`${name}.png`, folder).pathname })
const languages = [
  ['zh', 'zh-CN'],
  ['en', 'en'],
] as const
const words = {
  zh: { claim: '认领', agree: '同意和解', preview: '签收记录与聊天记录见附图' },
  en: { claim: 'Claim', agree: 'Agree', preview: 'Proof of delivery is attached' },
} as const

/** A morning in the group: one closed, one that wants evidence, one judged, one late, a new one with pictures. */
async function morning(w: TelegramWorld, say: (typeof words)['zh' | 'en']): Promise<void> {
  const { li, chen } = w.played.people
  const { calm, press, say: tell } = drive(w)
  const newest = () => w.played.group.messages().findLast(({ buttons }) => buttons.flat().includes(say.claim))
  const complain = async (index: number, photos = 0) => {
    const { photos: _, ...sample } = samples[index % samples.length] ?? { photos: 0 }
    const pictures = Array.from({ length: photos }, (__, at) => parcelPhoto(index + at))
    const { id } = await w.complain({ ...sample, photos: pictures })
    await calm()
    return id
  }
  const closed = await complain(4)
  await w.wechat.set(closed, { status: 205, push: true })
  const evidence = await complain(2, 1)
  await w.wechat.set(evidence, { status: 106, push: true })
  await calm()
  const card = newest()
  if (card) await press(li, card, say.claim)
  await w.wechat.set(await complain(5), { status: 206, push: true })
  const late = await complain(3)
  await w.wechat.set(late, { expiresAt: Math.floor(w.clock.now() / 1000) - 1200, push: true })
  await calm()
  await tell(chen, '/list due')
  const replyTo = found(w.played.group, /^🔵 #2 /u).id
  await tell(li, say.preview, { replyTo, photos: [parcelPhoto(7), parcelPhoto(8)] })
  await complain(0, 2)
  const fresh = newest()
  if (fresh) await press(li, fresh, say.agree)
}

describe.each(languages)('Telegram in %s', (name, language) => {
  let browser: Browser
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    browser = await launch()
  })
  afterAll(() => browser.close())

  test('at a desk, on a phone', async () => {
    const w = await world({ telegram: true, language })
    await morning(w, words[name])
    for (const [size, viewport] of [
      ['desktop', { width: desktop.width, height: 1500 }],
      ['phone', { width: phone.width, height: 1500 }],
    ] as const) {
      const page = await openPage(browser, `${w.played.url}/sandbox/?lang=${name}`, { viewport })
      await page.locator('article').last().waitFor()
      await page.waitForTimeout(800)
      await page.locator('#messages').evaluate((box) => box.scrollTo(0, 0))
      await shot(page, `telegram-${size}-${name}-1`)
      await page.locator('#messages').evaluate((box) => box.scrollTo(0, box.scrollHeight))
      await page.waitForTimeout(200)
      await shot(page, `telegram-${size}-${name}-2`)
    }
  })
})
