import { afterEach, expect, test } from 'vitest'
import { appid, good, oldTemplateId, openWorld, secret, templateId, type World } from './official-world.ts'

// Tokens and template messages: wechat-miniprogram.md §5, §6; notifications.md §3.
let w: World
afterEach(() => w.close())

const sendWith = async (access: unknown) =>
  (await w.post(`/cgi-bin/message/template/send?access_token=${access}`, {})).errcode

test('stable_token: the same one, a forced refresh kills it, 30 s apart; secret and appid are checked', async () => {
  w = await openWorld()
  const stable = (more: object = {}) =>
    w.post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret, ...more })
  const first = await stable()
  expect(first).toEqual({ access_token: expect.stringMatching(/^81_[\w-]{100,}$/), expires_in: 7200 })
  expect((await stable()).access_token).toBe(first.access_token)
  // A good token meets the next check: nobody is addressed.
  expect(await sendWith(first.access_token)).toBe(40003)
  const second = await stable({ force_refresh: true })
  expect([await sendWith(first.access_token), await sendWith(second.access_token)]).toEqual([40001, 40003])
  expect((await stable({ force_refresh: true })).errcode).toBe(45011)
  w.clock.advance(7_200_000)
  expect(await sendWith(second.access_token)).toBe(42001)
  expect([await sendWith(''), await sendWith('short')]).toEqual([41001, 40014])
  expect((await stable({ secret: 'wrong' })).errcode).toBe(40125)
  expect((await stable({ appid: 'wx404' })).errcode).toBe(40013)
  const plain = await w.get(`/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`)
  expect(await plain.json()).toMatchObject({ expires_in: 7200 })
})

test('the rules of tokens can be set', async () => {
  w = await openWorld({}, { tokenMs: 600_000 })
  const wish = { grant_type: 'client_credential', appid, secret }
  expect((await w.post('/cgi-bin/stable_token', wish)).expires_in).toBe(600)
  w.official.setRules({ tokenMs: 900_000 })
  expect((await w.post('/cgi-bin/stable_token', { ...wish, force_refresh: true })).expires_in).toBe(900)
})

test('a template message: 64-bit msgid as a bare number, the follower reads it, its end is pushed', async () => {
  w = await openWorld()
  const openid = await w.follower()
  const wish = { touser: openid, template_id: templateId, data: good, url: 'https://example.com/c/7' }
  const text = await w.raw('/cgi-bin/message/template/send', wish)
  const msgid = /^\{"errcode":0,"errmsg":"ok","msgid":(\d{19})\}$/.exec(text)?.[1]
  expect(msgid).toBeDefined()
  expect(w.official.shown(openid)).toMatchObject([
    {
      kind: 'template',
      title: '投诉处理提醒',
      lines: [
        ['投诉单号', 'C-2026-0007'],
        ['截止时间', '2026年11月22日 18:30'],
        ['投诉原因', '商品破损'],
        ['处理状态', '待处理'],
      ],
      leads: 'https://example.com/c/7',
      msgid,
    },
  ])
  await w.official.idle()
  expect(w.received[0]?.body).toContain(
    `<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>${msgid}</MsgID><Status><![CDATA[success]]></Status>`,
  )
})

test('who can be written to', async () => {
  w = await openWorld()
  const openid = await w.follower()
  const code = async (to: string) => (await w.send(to)).errcode
  expect(await code('oNobody')).toBe(40003)
  expect(await code(w.official.person('wxotherotherother', '老板').openid)).toBe(40003)
  expect(await code(w.official.person(appid, '路人').openid)).toBe(43004)
  w.official.mark(openid, { blacklisted: true })
  expect(await code(openid)).toBe(43019)
  w.official.mark(openid, { blacklisted: false })
  expect(await code(openid)).toBe(0)
  w.official.unfollow(openid)
  for (const notFollowing of [43004, 40003, 50005] as const) {
    w.official.setRules({ notFollowing })
    expect(await code(openid)).toBe(notFollowing)
  }
})

