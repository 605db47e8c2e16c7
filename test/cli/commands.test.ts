import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { tongueOf } from '../../config/env.ts'
import { standardChecks } from '../../src/admin/checks/index.ts'
import { SetUpError } from '../../src/core/set-up.ts'
import { asId } from '../../src/core/words.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { key, program, shop, world } from '../admin/world.ts'
import { redress } from './support.ts'

const commands = [
  ['start'],
  ['migrate'],
  ['demo'],
  ['doctor'],
  ['init'],
  ['tenant'],
  ['tenant', 'create'],
  ['tenant', 'update'],
  ['tenant', 'list'],
  ['account'],
  ['account', 'add'],
  ['account', 'update'],
  ['account', 'list'],
  ['account', 'enable'],
  ['account', 'disable'],
  ['bot'],
  ['bot', 'add'],
  ['bot', 'list'],
  ['bot', 'enable'],
  ['bot', 'disable'],
  ['member'],
  ['member', 'add'],
  ['member', 'update'],
  ['member', 'list'],
  ['member', 'bind-code'],
  ['room'],
  ['room', 'code'],
  ['room', 'add'],
  ['room', 'list'],
  ['room', 'remove'],
  ['complaint'],
  ['complaint', 'list'],
  ['complaint', 'show'],
]

test.each(commands.map((words) => [words.join(' '), words] as const))('redress %s --help', async (name, words) => {
  const { exit, out, err } = await redress({}, ...words, '--help')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out).toContain(`Usage: redress ${name}`)
})

test('the list of commands is complete', async () => {
  const { out } = await redress({}, '--help')
  const names = [...out.matchAll(/^ {2}([a-z-]+)(?: \[options\])?(?: {2,}|$)/gm)].map(([, name]) => name)
  const tops = new Set(commands.map(([name]) => name))
  expect(names.filter((name) => name !== 'help')).toEqual(expect.arrayContaining([...tops]))
  expect(out).toContain('REDRESS_URL')
})

test('--version', async () => {
  expect(await redress({}, '--version')).toEqual({ exit: 0, out: '1.2.3\n', err: '' })
})

test.each([
  [[], 'Usage'],
  [['tenants'], 'tenant'],
  [['tenant'], 'Usage'],
  [['tenant', 'create'], '--handle'],
  [['tenant', 'create', '--handle', 'a', '--name', 'b', '--colour', 'red'], '--colour'],
  [['tenant', 'create', '--handle', 'a', '--name', 'b', '--second-person-from', '19.999'], 'yuan'],
  [['tenant', 'create', '--handle', 'a', '--name', 'b', '--refund-day', 'none'], '--refund-day'],
  [['tenant', 'update'], 'tenant'],
  [['tenant', 'update', 'shop'], '--help'],
  [['tenant', 'update', 'shop', '--second-person-from', 'none'], '--second-person-from'],
  [['tenant', 'update', 'shop', '--refund-each', '-5'], '--refund-each'],
  [['tenant', 'update', 'shop', '--refund-day', '1.999'], 'or none'],
  [['member', 'update', 'li', '--refund-each', 'much'], '--refund-each'],
  [['member', 'update', 'li', '--refund-day', '¥5'], '--refund-day'],
  [['account', 'enable'], 'account'],
])('wrong usage ends with 2 and says what is right: %j', async (words, said) => {
  const { exit, out, err } = await redress({}, ...words)
  expect({ exit, out }).toEqual({ exit: 2, out: '' })
  expect(err).toContain(said)
})

async function installed() {
  const there = await world({ checks: standardChecks })
  const given = { url: there.url.replace('/admin/v1', ''), key }
  return { ...there, given, go: (...words: string[]) => redress(given, ...words) }
}

