import { expect, test } from 'vitest'
import { detail } from '../../src/chat/detail.ts'
import type { Recorded } from '../../src/complaints/fact.ts'
import { asId } from '../../src/core/words.ts'
import { complaint, plus, said, start } from '../complaints/support.ts'
import { view } from './support.ts'

const noted = (nr: number, ms: number, text: string): Recorded => ({
  id: asId<'fact'>(`fct_${nr}`),
  nr,
  at: plus(ms),
  fact: { kind: 'noted', by: { name: '小李', via: 'chat' }, text },
})
const minute = 60_000

test('the detail tells the story in its order, notes among it, newest last, without buttons', () => {
  const timeline = [said(start, '衣服破了'), said(plus(10 * minute), '', 'merchant'), said(plus(30 * minute), '还在吗')]
  // As storage gives them: the newest first.
  const facts = [
    noted(3, 20 * minute, '第二条'),
    noted(2, 20 * minute, '第一条'),
    { ...noted(1, 0, ''), fact: { kind: 'opened' as const } },
  ]
  const plan = detail(view({ complaint: complaint({ timeline }) }), facts)
  expect([plan.title, plan.buttons]).toEqual(['#128 详情', []])
  expect(plan.lines.slice(-7).map(({ label, text }) => `${label} ${text}`)).toEqual([
    '投诉时间 11-21 16:00',
    '投诉单号 2157',
    '11-21 16:00 用户 · 用户补充留言：衣服破了',
    '11-21 16:10 商家 · 平台处理中',
    '11-21 16:20 #128 备注 · 小李：第一条',
    '11-21 16:20 #128 备注 · 小李：第二条',
    '11-21 16:30 用户 · 用户补充留言：还在吗',
  ])
})

test('of a long story the newest dozen', () => {
  const timeline = Array.from({ length: 30 }, (_, index) => said(plus(index * minute), `第 ${index} 句`))
  const lines = detail(view({ complaint: complaint({ timeline }) }), []).lines.filter(({ text }) => text.includes('句'))
  expect([lines.length, lines[0]?.text.slice(-6), lines.at(-1)?.text.slice(-6)]).toEqual([12, '第 18 句', '第 29 句'])
})

test('the detail masks the person as the card does', () => {
  expect(JSON.stringify(detail(view(), []))).not.toMatch(/张三|13800136688|oABC/)
})
