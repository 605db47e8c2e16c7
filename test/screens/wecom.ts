import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { samples } from '../../sandbox/wechat/samples.ts'
import { addStarters } from '../../src/storage/templates.ts'
import { arrive } from '../chat/pay-people.ts'
import { desktop, launch, openPage, phone } from '../support/chromium.ts'
import { driveWecom } from '../support/wecom.ts'
import { type PayWorld, type WecomWorld, world } from '../support/world.ts'

const folder = new URL('../../docs/screens/', import.meta.url)
const languages = [
  ['zh', 'zh-CN'],
  ['en', 'en'],
] as const
const labels = {
  zh: {
    agree: '同意和解',
    cancel: '取消',
    evidence: '补充凭证',
    told: '签收记录与聊天记录见附图',
    refund: '退款',
    part: '退部分',
    amount: '12.50 少发一件',
    pay: '确认退款 ¥12.50',
  },
  en: {
    agree: 'Agree',
    cancel: 'Cancel',
    evidence: 'Add evidence',
    told: 'Proof of delivery is attached',
    refund: 'Refund',
    part: 'A part',
    amount: '12.50 one item is missing',
    pay: 'Refund ¥12.50',
  },
} as const

describe.each(languages)('WeCom in %s', (name, language) => {
  let browser: Browser
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    browser = await launch()
  })
  afterAll(() => browser.close())

  test('card, question with templates, evidence before it goes, confirm of a refund, its arrival', async () => {
    const w = (await world({ wecom: true, pay: ['青禾优选'], language })) as PayWorld & WecomWorld
    await w.storage.transaction((tx) => addStarters(tx, w.tenant))
    const { calm, press, say } = driveWecom(w)
    const { li, chen } = w.wecom.people
    const on = labels[name]
    const { photos: _, ...sample } = samples[0] ?? { photos: 0 }
    const { id } = await w.complain({ ...sample, photos: [parcelPhoto(0)] })
    await calm()

    const address = `${w.wecom.wecom.baseUrl}/sandbox/?lang=${name}`
    const page = await openPage(browser, address, { viewport: desktop })
    const small = await openPage(browser, address, { viewport: phone })
    async function shot(of: Page, who: typeof li, what: string) {
      await of.locator('#chats button').first().waitFor()
      await of.locator('#person').selectOption(who.name)
      // It asks every second, and pictures come after.
      await of.waitForTimeout(1_600)
      await of.locator('#messages').evaluate((box) => box.scrollTo(0, box.scrollHeight))
      await of.screenshot({ path: new URL(`wecom-${what}-${name}.png`, folder).pathname })
    }

    await shot(page, li, 'card-desktop')
    await shot(small, li, 'card-phone')
    const asked = await press(li, '#1 ', on.agree)
    await shot(page, li, 'ask-desktop')
    await press(li, asked.face, on.cancel)
    await w.wechat.set(id, { status: 106, push: true })
    await calm()
    await press(li, '#1 ', on.evidence)
    await say(li, on.told, { photos: [parcelPhoto(7), parcelPhoto(8)] })
    await shot(page, li, 'evidence-desktop')
    await w.pay.complain({ text: '少发一件', amount: 1990 })
    await calm()
    const offer = await press(chen, '#2 ', on.refund)
    await shot(page, chen, 'refund-offer-desktop')
    await press(chen, offer.face, on.part)
    const [check] = await say(chen, on.amount)
    await shot(page, chen, 'confirm-desktop')
    await shot(small, chen, 'confirm-phone')
    if (!check) throw new Error('there is no confirm')
    await press(chen, check, on.pay)
    await arrive(w)
    await calm()
    await shot(page, li, 'refund-desktop')
  })
})
