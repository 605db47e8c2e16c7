import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gate, lengthOf, type Wanting, type Why } from '../../src/actions/gate.ts'
import type { Action } from '../../src/complaints/action.ts'
import type { Takes } from '../../src/complaints/complaint.ts'
import { roles } from '../../src/complaints/member.ts'
import { asPictureHash, fen } from '../../src/core/words.ts'
import { complaint, move, plus, start, words } from '../complaints/support.ts'

const picture = (n: number) => asPictureHash(String(n).padStart(64, '0'))
const pictures = (count: number) => Array.from({ length: count }, (_, index) => picture(index))
const yesOrNo: Takes = {
  ...words,
  choices: [
    { code: 'agree', label: '同意和解' },
    { code: 'refuse', label: '拒绝和解' },
  ],
}
const agree: Action = { kind: 'respond', stance: 'agree', text: '好的' }

/** A wish that is allowed, changed in the parts that a test is about. */
const wanting = (over: Partial<Wanting> = {}, takes: Takes = yesOrNo): Wanting => ({
  member: { role: 'agent' },
  complaint: complaint({ version: 3, moves: [move('respond', { owed: true, takes })] }),
  action: agree,
  seen: 3,
  expiresAt: plus(1),
  now: start,
  ...over,
})

describe('a wish', () => {
  test('that is allowed is let through', () => expect(gate(wanting())).toBeUndefined())
  test('of a slash command names no version and no time', () => {
    const { seen: _, expiresAt: __, ...plain } = wanting()
    expect(gate(plain)).toBeUndefined()
  })

  const refusals: readonly (readonly [string, Partial<Wanting>, Why])[] = [
    ['a viewer only looks', { member: { role: 'viewer' } }, { why: 'role', needs: 'agent' }],
    ['a confirm that has run out', { expiresAt: plus(-1) }, { why: 'expired' }],
    ['a confirm at its very last moment', { expiresAt: start }, { why: 'expired' }],
    ['nothing of this kind is open', { action: { kind: 'appeal', text: 'x' } }, { why: 'not-open' }],
    ['nothing at all is open', { complaint: complaint({ version: 3, moves: [] }) }, { why: 'not-open' }],
    ['the case has changed since', { seen: 2 }, { why: 'changed' }],
    ['a version that never was', { seen: 4 }, { why: 'changed' }],
    [
      'an answer that the platform does not know',
      { action: { kind: 'respond', stance: 'talk', text: 'x' } },
      { why: 'unknown-choice', choices: ['agree', 'refuse'] },
    ],
    ['no words', { action: { kind: 'respond', stance: 'agree' } }, { why: 'words-missing', takes: yesOrNo }],
    ['only blanks', { action: { ...agree, text: ' \n　' } }, { why: 'words-missing', takes: yesOrNo }],
    [
      '501 characters',
      { action: { ...agree, text: '字'.repeat(501) } },
      { why: 'text-too-long', most: 500, is: 501, unit: 'chars' },
    ],
    ['five pictures', { action: { ...agree, pictures: pictures(5) } }, { why: 'pictures-too-many', most: 4, is: 5 }],
  ]
  test.each(refusals)('is refused: %s', (_, over, why) => expect(gate(wanting(over))).toEqual(why))

  test('is judged in a fixed order: role, time, open, changed, choice, words, pictures', () => {
    const wrong: Wanting = {
      member: { role: 'viewer' },
      complaint: complaint({ version: 3, moves: [] }),
      action: { kind: 'respond', stance: 'talk', pictures: pictures(5), text: '字'.repeat(501) },
      seen: 1,
      expiresAt: plus(-1),
      now: start,
    }
    // Each step mends what was refused before it.
    const mends: readonly Partial<Wanting>[] = [
      {},
      { member: { role: 'agent' } },
      { expiresAt: plus(1) },
      { complaint: complaint({ version: 3, moves: [move('respond', { takes: yesOrNo })] }) },
      { seen: 3 },
      { action: { kind: 'respond', stance: 'agree', pictures: pictures(5), text: '字'.repeat(501) } },
      { action: { ...agree, pictures: pictures(5) } },
      { action: agree },
    ]
    let wish = wrong
    const whys = mends.map((mend) => {
      wish = { ...wish, ...mend }
      return gate(wish)?.why
    })
    expect(whys).toEqual([
      'role',
      'expired',
      'not-open',
      'changed',
      'unknown-choice',
      'text-too-long',
      'pictures-too-many',
      undefined,
    ])
  })
})

describe('who may', () => {
  const refund: Action = { kind: 'refund', order: '4200', amount: fen(1), total: fen(1), reason: '' }
  const open = complaint({ version: 3, moves: [move('respond', { takes: yesOrNo }), move('refund', { takes: {} })] })
  const may = (action: Action) => roles.filter((role) => !gate(wanting({ member: { role }, complaint: open, action })))
  test('answer: all but viewers', () => expect(may(agree)).toEqual(['agent', 'refunder', 'admin']))
  test('send money back: refunders and admins', () => expect(may(refund)).toEqual(['refunder', 'admin']))
  test('and the refusal names the role that it takes', () => {
    expect(gate(wanting({ complaint: open, action: refund }))).toEqual({ why: 'role', needs: 'refunder' })
  })
})

