import { expect, test } from 'vitest'
import { group, people, type World, world } from '../support/world.ts'

const { wang, chen } = people
const asked = async (w: World, said: string) => (await w.chat.say(wang, group, said)).text

test('the score, the guarantee and how many violations, asked of the platform now', async () => {
  const w = await world()
  await w.wechat.deduct({ appid: w.program.appid, wording: '商责投诉', points: 3 })
  expect(await asked(w, '/score')).toBe('小店\n交易体验分：97\n交易保障：正常\n扣分记录：1 笔\n读取时间 03-01 20:00')
  expect(await asked(w, '/体验分 小店')).toContain('交易体验分：97')
})

test('violations, newest first, with the complaint that each came from', async () => {
  const w = await world()
  const { id } = await w.complain()
  for (let n = 1; n <= 6; n++) {
    await w.wechat.deduct({
      appid: w.program.appid,
      wording: `第 ${n} 次`,
      points: n,
      ...(n === 6 ? { complaint: id } : {}),
    })
    await w.pass(60_000)
  }
  const [shop, count, ...rows] = ((await asked(w, '/violations')) ?? '').split('\n')
  expect([shop, count]).toEqual(['小店', '扣分记录：6 笔，最近 5 笔：'])
  expect(rows).toHaveLength(6)
  expect(rows[0]).toContain(`−6 · 第 6 次 · 扣分审批通过 · 投诉单 ${id}`)
  expect(rows[4]).toContain('第 2 次')
})

test('what was read last, where the platform does not answer', async () => {
  const w = await world({ language: 'en' })
  expect(await asked(w, '/score')).toContain('Experience score: 100')
  const trouble = w.wechat.misbehave({ on: 'penalty', how: 'errcode', errcode: 48001, times: 99 })
  w.clock.step(3_600_000)
  const said = await asked(w, '/score')
  expect(trouble.happened).toBeGreaterThan(0)
  expect(said).toContain('Experience score: 100')
  expect(said).toMatch(/It cannot be read now: the account has no permission for this call/)
  expect(said).toContain('Read 03-01 20:00')
})

test('each of several mini programs; one by its name; none that the room is not told of', async () => {
  const w = await world({ others: ['小满零食'] })
  const parts = ((await asked(w, '/score')) ?? '').split('\n\n').map((part) => part.split('\n', 1)[0])
  expect(parts.sort()).toEqual(['小店', '小满零食'])
  expect(await asked(w, '/score 小满零食')).not.toContain('小店')
  expect((await w.chat.say(chen, group, '/score 别家')).text).toContain('没有「别家」这个账号；可选：')
})

test('a disabled mini program is not asked', async () => {
  const w = await world({ enabled: false })
  expect(await asked(w, '/score')).toBe('这里没有平台会评分的账号')
})
