import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Json, overAdvice } from '../../sandbox/wecom/index.ts'
import { bot, card, cardMessage, event, type Link, message, openWorld, other, type World } from './wecom-world.ts'

let world: World
let link: Link
beforeEach(async () => {
  world = await openWorld()
  link = await world.subscribed()
  world.li.say(world.group, 'hello', { to: bot.botId })
  await link.heard(message)
})
afterEach(() => world.close())

const post = (of: Json) => link.ask('aibot_send_msg', { chatid: world.group.chatid, ...cardMessage(of) })
const change = (reqId: string, of: Json, more: Json = {}) =>
  link.ask('aibot_respond_update_msg', { response_type: 'update_template_card', template_card: of, ...more }, reqId)
const many = (count: number, make: (index: number) => Json) => Array.from({ length: count }, (_, index) => make(index))

const notice = (more: Json = {}): Json => ({
  card_type: 'text_notice',
  main_title: { title: '日报' },
  card_action: { type: 1, url: 'https://example.com/' },
  ...more,
})

const full = card('c@A7@1@0123abcd', {
  source: { desc: '某店', desc_color: 2 },
  main_title: { title: '交易投诉 #A7 待回应', desc: '微信支付 · 明天 12:00' },
  quote_area: { type: 0, quote_text: '货没到' },
  sub_title_text: '第二次来投诉',
  horizontal_content_list: [
    { keyname: '金额', value: '12.00' },
    { keyname: '订单', value: '4200', type: 1, url: 'https://example.com/4200' },
    { keyname: '处理人', value: '李明', type: 3, userid: 'LiMing' },
  ],
  button_selection: {
    question_key: 'template',
    title: '回复模板',
    option_list: [
      { id: 'sorry', text: '致歉' },
      { id: 'sent', text: '已发货' },
    ],
    selected_id: 'sent',
  },
  action_menu: { desc: '更多', action_list: [{ text: '刷新', key: 'refresh' }] },
  card_action: { type: 1, url: 'https://example.com/A7' },
  feedback: { id: 'f1' },
})

