import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { programOf } from '../../src/cli/run.ts'
import { adminKey } from '../support/admin-api.ts'
import { given as channelsGiven, code, mailbox, playChannels } from '../support/channels.ts'
import { deeds, photo } from '../support/deeds.ts'
import { firstMchid } from '../support/pay.ts'
import { type AlipayWorld, type PayWorld, world } from '../support/world.ts'
import { type Outcome, redress } from './support.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const silent = { out: () => {}, err: () => {}, stdin: async () => '', file: async () => '', bytes: async () => photo }
const program = programOf({ ...silent, installation: () => Promise.reject() as never }, '1.2.3', () => {})
const leaves = (command: Command, path: readonly string[] = []): readonly (readonly string[])[] =>
  command.commands.flatMap((one) => {
    const here = [...path, one.name()]
    return one.commands.length > 0 ? leaves(one, here) : [here]
  })
const commands = leaves(program)
const names = commands.map((words) => words.join(' '))
/** The command that these words begin with. */
const named = (words: readonly string[]): string | undefined =>
  names.find((name) => name === words.slice(0, name.split(' ').length).join(' '))

/** Not run by the walk below, and why. */
const elsewhere: Readonly<Record<string, readonly [file: string, words: string]>> = {
  start: ['test/cli/start.test.ts', "'start')"],
  backup: ['test/cli/upkeep-process.test.ts', "'backup'"],
  restore: ['test/cli/upkeep-process.test.ts', "'restore'"],
  migrate: ['test/cli/upkeep-process.test.ts', "'migrate'"],
  'rotate-master': ['test/cli/upkeep-process.test.ts', "'rotate-master'"],
  reseal: ['test/cli/upkeep-process.test.ts', "'reseal'"],
  // Its own chapter: it plays the whole world.
  demo: ['test/cli/demo.test.ts', 'startDemo('],
}

/** As a shell takes it apart, as far as examples go. */
const words = (line: string): readonly string[] =>
  [...line.replace(/ [>|] .*/, '').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

test.each(commands)('redress %s %s --help shows an example that is right', async (...given) => {
  const path = given.filter((word) => word !== undefined)
  const { exit, out, err } = await redress({}, ...path, '--help')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out).toContain(`Usage: redress ${path.join(' ')}`)
  const [, example = ''] = /\nExample:\n {2}(.+)\n/.exec(out) ?? []
  expect(named(words(example).slice(1))).toBe(path.join(' '))
  // Right as far as the command line goes: it is the service that is missing.
  const stdin = '13812345678'
  const refuse = () => Promise.reject(new Error('as far as here'))
  const installation = { start: refuse, migrate: refuse, restore: refuse, rotateMaster: refuse, reseal: refuse }
  const ran = await redress({ stdin, installation: { ...installation, demo: refuse } }, ...words(example).slice(1))
  expect([example, ran.exit]).toEqual([example, ran.err.startsWith('as far as here') ? 1 : 78])
})

