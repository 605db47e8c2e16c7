import { WSClient, type WSClientOptions } from '@wecom/aibot-node-sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bot, card, openWorld, picture, until, type World } from './wecom-world.ts'

type Sdk = InstanceType<typeof WSClient>
type Card = Parameters<Sdk['updateTemplateCard']>[1]

let world: World
const clients: Sdk[] = []
beforeEach(async () => {
  world = await openWorld()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect()
  await world.close()
})

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

function client(more: Partial<WSClientOptions> = {}): Sdk {
  const made = new WSClient({
    botId: bot.botId,
    secret: bot.secret,
    wsUrl: world.wecom.wsUrl,
    reconnectInterval: 20,
    logger: quiet,
    ...more,
  })
  made.on('error', () => {})
  clients.push(made)
  return made
}

async function ready(more: Partial<WSClientOptions> = {}): Promise<Sdk> {
  const made = client(more)
  const authenticated = new Promise<void>((resolve) => made.once('authenticated', resolve))
  made.connect()
  await authenticated
  return made
}

/** What an event gives once. */
const once = <Name extends Parameters<Sdk['once']>[0]>(sdk: Sdk, name: Name) =>
  // biome-ignore lint/suspicious/noExplicitAny: the frames of the SDK carry `any` themselves.
  new Promise<any>((resolve) => sdk.once(name, resolve as never))

describe('the SDK 1.0.7 is served as by WeCom (chat.md §1.1)', () => {
  test('hears an @, answers it, posts a card, hears the press and changes the card', async () => {
    const sdk = await ready()
    const heard = once(sdk, 'message.text')
    world.li.say(world.group, `@${bot.name} /list`)
    const frame = await heard
    expect(frame.body.text.content).toBe(`@${bot.name} /list`)
    await sdk.replyStream(frame, 's1', '**一件**', true)
    expect(world.last(world.wang)).toMatchObject({ kind: 'markdown', text: '一件' })
    await sdk.sendMessage(world.group.chatid, {
      msgtype: 'template_card',
      template_card: card('t1') as unknown as Card,
    })
    const pressed = once(sdk, 'event.template_card_event')
    const press = world.wang.press(world.group, world.last(world.wang), '退款')
    const told = await pressed
    expect(told.body.event.template_card_event).toMatchObject({ event_key: 'refund', task_id: 't1' })
    const face = card('t1', { main_title: { title: '处理中' } }) as unknown as Card
    await sdk.updateTemplateCard(told, face, ['wangfang'])
    expect(press.state).toBe('updated')
    expect([world.last(world.li).text, world.last(world.wang).text]).toEqual(['交易投诉 #A7', '处理中'])
  })

  test('is told what is wrong: the rejection is the frame', async () => {
    const sdk = await ready()
    const push = sdk.sendMessage(world.group.chatid, { msgtype: 'markdown', markdown: { content: 'x' } })
    await expect(push).rejects.toMatchObject({ errcode: 93001 })
  })

  test('greets who comes', async () => {
    const sdk = await ready()
    const entered = once(sdk, 'event.enter_chat')
    const chat = world.wecom.single(world.li, bot.botId)
    await sdk.replyWelcome(await entered, { msgtype: 'text', text: { content: '你好' } })
    expect(chat.seenBy(world.li).map(({ text }) => text)).toEqual(['你好'])
  })

  test.each([1, 3, 12])('uploads %i chunks and sends the file', async (chunks) => {
    const sdk = await ready()
    const heard = once(sdk, 'message.text')
    world.li.say(world.group, 'hi', { to: bot.botId })
    await heard
    const bytes = Buffer.alloc(chunks * 512 * 1024 - 7, chunks)
    const { media_id } = await sdk.uploadMedia(bytes, { type: 'file', filename: '投诉.csv' })
    await sdk.sendMediaMessage(world.group.chatid, 'file', media_id)
    expect(world.last()).toMatchObject({ kind: 'file', text: '投诉.csv' })
  })

  test('downloads and decrypts a picture and a file', async () => {
    const sdk = await ready()
    const bytes = picture(7, 7)
    const mixed = once(sdk, 'message.mixed')
    world.li.mixed(world.group, ['看', bytes], { to: bot.botId })
    const { image } = (await mixed).body.mixed.msg_item[1]
    expect((await sdk.downloadFile(image.url, image.aeskey)).buffer).toEqual(bytes)
    const sent = once(sdk, 'message.file')
    world.li.file(world.wecom.single(world.li, bot.botId), { name: '证据 1.pdf', bytes: Buffer.alloc(64, 9) })
    const { file } = (await sent).body
    expect(await sdk.downloadFile(file.url, file.aeskey)).toEqual({
      buffer: Buffer.alloc(64, 9),
      filename: '证据 1.pdf',
    })
  })

  test('comes back when the link breaks, and stays away when another took its place', async () => {
    const sdk = await ready({ heartbeatInterval: 50 })
    await until(() => world.wecom.calls().some(({ cmd }) => cmd === 'ping'))
    const back = once(sdk, 'authenticated')
    world.wecom.cut(bot.botId)
    await back
    const replaced = once(sdk, 'event.disconnected_event')
    await ready()
    await replaced
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(sdk.isConnected).toBe(false)
    expect(world.wecom.connected(bot.botId)).toBe(true)
  })

  test('gives up with a wrong secret', async () => {
    const sdk = client({ secret: 'wrong', maxAuthFailureAttempts: 1 })
    const errors: string[] = []
    sdk.on('error', (error) => errors.push(error.message))
    sdk.connect()
    await until(() => errors.some((message) => message.includes('853000')))
    await until(() => errors.some((message) => message.includes('Max auth failure')))
  })
})
