import fc from 'fast-check'
import type { ActionKind } from '../../src/complaints/action.ts'
import { actionKinds } from '../../src/complaints/action.ts'
import type { Complaint, Happening, Move, Phase, Snapshot, Takes } from '../../src/complaints/complaint.ts'
import { asId, fen, type Instant, instant, later } from '../../src/core/words.ts'

export const start = instant(Date.UTC(2026, 10, 21, 8))
export const plus = (ms: number): Instant => later(start, ms)
export const hour = 3_600_000

export const words: Takes = {
  text: { max: 500, unit: 'chars', required: false },
  pictures: { max: 4, bytes: 2_097_152, types: ['image/png', 'image/jpeg', 'image/gif'] },
  either: true,
}

export const move = (kind: ActionKind, more: Partial<Move> = {}): Move => ({ kind, owed: false, takes: words, ...more })

export const said = (at: Instant, text: string, by: Happening['by'] = 'user'): Happening => ({
  at,
  by,
  label: by === 'user' ? '用户补充留言' : '平台处理中',
  text,
  pictures: [],
})

export const snapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  source: 'wechat-mini',
  number: '2157',
  scope: 'wx01',
  phase: 'ours',
  code: '201',
  label: '待处理',
  moves: [move('respond', { owed: true, due: plus(48 * hour) })],
  orders: ['4200002179'],
  outTradeNo: 'T20240426001',
  text: '衣服破了一个洞',
  reason: '商品问题 · 破损',
  product: '保温杯',
  amountShown: fen(1990),
  person: { name: '张三', phone: '13800136688', openid: 'oABC' },
  pictures: [],
  timeline: [said(start, '衣服破了一个洞')],
  openedAt: start,
  asOf: start,
  warnings: [],
  ...over,
})

export const complaint = (over: Partial<Complaint> = {}): Complaint => ({
  ...snapshot(),
  id: asId<'complaint'>('cmp_1'),
  tenant: asId<'tenant'>('ten_1'),
  account: asId<'account'>('acc_1'),
  platform: 'wechat-mini',
  running: 128,
  version: 1,
  who: '张* ·6688',
  nth: 1,
  ...over,
})

export const phases = ['ours', 'theirs', 'platform', 'remedy', 'closed'] as const satisfies readonly Phase[]

const happening = fc.record({
  at: fc.integer({ min: -1000, max: 1000 }).map((minutes) => plus(minutes * 60_000)),
  by: fc.constantFrom('user', 'merchant', 'platform'),
  label: fc.constantFrom('用户补充留言', '平台处理中', ''),
  text: fc.string({ unit: 'grapheme', maxLength: 12 }),
  pictures: fc.array(fc.webUrl(), { maxLength: 2 }),
})

const moves = fc.uniqueArray(
  fc.record({ kind: fc.constantFrom(...actionKinds), owed: fc.boolean(), takes: fc.constant(words) }),
  { selector: ({ kind }) => kind, maxLength: 3 },
)

/** What a platform might say, sensible or not; `asOf` comes from whoever asks. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .record(
    {
      phase: fc.constantFrom(...phases),
      code: fc.constantFrom('201', '106', '205', '399', ''),
      moves,
      orders: fc.array(fc.stringMatching(/^\d{1,6}$/), { maxLength: 2 }),
      text: fc.string({ maxLength: 10 }),
      timeline: fc.array(happening, { maxLength: 5 }),
      amountShown: fc.nat().map(fen),
      provisional: fc.constantFrom('errcode 48001', ''),
      pictures: fc.array(fc.webUrl(), { maxLength: 2 }),
      label: fc.string({ maxLength: 5 }),
    },
    { requiredKeys: ['phase', 'code', 'moves', 'orders', 'text', 'timeline', 'pictures', 'label'] },
  )
  .map((over) => snapshot(over))
