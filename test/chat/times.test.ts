import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineOf } from '../../src/chat/lines.ts'
import { clockTime, leftText, span } from '../../src/chat/times.ts'
import { toneOf } from '../../src/complaints/deadline.ts'
import type { Fact } from '../../src/complaints/fact.ts'
import { asId, instant } from '../../src/core/words.ts'
import { complaint, move, plus, said, start } from '../complaints/support.ts'

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

describe('the line beside the card', () => {
  const by = { name: '小李', via: 'chat' } as const
  const edit = 'any-time'
  const action = { action: asId<'action'>('act_1'), by }
  const lines: readonly (readonly [Fact, string | undefined])[] = [
    [{ kind: 'opened' }, undefined],
    [{ kind: 'provisional', why: 'x' }, undefined],
    [{ kind: 'read' }, undefined],
    [{ kind: 'shown' }, undefined],
    [{ kind: 'pictured', pictures: [], failed: 1 }, undefined],
    [{ kind: 'claimed', by }, undefined],
    [{ kind: 'released', by }, undefined],
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
  test.each(lines)('%j: %s', (fact, line) =>
    expect(lineOf(fact, { complaint: complaint(), language: 'zh-CN', edit })).toBe(line),
  )

  const still: readonly (readonly [Fact, string | undefined])[] = [
    [{ kind: 'turned', from: 'ours', to: 'theirs', label: '已回应' }, '#128 待用户：已回应'],
    [{ kind: 'turned', from: 'ours', to: 'ours', label: '待商家补充凭证' }, undefined],
    [{ kind: 'turned', from: 'ours', to: 'closed', label: '投诉已完结' }, '#128 已结束：投诉已完结'],
    [{ kind: 'said', happening: said(start, '在吗') }, '#128 用户：在吗'],
    [{ kind: 'said', happening: said(start, '请补充', 'platform') }, undefined],
    [{ kind: 'noted', by, text: '已电话联系' }, undefined],
    [{ kind: 'acted', act: 'add-evidence', state: 'done', ...action }, '#128 补充凭证已提交 · 小李'],
  ]
  test.each(still)('where cards change only at a press, %j: %s', (fact, line) =>
    expect(lineOf(fact, { complaint: complaint(), language: 'zh-CN', edit: 'on-press' })).toBe(line),
  )

  test('of an answer says which answer, in the room’s language', () => {
    const fact: Fact = { kind: 'acted', act: 'respond', state: 'done', ...action }
    const refuse = { kind: 'respond', stance: 'refuse', text: 'x' } as const
    expect(lineOf(fact, { complaint: complaint(), language: 'zh-CN', action: refuse, edit })).toBe(
      '#128 拒绝和解已提交 · 小李',
    )
    expect(lineOf(fact, { complaint: complaint(), language: 'en', action: refuse, edit })).toBe(
      '#128 Refusal submitted · 小李',
    )
    expect(lineOf(fact, { complaint: complaint(), language: 'zh-CN', edit })).toBe('#128 回应已提交 · 小李')
  })
})