describe('a card (chat.md §1.5)', () => {
  test('is read as a person reads it', async () => {
    expect(await post(full)).toMatchObject({ errcode: 0 })
    const shown = world.last(world.wang)
    expect(shown).toMatchObject({
      from: bot.botId,
      kind: 'card',
      taskId: 'c@A7@1@0123abcd',
      content: full,
      buttons: [
        { label: '退款', key: 'refund' },
        { label: '详情', key: 'more' },
        { label: '刷新', key: 'refresh', menu: true },
      ],
      choices: [
        { label: '致歉', id: 'sorry' },
        { label: '已发货', id: 'sent' },
      ],
      links: ['https://example.com/A7', 'https://example.com/4200'],
    })
    expect(shown.text.split('\n')).toEqual([
      '某店',
      '交易投诉 #A7 待回应',
      '微信支付 · 明天 12:00',
      '货没到',
      '第二次来投诉',
      '金额: 12.00',
      '订单: 4200',
      '处理人: 李明',
      '回复模板',
    ])
  })

  const option = (index: number) => ({ id: `o${index}`, text: 'x' })
  const select = (more: Json = {}) => ({
    button_selection: { question_key: 'q', option_list: [option(0)], ...more },
  })
  const buttons = (list: readonly Json[]) => ({ button_list: list })
  const rows = (list: readonly Json[]) => ({ horizontal_content_list: list })
  const menu = (list: readonly Json[]) => ({ action_menu: { desc: 'x', action_list: list } })
  const button = (index: number) => ({ text: 'x', key: `k${index}` })

  test.each<[says: string, errcode: number, more: Json]>([
    ['main_title', 40058, { main_title: undefined }],
    ['main_title.title', 40058, { main_title: { desc: 'x' } }],
    ['main_title.title', 40058, { main_title: { title: '' } }],
    ['main_title.title is not a string', 40058, { main_title: { title: 7 } }],
    ['taskid', 42014, { task_id: undefined }],
    ['taskid', 42014, { task_id: '' }],
    ['taskid', 42014, { task_id: 'x'.repeat(129) }],
    ['task_id', 40058, { task_id: 'c#1' }],
    ['task_id', 40058, { task_id: '投诉' }],
    ['button_list', 40058, { button_list: undefined }],
    ['button_list', 40016, buttons([])],
    ['button_list', 40016, buttons(many(7, button))],
    ['button_list repeats a key', 40058, buttons([button(1), button(1)])],
    ['button_list[0].key', 40058, buttons([{ text: 'x' }])],
    ['button_list[0].key', 40058, buttons([{ text: 'x', key: 'k'.repeat(1025) }])],
    ['button_list[1].key', 40058, buttons([button(1), { text: 'x', key: '客'.repeat(342) }])],
    ['button_list[0].text', 40058, buttons([{ text: '', key: 'k' }])],
    ['button_list[0].style', 40058, buttons([{ text: 'x', key: 'k', style: '1' }])],
    ['horizontal_content_list', 40058, rows(many(7, () => ({ keyname: 'x' })))],
    ['horizontal_content_list[0].keyname', 40058, rows([{ value: 'x' }])],
    ['horizontal_content_list[0].url', 40058, rows([{ keyname: 'x', type: 1 }])],
    ['horizontal_content_list[0].userid', 40058, rows([{ keyname: 'x', type: 3 }])],
    ['horizontal_content_list[0].type', 40058, rows([{ keyname: 'x', type: 2, media_id: 'm' }])],
    ['action_menu.action_list', 40058, menu([])],
    ['action_menu.action_list', 40058, menu(many(4, button))],
    ['action_menu.action_list repeats a key', 40058, menu([button(1), button(1)])],
    ['action_menu.action_list repeats a key', 40058, menu([{ text: 'x', key: 'refund' }])],
    ['button_selection.option_list', 40058, select({ option_list: [] })],
    ['button_selection.option_list', 40058, select({ option_list: many(11, option) })],
    ['button_selection.option_list repeats a id', 40058, select({ option_list: [option(1), option(1)] })],
    ['button_selection.option_list[0].id', 40058, select({ option_list: [{ id: 'x'.repeat(129), text: 'x' }] })],
    ['button_selection.question_key', 40058, select({ question_key: 'x'.repeat(1025) })],
    ['source.desc_color', 40058, { source: { desc: 'x', desc_color: 4 } }],
    ['quote_area.url', 40058, { quote_area: { type: 1, title: 'x' } }],
    ['quote_area.appid', 40058, { quote_area: { type: 2, title: 'x' } }],
    ['card_action.url', 40058, { card_action: { type: 1, url: 'javascript:alert(1)' } }],
    ['feedback.id', 40058, { feedback: { id: 'x'.repeat(257) } }],
    ['jump_list', 40058, { jump_list: [{ title: 'x' }] }],
    ['emphasis_content', 40058, { emphasis_content: { title: 'x' } }],
    ['buttons', 40058, { buttons: [] }],
    ['card_type', 40058, { card_type: 'button' }],
  ])('is refused and told where: %s (%i) %#', async (says, errcode, more) => {
    const answer = await post(JSON.parse(JSON.stringify(card('t1', more))) as Json)
    expect(answer.errcode).toBe(errcode)
    expect(answer.errmsg).toContain(says)
    expect(world.group.seenBy(world.li)).toHaveLength(1)
    // Nothing was taken by it.
    expect(await post(card('t1'))).toMatchObject({ errcode: 0 })
  })

  test.each<[says: string, more: Json]>([
    ['card_action', { card_action: undefined }],
    ['card_action.type', { card_action: { type: 0 } }],
    ['card_action.url', { card_action: { type: 1 } }],
    ['sub_title_text', { main_title: { desc: 'x' } }],
    ['jump_list', { jump_list: many(4, () => ({ title: 'x' })) }],
    ['jump_list[0].question', { jump_list: [{ title: 'x', type: 3, question: '客'.repeat(67) }] }],
    ['taskid', { action_menu: { action_list: [{ text: 'x', key: 'k' }] } }],
    ['button_list', { button_list: [{ text: 'x', key: 'k' }] }],
  ])('a text notice: %s %#', async (says, more) => {
    const answer = await post(JSON.parse(JSON.stringify(notice(more))) as Json)
    expect(answer.errmsg).toContain(says)
    expect(answer.errcode).not.toBe(0)
  })

  test('a text notice needs no task_id, unless it has a menu; a news notice needs a picture', async () => {
    expect(await post(notice({ main_title: undefined, sub_title_text: 'x' }))).toMatchObject({ errcode: 0 })
    const menu = { action_menu: { desc: 'x', action_list: [{ text: '刷新', key: 'r' }] }, task_id: 'm1' }
    expect(await post(notice(menu))).toMatchObject({ errcode: 0 })
    const news = notice({ card_type: 'news_notice' })
    expect((await post(news)).errmsg).toContain('card_image')
    expect(await post({ ...news, card_image: { url: 'https://example.com/a.png', aspect_ratio: 2 } })).toMatchObject({
      errcode: 0,
    })
    expect(
      (await post({ ...news, card_image: { url: 'https://example.com/a.png', aspect_ratio: 3 } })).errmsg,
    ).toContain('card_image.aspect_ratio')
  })

  test('up to the limits all is well', async () => {
    const most = card('x'.repeat(128), {
      button_list: many(6, (index) => ({ text: 'x', key: `${index}${'k'.repeat(1023)}` })),
      horizontal_content_list: many(6, () => ({ keyname: 'x', value: 'y' })),
      action_menu: { desc: 'x', action_list: many(3, (index) => ({ text: 'x', key: `m${index}` })) },
      ...select({ option_list: many(10, (index) => ({ id: `${index}${'x'.repeat(127)}`, text: 'x' })) }),
    })
    expect(await post(most)).toMatchObject({ errcode: 0 })
  })

  test('its task_id is never used again: not by another card, not after a year, but by another bot', async () => {
    expect(await post(card('t1'))).toMatchObject({ errcode: 0 })
    expect(await post(card('t1', { main_title: { title: 'other' } }))).toMatchObject({ errcode: 42014 })
    await world.pass(365 * 86_400_000)
    link = await world.subscribed()
    expect(await post(card('t1'))).toMatchObject({ errcode: 42014 })
    world.group.add(other.botId)
    world.li.say(world.group, 'hello', { to: other.botId })
    link = await world.subscribed(other.botId)
    expect(await post(card('t1'))).toMatchObject({ errcode: 0 })
  })

  test('longer than advised goes through, and can be listed', async () => {
    await post(card('t1', { horizontal_content_list: [{ keyname: '投诉单的编号', value: 'x' }] }))
    expect(overAdvice(world.last().content)).toEqual([
      { field: 'horizontal_content_list[0].keyname', characters: 6, advised: 5 },
    ])
  })
})

