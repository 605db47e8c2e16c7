import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bot, GrammyError, InlineKeyboard, InputFile, InputMediaBuilder, webhookCallback } from 'grammy'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, picture, token, until, type World } from './telegram-world.ts'

// grammY knows nothing of us: what it reads and writes is Telegram's Bot API. facts/chat.md §3.1, dependencies.md §1.3.
let w: World
let bot: Bot
beforeEach(async () => {
  w = await openWorld()
  bot = new Bot(token, { client: { apiRoot: w.url } })
  bot.catch(({ error }) => {
    throw error
  })
  const keyboard = new InlineKeyboard().text('退款', 'r:1').text('详情', 'd:1')
  bot.command('list', (ctx) =>
    ctx.reply('<b>投诉 #1</b> ¥12.00', {
      parse_mode: 'HTML',
      reply_markup: keyboard,
      reply_parameters: { message_id: ctx.msg.message_id },
    }),
  )
  bot.callbackQuery(/^r:(\d+)$/, async (ctx) => {
    await ctx.answerCallbackQuery({ text: '处理中' })
    await ctx.editMessageText(`已退款 · ${ctx.from.first_name} #${ctx.match[1]}`)
  })
})
afterEach(() => w.close())

async function walk() {
  const asked = w.li.say(w.group, '/list')
  await until(() => w.group.messages().length === 2)
  const card = w.group.last()
  expect(card).toMatchObject({ text: '投诉 #1 ¥12.00', replyTo: asked.id, buttons: [['退款', '详情']] })
  const press = w.li.press(w.group, card?.id ?? 0, '退款')
  await until(() => w.group.last()?.edited === true)
  expect(w.group.last()).toMatchObject({ text: '已退款 · 李 #1', buttons: [] })
  expect(press.answer?.text).toBe('处理中')
}

test('a long-polling bot answers, is pressed, edits', async () => {
  const running = bot.start()
  await until(() => w.telegram.polled('redress_bot'))
  await walk()
  await bot.stop()
  await running
})

test('the same by webhook; a wrong secret is not let in', async () => {
  const handle = webhookCallback(bot, 'http', { secretToken: 'S3cret' })
  const statuses: number[] = []
  const server = createServer((request, response) => {
    response.once('finish', () => statuses.push(response.statusCode))
    void handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await bot.api.setWebhook(url, { secret_token: 'S3cret' })
  await walk()
  await bot.api.setWebhook(url, { secret_token: 'other' })
  w.li.say(w.group, '/list')
  await until(() => statuses.at(-1) === 401)
  expect((await bot.api.getWebhookInfo()).last_error_message).toBe('Wrong response from the webhook: 401')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('its files, albums, menus and errors', async () => {
  const bytes = picture(100, 50)
  const { photo } = await bot.api.sendPhoto(w.group.chat, new InputFile(bytes, 'proof.png'), { caption: '凭证' })
  const file = await bot.api.getFile(photo.at(-1)?.file_id ?? '')
  const load = await fetch(`${w.url}/file/bot${token}/${file.file_path}`)
  expect(Buffer.from(await load.arrayBuffer()).equals(bytes)).toBe(true)
  const media = [1, 2].map(() => InputMediaBuilder.photo(new InputFile(bytes, 'proof.png')))
  expect(await bot.api.sendMediaGroup(w.group.chat, media)).toHaveLength(2)
  await bot.api.sendDocument(w.group.chat, new InputFile(Buffer.from('n,¥\n1,12'), '投诉.csv'))
  expect(w.group.last()?.document).toEqual({ name: '投诉.csv', bytes: Buffer.from('n,¥\n1,12') })
  await bot.api.setMyCommands([{ command: 'list', description: '待处理' }], {
    scope: { type: 'chat', chat_id: w.group.chat },
  })
  expect(w.telegram.menu(w.group, w.li, 'redress_bot')).toEqual([{ command: 'list', description: '待处理' }])
  const failure = await bot.api.sendMessage(w.group.chat, '<b>', { parse_mode: 'HTML' }).catch((error) => error)
  expect(failure).toBeInstanceOf(GrammyError)
  expect(failure.description).toContain("can't parse entities")
})
