import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { readMarkdown } from '../../sandbox/wecom/index.ts'
import { markdownView } from '../../sandbox/wecom/page-markdown.ts'
import { bot, card, cardMessage, event, type Link, markdown, message, openWorld, type World } from './wecom-world.ts'

// The page, and what it asks for.
let w: World
let link: Link
beforeEach(async () => {
  w = await openWorld()
  link = await w.subscribed()
})
afterEach(() => w.close())

interface View {
  readonly error?: string
  readonly html: string
  readonly chats: readonly { readonly key: string; readonly kind: string; readonly last: string }[]
  readonly presses: readonly unknown[]
}

const view = async (person: string, chat = `group ${w.group.chatid}`, lang = 'zh') => {
  const query = new URLSearchParams({ person, chat, lang })
  return (await (await fetch(`${w.url}/sandbox/view?${query}`)).json()) as View
}
const wish = async (path: string, body: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${w.url}/sandbox/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ person: 'LiMing', chat: `group ${w.group.chatid}`, ...body }),
  })
  return (await answer.json()) as Record<string, unknown>
}
const push = (body: Record<string, unknown>) => link.ask('aibot_send_msg', { chatid: w.group.chatid, ...body })
const spoken = () => w.li.say(w.group, '你好', { to: bot.botId })
const photo = parcelPhoto(1).toString('base64')

describe('what a person does on the page', () => {
  test('words reach the bot when they begin with its @, and pictures with them as 图文混排', async () => {
    await wish('say', { text: `@${bot.name} /list` })
    expect((await link.heard(message)).body).toMatchObject({
      msgtype: 'text',
      text: { content: `@${bot.name} /list` },
      from: { userid: 'LiMing' },
    })
    await wish('say', { text: `@${bot.name} 看`, photos: [photo, photo] })
    expect((await link.heard(message, 1)).body.mixed?.msg_item.map(({ msgtype }) => msgtype)).toEqual([
      'text',
      'image',
      'image',
    ])
  })

  test('pictures without words are a message each, which a group’s bot does not hear and a 单聊’s does', async () => {
    expect((await wish('say', { photos: [photo, photo] })).ids).toHaveLength(2)
    await wish('say', { chat: 'single aib-1 liming', photos: [photo] })
    expect((await link.heard(message)).body).toMatchObject({ msgtype: 'image', chattype: 'single' })
    expect(link.frames.filter(({ cmd }) => cmd === message)).toHaveLength(1)
  })

  test('what is quoted goes with it, and stands above it', async () => {
    spoken()
    await push(cardMessage(card('t1')))
    const { id } = w.last()
    await wish('say', { text: `@${bot.name} 好`, quote: id })
    expect((await link.heard(message, 1)).body.quote).toMatchObject({ text: { content: '交易投诉 #A7' } })
    expect((await view('wangfang')).html).toContain('<div class="small reply">客诉 助手: 交易投诉 #A7</div>')
  })

  test('a press says what was chosen; it turns until the card is updated, and each sees their own face', async () => {
    spoken()
    const button_selection = {
      question_key: 'q',
      title: '模板',
      option_list: [
        { id: 'a', text: '致歉' },
        { id: 'b', text: '补发' },
      ],
    }
    await push(cardMessage(card('t1', { button_selection })))
    const { id } = w.last()
    expect(await wish('press', { message: id, button: 'refund', choose: 'b' })).toEqual({ state: 'open' })
    const pressed = await link.heard(event)
    expect(pressed.body.event.template_card_event).toMatchObject({
      event_key: 'refund',
      selected_items: { selected_item: [{ question_key: 'q', option_ids: { option_id: ['b'] } }] },
    })
    expect((await view('LiMing')).presses).toEqual([{ message: id, key: 'refund', state: 'open' }])
    expect((await view('wangfang')).presses).toEqual([])
    const template_card = card('t1', { main_title: { title: '确认退款？' } })
    const face = { response_type: 'update_template_card', userids: ['liming'], template_card }
    await link.ask('aibot_respond_update_msg', face, pressed.headers.req_id)
    const mine = await view('LiMing')
    expect(mine.presses).toEqual([])
    expect(mine.html).toContain('<h3>确认退款？</h3>')
    expect((await view('wangfang')).html).not.toContain('确认退款？')
  })

  test('a press that is not answered within five seconds is late, until the next', async () => {
    spoken()
    await push(cardMessage(card('t1')))
    const { id } = w.last()
    await wish('press', { message: id, button: 'more' })
    await w.pass(5001)
    expect((await view('LiMing')).presses).toEqual([{ message: id, key: 'more', state: 'late' }])
    await wish('press', { message: id, button: 'refund' })
    expect((await view('LiMing')).presses).toEqual([{ message: id, key: 'refund', state: 'open' }])
  })

  test('a late press is over when somebody else’s press has brought a new face', async () => {
    spoken()
    await push(cardMessage(card('t1')))
    const { id } = w.last()
    await wish('press', { message: id, button: 'more' })
    await w.pass(5001)
    await wish('press', { person: 'wangfang', message: id, button: 'more' })
    const face = { response_type: 'update_template_card', template_card: card('t1') }
    await link.ask('aibot_respond_update_msg', face, (await link.heard(event, 1)).headers.req_id)
    expect((await view('LiMing')).presses).toEqual([])
  })

  test('a chat with the bot alone is entered when it is looked at, not when it is listed', async () => {
    const { chats } = await view('LiMing')
    expect(chats.map(({ key, kind }) => [key, kind])).toEqual([
      [`group ${w.group.chatid}`, 'group'],
      ['single aib-1 liming', 'single'],
      ['single aib-2 liming', 'single'],
    ])
    expect(link.frames.some(({ cmd }) => cmd === event)).toBe(false)
    await view('LiMing', 'single aib-1 liming')
    await view('LiMing', 'single aib-1 liming')
    expect((await link.heard(event)).body.event.eventtype).toBe('enter_chat')
    expect(link.frames.filter(({ cmd }) => cmd === event)).toHaveLength(1)
  })

  test.each([
    ['say', {}, 'nothing is said'],
    ['say', { person: 'nobody', text: 'x' }, 'no person nobody'],
    ['say', { chat: 'single aib-1 wangfang', text: 'x' }, '李明 has no chat'],
    ['press', { message: 'm' }, 'no message m'],
    ['trouble', { over: 'x' }, 'over is'],
    ['nothing', {}, 'no such wish'],
  ])('a wish that cannot be: %s %j', async (path, body, why) => {
    expect((await wish(path, body)).error).toContain(why)
  })

  test('who was taken out of the group sees nothing of it', async () => {
    spoken()
    w.group.remove('wangfang')
    const { chats, html } = await view('wangfang')
    expect(chats.map(({ kind }) => kind)).toEqual(['single', 'single'])
    expect(html).not.toContain('你好')
  })
})