describe('a press (chat.md §1.4, §1.5)', () => {
  test('comes as an event, with the choice of the dropdown', async () => {
    await post(full)
    const press = world.wang.press(world.group, world.last(), '退款', { choose: '致歉' })
    const { body } = await link.heard(event)
    expect(body).toMatchObject({
      aibotid: bot.botId,
      chatid: world.group.chatid,
      chattype: 'group',
      from: { userid: 'wangfang' },
      msgtype: 'event',
    })
    expect(body.event).toEqual({
      eventtype: 'template_card_event',
      template_card_event: {
        card_type: 'button_interaction',
        event_key: 'refund',
        task_id: 'c@A7@1@0123abcd',
        selected_items: { selected_item: [{ question_key: 'template', option_ids: { option_id: ['sorry'] } }] },
      },
    })
    expect(press).toMatchObject({ state: 'open', key: 'refund' })
  })

  test('without a choice the preselected one; of the ⋮ menu none; a changed client sends what it likes', async () => {
    await post(full)
    world.li.press(world.group, world.last(), 'more')
    world.li.press(world.group, world.last(), '刷新')
    world.li.press(world.group, world.last(), '退款', { forged: 'approve' })
    await link.heard(event, 2)
    const events = link.frames.filter(({ cmd }) => cmd === event).map(({ body }) => body.event.template_card_event)
    expect(events[0]?.selected_items).toEqual({
      selected_item: [{ question_key: 'template', option_ids: { option_id: ['sent'] } }],
    })
    expect(events[1]).toEqual({
      card_type: 'button_interaction',
      event_key: 'refresh',
      task_id: 'c@A7@1@0123abcd',
    })
    expect(events[2]?.event_key).toBe('approve')
    expect(() => world.li.press(world.group, world.last(), '批准')).toThrow('there are: 退款, 详情, 刷新')
    expect(() => world.li.press(world.group, world.last(), '退款', { choose: 'x' })).toThrow('no choice')
  })

  test('votes and lists send what was ticked', async () => {
    const options = many(3, (index) => ({ id: `o${index}`, text: `选项${index}`, is_checked: index > 0 }))
    const submit_button = { text: '提交', key: 'go' }
    const checkbox = { question_key: 'q', mode: 1, option_list: options }
    await post({ card_type: 'vote_interaction', main_title: { title: 'x' }, checkbox, submit_button, task_id: 'v' })
    world.li.press(world.group, world.last(), '提交')
    expect((await link.heard(event)).body.event.template_card_event.selected_items).toEqual({
      selected_item: [{ question_key: 'q', option_ids: { option_id: ['o1', 'o2'] } }],
    })
  })

  test('is answered once, within five seconds, and then everybody sees the new face', async () => {
    await post(card('t1'))
    const press = world.li.press(world.group, world.last(), '退款')
    const { headers } = await link.heard(event)
    await world.pass(5000)
    expect(await change(headers.req_id, card('t1', { main_title: { title: '已退款' } }))).toMatchObject({ errcode: 0 })
    expect(press.state).toBe('updated')
    expect([world.last(world.li).text, world.last(world.wang).text]).toEqual(['已退款', '已退款'])
    expect(await change(headers.req_id, card('t1'))).toMatchObject({ errcode: 846605 })
    expect(world.group.seenBy(world.li)).toHaveLength(2)
  })

  test('after five seconds the card stays as it was, and can be pressed again', async () => {
    await post(card('t1'))
    const press = world.li.press(world.group, world.last(), '退款')
    const { headers } = await link.heard(event)
    await world.pass(5001)
    expect(press.state).toBe('late')
    expect(await change(headers.req_id, card('t1', { main_title: { title: 'x' } }))).toMatchObject({ errcode: 846605 })
    expect(world.last().text).toBe('交易投诉 #A7')
    expect(world.li.press(world.group, world.last(), '退款').state).toBe('open')
    const again = await link.heard(event, 1)
    expect(await change(again.headers.req_id, notice({ task_id: 't1' }))).toMatchObject({ errcode: 0 })
    expect(world.last()).toMatchObject({ text: '日报', buttons: [], taskId: 't1' })
  })

  test('with userids only those see the new face, whatever the case; a later one for all wins', async () => {
    await post(card('t1'))
    const sure = card('t1', { main_title: { title: '确认?' }, button_list: [{ text: '确认', key: 'yes' }] })
    world.li.press(world.group, world.last(), '退款')
    const first = await link.heard(event)
    expect(await change(first.headers.req_id, sure, { userids: ['liming'] })).toMatchObject({ errcode: 0 })
    expect(world.last(world.li)).toMatchObject({ text: '确认?', buttons: [{ label: '确认', key: 'yes' }] })
    expect(world.last(world.wang).text).toBe('交易投诉 #A7')
    expect(() => world.wang.press(world.group, world.last(world.wang), '确认')).toThrow('no button')
    expect(() => world.li.press(world.group, world.last(world.li), '退款')).toThrow('no button')
    world.li.press(world.group, world.last(world.li), '确认')
    const second = await link.heard(event, 1)
    await change(second.headers.req_id, notice({ task_id: 't1', main_title: { title: '处理中' } }))
    expect([world.last(world.li).text, world.last(world.wang).text]).toEqual(['处理中', '处理中'])
  })

  test.each<[says: string, errcode: number, of: Json, more: Json]>([
    ['another task_id', 42014, card('t2'), {}],
    ['none', 42014, notice(), {}],
    ['no response_type', 40058, card('t1'), { response_type: 'x' }],
    ['userids', 40058, card('t1'), { userids: 'LiMing' }],
    ['a wrong card', 40016, card('t1', { button_list: [] }), {}],
  ])('a refused update may be mended in time: %s', async (_says, errcode, of, more) => {
    await post(card('t1'))
    world.li.press(world.group, world.last(), '退款')
    const { headers } = await link.heard(event)
    expect(await change(headers.req_id, of, more)).toMatchObject({ errcode })
    expect(world.last().content).toEqual(card('t1'))
    expect(await change(headers.req_id, card('t1'))).toMatchObject({ errcode: 0 })
  })

  test('its req_id is for the update only, and a message’s is not for an update', async () => {
    await post(card('t1'))
    world.li.press(world.group, world.last(), '退款')
    const { headers } = await link.heard(event)
    const words = { msgtype: 'markdown', markdown: { content: 'x' } }
    expect(await link.ask('aibot_respond_msg', words, headers.req_id)).toMatchObject({ errcode: 846605 })
    expect(await link.ask('aibot_respond_welcome_msg', words, headers.req_id)).toMatchObject({ errcode: 846605 })
    const spoken = await link.heard(message)
    expect(await change(spoken.headers.req_id, card('t1'))).toMatchObject({ errcode: 846605 })
    expect(await change('made-up', card('t1'))).toMatchObject({ errcode: 846605 })
    await world.subscribed(other.botId).then(async (stranger) => {
      const body = { response_type: 'update_template_card', template_card: card('t1') }
      expect(await stranger.ask('aibot_respond_update_msg', body, headers.req_id)).toMatchObject({ errcode: 846605 })
    })
  })

  test('is nobody’s who does not see the card', async () => {
    await post(card('t1'))
    const shown = world.last()
    const zhao = world.wecom.person({ userid: 'zhao', name: '赵' })
    expect(() => zhao.press(world.group, shown, '退款')).toThrow('does not see')
    world.group.add(zhao)
    expect(world.group.seenBy(zhao)).toEqual([])
    expect(() => zhao.press(world.group, shown, '退款')).toThrow('does not see')
  })

  test('is lost when the bot is away', async () => {
    await post(card('t1'))
    link.close()
    await link.over()
    while (world.wecom.connected(bot.botId)) await new Promise((resolve) => setTimeout(resolve, 5))
    const press = world.li.press(world.group, world.last(), '退款')
    expect(world.wecom.missed()).toMatchObject([{ body: { event: { eventtype: 'template_card_event' } } }])
    await world.pass(5001)
    expect(press.state).toBe('late')
  })
})