test('a whole set-up, command by command', async () => {
  const { given, go, ask, storage, complain } = await installed()
  expect(
    await go('tenant', 'create', '--handle', 'shop', '--name', '小店', '--second-person-from', '99.90'),
  ).toMatchObject({ exit: 0 })
  expect(JSON.parse((await go('tenant', 'list', '--json')).out)).toMatchObject([
    { handle: 'shop', secondPersonFrom: 9990 },
  ])
  const { secret, token, aesKey } = program.secrets
  const added = await redress(
    { ...given, stdin: `${secret}\n`, files: { 't.txt': `${token}\r\n` } },
    ...[
      'account',
      'add',
      '--platform',
      'wechat-mini',
      '--id',
      program.outsideId,
      '--name',
      '小程序',
      '--setting',
      'mode=compatible',
    ],
    ...['--secret', 'secret=-', '--secret', 'token=@t.txt', '--secret', `aesKey=${aesKey}`],
  )
  expect(added.exit).toBe(0)
  expect(added.err).toMatch(/^warning: aesKey stood on the command line/)
  expect(added.out).toContain('兼容模式')
  expect(added.out + added.err).not.toContain(aesKey)
  expect((await go('account', 'disable', '小程序')).out).toMatch(/ENABLED +no/)
  expect((await go('account', 'enable', program.outsideId)).out).toMatch(/ENABLED +yes/)
  expect((await go('account', 'list')).out).toContain('wx0123456789abcdef')
  const bot = await redress(
    { ...given, files: { 's.json': '{"mode":"polling"}', t: 'x' } },
    'bot',
    'add',
    '--kind',
    'telegram',
    '--name',
    'ops',
    '--settings',
    '@s.json',
    '--secret',
    'token=@t',
  )
  expect(bot).toMatchObject({ exit: 0, err: '' })
  expect((await go('bot', 'disable', 'ops')).out).toMatch(/ENABLED +no/)
  expect((await go('bot', 'enable', 'ops')).out).toMatch(/ENABLED +yes/)
  expect((await go('bot', 'list')).out).toContain('telegram')
  expect(
    (await go('member', 'add', '--handle', 'li', '--name', '李', '--role', 'refunder', '--refund-each', '50')).exit,
  ).toBe(0)
  expect((await go('member', 'list')).out).toContain('refunder')
  expect((await go('member', 'bind-code', '@li')).out).toMatch(/\/bind [A-Z2-9]{10}/)
  expect((await go('room', 'code', '--language', 'en', '--account', '小程序')).out).toMatch(/\/bind [A-Z2-9]{10}/)
  const tenant = asId<'tenant'>((await ask('GET', '/tenants/shop')).json.id)
  const [{ id }] = (await ask('GET', '/tenants/shop/bots')).json.items
  await storage.transaction((tx) =>
    createRoom(tx, { tenant, bot: id, chat: '1', topic: '', alone: false, title: '客服群', language: 'en' }),
  )
  expect((await go('room', 'list')).out).toContain('客服群')
  expect((await go('room', 'remove', '客服群')).exit).toBe(0)
  expect((await go('room', 'list')).out).toBe('none\n')
  await complain((await ask('GET', '/tenants/shop/accounts')).json.items[0].id)
  expect((await go('complaint', 'list')).out).toMatch(/#1 .*待商家处理.*张\*\* ·5678/)
  const shown = await go('complaint', 'show', '#1')
  expect(shown.out).toContain('没有收到货')
  expect(shown.out).toContain('respond!')
  expect(shown.out).toContain('opened')
  expect(JSON.parse((await go('complaint', 'show', '1', '--json')).out)).toMatchObject({ running: 1 })
})

test('what may be refunded is said in yuan, of a tenant and of a member; none takes a cap away', async () => {
  const { go } = await installed()
  const caps = ['--second-person-from', '200', '--refund-each', '500', '--refund-day', '2000']
  const shown = (outcome: { out: string }) => JSON.parse(outcome.out)
  const made = await go('tenant', 'create', '--handle', 'shop', '--name', 'A', '--refund-each', '19.9', '--json')
  expect(shown(made)).toMatchObject({ secondPersonFrom: 20_000, refundEach: 1_990, refundDay: null })
  const told = await go('tenant', 'update', 'shop', ...caps, '--second-person-from', '99.90')
  expect(told).toMatchObject({ exit: 0, err: '' })
  expect(told.out).toMatch(/SECOND PERSON FROM ¥ +99\.90\nREFUND EACH ¥ +500\.00\nREFUND DAY ¥ +2000\.00\n/)
  const { id, ...rest } = shown(await go('tenant', 'update', 'shop', '--refund-each', 'none', '--json'))
  expect(rest).toMatchObject({ secondPersonFrom: 9_990, refundEach: null, refundDay: 200_000 })
  expect(shown(await go('tenant', 'update', id, '--refund-day', 'none', '--json'))).toMatchObject({ refundDay: null })
  expect(await go('tenant', 'update', 'nobody', '--refund-day', '1')).toMatchObject({
    exit: 1,
    err: 'There is no such tenant.\n',
  })

  await go('member', 'add', '--handle', 'li', '--name', '李', '--role', 'agent', '--refund-each', '50')
  const li = await go('member', 'update', '@li', '--role', 'refunder', '--refund-each', 'none', '--refund-day', '300')
  expect(li.out).toMatch(/NAME +李\nROLE +refunder\nENABLED +yes\nREFUND DAY ¥ +300\.00\n/)
  expect(shown(await go('member', 'list', '--json'))).toMatchObject([{ role: 'refunder', refundDay: 30_000 }])
  expect(await go('member', 'update', 'li')).toMatchObject({ exit: 2, err: expect.stringContaining('nothing is') })
  expect(await go('member', 'update', 'li', '--role', 'boss')).toMatchObject({
    exit: 1,
    err: 'Invalid input\n  role: one of viewer, agent, refunder, admin\n',
  })
  expect((await go('member', 'update', 'wang', '--role', 'admin')).err).toBe('there is no wang; there are: li\n')
})

test('settings of an account: ids of digits stay text, the rest is what it looks like; changed later and taken out', async () => {
  const { given, ask } = await installed()
  await ask('POST', '/tenants', shop)
  const { secret, token, aesKey } = program.secrets
  const files = { s: secret, t: token, k: aesKey, old: '{"payer":"1900000001","mode":"plain"}' }
  const account = (...words: string[]) => redress({ ...given, files }, 'account', ...words, '--json')
  const secrets = ['--secret', 'secret=@s', '--secret', 'token=@t', '--secret', 'aesKey=@k']
  const added = await account(
    ...['add', '--platform', 'wechat-mini', '--id', program.outsideId, '--name', '小程序', ...secrets],
    ...['--settings', '@old', '--setting', 'payer=1900007291', '--setting', 'refunds=true'],
    ...['--setting', 'notReceived=2', '--setting', 'mode=compatible'],
  )
  expect(JSON.parse(added.out).settings).toEqual({
    payer: '1900007291',
    refunds: true,
    notReceived: 2,
    mode: 'compatible',
  })
  const settings = async (...words: string[]) => {
    const { out, err } = await account('update', '小程序', ...words)
    return out === '' ? err : JSON.parse(out).settings
  }
  expect(await settings('--setting', 'payer="19000072"', '--setting', 'notReceived=null')).toEqual({
    payer: '19000072',
    refunds: true,
    mode: 'compatible',
  })
  expect(await settings('--settings', '@old', '--setting', 'refunds=false')).toEqual({
    payer: '1900000001',
    refunds: false,
    mode: 'plain',
  })
  expect(await settings('--setting', 'payer=123456')).toMatch(/^Invalid input\n {2}settings\.payer: .*as text/)
  expect(await settings('--setting', 'refunds=yes')).toMatch(/^Invalid input\n {2}settings\.refunds: true or false\n$/)
  expect(await settings()).toContain('nothing is changed')
  const renamed = await account('update', program.outsideId, '--name', '新名', '--secret', 'token=@t')
  expect(renamed).toMatchObject({ exit: 0, err: '' })
  expect(JSON.parse(renamed.out)).toMatchObject({ name: '新名', settings: { payer: '1900000001' } })
})

test('which tenant is meant must be clear', async () => {
  const { go } = await installed()
  expect(await go('account', 'list')).toMatchObject({ exit: 1, err: expect.stringContaining('tenant create') })
  await go('tenant', 'create', '--handle', 'shop', '--name', 'A')
  expect(await go('account', 'list')).toMatchObject({ exit: 0, out: 'none\n' })
  await go('tenant', 'create', '--handle', 'other', '--name', 'B')
  expect(await go('account', 'list')).toMatchObject({
    exit: 2,
    err: expect.stringContaining('--tenant other | --tenant shop'),
  })
  expect((await go('account', 'list', '--tenant', 'shop')).exit).toBe(0)
  expect(await go('account', 'list', '--tenant', '../tenants')).toMatchObject({
    exit: 1,
    err: 'There is no such tenant.\n',
  })
})

test('a refusal names each field and its fix', async () => {
  const { go } = await installed()
  const { exit, err } = await go('tenant', 'create', '--handle', 'My Shop', '--name', 'A', '--zone', 'Mars')
  expect(exit).toBe(1)
  expect(err).toMatch(/^Invalid input\n {2}handle: .+\n {2}zone: .+\n$/)
})

test.each([
  [['--secret', 'token'], /name=value/],
  [['--secret', 'a=-', '--secret', 'b=-'], /standard input/],
  [['--secret', 'token=@nowhere'], /nowhere/],
  [['--settings', '@list'], /JSON object/],
])('what cannot be read is wrong usage: %j', async (words, said) => {
  const { given, go } = await installed()
  await go('tenant', 'create', '--handle', 'shop', '--name', 'A')
  const bot = ['bot', 'add', '--kind', 'telegram', '--name', 'ops']
  const { exit, err } = await redress({ ...given, files: { list: '[]' } }, ...bot, ...words)
  expect(exit).toBe(2)
  expect(err).toMatch(said)
})

test('a name that nobody has, and one that several have', async () => {
  const { go, ask } = await installed()
  await ask('POST', '/tenants', shop)
  await ask('POST', '/tenants/shop/accounts', program)
  expect((await go('account', 'enable', 'nobody')).err).toBe('there is no nobody; there are: 小程序\n')
  await ask('POST', '/tenants/shop/accounts', { ...program, outsideId: 'wx1123456789abcdef' })
  expect(await go('account', 'enable', '小程序')).toMatchObject({ exit: 1, err: '小程序 names several: give the id\n' })
})

test('the wrong key, no key, no service, no Redress', async () => {
  const { given } = await installed()
  expect(await redress({ ...given, key: 'wrong' }, 'tenant', 'list')).toMatchObject({
    exit: 1,
    err: expect.stringContaining('admin.key'),
  })
  expect(await redress({}, 'tenant', 'list')).toMatchObject({ exit: 78, err: expect.stringContaining('REDRESS_KEY: ') })
  const gone = createServer()
  const url = await listening(gone)
  await new Promise((resolve) => gone.close(resolve))
  expect(await redress({ url, key }, 'tenant', 'list')).toMatchObject({
    exit: 69,
    err: expect.stringContaining('ECONNREFUSED'),
  })
})

test.each([
  [200, 'text/html', '<p>hello', 1],
  [200, 'application/json', '[]', 1],
  [404, 'text/html', '<p>nothing', 1],
  [502, 'text/html', '<p>bad gateway', 69],
  [302, 'text/html', '', 69],
])('a stranger that answers %d is recognised', async (status, type, body, exit) => {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type, location: 'http://127.0.0.1:9/' }).end(body)
  })
  onTestFinished(() => void server.close())
  expect((await redress({ url: await listening(server), key }, 'tenant', 'list')).exit).toBe(exit)
})

