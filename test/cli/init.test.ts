import { expect, test } from 'vitest'
import type { Asks } from '../../src/cli/io.ts'
import { key, world } from '../admin/world.ts'
import { type Given, redress } from './support.ts'

const token = `42:${'a'.repeat(35)}`
const whole = ['--handle', 'shop', '--name', '小店', '--chat', 'telegram', '--member', 'chen', '--member-name', '阿陈']

async function installed() {
  const there = await world()
  const given: Given = { url: there.url.replace('/admin/v1', ''), key, files: { t: `${token}\n` } }
  const init = (words: readonly string[], more: Given = {}) => redress({ ...given, ...more }, 'init', ...words)
  return { ...there, init }
}

/** A person who answers in this order, and what they were asked. */
function person(...answers: readonly string[]): Asks & { readonly asked: string[]; readonly hidden: string[] } {
  const left = [...answers]
  const asked: string[] = []
  const hidden: string[] = []
  return {
    asked,
    hidden,
    async ask(question, how) {
      asked.push(question)
      if (how?.hidden) hidden.push(question)
      const answer = left.shift()
      if (answer === undefined) throw new Error(`nobody answers: ${question}`)
      return answer
    },
    close: () => void asked.push('closed'),
  }
}

test('by options alone: a business, its bot, its first admin, and the two codes', async () => {
  const { init, ask } = await installed()
  const { exit, out, err } = await init([...whole, '--secret', 'token=@t'])
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out.match(/\/bind [A-Z2-9]{10}/g)).toHaveLength(2)
  expect(out).not.toContain(token)
  expect((await ask('GET', '/tenants/shop')).json).toMatchObject({
    name: '小店',
    zone: 'Asia/Shanghai',
    language: 'en',
  })
  expect((await ask('GET', '/tenants/shop/members')).json.items).toMatchObject([
    { handle: 'chen', name: '阿陈', role: 'admin' },
  ])
  expect((await ask('GET', '/tenants/shop/bots')).json.items).toMatchObject([{ kind: 'telegram', running: true }])
})

test('--json says the same to a script, and asks nobody', async () => {
  const { init } = await installed()
  const asks = person()
  const { exit, out } = await init([...whole, '--secret', 'token=@t', '--json'], { asks })
  expect(exit).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    tenant: { handle: 'shop' },
    member: { handle: 'chen' },
    bot: { kind: 'telegram', secrets: { token: { secret: 'set' } } },
    send: {
      alone: { say: expect.stringMatching(/^\/bind /), expiresAt: expect.any(String) },
      group: { say: expect.stringMatching(/^\/bind /) },
    },
  })
  expect(asks.asked).toEqual([])
})

test('what is missing is named all at once, and nothing is made', async () => {
  const { init, ask } = await installed()
  const { exit, out, err } = await init(['--chat', 'qq'])
  expect({ exit, out }).toEqual({ exit: 2, out: '' })
  expect([...err.matchAll(/^ {2}(--[a-z]+): \S/gm)].map(([, option]) => option)).toEqual([
    '--handle',
    '--name',
    '--chat',
    '--member',
  ])
  expect((await ask('GET', '/tenants')).json.items).toEqual([])
})

test('what stood before a refusal is kept: the same command goes on, and again it changes nothing but the codes', async () => {
  const { init, ask } = await installed()
  const refused = await init(whole)
  expect(refused).toMatchObject({ exit: 1, out: '', err: expect.stringContaining('secrets.token: give the token') })
  const second = await init([...whole, '--secret', 'token=@t'])
  expect(second.err).toBe('already there, kept: tenant shop\nalready there, kept: member chen (admin)\n')
  const third = await init(['--handle', 'shop', '--chat', 'telegram', '--member', '@chen'])
  expect(third).toMatchObject({ exit: 0, err: expect.stringContaining('kept: bot telegram') })
  for (const path of ['/tenants', '/tenants/shop/members', '/tenants/shop/bots'])
    expect((await ask('GET', path)).json.items).toHaveLength(1)
})

test('at a terminal: asked one by one, an empty answer takes what is offered, the secret is not shown', async () => {
  const { init, ask } = await installed()
  const asks = person('', '小店', '', 'zh-CN', 'chen', '阿陈', '', token)
  const { exit, out, err } = await init([], { asks })
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(asks.asked[0]).toMatch(/\[shop\]: $/)
  expect(asks.hidden).toEqual([expect.stringContaining('BotFather')])
  expect(asks.asked.at(-1)).toBe('closed')
  expect(out).toContain('/bind ')
  expect((await ask('GET', '/tenants/shop')).json).toMatchObject({ name: '小店', language: 'zh-CN' })
})

test('at a terminal: what is refused is named with its fix and asked again', async () => {
  const { init, ask } = await installed()
  const asks = person(
    'My Shop',
    '小店',
    'Mars',
    '',
    'shop',
    '小店',
    'Asia/Shanghai',
    '',
    'a b',
    '',
    'li',
    '李',
    'qq',
    'telegram',
    '',
    'telegram',
    token,
  )
  const { exit, err } = await init([], { asks })
  expect(exit).toBe(0)
  expect([...err.matchAll(/✗ ([\w.-]+): /g)].map(([, field]) => field)).toEqual([
    'handle',
    'zone',
    'handle',
    '--chat',
    'secrets.token',
  ])
  expect((await ask('GET', '/tenants')).json.items).toMatchObject([{ handle: 'shop' }])
})

test('whoever leaves the terminal, or has no service, is told', async () => {
  const { init } = await installed()
  const gone = { ...person(), ask: () => Promise.reject(new Error('stopped')) }
  expect(await init([], { asks: gone })).toMatchObject({ exit: 1, out: '', err: 'stopped\n' })
  expect(await redress({}, 'init', ...whole)).toMatchObject({ exit: 78, err: expect.stringContaining('REDRESS_KEY') })
})
