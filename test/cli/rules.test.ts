import sharp from 'sharp'
import { expect, test } from 'vitest'
import { key, program, shop, world } from '../admin/world.ts'
import { redress } from './support.ts'

async function withShop() {
  const { url, ask, complain } = await world()
  await ask('POST', '/tenants', shop)
  const account = (await ask('POST', '/tenants/shop/accounts', program)).json
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  const given = { url: url.replace('/admin/v1', ''), key, files: { 'a.png': png.toString('base64') } }
  const go = (...words: string[]) => redress(given, ...words)
  const list = async () => JSON.parse((await go('rule', 'list', '--json')).out)
  return { go, list, complain: () => complain(account.id) }
}

test.each([
  ['rule'],
  ['rule', 'add'],
  ['rule', 'update'],
  ['rule', 'list'],
  ['rule', 'enable'],
  ['rule', 'disable'],
  ['rule', 'try'],
  ['rule', 'remove'],
  ['breaker'],
  ['breaker', 'show'],
  ['breaker', 'reset'],
  ['breaker', 'limit'],
])('redress %s %s --help', async (...words: (string | undefined)[]) => {
  const { exit, out, err } = await redress({}, ...words.flatMap((word) => word ?? []), '--help')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out).toContain('Usage: redress')
})

test('one that refunds: added, enabled, changed, disabled and removed', async () => {
  const { go, list } = await withShop()
  const limits = [
    '--shown',
    '0-50',
    '--nth',
    '-2',
    '--hours',
    '22-8',
    '--lacks',
    '律师',
    '--lacks',
    '起诉',
    '--phase',
    'ours',
  ]
  const added = await go(
    'rule',
    'add',
    '--name',
    '小额',
    '--act',
    'refund',
    '--text',
    '商品问题',
    ...limits,
    '--each',
    '19.90',
  )
  expect({ exit: added.exit, err: added.err }).toEqual({ exit: 0, err: '' })
  expect(added.out).toMatch(/MODE +off\nACT +refund · only · 商品问题\n/)
  expect(added.out).toContain('It is off; redress rule enable 小额 switches it on.')
  expect((await list())[0]).toMatchObject({
    when: {
      shown: { from: 0, to: 5_000 },
      nth: { to: 2 },
      hours: { from: 22, to: 8 },
      lacks: ['律师', '起诉'],
      phases: ['ours'],
    },
    caps: { each: 1_990, day: 50_000 },
    act: { kind: 'refund', orders: 'only', reason: '商品问题' },
  })
  expect((await go('rule', 'enable', '小额')).out).toMatch(/MODE +on\n/)
  const changed = await go(
    'rule',
    'update',
    '小额',
    '--lacks',
    'all',
    '--shown',
    '-30',
    '--day',
    '100',
    '--orders',
    'every',
    '--delay',
    '0',
  )
  expect(changed.err).toBe('')
  expect((await list())[0]).toMatchObject({
    ...{ mode: 'on', delaySeconds: 0, caps: { each: 1_990, day: 10_000 } },
    when: { shown: { to: 3_000 }, nth: { to: 2 }, hours: { from: 22, to: 8 }, phases: ['ours'] },
    act: { kind: 'refund', orders: 'every', reason: '商品问题' },
  })
  expect((await list())[0].when).not.toHaveProperty('lacks')
  expect((await go('rule', 'list')).out).toMatch(
    /小额 +on +refund · every · 商品问题 +shown –30\.00, nth –2, hours 22–8/,
  )
  expect((await go('rule', 'disable', '小额')).out).toMatch(/MODE +off\n/)
  expect(await go('rule', 'remove', '小额')).toEqual({ exit: 0, out: 'removed\n', err: '' })
  expect(await list()).toEqual([])
})

test('one that answers, with a picture, then by a template, of one account', async () => {
  const { go, list } = await withShop()
  const words = [
    '--act',
    'respond',
    '--stance',
    'agree',
    '--text',
    '抱歉',
    '--picture',
    'a.png',
    '--account',
    '小程序',
    '--on',
  ]
  const added = await go('rule', 'add', '--name', '致歉', ...words)
  expect({ exit: added.exit, err: added.err }).toEqual({ exit: 0, err: '' })
  const [made] = await list()
  expect(made).toMatchObject({ mode: 'on', act: { kind: 'respond', stance: 'agree', text: '抱歉' } })
  expect([made.act.pictures.length, made.accounts.length]).toEqual([1, 1])
  await go('rule', 'update', '致歉', '--template', '致歉并补发', '--account', 'all')
  const [changed] = await list()
  expect(changed.act).toEqual({
    kind: 'respond',
    stance: 'agree',
    template: expect.stringMatching(/^tpl_/),
    pictures: made.act.pictures,
  })
  expect(changed.accounts).toEqual([])
  const refused = await go('template', 'remove', '致歉并补发')
  expect([refused.exit, refused.err]).toEqual([1, expect.stringContaining('It is used by the rule 致歉.')])
})

