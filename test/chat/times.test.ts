import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Around, lineOf } from '../../src/chat/lines.ts'
import { clockTime, leftText, span, timeOf } from '../../src/chat/times.ts'
import type { ActionState } from '../../src/complaints/action.ts'
import { toneOf } from '../../src/complaints/deadline.ts'
import type { Fact } from '../../src/complaints/fact.ts'
import { asId, fen, instant } from '../../src/core/words.ts'
import type { StoredAction } from '../../src/storage/actions.ts'
import { complaint, move, plus, said, start } from '../complaints/support.ts'
import { acted } from './support.ts'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

describe('a length of time in its two largest parts', () => {
  test.each([
    [0, '0 分钟', '0 min'],
    [59_999, '0 分钟', '0 min'],
    [minute, '1 分钟', '1 min'],
    [59 * minute, '59 分钟', '59 min'],
    [hour, '1 小时', '1 h'],
    [hour + minute, '1 小时 1 分钟', '1 h 1 min'],
    [day - 1, '23 小时 59 分钟', '23 h 59 min'],
    [day, '1 天', '1 d'],
    [day + 59 * minute, '1 天', '1 d'],
    [2 * day + 3 * hour + 59 * minute, '2 天 3 小时', '2 d 3 h'],
    [-90 * minute, '1 小时 30 分钟', '1 h 30 min'],
  ])('%d ms: %s, %s', (ms, zh, en) => expect([span('zh-CN', ms), span('en', ms)]).toEqual([zh, en]))
})

describe('time left', () => {
  test.each([
    [3 * hour, '剩 3 小时', '3 h left'],
    [1, '剩 0 分钟', '0 min left'],
    [0, '已超时 0 分钟', 'late by 0 min'],
    [-20 * minute, '已超时 20 分钟', 'late by 20 min'],
  ])('%d ms', (ms, zh, en) => {
    expect([leftText('zh-CN', plus(ms), start), leftText('en', plus(ms), start)]).toEqual([zh, en])
  })
  test('says late exactly when the card looks late', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 5 }), (ms) => {
        const tone = toneOf({ phase: 'ours', moves: [move('respond', { owed: true, due: plus(ms) })] }, start)
        expect(leftText('en', plus(ms), start).startsWith('late')).toBe(tone === 'late')
      }),
    )
  })
})

test('a time is shown on the tenant’s clock, over midnight and summer time', () => {
  const at = instant(Date.UTC(2026, 2, 29, 16, 5))
  expect([clockTime(at, 'Asia/Shanghai'), clockTime(at, 'Europe/Berlin'), clockTime(at, 'UTC')]).toEqual([
    '03-30 00:05',
    '03-29 18:05',
    '03-29 16:05',
  ])
})

test('of the same day, on the tenant’s clock, only the hour', () => {
  const midnight = instant(Date.UTC(2026, 10, 21, 16))
  const before = instant(Date.UTC(2026, 10, 21, 15, 59))
  expect([
    timeOf(before, 'Asia/Shanghai', midnight),
    timeOf(midnight, 'Asia/Shanghai', midnight),
    timeOf(before, 'UTC', midnight),
  ]).toEqual(['11-21 23:59', '00:00', '15:59'])
})

