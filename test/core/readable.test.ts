import { expect, test } from 'vitest'
import { isReadable, readable } from '../../src/core/readable.ts'

test('only what no database or chat takes is replaced, however deep it stands', () => {
  expect(readable({ words: ['a\0b', '\ud83d!', '😀\n\t'], at: 1, none: null, on: { x: '\udc00' } })).toEqual({
    words: ['a\ufffdb', '\ufffd!', '😀\n\t'],
    at: 1,
    none: null,
    on: { x: '\ufffd' },
  })
  expect([isReadable('退款😀'), isReadable('a\0'), isReadable('😀'.slice(0, 1))]).toEqual([true, false, false])
})

test('what is no plain data stays the very same', () => {
  const [bytes, at] = [Buffer.from('a\0'), new Date(0)]
  const kept = readable({ bytes, at })
  expect([kept.bytes, kept.at]).toEqual([bytes, at])
  expect(kept.bytes).toBe(bytes)
})