test('tried, then enabled: what is open is shown, and left alone', async () => {
  const { go, complain } = await withShop()
  await go('rule', 'add', '--name', '致歉', '--act', 'respond', '--stance', 'talk', '--text', '抱歉')
  await go('rule', 'add', '--name', '同意', '--act', 'respond', '--stance', 'agree', '--text', '抱歉')
  expect((await go('rule', 'enable', '致歉')).out).not.toContain('would fit')
  await go('rule', 'disable', '致歉')
  await complain()
  const tried = await go('rule', 'try', '致歉')
  expect(tried.out).toMatch(/NO +REASON +WOULD +YUAN +WORDS\n#1 +未收到商品 +act +抱歉\n/)
  expect(tried.out).toContain('It would act on 1 of 1; nothing was done.')
  expect((await go('rule', 'try', '同意')).out).toMatch(/^none\n\nIt would act on 0 of 1/)
  expect((await go('rule', 'try', '同意', '--all')).out).toContain('no: the platform does not take this from us now')
  expect((await go('rule', 'enable', '致歉')).out).toContain(
    'It leaves alone what is open already; of that 1 would fit: redress rule try 致歉 shows them.',
  )
  expect(await go('rule', 'try', '没有')).toMatchObject({ exit: 1, err: expect.stringContaining('there is no 没有') })
})

test('what is wrong is said with the field and the fix', async () => {
  const { go } = await withShop()
  expect(await go('rule', 'add', '--name', '小额')).toMatchObject({
    exit: 2,
    err: expect.stringContaining('--act respond | refund'),
  })
  expect(await go('rule', 'add', '--act', 'refund')).toMatchObject({ exit: 2 })
  expect((await go('rule', 'add', '--name', 'a', '--act', 'refund', '--each', '300')).err).toMatch(
    / {2}caps\.each: from ¥200\.00 on/,
  )
  expect((await go('rule', 'add', '--name', 'a', '--act', 'refund', '--shown', '5')).err).toContain(
    'two ends such as 10-50',
  )
  expect((await go('rule', 'add', '--name', 'a', '--act', 'refund', '--shown', '9-5')).err).toContain(
    'when.shown: from',
  )
  expect(
    (await go('rule', 'add', '--name', 'a', '--act', 'respond', '--stance', 'agree', '--template', '没有')).err,
  ).toContain('there is no 没有')
  expect((await go('rule', 'add', '--name', 'a', '--act', 'refund', '--account', '没有')).err).toContain(
    'there is no 没有',
  )
  const refund = ['rule', 'add', '--name', 'a', '--act', 'refund']
  expect((await go(...refund, '--hours', '8-8')).err).toMatch(/ {2}when\.hours: .*no time at all/)
  expect((await go(...refund, '--has', '律师', '--lacks', '律师')).err).toMatch(/ {2}when\.lacks\.0: .*would never act/)
  expect((await go(...refund, '--paid', '60-', '--each', '50')).err).toMatch(
    / {2}when\.paid\.from: ¥60\.00 is over the cap/,
  )
  expect((await go(...refund, '--each', '50', '--day', '20')).err).toMatch(/ {2}caps\.each: .*most for a day, ¥20\.00/)
  expect((await go('rule', 'enable', '没有')).err).toContain('there is no 没有')
  await go('rule', 'add', '--name', 'a', '--act', 'note', '--text', '看')
  expect(await go('rule', 'update', 'a')).toMatchObject({ exit: 2 })
})

test('the breaker: shown, its limit set, and not reset where it is not tripped', async () => {
  const { go } = await withShop()
  expect((await go('breaker', 'show')).out).toMatch(/LIMIT +10 an hour.*\nTRIPPED +no\n/)
  expect((await go('breaker', 'limit', '3')).out).toMatch(/LIMIT +3 an hour/)
  for (const many of ['many', '1.5', '']) expect(await go('breaker', 'limit', many)).toMatchObject({ exit: 2 })
  expect((await go('breaker', 'show')).out).toMatch(/LIMIT +3 an hour/)
  expect((await go('breaker', 'limit', 'usual')).out).toMatch(/LIMIT +10 an hour/)
  expect(await go('breaker', 'reset')).toMatchObject({ exit: 1, err: expect.stringContaining('have not stopped') })
})