const field = (key: string, value: unknown) => ({ data: { ...good, [key]: { value } } })
test.each([
  ['a thing of 21', field('thing3', '一'.repeat(21)), 'thing3'],
  ['a thing with a line break', field('thing3', 'a\nb'), 'thing3'],
  ['an empty thing', field('thing3', ''), 'thing3'],
  ['a field missing', { data: { ...good, thing3: undefined } }, 'thing3'],
  ['Chinese in a character_string', field('character_string1', '单号7'), 'character_string1'],
  ['a character_string of 33', field('character_string1', 'x'.repeat(33)), 'character_string1'],
  ['a time in other words', field('time2', '明天下午'), 'time2'],
  ['an hour too many', field('time2', '2026年11月22日 25:00'), 'time2'],
  ['a const that is not listed', field('const4', '完成'), 'const4'],
])('%s is 47003 and names the field', async (_, more, key) => {
  w = await openWorld()
  const openid = await w.follower()
  expect(await w.send(openid, more)).toEqual({
    errcode: 47003,
    errmsg: expect.stringMatching(`^argument invalid! data.${key}.value invalid rid: `),
  })
  expect(w.official.shown()).toEqual([])
})

// wechat-miniprogram.md §6.2, one line each: what just passes, what just does not.
test.each([
  ['number1', ['12', '1'.repeat(32)], ['1'.repeat(33), '1a', '']],
  ['letter1', ['Abc'], ['a1', 'x'.repeat(33)]],
  ['symbol1', ['!?*'], ['a', '!!!!!!']],
  ['amount1', ['¥19.90', '1234567890', '19.90元'], ['12345678901', '19.9yuan', '¥']],
  ['phone_number1', ['+86 138-0000-0000'], ['1'.repeat(18), '电话']],
  ['car_number1', ['粤B12345D'], ['粤B12345678']],
  ['name1', ['一二三四五六七八九十', 'Abcdefghij Klmnopqr'], ['一二三四五六七八九十一', 'x'.repeat(21)]],
  ['phrase1', ['待处理', '一二三四五'], ['一二三四五六', 'ok']],
  ['date1', ['2019年10月1日', '2019-10-01 15:01', '15:01', '2019年10月1日 15:01~2019年10月2日 15:01'], ['10/1']],
  ['thing1', ['一'.repeat(20), '😀'.repeat(20)], ['一'.repeat(21)]],
  ['short_thing1', ['一'.repeat(21)], ['']],
] as const)('%s', async (key, passes, refused) => {
  const template = { id: 'T', title: 't', content: `x：{{${key}.DATA}}` }
  w = await openWorld({ templates: [template] })
  const openid = await w.follower()
  const code = async (value: string) => (await w.send(openid, { template_id: 'T', data: { [key]: { value } } })).errcode
  for (const value of passes) expect([value, await code(value)]).toEqual([value, 0])
  for (const value of refused) expect([value, await code(value)]).toEqual([value, 47003])
})

test('line breaks cut instead, a short_thing with a length: rules', async () => {
  const content = 'x：{{thing1.DATA}}\ny：{{short_thing2.DATA}}'
  w = await openWorld({ templates: [{ id: 'T', title: 't', content }] }, { lineBreaks: 'cut', shortThing: 5 })
  const openid = await w.follower()
  const send = async (short: string) =>
    (await w.send(openid, { template_id: 'T', data: { thing1: { value: 'a\nb' }, short_thing2: { value: short } } }))
      .errcode
  expect([await send('12345'), await send('123456')]).toEqual([0, 47003])
  expect(w.official.shown()[0]?.lines).toEqual([
    ['x', 'ab'],
    ['y', '12345'],
  ])
})

test('an old template: the field folded at 20, first and remark not shown', async () => {
  w = await openWorld()
  const openid = await w.follower()
  const data = { first: { value: 'hello' }, keyword1: { value: `a\n${'b'.repeat(30)}` }, remark: { value: 'bye' } }
  expect((await w.send(openid, { template_id: oldTemplateId, data })).errcode).toBe(0)
  expect(w.official.shown()[0]?.lines).toEqual([['内容', `a${'b'.repeat(19)}`]])
})

test('unknown template, no data, values that are no text, mini programs that are linked and not', async () => {
  w = await openWorld()
  const openid = await w.follower()
  const code = async (more: Record<string, unknown>) => (await w.send(openid, more)).errcode
  expect(await code({ template_id: 'other' })).toBe(40037)
  expect(await code({ data: undefined })).toBe(47001)
  expect(await code(field('thing3', 7))).toBe(47001)
  expect(await code({ miniprogram: { appid: 'wx404', pagepath: 'p' } })).toBe(40013)
  const linked = { miniprogram: { appid: 'wxba5fad812f8e6fb9', pagepath: 'pages/c?id=7' }, url: 'https://example.com/' }
  expect(await code(linked)).toBe(0)
  expect(w.official.shown()[0]?.leads).toBe('miniprogram://wxba5fad812f8e6fb9/pages/c?id=7')
})

