import { createTransport } from 'nodemailer'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { inChromium, launch, noChromium, openPage } from '../support/chromium.ts'
import { code, type World as MailWorld, openWorld as openMail, user } from './mail-world.ts'
import { type World as OfficialWorld, openWorld as openOfficial } from './official-world.ts'

// What a script, a frame and a policy do together is seen in a browser only.
describe.skipIf(noChromium)(inChromium('the pages of mails and of an official account'), () => {
  let browser: Browser
  let open: (MailWorld | OfficialWorld)[] = []
  const faults: string[] = []
  const visit = async (url: string) => {
    const page = await openPage(browser, `${url}/sandbox/`)
    page.on('pageerror', (error) => faults.push(error.message))
    return page
  }
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    for (const world of open) await world.close()
    open = []
    expect(faults.splice(0)).toEqual([])
  })

  test('a mail comes by itself; its HTML is read in a frame where nothing runs; what is opened stays open', async () => {
    const w = await openMail()
    open.push(w)
    const page = await visit(w.url)
    const auth = { user, pass: code }
    const tls = { ca: w.mail.certificate, servername: 'smtp.163.com' }
    const sending = createTransport({ host: '127.0.0.1', port: w.smtps, secure: true, auth, tls })
    const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
    await sending.sendMail({
      from: user,
      to: 'boss@example.com',
      subject: '【投诉】微信支付 尾号123456',
      text: '您有一笔新投诉',
      html: '<p id="p">您有一笔新投诉</p><img src="cid:dot@x"><script>document.getElementById("p").textContent = "run"</script>',
      attachments: [{ filename: 'dot.gif', content: picture, cid: 'dot@x' }],
    })
    await page.getByText('HTML 正文').click()
    const shown = page.frameLocator('iframe')
    await shown.getByText('您有一笔新投诉').waitFor()
    expect(await shown.locator('img').evaluate((img) => Reflect.get(img, 'naturalWidth'))).toBe(1)
    await sending.sendMail({ from: user, to: 'boss@example.com', subject: 'another', text: 'x' })
    await page.getByText('another', { exact: true }).waitFor()
    expect(await shown.getByText('您有一笔新投诉').isVisible()).toBe(true)
    sending.close()
  })

  test('somebody scans by a button and reads what is sent; a void code leaves the page', async () => {
    const w = await openOfficial()
    open.push(w)
    const page = await visit(w.url)
    await w.code('b_7')
    await page.getByText('一位没关注的人扫码并关注').click()
    const again = page.getByText('顾客1 扫码')
    await again.waitFor()
    expect(await page.locator('article img').evaluate((img) => Reflect.get(img, 'naturalWidth'))).toBeGreaterThan(100)
    const openid = w.official.persons()[0]?.openid ?? ''
    await w.send(openid)
    await page.getByText('商品破损').waitFor()
    w.clock.advance(600_000)
    await again.waitFor({ state: 'detached' })
    await w.official.idle()
    expect(w.received.map(({ body }) => /<Event><!\[CDATA\[(\w+)/.exec(body)?.[1])).toEqual([
      'subscribe',
      'TEMPLATESENDJOBFINISH',
    ])
  })
})
