import { expect, test } from 'vitest'
import { group, people, world } from '../support/world.ts'

test('a complaint becomes a card, an answer from the chat moves the platform, and the card says so', async () => {
  const w = await world()
  const complaint = await w.complain({ text: '衣服破了一个洞', amount: 1990, nickname: '张三' })
  const card = w.chat.card(group, '#1')
  expect(card.card.title).toBe('#1 小店 · 待处理')
  expect(card.card.quote).toBe('衣服破了一个洞')
  expect(card.card.buttons.map((button) => button.label)).toEqual(['同意和解', '拒绝和解', '认领', '详情'])

  const asked = await w.chat.pressLabel(people.li, group, '#1', '同意和解')
  expect(asked.ask?.prompt).toContain('#1 同意和解')
  const said = await w.chat.say(people.li, group, '抱歉，马上为您处理')
  expect(said.text).toBe('已收到，正在提交平台：#1 同意和解')
  await w.settle()

  expect(w.effects()).toEqual(['respond agree 抱歉，马上为您处理'])
  expect(w.wechat.complaint(complaint.id)?.status).toBe(w.wechat.rules.agreed)
  const after = w.chat.card(group, '#1')
  expect(after.card.title).toBe('#1 小店 · 已回应，待用户确认')
  expect(after.card.note).toContain('同意和解已提交 · 小李')
  expect(after.card.buttons.map((button) => button.label)).toEqual(['认领', '详情'])
  expect(w.chat.texts(group)).toContain('#1 同意和解已提交 · 小李')
})
