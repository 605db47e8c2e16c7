import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { inChromium, launch, noChromium, openPage } from '../support/chromium.ts'
import { bot, card, cardMessage, event, type Link, markdown, message, openWorld, type World } from './wecom-world.ts'

describe.skipIf(noChromium)(inChromium('the page of the played WeCom'), { timeout: 30_000 }, () => {
  let browser: Browser
  let w: World
  let link: Link
  const faults: string[] = []
  beforeAll(async () => {
    browser = await launch()
  }, 30_000)
  afterAll(() => browser?.close())
  beforeEach(async () => {
    faults.length = 0
    w = await openWorld()
    link = await w.subscribed()
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    await w.close()
    expect(faults).toEqual([])
  })

  async function open(): Promise<Page> {
    const page = await openPage(browser, `${w.url}/sandbox/`)
    page.on('pageerror', (error) => faults.push(error.message))
    await page.locator('#chats button').first().waitFor()
    return page
  }
  const as = (page: Page, who: string) => page.locator('#person').selectOption(who)
  const type = async (page: Page, text: string) => {
    await page.locator('textarea').pressSequentially(text)
    await page.locator('textarea').press('Enter')
  }
  const button_selection = {
    question_key: 'q',
    title: '模板',
    option_list: [
      { id: 'a', text: '致歉' },
      { id: 'b', text: '补发' },
    ],
  }
  const offer = () => {
    w.li.say(w.group, '你好', { to: bot.botId })
    const action_menu = { action_list: [{ text: '刷新', key: 'refresh' }] }
    return link.ask('aibot_send_msg', {
      chatid: w.group.chatid,
      ...cardMessage(card('t1', { button_selection, action_menu })),
    })
  }
  const update = (frame: { headers: { req_id: string } }, title: string, only?: readonly string[]) =>
    link.ask(
      'aibot_respond_update_msg',
      {
        response_type: 'update_template_card',
        ...(only && { userids: only }),
        template_card: card('t1', { main_title: { title } }),
      },
      frame.headers.req_id,
    )

  test('a person is chosen, @s the bot, picks from the dropdown and presses: the face is theirs alone', async () => {
    const page = await open()
    await as(page, '王芳')
    await page.locator('[data-mention]').click()
    await type(page, '/list')
    expect((await link.heard(message)).body).toMatchObject({
      text: { content: `@${bot.name} /list` },
      from: { userid: 'wangfang' },
    })
    await page.locator('article.mine').waitFor()
    await offer()
    await page.locator('article select').selectOption('补发')
    // What comes meanwhile takes nothing from the card.
    w.li.say(w.group, '稍等')
    await page.getByText('稍等').first().waitFor()
    await page.locator('[data-key=refund]').click()
    await page.locator('[data-key=refund].turning').waitFor()
    const pressed = await link.heard(event)
    expect(pressed.body.event.template_card_event).toMatchObject({
      event_key: 'refund',
      selected_items: { selected_item: [{ option_ids: { option_id: ['b'] } }] },
    })
    await update(pressed, '确认退款？', ['wangfang'])
    await page.getByRole('heading', { name: '确认退款？' }).waitFor()
    expect(await page.locator('.turning').count()).toBe(0)
    await as(page, '李明')
    await page.getByRole('heading', { name: '交易投诉 #A7' }).waitFor()
    expect(await page.getByRole('heading', { name: '确认退款？' }).count()).toBe(0)
  })

  test('刷新 is in the menu; what stays unanswered is said to be late', async () => {
    await offer()
    const page = await open()
    await page.locator('.menu summary').click()
    await page.getByRole('button', { name: '刷新' }).click()
    expect((await link.heard(event)).body.event.template_card_event).toMatchObject({ event_key: 'refresh' })
    await page.locator('.menu summary.turning').waitFor()
    expect(await page.locator('.late').last().isVisible()).toBe(false)
    await w.pass(6_000)
    await page.locator('.missed .late').waitFor()
    await page.locator('[data-key=more]').click()
    await update(await link.heard(event, 1), '已刷新')
    await page.getByRole('heading', { name: '已刷新' }).waitFor()
    expect(await page.locator('.late').last().isVisible()).toBe(false)
  })

  test('photos are staged, one is taken back, and the rest goes with the words; a message is quoted', async () => {
    await offer()
    const page = await open()
    await page.locator('article', { hasText: '交易投诉 #A7' }).locator('.answer').click({ force: true })
    await page.locator('#reply', { hasText: '「交易投诉 #A7」' }).waitFor()
    await page.locator('[data-mention]').click()
    await page.locator('#parcel').click()
    const file = (n: number) => ({ name: `${n}.png`, mimeType: 'image/png', buffer: parcelPhoto(n) })
    await page.locator('#file').setInputFiles([file(7), file(8)])
    await page.locator('[data-staged="2"]').waitFor()
    await page.locator('[data-staged="0"]').click()
    await type(page, '签收记录')
    const { body } = await link.heard(message, 1)
    expect(body.mixed?.msg_item.map(({ msgtype }) => msgtype)).toEqual(['text', 'image', 'image'])
    expect(body.quote).toMatchObject({ text: { content: expect.stringContaining('交易投诉 #A7') } })
    expect(w.last().pictures).toEqual([parcelPhoto(7), parcelPhoto(8)])
    await page.locator('article.mine img').nth(1).waitFor()
    expect(await page.locator('#staged').isVisible()).toBe(false)
    expect(await page.locator('#reply').isVisible()).toBe(false)
  })

  test('in 单聊 there is no @, a plain picture is heard; trouble is made and seen', async () => {
    const page = await open()
    await page.locator('#chats button', { hasText: bot.name }).last().click()
    await page.locator('#chats button[aria-current=true]', { hasText: bot.name }).waitFor()
    expect(await page.locator('[data-mention]').count()).toBe(0)
    await page.locator('#parcel').click()
    await page.locator('[data-staged]').waitFor()
    await page.locator('#say .main').click()
    expect((await link.heard(message)).body).toMatchObject({ msgtype: 'image', chattype: 'single' })
    await page.locator('#spoil summary').click()
    await page.locator('[data-trouble=refused]').click()
    await page.locator('#trouble', { hasText: '45009 · 60 秒' }).waitFor()
    const body = { chatid: 'LiMing', ...markdown('x') }
    expect((await link.ask('aibot_send_msg', body)).errcode).toBe(45009)
    await page.locator('#spoil summary').click()
    await page.locator('[data-cut]').click()
    await link.over()
    await page.locator('#chats .away').first().waitFor()
  })
})
