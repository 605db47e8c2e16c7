import { expect, test } from 'vitest'
import { alone } from '../support/chat.ts'
import { group, people, world } from '../support/world.ts'

const { li, chen } = people

test('phone and contact are shown in a private chat to whoever may refund, and that it was done stays written', async () => {
  const w = await world()
  await w.complain({ phone: '13812346688' })
  expect((await w.chat.say(chen, group, '/reveal 1')).text).toBe(
    '联系方式只给本人看：请在与机器人的私聊中发送 /reveal 1',
  )
  expect((await w.chat.say(li, alone(li), '/reveal 1')).text).toContain('需要「可退款」')
  const shown = await w.chat.say(chen, alone(chen), '/reveal 1')
  expect(shown.text).toMatch(/电话: 13812346688\n[\s\S]*已记录：阿陈 \d\d-\d\d \d\d:\d\d 查看/)
  expect(shown.onlyFor).toEqual([chen.id])
  await w.settle()
  expect(w.chat.texts(group)).toContain('#1 阿陈 查看了投诉人的联系方式')
  const detail = await w.chat.pressLabel(chen, group, '#1', '详情')
  expect(detail.card?.lines.map(({ text }) => text)).toContain('#1 阿陈 查看了投诉人的联系方式')
  const rows = await w.storage.reads.db.selectFrom('fact').select('body').execute()
  expect(rows.filter(({ body }) => body.includes('"revealed"')).length).toBe(1)
  // What was seen is in none of our words.
  expect(JSON.stringify([rows, w.chat.posts])).not.toContain('13812346688')
})

test('where the platform gave none, nothing is written', async () => {
  const w = await world()
  await w.complain({ phone: '' })
  expect((await w.chat.say(chen, alone(chen), '/reveal 1')).text).toMatch(/平台没有给联系方式|openid|平台用户标识/)
})
