import { expect, test } from 'vitest'
import { key, shop, world } from '../admin/world.ts'
import { code, given, mailbox, playChannels } from '../support/channels.ts'
import { redress } from './support.ts'

async function withShop() {
  const outside = await playChannels()
  const { url, ask } = await world({ channelKindsOn: outside.kindsOn })
  await ask('POST', '/tenants', shop)
  const at = { url: url.replace('/admin/v1', ''), key, files: { 'code.txt': `${code}\n` } }
  return { outside, go: (...words: string[]) => redress(at, ...words) }
}

test.each(
  [
    [['channel', 'add']],
    [['channel', 'update']],
    [['channel', 'enable']],
    [['channel', 'list']],
    [['channel', 'remove']],
    [['channel', 'test']],
    [['channel', 'log']],
    [['recipient', 'add']],
    [['recipient', 'bind']],
    [['recipient', 'update']],
    [['recipient', 'disable']],
    [['recipient', 'list']],
    [['recipient', 'remove']],
    [['letter', 'list']],
    [['letter', 'retry']],
    [['letter', 'dismiss']],
  ].map(([words]) => [words ?? []] as const),
)('redress %j --help', async (words) => {
  const { exit, out, err } = await redress({}, ...words, '--help')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out).toContain(['Usage: redress', ...words].join(' '))
})

test('a mailbox is added, tried, changed and removed', async () => {
  const { outside, go } = await withShop()
  const { port } = given(outside).email.settings
  const settings = ['preset=163', 'host=127.0.0.1', `port=${port}`, 'protection=tls', `user=${mailbox}`]
  const added = await go(
    ...['channel', 'add', '--kind', 'email', '--name', '邮箱', '--secret', 'password=@code.txt'],
    ...settings.flatMap((setting) => ['--setting', setting]),
  )
  expect({ exit: added.exit, err: added.err }).toEqual({ exit: 0, err: '' })
  expect(added.out).not.toContain(code)
  const person = await go(
    ...['recipient', 'add', '--channel', '邮箱', '--address', 'li@example.com', '--label', '小李'],
    ...['--want', 'new', '--want', 'closed'],
  )
  expect(person.out).toMatch(/ADDRESS +l\*\*\*@example\.com\nWANTS +new, closed\n/)
  const tested = await go('channel', 'test', '邮箱')
  expect(tested.out).toMatch(/小李 +sent/)
  expect(outside.mail.mails().map(({ receivers }) => receivers)).toEqual([['li@example.com']])
  expect((await go('channel', 'test', '邮箱', '--recipient', '小王')).err).toContain(
    'there is no 小王; there are: 小李',
  )
  expect((await go('channel', 'log', '邮箱')).out).toMatch(/小李 +sent +0 +yes/)
  expect((await go('recipient', 'update', '小李', '--channel', '邮箱', '--label', '李')).out).toMatch(/LABEL +李/)
  expect((await go('recipient', 'disable', '李', '--channel', '邮箱')).out).toMatch(/ENABLED +no/)
  expect((await go('channel', 'disable', '邮箱')).out).toMatch(/ENABLED +no/)
  expect((await go('channel', 'update', '邮箱', '--name', '信箱')).out).toMatch(/NAME +信箱/)
  expect(await go('channel', 'update', '信箱')).toMatchObject({ exit: 2 })
  expect((await go('letter', 'list')).out).toBe('none\n')
  expect((await go('letter', 'retry')).out).toBe('RETRIED  0\n')
  expect((await go('letter', 'dismiss', 'dlv_unknown')).out).toBe('DISMISSED  0\n')
  expect(await go('recipient', 'remove', '李', '--channel', '信箱')).toEqual({ exit: 0, out: 'removed\n', err: '' })
  expect(await go('channel', 'remove', '信箱')).toEqual({ exit: 0, out: 'removed\n', err: '' })
  expect((await go('channel', 'list')).out).toBe('none\n')
})

test('somebody is bound by a code that the terminal shows', async () => {
  const { outside, go } = await withShop()
  const { settings, secrets } = given(outside)['official-account']
  const wish = [...Object.entries(settings)].flatMap(([name, value]) => [
    '--setting',
    `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ])
  const told = Object.entries(secrets).flatMap(([name, value]) => ['--secret', `${name}=${value}`])
  const added = await go('channel', 'add', '--kind', 'official-account', '--name', '服务号', ...wish, ...told)
  expect(added.out).toMatch(/CALLBACK +\/hooks\/official\/chn_/)
  const bound = await go('recipient', 'bind', '--channel', '服务号', '--label', '小李')
  expect({ exit: bound.exit, err: bound.err }).toEqual({ exit: 0, err: '' })
  expect(bound.out).toMatch(/[▀▄█]{10}/)
  expect(bound.out).toContain(outside.official.codes()[0]?.url)
})

test('what is wrong is said with the field and the fix', async () => {
  const { go } = await withShop()
  const wrong = await go('channel', 'add', '--kind', 'sms', '--name', 'x', '--setting', 'sign=【小店】')
  expect(wrong.exit).toBe(1)
  expect(wrong.err).toMatch(/^ {2}settings\.sign: .*without 【】/m)
  expect(wrong.err).toMatch(/^ {2}secrets\.secretKey: /m)
})
