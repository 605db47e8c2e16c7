import { expect, test } from 'vitest'
import { InputError } from '../../../src/core/errors.ts'
import { needs } from '../../../src/platforms/wechat-mini/needs.ts'

const good = {
  outsideId: 'wxba5fad812f8e6fb9',
  secrets: { secret: '0123456789abcdef0123456789abcdef', token: 'Abc123', aesKey: 'A'.repeat(43) },
  settings: { mode: 'safe' },
}
const fields = (
  input: typeof good | { outsideId: string; secrets: Record<string, string>; settings: Record<string, unknown> },
) => {
  try {
    needs.check(input)
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    expect(error.problems.every((problem) => problem.fix.length > 10)).toBe(true)
    return error.problems.map((problem) => problem.field)
  }
}

test('a whole account is taken, in each mode, and without a mode', () => {
  for (const settings of [{ mode: 'safe' }, { mode: 'compatible' }, { mode: 'plain' }, {}, { notReceived: 2 }])
    expect(fields({ ...good, settings })).toEqual([])
})
test('plain mode does without the key; no other does', () => {
  const { aesKey: _, ...secrets } = good.secrets
  expect(fields({ ...good, secrets, settings: { mode: 'plain' } })).toEqual([])
  expect(fields({ ...good, secrets, settings: {} })).toEqual(['secrets.aesKey'])
})
test.each([
  [{ outsideId: '1900000109' }, 'outsideId'],
  [{ outsideId: '' }, 'outsideId'],
  [{ secrets: { ...good.secrets, secret: '' } }, 'secrets.secret'],
  [{ secrets: { ...good.secrets, secret: 'with a blank' } }, 'secrets.secret'],
  [{ secrets: { ...good.secrets, token: 'ab' } }, 'secrets.token'],
  [{ secrets: { ...good.secrets, token: 'a'.repeat(33) } }, 'secrets.token'],
  [{ secrets: { ...good.secrets, token: 'a-b-c' } }, 'secrets.token'],
  [{ secrets: { ...good.secrets, aesKey: 'A'.repeat(42) } }, 'secrets.aesKey'],
  [{ secrets: { ...good.secrets, aesKey: `${'A'.repeat(43)}=` } }, 'secrets.aesKey'],
  [{ secrets: { ...good.secrets, aesKey: 'A'.repeat(42) }, settings: { mode: 'plain' } }, 'secrets.aesKey'],
  [{ secrets: { ...good.secrets, aeskey: 'A'.repeat(43) } }, 'secrets.aeskey'],
  [{ settings: { mode: 'Safe' } }, 'settings.mode'],
  [{ settings: { notReceived: 1 } }, 'settings.notReceived'],
  [{ settings: { notReceived: 10 } }, 'settings.notReceived'],
  [{ settings: { notReceived: 2.5 } }, 'settings.notReceived'],
  [{ settings: { notReceived: '2' } }, 'settings.notReceived'],
  [{ settings: { notReceived: null } }, 'settings.notReceived'],
])('%j: names the field', (over, field) => expect(fields({ ...good, ...over })).toEqual([field]))
test('all problems are named at once', () => {
  expect(fields({ outsideId: '', secrets: {}, settings: { mode: 7 } })).toEqual([
    'outsideId',
    'secrets.secret',
    'secrets.token',
    'secrets.aesKey',
    'settings.mode',
  ])
})
test('no fix repeats what was given', () => {
  try {
    needs.check({ ...good, secrets: { ...good.secrets, token: 'se-cret' } })
  } catch (error) {
    expect(String(error)).not.toContain('se-cret')
  }
})
