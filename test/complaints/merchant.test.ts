import { expect, test } from 'vitest'
import { isOn } from '../../src/complaints/merchant.ts'

test.each([
  [true, true, true],
  [true, false, false],
  [false, true, false],
  [false, false, false],
])('account enabled %s, merchant enabled %s: on %s', (account, merchant, on) => {
  expect(isOn({ account: { enabled: account }, merchant: { enabled: merchant } })).toBe(on)
})

test('an account that speaks for itself is on when it is enabled', () => {
  expect([isOn({ account: { enabled: true } }), isOn({ account: { enabled: false } })]).toEqual([true, false])
})