function listening(server: ReturnType<typeof createServer>): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

test('doctor speaks the language, marks what is bad, and ends accordingly', async () => {
  const { go } = await installed()
  const asked = await go('doctor')
  expect(asked.out).toContain('! there is no tenant yet\n    → run: redress tenant create')
  expect(JSON.parse((await go('doctor', '--json')).out)).toMatchObject({ findings: expect.any(Array) })
  const finding = (level: 'ok' | 'bad') => ({ check: 'x', level, what: { zh: '甲', en: 'a' } }) as const
  const examine = async () => ({ healthy: false, findings: [finding('ok'), finding('bad')] })
  expect(await redress({ installation: { examine, language: 'zh-CN' } }, 'doctor', '--offline')).toEqual({
    exit: 1,
    out: '✗ 甲\n\n✓ 甲\n\n故障 1，提醒 0，正常 1\n',
    err: '',
  })
  const said = async (...words: string[]) =>
    (await redress({ installation: { examine, language: 'zh-CN', tongue: 'en' } }, 'doctor', '--offline', ...words)).out
  expect(await said()).toContain('✗ a\n')
  expect(await said('--lang', 'zh')).toContain('✗ 甲\n')
})

test('doctor for one tenant asks for that one alone, with the service and without it', async () => {
  const { go } = await installed()
  await go('tenant', 'create', '--handle', 'shop', '--name', '小店')
  const asked = await go('doctor', '--tenant', 'shop')
  expect(asked).toMatchObject({ exit: 0, out: expect.stringMatching(/^! there is no account yet/m) })
  expect(asked.out).not.toContain('publicUrl')
  expect(await go('doctor', '--tenant', 'nobody')).toMatchObject({ exit: 1, out: '' })
  const given: (string | undefined)[] = []
  const examine = async (tenant: string | undefined) => {
    given.push(tenant)
    return { healthy: true, findings: [] }
  }
  expect((await redress({ installation: { examine } }, 'doctor', '--offline', '--tenant', 'shop')).exit).toBe(0)
  expect(given).toEqual(['shop'])
})

test.each([
  [{ LANG: 'zh_CN.UTF-8' }, 'zh-CN'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'C.UTF-8' }, undefined],
  [{ LANG: 'zhx' }, undefined],
  [{}, undefined],
])('the locale %j reads %s', (env, language) => {
  expect(tongueOf(env)).toBe(language)
})

test('start and demo end as what they ran ended; migrate says what it did', async () => {
  expect((await redress({ installation: { start: async () => 0 } }, 'start')).exit).toBe(0)
  expect((await redress({ installation: { demo: async () => 3 } }, 'demo')).exit).toBe(3)
  const migrate = async () => ['0001-skeleton']
  expect((await redress({ installation: { migrate } }, 'migrate')).out).toBe('done: 0001-skeleton\n')
  const start = () => Promise.reject(new SetUpError('master.key is missing'))
  expect(await redress({ installation: { start } }, 'start')).toEqual({
    exit: 78,
    out: '',
    err: 'master.key is missing\n',
  })
})

test('what comes from outside cannot steer the terminal', async () => {
  const { go } = await installed()
  await go('tenant', 'create', '--handle', 'shop', '--name', 'a\u001b[31mb')
  expect((await go('tenant', 'list')).out).not.toContain('\u001b')
})
