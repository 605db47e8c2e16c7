import { expect, test } from 'vitest'
import { manualClock } from '../../src/core/clock.ts'
import { OutsideError, type Trouble } from '../../src/core/errors.ts'
import { counted, outcomeOfTrouble } from '../../src/core/outside-call.ts'

function meter() {
  const clock = manualClock(0)
  const told: (readonly [string, string, number])[] = []
  return { clock, told, host: 'smtp', called: (...one: readonly [string, string, number]) => void told.push(one) }
}

test('what went well is 2xx, and takes as long as it took', async () => {
  const m = meter()
  const work = async () => {
    m.clock.advance(1_500)
    return 'sent'
  }
  expect(await counted(m, work)).toBe('sent')
  expect(m.told).toEqual([['smtp', '2xx', 1.5]])
})

test.each([
  ['unreachable', 'unreachable'],
  ['unknown', 'unknown'],
  ['busy', '4xx'],
  ['moved', '4xx'],
  ['refused', '4xx'],
  ['forbidden', '4xx'],
] as const satisfies readonly (readonly [Trouble, string])[])(
  '%s counts as %s, and is thrown on',
  async (trouble, outcome) => {
    const m = meter()
    const error = new OutsideError(trouble, 'no')
    await expect(counted(m, () => Promise.reject(error))).rejects.toBe(error)
    expect(m.told).toEqual([['smtp', outcome, 0]])
  },
)

test('what we broke off ourselves is not counted; a mistake of ours is an error', async () => {
  const m = meter()
  const fail = () => Promise.reject(new Error('aborted'))
  await expect(counted(m, fail, () => undefined)).rejects.toThrow('aborted')
  expect(m.told).toEqual([])
  expect(outcomeOfTrouble(new TypeError('x'))).toBe('error')
})

test('nobody need listen', async () => {
  const { clock } = meter()
  expect(await counted({ clock, host: 'sms' }, async () => 1)).toBe(1)
})
