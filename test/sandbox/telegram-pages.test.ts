import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { button, openWorld, type World } from './telegram-world.ts'

// The page and the control API that the demo and other processes use.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const get = async (path: string) => (await fetch(`${w.url}/sandbox/${path}`)).json() as Promise<Record<string, unknown>>
const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${w.url}/sandbox/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as Record<string, unknown>
}

describe('the control API', () => {
  test('a person, a group, a command, a press', async () => {
    const { id: person } = await post('persons', { name: '赵', username: 'zhao' })
    const { chat } = await post('groups', { title: '新群', people: [person], bots: ['redress_bot'] })
    await post(`chats/${chat}/say`, { person, text: '/list' })
    expect((await w.updates())[0]?.message).toMatchObject({ text: '/list', from: { first_name: '赵' } })
    const { result } = await w.call('sendMessage', { chat_id: chat, text: '投诉', reply_markup: button('退款', 'r') })
    const { press } = await post(`chats/${chat}/press`, { person, message: result.message_id, button: '退款' })
    await w.call('answerCallbackQuery', { callback_query_id: press, text: '好' })
    expect(await get(`api/press?id=${press}`)).toMatchObject({ answer: { text: '好', alert: false } })
    expect(await get(`api/messages?chat=${chat}`)).toMatchObject([
      { text: '/list' },
      { text: '投诉', buttons: [['退款']] },
    ])
    const transcript = await fetch(`${w.url}/sandbox/api/transcript?chat=${chat}`)
    expect(await transcript.text()).toBe('02:00:00 2 赵: /list\n02:00:00 3 Redress: 投诉 [退款]')
  })

  test('pictures, documents, topics, standing, migration', async () => {
    const person = w.li.user.id
    const forum = w.telegram.group({ title: '论坛', forum: true, people: [w.li] })
    const { thread } = await post(`chats/${forum.chat}/topic`, { name: '投诉 #1' })
    expect(await post(`chats/${forum.chat}/photo`, { person, thread, photos: 2 })).toMatchObject({ ids: [3, 4] })
    const file = { name: 'a.csv', base64: Buffer.from('1').toString('base64') }
    expect(await post(`chats/${forum.chat}/document`, { person, ...file })).toEqual({ id: 5 })
    const loaded = await fetch(`${w.url}/sandbox/file?chat=${forum.chat}&message=5`)
    expect([await loaded.text(), loaded.headers.get('content-disposition')]).toEqual(['1', 'attachment'])
    await post(`chats/${forum.chat}/join`, { who: 'redress_bot' })
    await post(`chats/${forum.chat}/promote`, { who: 'redress_bot', rights: ['can_manage_topics'] })
    expect((await w.call('createForumTopic', { chat_id: forum.chat, name: 'x' })).ok).toBe(true)
    const small = w.telegram.group({ title: '小群', kind: 'group', people: [w.li] })
    const { chat } = await post(`chats/${small.chat}/migrate`, {})
    expect(w.telegram.groups().map((group) => group.chat)).toContain(chat)
    const { key } = await post('start', { person, bot: 'redress_bot', payload: 'K3' })
    expect(key).toBe(`42:${person}`)
    await post('block', { person, bot: 'redress_bot' })
    expect((await w.call('sendMessage', { chat_id: person, text: 'a' })).error_code).toBe(403)
  })

  test('misbehaviour, rules and pace', async () => {
    const { id } = await post('misbehave', { on: 'getMe', how: 'flood', retryAfter: 3, times: 5 })
    expect((await w.call('getMe')).error_code).toBe(429)
    await post(`misbehave/${id}/stop`, {})
    expect((await w.call('getMe')).ok).toBe(true)
    expect(await get('api/misbehave')).toMatchObject([{ id, happened: 1 }])
    await post('rules', { queryMs: 1 })
    await post('pace', { preset: 'strict', groupPerMinute: 5 })
    expect(w.telegram.rules).toMatchObject({ queryMs: 1, pace: { chatBurst: 1, groupPerMinute: 5 } })
  })

  test.each([
    ['misbehave', { on: 'getMe', how: 'nothing' }, 'nothing is none of'],
    ['misbehave', { on: 'update', how: 'flood' }, 'flood is none of'],
    ['misbehave', { on: 'getMe', how: 'flood' }, 'retryAfter must be a number'],
    ['rules', { nothing: 1 }, 'nothing is none of'],
    ['nothing', {}, 'no such wish'],
    ['chats/1/say', { person: 1 }, 'no person 1'],
    ['start', { bot: 'redress_bot' }, 'no person undefined'],
  ])('a wish that cannot be: %s %j', async (path, body, why) => {
    expect((await post(path, body)).error).toContain(why)
  })

  test('another site and another name are kept out', async () => {
    expect((await post('advance', {}, { origin: 'https://evil.example' })).error).toBe('another site may not do this')
    expect((await post('advance', {}, { 'content-type': 'text/plain' })).error).toBe('JSON only')
    const { port } = new URL(w.url)
    const status = await new Promise((resolve) => {
      const headers = { host: 'evil.example' }
      request({ port, path: '/sandbox/', headers }, ({ statusCode }) => resolve(statusCode)).end()
    })
    expect(status).toBe(403)
  })
})

describe('the page', () => {
  test('shows a group as its people see it, every word escaped', async () => {
    const answer = await fetch(`${w.url}/sandbox/`)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await answer.text()).toContain('Telegram 沙盒')
    await w.send('<b>投诉</b> &lt;script&gt; <a href="javascript:alert(1)">x</a> /list', {
      parse_mode: 'HTML',
      reply_markup: button('<退款>', 'r'),
    })
    const asked = w.li.say(w.group, '<img src=x>').id
    w.li.photo(w.group)
    const reply = { reply_parameters: { message_id: asked } }
    await w.send('多少？', {
      reply_markup: { force_reply: true, selective: true, input_field_placeholder: '金额' },
      ...reply,
    })
    const view = await get(`view?chat=${w.group.chat}&person=${w.li.user.id}`)
    const html = String(view.html)
    expect(html).toContain('<b>投诉</b> &lt;script&gt; x <span class="marked">/list</span>')
    expect(html).toContain('&lt;退款&gt;</button>')
    expect(html).toContain('&lt;img src=x&gt;')
    expect(view).toMatchObject({ chats: [{ title: '客诉群' }], person: w.li.user.id, asked: { placeholder: '金额' } })
    expect((await get(`view?chat=${w.group.chat}&person=${w.wang.user.id}`)).asked).toBeUndefined()
    const picture = /src="(\/sandbox\/file[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    expect((await fetch(w.url + picture)).headers.get('content-type')).toBe('image/png')
  })
})