describe('what a move takes', () => {
  const text = (max: number, required: boolean, unit: 'chars' | 'bytes' = 'chars'): Takes => ({
    text: { max, unit, required },
  })
  const plain = (required: boolean): Takes => ({ text: { max: 9, unit: 'chars', required, plain: true } })
  const three = { max: 3, bytes: 1, types: [] }
  const table: readonly (readonly [string, Takes, Action, Why['why'] | undefined])[] = [
    ['text or pictures: text alone', words, agree, undefined],
    [
      'text or pictures: a picture alone',
      words,
      { kind: 'respond', stance: 'agree', pictures: pictures(1) },
      undefined,
    ],
    [
      'text or pictures: 500 characters and 4 pictures',
      words,
      { ...agree, text: '字'.repeat(500), pictures: pictures(4) },
      undefined,
    ],
    ['text or pictures: neither', words, { kind: 'respond', stance: 'agree', pictures: [] }, 'words-missing'],
    ['text wanted: there', text(3, true), { ...agree, text: '好' }, undefined],
    [
      'text wanted: a picture does not stand for it',
      { ...text(3, true), pictures: three },
      { kind: 'respond', stance: 'agree', pictures: pictures(1) },
      'words-missing',
    ],
    ['text welcome: none', text(3, false), { kind: 'respond', stance: 'agree' }, undefined],
    ['text in characters: emoji count one', text(3, true), { ...agree, text: '😀😀😀' }, undefined],
    ['plain text: no emoji', plain(true), { ...agree, text: '好😀' }, 'characters'],
    ['plain text: everything else', plain(true), { ...agree, text: '好 ★ é' }, undefined],
    ['text in bytes: an emoji counts four', text(11, true, 'bytes'), { ...agree, text: '😀😀😀' }, 'text-too-long'],
    ['text in bytes: a character counts three', text(9, true, 'bytes'), { ...agree, text: '好好好' }, undefined],
    ['no pictures: one', text(3, true), { ...agree, pictures: pictures(1) }, 'pictures-too-many'],
    ['pictures only: a text would be lost', { pictures: three }, { ...agree, pictures: pictures(1) }, 'text-too-long'],
    ['nothing: nothing', {}, { kind: 'respond', stance: 'agree' }, undefined],
  ]
  test.each(table)('%s', (_, takes, action, why) => expect(gate(wanting({ action }, takes))?.why).toBe(why))

  const chosen: readonly (readonly [Action, string, boolean])[] = [
    [{ kind: 'finish', choice: 'REFUND', text: 'x' }, 'REFUND', true],
    [{ kind: 'finish', choice: 'OTHER', text: 'x' }, 'REFUND', false],
    [{ kind: 'finish', text: 'x' }, 'REFUND', false],
    [{ kind: 'prove-refund', received: true, text: 'x' }, 'received', true],
    [{ kind: 'prove-refund', received: false, text: 'x' }, 'received', false],
    [{ kind: 'prove-refund', received: false, text: 'x' }, 'not-received', true],
    [{ kind: 'decide-refund', verdict: 'reject', text: 'x' }, 'approve', false],
  ]
  test.each(chosen)('%j where only %s may be chosen', (action, code, fits) => {
    const open = complaint({
      version: 3,
      moves: [move(action.kind, { takes: { ...words, choices: [{ code, label: '' }] } })],
    })
    const why = gate(wanting({ complaint: open, action }))
    expect(why).toEqual(fits ? undefined : { why: 'unknown-choice', choices: [code] })
  })
  test('a finish where the platform knows no choices needs none', () => {
    const open = complaint({ version: 3, moves: [move('finish')] })
    expect(gate(wanting({ complaint: open, action: { kind: 'finish', text: 'x' } }))).toBeUndefined()
  })
})

test('length is what a person counts, or bytes', () => {
  expect([lengthOf('a好😀', 'chars'), lengthOf('a好😀', 'bytes'), lengthOf('', 'chars')]).toEqual([3, 8, 0])
})

test('whatever is wished, the gate answers and never throws', () => {
  const action = fc.record({
    kind: fc.constantFrom('respond', 'add-evidence', 'appeal', 'finish'),
    stance: fc.constantFrom('agree', 'refuse', 'talk'),
    text: fc.string(),
    pictures: fc.array(fc.nat().map(picture), { maxLength: 6 }),
  })
  fc.assert(
    fc.property(action, fc.constantFrom(...roles), fc.nat(5), (wish, role, seen) => {
      const why = gate(wanting({ action: wish as Action, member: { role }, seen }))
      if (why) return
      expect([wish.kind, seen, role === 'viewer', wish.pictures.length <= 4]).toEqual(['respond', 3, false, true])
    }),
  )
})