describe('trouble on purpose', () => {
  test('for a minute nothing gets through: refused with 45009, or dropped unseen', async () => {
    spoken()
    await wish('trouble', { over: 'refused' })
    expect((await push(markdown('x'))).errcode).toBe(45009)
    await wish('trouble', { over: 'dropped' })
    expect((await push(markdown('x'))).errcode).toBe(0)
    await w.pass(59_000)
    expect(await view('LiMing')).toMatchObject({ trouble: { over: 'dropped', seconds: 1 } })
    await w.pass(1_000)
    expect((await push(markdown('once more'))).errcode).toBe(0)
    expect(w.group.seenBy(w.li).map(({ text }) => text)).toEqual([`@${bot.name} 你好`, 'once more'])
    expect(w.wecom.rules).toMatchObject({ perMinute: 30, webhookPerMinute: 20, over: 'refused' })
  })

  test('the connection of the chat’s bots is cut, and the page says who is away', async () => {
    await wish('cut')
    await link.over()
    expect((await view('LiMing')).chats).toMatchObject([{ away: [bot.name] }, { away: [bot.name] }, { away: ['客诉'] }])
  })
})

describe('the page', () => {
  test('runs its own script only, and is in two languages', async () => {
    const answer = await fetch(`${w.url}/sandbox/`)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await answer.text()).toContain('企业微信沙盒')
    expect(await (await fetch(`${w.url}/sandbox/?lang=en`)).text()).toContain('WeCom sandbox')
  })

  test('another site and another name are kept out', async () => {
    expect((await wish('cut', {}, { origin: 'https://evil.example' })).error).toBe('another site may not do this')
    const { port } = new URL(w.url)
    const status = await new Promise((resolve) => {
      const headers = { host: 'evil.example' }
      request({ port, path: '/sandbox/', headers }, ({ statusCode }) => resolve(statusCode)).end()
    })
    expect(status).toBe(403)
  })

  test('every word of a card is text: titles, fields, quotes, choices, buttons, menu, keys', async () => {
    spoken()
    const bad = '"><script>alert(1)</script>'
    const pushed = await push(
      cardMessage(
        card('t1', {
          source: { desc: bad, desc_color: 2 },
          action_menu: { desc: bad, action_list: [{ text: bad, key: bad }] },
          main_title: { title: bad, desc: bad },
          quote_area: { type: 1, url: `https://x.example/${bad}`, title: bad, quote_text: bad },
          sub_title_text: bad,
          horizontal_content_list: [{ keyname: bad, value: bad }],
          button_selection: { question_key: bad, title: bad, option_list: [{ id: bad, text: bad }] },
          button_list: [{ text: bad, key: `1${bad}` }],
        }),
      ),
    )
    expect(pushed).toMatchObject({ errcode: 0 })
    w.li.say(w.group, bad)
    w.li.file(w.group, { name: `${bad}.html`, bytes: Buffer.from('<script>') })
    const key = w.group.webhook()
    const articles = [{ title: bad, description: bad, url: 'https://shop.example/?"><script>' }]
    await fetch(`${w.url}/cgi-bin/webhook/send?key=${key}`, {
      method: 'POST',
      body: JSON.stringify({ msgtype: 'news', news: { articles } }),
    })
    const { html } = await view('LiMing')
    expect(html.match(/&quot;&gt;&lt;script&gt;/g)?.length).toBeGreaterThan(18)
    expect(html).not.toMatch(/<script|javascript:/)
  })

  test('a card’s parts are there: colour, menu, chosen option, disabled dropdown, style of a button', async () => {
    spoken()
    const option_list = [
      { id: 'a', text: '甲' },
      { id: 'b', text: '乙' },
    ]
    const more = {
      source: { desc: '小店', desc_color: 2 },
      action_menu: { action_list: [{ text: '刷新', key: 'refresh' }] },
      button_selection: { question_key: 'q', option_list, selected_id: 'b', disable: true },
      horizontal_content_list: [{ type: 1, keyname: '订单', value: '42', url: 'https://shop.example/42' }],
    }
    await push(cardMessage(card('t1', more)))
    const { html, chats } = await view('LiMing')
    expect(html).toContain('<div class="source c2">小店</div>')
    expect(html).toContain('<button data-key="refresh">刷新</button>')
    expect(html).toContain(
      '<select data-question="q" disabled><option value="a">甲</option><option value="b" selected>乙</option></select>',
    )
    expect(html).toContain('<dt>订单</dt><dd><a href="https://shop.example/42" rel="noreferrer" target="_blank">42</a>')
    expect(html).toContain('<button class="key s3" data-key="refund">退款</button>')
    expect(chats[0]?.last).toBe('交易投诉 #A7')
  })

  test('pictures and files are as they were sent; only a picture is shown', async () => {
    w.li.picture(w.group, parcelPhoto(1))
    w.li.picture(w.group, Buffer.from('<svg onload="alert(1)"></svg>'))
    w.li.file(w.group, { name: '流水.csv', bytes: Buffer.from('1,2') })
    const { html } = await view('wangfang')
    const addresses = [...html.matchAll(/(?:src|href)="(\/sandbox\/file[^"]+)"/g)].map(([, found = '']) => found)
    const [png, svg, csv] = await Promise.all(addresses.map((one) => fetch(w.url + one.replaceAll('&amp;', '&'))))
    expect(png?.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from((await png?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(parcelPhoto(1))).toBe(true)
    expect(svg?.headers.get('content-type')).toBe('application/octet-stream')
    expect(csv?.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('流水.csv')}`,
    )
    expect(await csv?.text()).toBe('1,2')
  })
})

describe('markdown (chat.md §1.1, §1.7)', () => {
  const shown = (source: string, dialect: 'v1' | 'v2' = 'v2') =>
    markdownView(source, dialect)
      .map(({ markup }) => markup)
      .join('')

  test.each([
    [
      '**粗** *斜* __粗__',
      '<div><span class="m2">粗</span> <span class="m1">斜</span> <span class="m2">粗</span></div>',
    ],
    ['## 标题', '<div class="h2">标题</div>'],
    ['> 一\n> 二\n三', '<q><div>一</div><div>二</div></q><div>三</div>'],
    ['- 一\n  - 二', '<div class="item ">一</div><div class="item deep">二</div>'],
    ['`a<b`', '<div><code>a&lt;b</code></div>'],
    ['```\n**a**\n```\nb', '<code class="pre">**a**</code><div>b</div>'],
    ['|a|b|\n|---|---|\n|1|2|', '<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>'],
    ['[x](javascript:alert)', '<div><a href="#" rel="noreferrer" target="_blank">x</a></div>'],
    ['a\n\n---\n\\*b*', '<div>a</div><div class="gap"></div><hr><div>*b*</div>'],
    ['<b>x</b> &amp; _snake_case_', '<div>&lt;b&gt;x&lt;/b&gt; &amp;amp; <span class="m1">snake_case</span></div>'],
  ])('%j', (source, wanted) => expect(shown(source)).toBe(wanted))

  test('the first one has colours, and neither lists nor slanted words', () => {
    expect(shown('<font color="warning">逾**期**</font>了 *a*\n- b', 'v1')).toBe(
      '<div><span class="warning">逾<b>期</b></span>了 *a*</div><div>- b</div>',
    )
  })

  test('says what is said as plain text, whatever the marks', () => {
    const source = '# 一\n> **二** `c`\n* 三 [四](https://x.example)\n五_六_ \\_七'
    const bare = shown(source)
      .replace(/<div class="item ">/g, '- ')
      .replace(/<\/div>/g, '\n')
      .replace(/<[^>]+>/g, '')
      .trim()
    expect(bare.replace(/\n+/g, '\n')).toBe(readMarkdown(source, 'v2').plain)
  })
})