describe('the line beside the card', () => {
  const by = { name: '小李', via: 'chat' } as const
  const to = { name: '阿陈', member: asId<'member'>('mem_1') }
  const around = (more: Partial<Around> = {}): Around => ({
    complaint: complaint(),
    language: 'zh-CN',
    zone: 'Asia/Shanghai',
    now: start,
    edit: 'any-time',
    ...more,
  })
  const action = { action: asId<'action'>('act_1'), by }
  const lines: readonly (readonly [Fact, string | undefined])[] = [
    [{ kind: 'opened' }, undefined],
    [{ kind: 'provisional', why: 'x' }, undefined],
    [{ kind: 'read' }, undefined],
    [{ kind: 'shown' }, undefined],
    [{ kind: 'pictured', pictures: [], failed: 1 }, undefined],
    [{ kind: 'claimed', by }, '#128 由 小李 认领'],
    [{ kind: 'released', by }, '#128 由 小李 放回'],
    [{ kind: 'assigned', by, to }, '#128 由 小李 指派给 阿陈'],
    [{ kind: 'unnoted', by, note: asId<'fact'>('fct_1') }, '#128 小李 撤回了一条备注'],
    [{ kind: 'acted', act: 'refund', state: 'withdrawn', ...action }, '#128 退款已撤回，没有提交平台 · 小李'],
    [{ kind: 'requested', act: 'respond', ...action }, undefined],
    [{ kind: 'turned', from: 'ours', to: 'theirs', label: '待用户' }, undefined],
    [{ kind: 'turned', from: 'ours', to: 'closed', label: '投诉已完结' }, '#128 已结束：投诉已完结'],
    [{ kind: 'said', happening: said(start, '在吗') }, '#128 用户：在吗'],
    [{ kind: 'said', happening: { ...said(start, ''), label: '用户补充凭证' } }, '#128 用户：用户补充凭证'],
    [{ kind: 'said', happening: said(start, '请补充', 'platform') }, '#128 平台：请补充'],
    [{ kind: 'noted', by, text: '已电话联系' }, '#128 备注 · 小李：已电话联系'],
    [{ kind: 'acted', act: 'add-evidence', state: 'done', ...action }, '#128 补充凭证已提交 · 小李'],
    [
      { kind: 'acted', act: 'add-evidence', state: 'failed', message: '图片过大 | too big', ...action },
      '#128 补充凭证未成功 · 小李：图片过大',
    ],
    [{ kind: 'acted', act: 'add-evidence', state: 'unknown', ...action }, undefined],
    [{ kind: 'acted', act: 'add-evidence', state: 'underway', ...action }, undefined],
  ]
  test.each(lines)('%j: %s', (fact, line) => expect(lineOf(fact, around())).toBe(line))

  const still: readonly (readonly [Fact, string | undefined])[] = [
    [{ kind: 'turned', from: 'ours', to: 'theirs', label: '已回应' }, '#128 待用户：已回应'],
    [{ kind: 'turned', from: 'ours', to: 'ours', label: '待商家补充凭证' }, undefined],
    [{ kind: 'turned', from: 'ours', to: 'closed', label: '投诉已完结' }, '#128 已结束：投诉已完结'],
    [{ kind: 'said', happening: said(start, '在吗') }, '#128 用户：在吗'],
    [{ kind: 'said', happening: said(start, '请补充', 'platform') }, undefined],
    [{ kind: 'noted', by, text: '已电话联系' }, undefined],
    [{ kind: 'claimed', by }, undefined],
    [{ kind: 'unnoted', by, note: asId<'fact'>('fct_1') }, undefined],
    [{ kind: 'assigned', by, to }, '#128 由 小李 指派给 阿陈'],
    [{ kind: 'acted', act: 'add-evidence', state: 'done', ...action }, '#128 补充凭证已提交 · 小李'],
  ]
  test.each(still)('where cards change only at a press, %j: %s', (fact, line) =>
    expect(lineOf(fact, around({ edit: 'on-press' }))).toBe(line),
  )

  test('of an answer says which answer, in the room’s language', () => {
    const fact: Fact = { kind: 'acted', act: 'respond', state: 'done', ...action }
    const refused = acted('done', { action: { kind: 'respond', stance: 'refuse', text: 'x' } })
    expect(lineOf(fact, around({ stored: refused }))).toBe('#128 拒绝和解已提交 · 小李')
    expect(lineOf(fact, around({ language: 'en', stored: refused }))).toBe('#128 Refusal submitted · 小李')
    expect(lineOf(fact, around())).toBe('#128 回应已提交 · 小李')
  })

  test('of money says that it is there only when it is, and who was the second', () => {
    const second = { ...by, approved: { name: '小王', member: asId<'member'>('mem_2') } }
    const money = { kind: 'refund', order: '4200002179', amount: fen(1200), total: fen(1990), reason: '' } as const
    const refund = { number: 'rd1', notBefore: start, stuck: false }
    const line = (state: ActionState, more: Partial<StoredAction> = {}, message?: string) =>
      lineOf(
        { kind: 'acted', act: 'refund', ...action, by: more.by ?? by, state, ...(message ? { message } : {}) },
        around({ stored: acted(state, { action: money, refund, ...more }) }),
      )
    expect(line('done', { refund: { ...refund, arrivedAt: plus(60_000) } })).toBe(
      '#128 已退款 ¥12.00 到账 16:01 · 小李',
    )
    expect(line('done', { by: second })).toBe('#128 已退款 ¥12.00 · 小李（小王 批准）')
    expect(line('failed', {}, '@refund-closed')).toContain('#128 退款 ¥12.00未成功 · 小李：退款已关闭，钱已退回我方')
    expect(line('failed', {}, '@refund-found')).toContain('已记入账本')
    expect(line('underway', {}, '@stuck')).toBe('#128 退款 ¥12.00：用户账户无法入账，请到商户平台处理 · 小李')
    for (const state of ['requested', 'sent', 'underway', 'unknown'] as const) expect(line(state)).toBeUndefined()
  })
  test.each([
    ['cap', '#128 退款没有自动发起（原由 小李）：超过退款上限；请管理员调整，再发送 /refund 128'],
    ['not-open', '#128 退款没有自动发起（原由 小李）：#128 现在不能做这一步（待处理）；请看最新卡片上的按钮'],
    ['平台说不 | no', '#128 退款没有自动发起（原由 小李）：平台说不'],
  ])('of what did not follow by itself: %s', (why, line) =>
    expect(lineOf({ kind: 'unfollowed', act: 'refund', by, why }, around())).toBe(line),
  )
  test('of whatever keeps money from following, without a figure left open', () => {
    const whys =
      'role not-open changed no-order no-amount too-much others order-busy too-often too-late cap second-person not-the-second'
    for (const why of whys.split(' '))
      for (const language of ['zh-CN', 'en'] as const) {
        const line = lineOf({ kind: 'unfollowed', act: 'refund', by, why }, around({ language }))
        expect(line).not.toMatch(/[{}]/)
        expect(line).not.toMatch(new RegExp(`[:：] ?${why}$`))
      }
  })
})