test('client_msg_id: no second message within ten minutes, for this follower', async () => {
  w = await openWorld()
  const [boss, other] = [await w.follower('老板'), await w.follower('店长')]
  const send = (openid: string) => w.send(openid, { client_msg_id: 'n-7' })
  expect((await send(boss)).msgid).toBe((await send(boss)).msgid)
  expect((await send(other)).errcode).toBe(0)
  expect(w.official.shown().map(({ openid }) => openid)).toEqual([boss, other])
  w.official.setRules({ repeated: 45009 })
  expect((await send(boss)).errcode).toBe(45009)
  w.clock.advance(600_000)
  expect((await send(boss)).errcode).toBe(0)
  expect(w.official.shown(boss)).toHaveLength(2)
})

test('45009 for the day, 45011 for the minute', async () => {
  w = await openWorld({}, { sendsPerDay: 2, sendsPerMinute: 1 })
  const openid = await w.follower()
  const code = async () => (await w.send(openid)).errcode
  expect([await code(), await code()]).toEqual([0, 45011])
  w.clock.advance(60_000)
  expect(await code()).toBe(0)
  w.clock.advance(60_000)
  expect(await code()).toBe(45009)
  w.clock.advance(86_400_000)
  expect(await code()).toBe(0)
})

test('the door: method, body, unknown paths', async () => {
  w = await openWorld()
  const path = `/cgi-bin/message/template/send?access_token=${await w.token()}`
  const told = async (how: RequestInit) => (await (await fetch(w.url + path, how)).json()) as { errcode: number }
  expect((await told({})).errcode).toBe(43002)
  expect((await told({ method: 'POST' })).errcode).toBe(44002)
  expect((await told({ method: 'POST', body: '{' })).errcode).toBe(47001)
  expect((await w.ask('/cgi-bin/menu/create', {})).errcode).toBe(40066)
  expect((await w.ask('/cgi-bin/user/get', {})).errcode).toBe(43001)
})

test('templates: listed, and added from the library by number and keywords', async () => {
  w = await openWorld()
  const add = (template_id_short: string, keyword_name_list: unknown) =>
    w.ask('/cgi-bin/template/api_add_template', { template_id_short, keyword_name_list })
  expect((await add('47124', ['工单编号'])).errcode).toBe(40037)
  expect((await add('47123', [])).errcode).toBe(40246)
  expect((await add('47123', undefined)).errcode).toBe(40246)
  expect((await add('47123', ['工单编号', '没有的'])).errcode).toBe(40246)
  const { template_id: added } = await add('47123', ['问题描述', '工单编号'])
  const { template_list: list } = await w.ask('/cgi-bin/template/get_all_private_template')
  expect((list as { template_id: string }[]).map(({ template_id: id }) => id)).toEqual([
    templateId,
    oldTemplateId,
    added,
  ])
  expect((list as unknown[])[2]).toMatchObject({
    title: '工单提醒',
    content: '问题描述:{{thing3.DATA}}\n工单编号:{{character_string1.DATA}}\n',
  })
  const openid = await w.follower()
  expect((await w.send(openid, { template_id: added })).errcode).toBe(0)
  w.official.setRules({ templatesByApi: false })
  expect((await add('47123', ['工单编号'])).errcode).toBe(40037)
  expect(await w.ask('/cgi-bin/template/get_all_private_template')).toEqual({ template_list: [] })
})

test('followers', async () => {
  w = await openWorld()
  expect(await w.ask('/cgi-bin/user/get')).toEqual({ total: 0, count: 0, next_openid: '' })
  const openid = await w.follower()
  expect(openid).toMatch(/^o[\w-]{27}$/)
  expect(await w.ask('/cgi-bin/user/get')).toMatchObject({ total: 1, data: { openid: [openid] }, next_openid: openid })
  const info = (of: string) => w.ask(`/cgi-bin/user/info?openid=${of}`)
  expect(await info(openid)).toMatchObject({ subscribe: 1, openid })
  w.official.unfollow(openid)
  expect(await info(openid)).toEqual({ subscribe: 0, openid })
  expect((await info('oNobody')).errcode).toBe(40003)
})