/** Every line of the documents that shows a command. */
const shown = ['README.md', 'README.zh-CN.md', 'docs/quick-start.md', 'docs/quick-start.zh-CN.md', 'docs/admin.md']
  .concat(['docs/operation.md', 'docs/security.md', 'docs/troubleshooting.md', 'docs/channels.md'])
  .flatMap((file) =>
    readFileSync(root + file, 'utf8')
      .replaceAll('\\\n', ' ')
      .split('\n')
      .flatMap((line) => /^(?: {4}|)(?:npx )?redress ([a-z].*)$/.exec(line)?.[1] ?? [])
      .map((line) => [file, line.replace(/ +#.*/, '')] as const),
  )

test('the documents show only commands that there are, as they are typed', async () => {
  expect(shown.length).toBeGreaterThan(30)
  for (const [file, line] of shown) {
    const refuse = () => Promise.reject(new Error('as far as here'))
    const installation = { start: refuse, migrate: refuse, examine: refuse, demo: refuse, restore: refuse }
    const { exit, err } = await redress({ stdin: 'x', installation }, ...words(line))
    expect([file, line, exit, err]).toEqual([file, line, err.startsWith('as far as here') ? 1 : 78, expect.anything()])
  }
})

test('docs/admin.md lists every command, and no other', () => {
  const text = readFileSync(`${root}docs/admin.md`, 'utf8')
  const rows = [...text.matchAll(/^\| `redress ([a-z-]+)`(?: \| (.*?))? \|/gm)]
  const listed = rows.flatMap(([, top = '', subs = '']) => {
    const found = [...subs.matchAll(/`([a-z-]+)`/g)].map(([, sub]) => `${top} ${sub}`)
    return found.length > 0 ? found : [top]
  })
  expect(listed.toSorted()).toEqual(names.toSorted())
})

/** A shop with everything around it, and a terminal that knows what it has run. */
async function walked() {
  const outside = await playChannels()
  const w = (await world({
    pay: ['青禾优选'],
    alipay: { rules: { riskMessage: 'method' } },
    channelKinds: outside.kindsOn,
  })) as PayWorld & AlipayWorld
  const files: Record<string, string> = { 'code.txt': `${code}\n`, 'p.png': photo.toString('base64') }
  const at = { url: w.url, key: await adminKey(w.storage), files, stdin: '13812345678' }
  const ran = new Set<string>()
  const go = async (...said: string[]): Promise<Outcome> => {
    ran.add(named(said) ?? said.join(' '))
    return redress(at, ...said)
  }
  /** Well, and nothing but JSON. */
  const json = async (...said: string[]) => {
    const { exit, out, err } = await go(...said, '--json')
    expect([said.join(' '), exit, err]).toEqual([said.join(' '), 0, ''])
    return out === '' ? undefined : JSON.parse(out)
  }
  return { w, outside, files, ran, go, json }
}

test('every command is run, and does what it says', { timeout: 60_000 }, async () => {
  const { w, outside, files, ran, go, json } = await walked()
  const mchid = String(firstMchid)

  // The business
  expect(await json('tenant', 'list')).toMatchObject([{ handle: 'shop' }])
  expect(await json('tenant', 'update', 'shop', '--refund-day', '2000')).toMatchObject({ refundDay: 200_000 })
  files['shop.json'] = JSON.stringify(await json('tenant', 'export', 'shop'))
  const taken = await go('tenant', 'import', 'shop.json', '--handle', 'copy', '--apply')
  expect([taken.exit, taken.err]).toEqual([1, expect.stringMatching(/^ {2}file\.accounts\.0: .*take it out/m)])
  const whole = JSON.parse(files['shop.json'])
  files['bare.json'] = JSON.stringify({ ...whole, accounts: [], rooms: [], rules: [], channels: [] })
  const copied = ['tenant', 'import', 'bare.json', '--handle', 'copy', '--name', '复制']
  expect(await json(...copied)).toMatchObject({ applied: false })
  expect(await json('tenant', 'list')).toHaveLength(1)
  expect(await json(...copied, '--apply')).toMatchObject({ applied: true })
  const shop = ['--tenant', 'shop']
  expect(await json('tenant', 'create', '--handle', 'new', '--name', '新店')).toMatchObject({ handle: 'new' })
  const begun = ['--handle', 'new', '--chat', 'browser', '--member', 'an', '--setting', 'port=0']
  expect(await go('init', ...begun)).toMatchObject({ exit: 0, out: expect.stringContaining('/bind ') })
  expect((await go('doctor', ...shop)).out).toContain('小店')

  // People
  expect(await json('member', 'add', ...shop, '--handle', 'zhao', '--name', '赵', '--role', 'agent')).toMatchObject({
    role: 'agent',
  })
  expect(await json('member', 'update', 'zhao', ...shop, '--role', 'refunder')).toMatchObject({ role: 'refunder' })
  expect(await json('member', 'disable', '@zhao', ...shop)).toMatchObject({ enabled: false })
  expect(await json('member', 'enable', 'zhao', ...shop)).toMatchObject({ enabled: true })
  expect((await json('member', 'bind-code', 'zhao', ...shop)).say).toMatch(/^\/bind /)
  expect(await json('member', 'list', ...shop)).toHaveLength(4)
  await json('duty', 'set', 'li', 'chen', '21:00-09:00', ...shop)
  expect((await go('duty', 'show', ...shop)).out).toMatch(/^21:00–09:00 +li +小李$/m)
  await json('duty', 'clear', ...shop)
  expect((await go('duty', 'show', ...shop)).out).toBe('none\n')

  // Chats
  const bot = ['bot', 'add', ...shop, '--kind', 'browser', '--name', '二号']
  expect(await json(...bot)).toMatchObject({ name: '二号', enabled: true })
  expect(await json('bot', 'update', '二号', ...shop, '--name', '三号')).toMatchObject({ name: '三号' })
  expect(await go('bot', 'update', '三号', ...shop)).toMatchObject({ exit: 2, err: expect.stringContaining('--help') })
  expect(await json('bot', 'disable', '三号', ...shop)).toMatchObject({ enabled: false })
  expect(await json('bot', 'enable', '三号', ...shop)).toMatchObject({ enabled: true })
  const bound = await go('bot', 'remove', 'Redress', ...shop)
  expect([bound.exit, bound.err]).toEqual([1, expect.stringContaining('客服群')])
  expect(await go('bot', 'remove', '三号', ...shop)).toEqual({ exit: 0, out: 'removed\n', err: '' })
  expect((await json('bot', 'list', ...shop)).map(({ name }: { name: string }) => name)).toEqual(['Redress'])
  expect((await json('room', 'code', ...shop, '--account', '小店')).say).toMatch(/^\/bind /)
  // The one chat here hears: it is bound by a code, and that is what is said.
  const pushed = await go('room', 'add', ...shop, '--bot', 'Redress', '--title', '通知')
  expect([pushed.exit, pushed.err]).toEqual([1, expect.stringMatching(/^ {2}bot: .*room-codes/m)])

  // Accounts
  expect(await json('account', 'list', ...shop)).toHaveLength(3)
  expect(await json('account', 'update', mchid, ...shop, '--setting', 'autoRefund=true')).toMatchObject({
    settings: { autoRefund: true },
  })
  expect(await json('account', 'disable', '小店', ...shop)).toMatchObject({ enabled: false })
  expect(await json('account', 'enable', '小店', ...shop)).toMatchObject({ enabled: true })
  expect(await json('account', 'score', '小店', ...shop, '--now')).toMatchObject({ score: expect.any(Number) })
  expect(await json('account', 'address', mchid, ...shop)).toMatchObject({ url: expect.stringContaining('/hooks/') })
  const added = await go(
    ...['account', 'add', ...shop, '--platform', 'wechat-mini', '--id', 'wx1123456789abcdef', '--name', '二店'],
    ...['--disabled', '--secret', 'secret=x'],
  )
  expect([added.exit, added.err]).toEqual([1, expect.stringMatching(/^ {2}secrets\.token: /m)])

  // Merchants
  const isv = ['--account', '支付宝', ...shop]
  expect(await json('merchant', 'list', ...isv)).toMatchObject([{ name: '街角咖啡', authorised: true }])
  expect(await json('merchant', 'update', '街角咖啡', ...isv, '--auto-refund', 'yes')).toMatchObject({
    autoRefund: true,
  })
  expect(await json('merchant', 'authorize', '支付宝', ...shop)).toMatchObject({ phone: expect.any(String) })
  expect(await json('merchant', 'waiting', ...isv)).toEqual([])
  expect(await go('merchant', 'claim', 'NOBODY', ...isv)).toMatchObject({ exit: 1 })
  const named = await go('merchant', 'add', ...isv, '--id', '1900000109', '--name', '青禾')
  expect([named.exit, named.err]).toEqual([1, expect.stringContaining('merchant authorize')])

  // Ways to people
  const { port } = channelsGiven(outside).email.settings
  const settings = ['preset=163', 'host=127.0.0.1', `port=${port}`, 'protection=tls', `user=${mailbox}`]
  const mail = ['channel', 'add', ...shop, '--kind', 'email', '--name', '邮件', '--secret', 'password=@code.txt']
  expect(await json(...mail, ...settings.flatMap((one) => ['--setting', one]))).toMatchObject({ name: '邮件' })
  const under = ['--channel', '邮件', ...shop]
  await json('recipient', 'add', ...under, '--address', 'boss@example.com', '--label', '老板')
  expect(await json('recipient', 'update', '老板', ...under, '--want', 'new')).toMatchObject({ wants: ['new'] })
  expect(await json('recipient', 'disable', '老板', ...under)).toMatchObject({ enabled: false })
  expect(await json('recipient', 'enable', '老板', ...under)).toMatchObject({ enabled: true })
  expect(await json('recipient', 'list', ...under)).toHaveLength(1)
  await json('channel', 'test', '邮件', ...shop, '--recipient', '老板')
  expect(outside.mail.mails().map(({ receivers }) => receivers)).toEqual([['boss@example.com']])
  expect(await json('channel', 'log', '邮件', ...shop)).toHaveLength(1)
  expect(await json('channel', 'update', '邮件', ...shop, '--name', '信箱')).toMatchObject({ name: '信箱' })
  expect(await json('channel', 'disable', '信箱', ...shop)).toMatchObject({ enabled: false })
  expect(await json('channel', 'enable', '信箱', ...shop)).toMatchObject({ enabled: true })
  expect((await go('recipient', 'bind', '--channel', '信箱', ...shop, '--label', '李')).exit).toBe(1)
  expect(await json('letter', 'list', ...shop)).toEqual([])
  expect(await json('letter', 'retry', ...shop)).toMatchObject({ retried: 0 })
  expect(await json('letter', 'dismiss', 'dlv_01', ...shop)).toMatchObject({ dismissed: 0 })
  await json('recipient', 'remove', '老板', '--channel', '信箱', ...shop)
  await json('channel', 'remove', '信箱', ...shop)
  expect(await json('channel', 'list', ...shop)).toEqual([])

  // Words, and what is done by itself
  await json('template', 'add', ...shop, '--name', '补发', '--text', '订单 {order} 补发', '--for', 'agree')
  expect(await json('template', 'update', '补发', ...shop, '--position', '1')).toMatchObject({ position: 1 })
  expect((await json('template', 'list', ...shop))[0]).toMatchObject({ name: '补发' })
  await json('template', 'remove', '补发', ...shop)
  await json(
    'rule',
    'add',
    ...shop,
    '--name',
    '小额',
    '--act',
    'refund',
    '--text',
    '退',
    '--account',
    mchid,
    '--each',
    '20',
  )
  expect(await json('rule', 'update', '小额', ...shop, '--delay', '300')).toMatchObject({ delaySeconds: 300 })
  expect(await json('rule', 'enable', '小额', ...shop)).toMatchObject({ mode: 'on' })
  expect(await json('rule', 'disable', '小额', ...shop)).toMatchObject({ mode: 'off' })
  expect(await json('rule', 'list', ...shop)).toHaveLength(1)

  // Complaints
  await w.complain({ phone: '13812345678' })
  await w.pay.complain({ amount: 1990 })
  expect((await json('rule', 'try', '小额', ...shop)).items ?? []).toBeDefined()
  await json('rule', 'remove', '小额', ...shop)
  expect(await json('complaint', 'list', ...shop, '--which', 'all')).toHaveLength(2)
  const { number } = await json('complaint', 'show', '#2', ...shop)
  expect(await json('complaint', 'import', number, ...shop, '--account', mchid)).toMatchObject({ outcome: 'known' })
  await json('complaint', 'claim', '1', ...shop, '--member', 'li')
  await json('complaint', 'assign', '1', ...shop, '--member', 'chen')
  await json('complaint', 'release', '1', ...shop)
  await json('complaint', 'note', '1', ...shop, '--text', '客户来过电话')
  expect(await json('complaint', 'refundable', '2', ...shop)).toMatchObject([{ left: 1990 }])
  const { id } = await json('complaint', 'refund', '2', '5', ...shop, '--yes')
  expect(await json('complaint', 'actions', '2', id, ...shop)).toMatchObject({ id })
  await w.pass(120_000)
  const late = await go('complaint', 'withdraw', '2', id, ...shop)
  expect([late.exit, late.err]).toEqual([1, expect.stringContaining('cannot be taken back')])
  expect(await json('complaint', 'links', '1', ...shop)).toMatchObject([{ kind: 'room', for: '客服群' }])
  expect((await go('complaint', 'revoke-links', '1', ...shop)).exit).toBe(0)
  for (const deed of deeds) ran.add(`complaint ${deed.words[0]}`)
  expect(await json('breaker', 'limit', '20', ...shop)).toMatchObject({ limit: 20 })
  expect(await json('breaker', 'show', ...shop)).toMatchObject({ limit: 20 })
  expect((await go('breaker', 'reset', ...shop)).exit).toBe(1)

  // Keys, and what keeps it in order
  const made = await json('key', 'add', '--name', 'CI', '--access', 'write', '--tenant', 'shop', '--days', '90')
  const next = await json('key', 'rotate', 'CI', '--grace-hours', '1')
  expect([made.key, next.key]).toEqual([expect.any(String), expect.any(String)])
  expect(next.key).not.toBe(made.key)
  expect(await json('key', 'revoke', next.id)).toMatchObject({ state: 'revoked' })
  expect((await json('key', 'list')).map(({ name }: { name: string }) => name)).toContain('CI')
  expect(await json('audit', ...shop, '--limit', '300')).toEqual(
    expect.arrayContaining([expect.objectContaining({ operation: 'createComplaintAction' })]),
  )
  expect(await json('replay', 'callback', ...shop)).toEqual([])
  const [callback] = await w.storage.reads.db.selectFrom('callback').select('id').execute()
  expect(await json('replay', 'callback', callback?.id ?? '', ...shop)).toMatchObject({ id: callback?.id })
  await w.settle()
  expect(await json('replay', 'job')).toEqual([])
  expect(await go('replay', 'job', 'drain')).toMatchObject({ exit: 2, err: expect.stringContaining('QUEUE KEY') })
  expect(await json('erase', ...shop, '--phone', '-')).toMatchObject({ complaints: 0, open: 1 })
  await json('room', 'remove', '客服群', ...shop)
  expect(await json('room', 'list', ...shop)).toEqual([])

  expect(names.filter((name) => !ran.has(name) && !(name in elsewhere))).toEqual([])
  expect([...ran, ...Object.keys(elsewhere)].filter((name) => !names.includes(name))).toEqual([])
})

test.each(Object.entries(elsewhere))('%s is run by a test of its own', (_, [file, said]) => {
  expect([file, readFileSync(root + file, 'utf8').includes(said)]).toEqual([file, true])
})
