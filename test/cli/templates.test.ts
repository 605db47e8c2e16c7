import { expect, test } from 'vitest'
import { key, shop, world } from '../admin/world.ts'
import { redress } from './support.ts'

async function withShop() {
  const { url, ask } = await world()
  await ask('POST', '/tenants', shop)
  const given = { url: url.replace('/admin/v1', ''), key }
  const go = (...words: string[]) => redress(given, 'template', ...words)
  const list = async () => JSON.parse((await go('list', '--json')).out)
  return { go, list }
}

test.each([[[]], [['add']], [['list']], [['update']], [['remove']]])(
  'redress template %j --help',
  async (words: string[]) => {
    const { exit, out, err } = await redress({}, 'template', ...words, '--help')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toContain(['Usage: redress template', ...words].join(' '))
  },
)

test('one is added, listed, changed and removed', async () => {
  const { go, list } = await withShop()
  const limits = ['--for', 'agree', '--for', 'talk', '--reason', '破损', '--platform', 'wechat-pay']
  const added = await go('add', '--tenant', 'shop', '--name', '补发', '--text', '订单 {order} 补发', ...limits)
  expect({ exit: added.exit, err: added.err }).toEqual({ exit: 0, err: '' })
  expect(added.out).toMatch(/FOR +agree, talk\n/)
  const made = { name: '补发', text: '订单 {order} 补发', for: ['agree', 'talk'], reasons: ['破损'], position: 5 }
  expect((await list()).at(-1)).toMatchObject({ ...made, platforms: ['wechat-pay'] })
  expect((await go('list')).out).toMatch(/补发 +agree, talk +破损 +wechat-pay +订单/)

  const changed = await go('update', '补发', '--name', '重发', '--for', 'all', '--reason', 'all', '--position', '1')
  expect(changed.out).toMatch(/FOR +all\nREASONS +all\nPLATFORMS +wechat-pay\n/)
  expect((await list())[0]).toMatchObject({ name: '重发', text: made.text, for: [], reasons: [], position: 1 })
  expect(await go('remove', '重发')).toEqual({ exit: 0, out: 'removed\n', err: '' })
  expect((await list()).map(({ name }: { name: string }) => name)).not.toContain('重发')
})

test('what is wrong is said with the field and the fix', async () => {
  const { go } = await withShop()
  const wrong = await go('add', '--name', '补发', '--text', '{paid} {', '--for', 'refund')
  expect(wrong.exit).toBe(1)
  expect(wrong.err).toMatch(/^ {2}text: there is no variable \{paid\}; known are /m)
  expect(wrong.err).toMatch(/^ {2}text: the \{ stands alone/m)
  expect(wrong.err).toMatch(/^ {2}for\.0: one of agree, /m)
  expect((await go('update', '请提供照片', '--position', 'x')).err).toContain('position: a whole number')
  expect((await go('remove', '没有')).err).toContain('there is no 没有; there are: 致歉并补发')
  expect(await go('update', '请提供照片')).toMatchObject({ exit: 2 })
  expect(await go('add', '--name', '补发')).toMatchObject({ exit: 2 })
})
