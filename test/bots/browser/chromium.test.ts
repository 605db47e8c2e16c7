import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { BrowserBot } from '../../../bots/browser/index.ts'
import { asPostId } from '../../../src/core/words.ts'
import { cards, counter, dot, menu } from './group.ts'
import { relayTo } from './relay.ts'
import { makeBot } from './stage.ts'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const missing = !existsSync(executablePath)
const quiet = ['--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync']
const args = ['--no-sandbox', '--disable-gpu', ...quiet]
const name = missing
  ? `the page in Chromium (skipped: none at ${executablePath}; set CHROMIUM_PATH)`
  : 'the page in Chromium'

describe.skipIf(missing)(name, { timeout: 30_000 }, () => {
  let browser: Browser
  let bot: BrowserBot
  let app: ReturnType<typeof counter>
  const faults: string[] = []

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args })
  }, 30_000)
  afterAll(() => browser?.close())
  beforeEach(async () => {
    faults.length = 0
    app = counter(() => Date.now())
    bot = makeBot()
    await bot.start(app.hear)
    await bot.menu(menu)
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    await bot.stop()
    expect(faults).toEqual([])
  })

  async function open(size = { width: 1280, height: 860 }, address = bot.address): Promise<Page> {
    const context = await browser.newContext({ viewport: size, locale: 'zh-CN' })
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    // A line that is cut on purpose is reported by the browser too.
    page.on('console', (line) => line.type() === 'error' && !/net::ERR_/.test(line.text()) && faults.push(line.text()))
    await page.goto(address)
    await page.waitForSelector('#head h1')
    return page
  }
  const post = (card = cards.calm(Date.now())) => bot.post({ chat: 'ops' }, { card })
  const button = (page: Page, label: string) => page.locator(`button[data-label="${label}"]`)

  test('a card that is posted appears; its button, pressed by its label, is heard, answered and drawn anew', async () => {
    const page = await open()
    const id = await post()
    await button(page, '认领').click()
    expect(await page.getByTestId('toast').textContent()).toBe('已认领')
    expect(app.heard).toMatchObject([{ user: { id: 'zhang' }, press: { token: 'claim', post: id } }])
    await page.locator('.line', { hasText: '认领' }).getByText('张晓兰').waitFor()
    expect(await page.locator('.pill.due').textContent()).toContain('剩 47 小时 59 分')
    expect(page.url()).not.toContain('key')
  })

  test('every button of every tone arrives', async () => {
    const page = await open()
    for (const card of [cards.calm(Date.now()), cards.urgent(Date.now()), cards.late(Date.now()), cards.settled()]) {
      const id = await post(card)
      for (const { label, token } of card.buttons) {
        await page.locator(`[data-post="${id}"] .card button[data-label="${label}"]`).click()
        await expect.poll(() => app.heard.at(-1)?.press).toEqual({ token, post: id })
        if (token === 'refuse') await page.getByRole('button', { name: '知道了' }).click()
        if (token === 'agree') await button(page, '取消').click()
      }
    }
  })

  test('a question is answered below its card, with words to start from and a photo', async () => {
    const page = await open()
    const id = await post()
    await button(page, '同意和解').click()
    const ask = page.getByTestId('ask')
    await ask.getByText('我们会马上补发两枚，请留意物流。').click()
    await ask.locator('input[type=file]').setInputFiles({ name: '果.png', mimeType: 'image/png', buffer: dot.bytes })
    await ask.locator('[data-testid=staged] img').waitFor()
    // The card may change while the person writes: what is written stays.
    await bot.edit({ chat: 'ops' }, asPostId(id ?? ''), {
      card: { ...cards.calm(Date.now()), title: '#128 又有变化' },
    })
    await page.getByRole('heading', { name: '#128 又有变化' }).waitFor()
    await button(page, '提交').click()
    await page.getByText('已提交：我们会马上补发两枚，请留意物流。（图片 1 张）').waitFor()
    expect(app.heard.at(-1)).toMatchObject({ text: '我们会马上补发两枚，请留意物流。', replyTo: id, pictures: [dot] })
    await ask.waitFor({ state: 'detached' })
  })

  test('a refusal must be read', async () => {
    const page = await open()
    await post()
    await button(page, '拒绝').click()
    await page.getByTestId('alert').getByText('没有退款权限').waitFor()
    await page.getByRole('button', { name: '知道了' }).click()
    await page.getByTestId('alert').waitFor({ state: 'detached' })
  })

  test('another person speaks: their words, not the private ones of the first', async () => {
    const page = await open()
    await post()
    await button(page, '详情').click()
    await page.getByText('仅你可见').waitFor()
    await page.locator('[data-person=li]').click()
    await page.locator('[data-person=li][aria-checked=true]').waitFor()
    expect(await page.getByText('仅你可见').count()).toBe(0)
    await page.getByTestId('words').fill('我来处理')
    await page.getByTestId('words').press('Enter')
    await expect.poll(() => app.heard.at(-1)).toMatchObject({ user: { id: 'li' }, text: '我来处理' })
  })

  test('nothing that another person saw can be pressed while the seats change', async () => {
    const page = await open()
    await post()
    await button(page, '认领').waitFor()
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    await page.route('**/api/events?as=li', (route) => held.then(() => route.continue()))
    await page.locator('[data-person=li]').click()
    expect(await page.getByTestId('post').count()).toBe(0)
    goOn()
    await button(page, '认领').click()
    await expect.poll(() => app.heard.at(-1)).toMatchObject({ user: { id: 'li' }, press: { token: 'claim' } })
  })

  test('a card that changes under a finger that is down does not swallow the press', async () => {
    const page = await open()
    const id = await post()
    const box = await button(page, '认领').boundingBox()
    await page.mouse.move((box?.x ?? 0) + 10, (box?.y ?? 0) + 10)
    await page.mouse.down()
    await bot.edit({ chat: 'ops' }, asPostId(id ?? ''), {
      card: { ...cards.calm(Date.now()), title: '#128 又有变化' },
    })
    await page.waitForTimeout(200)
    expect(await page.getByRole('heading', { name: '#128 又有变化' }).count()).toBe(0)
    await page.mouse.up()
    await expect.poll(() => app.heard.at(-1)?.press).toEqual({ token: 'claim', post: id })
  })

  test('commands are offered; a reply says what it answers; another room counts what is unread', async () => {
    const page = await open()
    const id = await post()
    await page.getByTestId('words').fill('／退')
    await page.getByTestId('words').press('Enter')
    expect(await page.getByTestId('words').inputValue()).toBe('/退款 ')
    await page.getByTestId('words').pressSequentially('128 全部')
    await page.locator(`[data-post="${id}"]`).hover()
    await page.getByRole('button', { name: '回复', exact: true }).click()
    await page.getByTestId('send').click()
    await expect.poll(() => app.heard.at(-1)).toMatchObject({ text: '/退款 128 全部', replyTo: id })
    await bot.post({ chat: 'finance' }, { text: '今日退款 3 笔' })
    await page.locator('[data-chat=finance] .count').getByText('1').waitFor()
    await page.locator('[data-chat=finance]').click()
    await page.getByText('今日退款 3 笔').waitFor()
    expect(await page.locator('.rail .count').count()).toBe(0)
  })

  test('text from outside is text', async () => {
    const page = await open()
    const evil = '<img src=x onerror="document.title=1"><script>alert(1)</script>'
    await bot.post({ chat: 'ops' }, { text: evil, card: { ...cards.settled(), title: evil, quote: evil } })
    await page.getByRole('heading', { name: evil }).waitFor()
    expect(await page.locator('.stream script, .stream img[src=x]').count()).toBe(0)
  })

  test('an address that the bot gives can be opened, in a page of its own; one that a person writes stays words', async () => {
    const page = await open()
    await bot.post({ chat: 'ops' }, { text: '打开 http://127.0.0.1:9/a?b=%7B1%7D：15 分钟内有效' })
    const link = page.getByTestId('post').getByRole('link')
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe('http://127.0.0.1:9/a?b=%7B1%7D')
    expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
      '_blank',
      'noopener noreferrer',
    ])
    await page.locator('.write textarea').fill('看 http://127.0.0.1:9/x')
    await page.locator('.write textarea').press('Enter')
    await page.getByText('看 http://127.0.0.1:9/x').last().waitFor()
    expect(await link.count()).toBe(1)
  })

  test('a lost connection is said; what was missed appears, what was being written stays', async () => {
    const line = await relayTo(bot.address)
    const page = await open(undefined, line.address)
    const id = await post()
    await button(page, '同意和解').click()
    await page.getByTestId('ask').locator('textarea').fill('写到一半')
    line.cut()
    await page.getByText('连接中断，正在重新连接…').waitFor()
    await bot.edit({ chat: 'ops' }, asPostId(id ?? ''), { card: { ...cards.calm(Date.now()), title: '#128 又有变化' } })
    await bot.post({ chat: 'ops' }, { text: '断线时的消息' })
    line.mend()
    await page.getByText('断线时的消息').waitFor()
    await page.getByRole('heading', { name: '#128 又有变化' }).waitFor()
    await page.getByText('连接中断，正在重新连接…').waitFor({ state: 'hidden' })
    expect(await page.getByTestId('ask').locator('textarea').inputValue()).toBe('写到一半')
    expect(await page.getByTestId('post').count()).toBe(2)
    await line.close()
  })

  test('pictures open large; panes stand beside the chat, and behind tabs on a phone', async () => {
    const shop = createServer((_request, response) => response.end('a customer complains here'))
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`
    const other = makeBot({ panes: [{ title: '顾客', url }] })
    await other.start(app.hear)
    const page = await open(undefined, other.address)
    await page.frameLocator('#panes iframe').getByText('a customer complains here').waitFor()
    await other.post({ chat: 'ops' }, { pictures: [dot] })
    await page.locator('.thumb').click()
    await page.getByTestId('lightbox').locator('img').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('lightbox').waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.locator('#panes').waitFor({ state: 'hidden' })
    await page.locator('#tabs').getByText('顾客').click()
    await page.locator('#panes').waitFor()
    expect(await page.locator('#chat').isVisible()).toBe(false)
    await page.context().close()
    await other.stop()
    await new Promise((resolve) => shop.close(resolve))
  })

  test('after a new start the page says that it is no longer good', async () => {
    const page = await open()
    const again = makeBot({ port: Number(new URL(bot.address).port) })
    await bot.stop()
    await again.start(app.hear)
    await page.getByText('此页面已失效').waitFor()
    await again.stop()
    faults.length = 0
  })

  test.each([
    ['a phone', { width: 390, height: 844 }],
    ['a small phone', { width: 320, height: 568 }],
    ['a desktop', { width: 1280, height: 860 }],
  ])('on %s nothing is wider than the screen, in both languages', async (_what, size) => {
    const page = await open(size)
    for (const card of [cards.calm(Date.now()), cards.urgent(Date.now()), cards.late(Date.now())]) await post(card)
    await bot.post({ chat: 'ops' }, { text: 'x'.repeat(300) })
    await page.locator('.bubble').waitFor()
    const wider = () => page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(await wider()).toBeLessThanOrEqual(0)
    await page.locator('.language').click()
    await page.getByText('3 people').waitFor()
    expect(await wider()).toBeLessThanOrEqual(0)
    expect(
      await page.evaluate(
        "document.querySelector('.stream').scrollWidth - document.querySelector('.stream').clientWidth",
      ),
    ).toBe(0)
  })
})
