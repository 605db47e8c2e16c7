import { expect, test } from 'vitest'
import type { Member, Role } from '../../src/complaints/member.ts'
import type { Reach } from '../../src/complaints/stage.ts'
import { asId } from '../../src/core/words.ts'
import { isOnDuty, reachedBy } from '../../src/schedule/people.ts'

const member = (handle: string, role: Role, enabled = true): Member => ({
  ...{ id: asId<'member'>(handle), tenant: asId<'tenant'>('t'), handle, name: handle, role, enabled },
})
const [li, zhou, chen, wang] = [
  member('li', 'agent'),
  member('zhou', 'agent'),
  member('chen', 'admin'),
  member('wang', 'viewer'),
]
const team = [li, zhou, chen, wang]

const reached = (reach: Reach, { members = team, onDuty = [] as string[], handler = '' } = {}) =>
  reachedBy({
    ...{ reach, members, onDuty: onDuty.map((handle) => ({ member: asId<'member'>(handle) })) },
    ...(handler ? { handler: asId<'member'>(handler) } : {}),
  }).map(({ handle }) => handle)

test('whoever handles it; without one, those on duty; without them, the admins; without any, all who could', () => {
  expect(reached('handler', { handler: 'li', onDuty: ['zhou'] })).toEqual(['li'])
  expect(reached('handler', { onDuty: ['zhou'] })).toEqual(['zhou'])
  expect(reached('handler')).toEqual(['chen'])
  expect(reached('handler', { members: [li, wang] })).toEqual(['li'])
  expect(reached('handler', { members: [wang] })).toEqual([])
})

test('each step includes those before it, each once', () => {
  expect(reached('duty', { handler: 'li', onDuty: ['zhou', 'li'] })).toEqual(['li', 'zhou'])
  expect(reached('admins', { handler: 'li', onDuty: ['li'] })).toEqual(['li', 'chen'])
  expect(reached('everyone', { handler: 'li', onDuty: ['zhou'] })).toEqual(['li', 'zhou', 'chen'])
})

test('late in its time it is never one person’s alone where there are two who could do something', () => {
  expect(reached('admins')).toEqual(['li', 'zhou', 'chen'])
  expect(reached('everyone', { handler: 'chen', members: [chen, li] })).toEqual(['chen', 'li'])
  expect(reached('everyone', { members: [chen, wang] })).toEqual(['chen'])
})

test('who is switched off, or may only look, is not asked', () => {
  const away = { ...li, enabled: false }
  expect(reached('handler', { members: [away, chen], handler: 'li' })).toEqual(['chen'])
  expect(reached('handler', { handler: 'wang', onDuty: ['wang'] })).toEqual(['chen'])
})

test.each([
  [{ from: 540, to: 1260 }, 539, false],
  [{ from: 540, to: 1260 }, 540, true],
  [{ from: 540, to: 1260 }, 1260, false],
  [{ from: 1260, to: 540 }, 0, true],
  [{ from: 1260, to: 540 }, 539, true],
  [{ from: 1260, to: 540 }, 540, false],
  [{ from: 0, to: 0 }, 700, true],
])('on duty from %j at minute %i: %s', (hours, minute, on) => {
  expect(isOnDuty(hours, minute)).toBe(on)
})
