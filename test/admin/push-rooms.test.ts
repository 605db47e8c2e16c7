import { expect, onTestFinished, test } from 'vitest'
import { wecomWebhookKind } from '../../bots/wecom-webhook/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { createTransport } from '../../src/core/transport.ts'
import { redress } from '../cli/support.ts'
import { chat, key, program, shop, world } from './world.ts'

const webhook = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7000-4bc4-97a0-0ec200fa5aaa'
const push = { kind: 'wecom-webhook', name: '通知', secrets: { key: webhook } }

/** A business with an account, a bot that only pushes, and one that hears. */
async function there() {
  const transport = createTransport({ clock: systemClock })
  onTestFinished(() => transport.close())
  const made = await world({ kinds: [wecomWebhookKind({ transport, clock: systemClock, logger: silent })] })
  const { ask } = made
  await ask('POST', '/tenants', { ...shop, language: 'en' })
  const add = async (path: string, body: object) => (await ask('POST', `/tenants/shop/${path}`, body)).json.id as string
  const ids = {
    account: await add('accounts', program),
    pusher: await add('bots', push),
    hearer: await add('bots', chat),
  }
  const bind = (body: object) => ask('POST', '/tenants/shop/rooms', body)
  const given = { url: made.url.replace('/admin/v1', ''), key }
  return { ...made, ...ids, bind, go: (...words: string[]) => redress(given, ...words) }
}

test('a group in which nobody can send a code is bound by an admin, and gets what is open', async () => {
  const { ask, bind, complain, account, pusher } = await there()
  await complain(account)
  const made = await bind({ bot: pusher, title: '投诉通知群' })
  const room = { id: made.json.id, bot: pusher, title: '投诉通知群', alone: false, language: 'en' }
  expect(made).toMatchObject({ status: 201, json: room })
  expect((await ask('GET', '/tenants/shop/rooms')).json).toEqual({ items: [room] })
  const kinds = (await ask('GET', '/tenants/shop/complaints/1')).json.facts.map(({ kind }: { kind: string }) => kind)
  expect(kinds).toEqual(expect.arrayContaining(['opened', 'shown']))
})

test('such a bot has one room; another takes its place when it is gone', async () => {
  const { ask, bind, account, pusher } = await there()
  const { json } = await bind({ bot: pusher, title: 'a', accounts: [account], language: 'zh-CN' })
  expect(json).toMatchObject({ accounts: [account], language: 'zh-CN' })
  for (const chat of ['group', 'other'])
    expect(await bind({ bot: pusher, title: 'b', chat })).toMatchObject({
      status: 409,
      json: { problems: [{ field: 'bot' }] },
    })
  expect((await ask('DELETE', `/tenants/shop/rooms/${json.id}`)).status).toBe(204)
  expect((await bind({ bot: pusher, title: 'b' })).status).toBe(201)
})

test('a bot that hears is bound where it hears; what is not of this business is not there', async () => {
  const { ask, bind, hearer, pusher } = await there()
  await ask('POST', '/tenants', { handle: 'other', name: '别家' })
  const foreign = (await ask('POST', '/tenants/other/bots', push)).json.id
  const away = (await ask('POST', '/tenants/other/accounts', program)).json.id
  for (const [body, field, fix] of [
    [{ bot: hearer, title: 'a' }, 'bot', 'room-codes'],
    [{ bot: foreign, title: 'a' }, 'bot', 'of this business'],
    [{ bot: pusher, title: ' ' }, 'title', 'a name for the group'],
    [{ bot: pusher, title: 'a', accounts: [away ?? 'acc_x'] }, 'accounts.0', 'an account of this business'],
  ] as const) {
    const { status, json } = await bind(body)
    expect([status, json.problems]).toEqual([422, [{ field, fix: expect.stringContaining(fix) }]])
  }
  for (const tenant of ['shop', 'other']) expect((await ask('GET', `/tenants/${tenant}/rooms`)).json.items).toEqual([])
})

test('on the command line, from the whole address to the room', async () => {
  const { go, ask } = await there()
  const added = await go('bot', 'add', '--kind', 'wecom-webhook', '--name', '财务', '--secret', `key=${webhook}`)
  expect(added.exit).toBe(0)
  expect(added.out + added.err).not.toContain('693a91f6')
  const room = await go(
    'room',
    'add',
    '--bot',
    '财务',
    '--title',
    '财务群',
    '--account',
    '小程序',
    '--language',
    'zh-CN',
  )
  expect(room).toMatchObject({ exit: 0, err: '' })
  expect((await ask('GET', '/tenants/shop/rooms')).json.items).toMatchObject([{ title: '财务群', language: 'zh-CN' }])
  expect((await go('room', 'add', '--bot', 'ops', '--title', 'x')).err).toContain('room-codes')
  expect((await go('room', 'add', '--bot', 'nobody', '--title', 'x')).err).toContain('there is no nobody')
  expect((await go('room', 'add', '--bot', '财务')).exit).toBe(2)
})
