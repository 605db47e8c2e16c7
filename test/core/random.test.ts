import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { drawnAhead } from '../../src/core/random.ts'

test('what is drawn ahead is given out once, in its order, in the wanted lengths', () => {
  const drawn: Buffer[] = []
  const random = drawnAhead((size) => {
    const bytes = randomBytes(size)
    drawn.push(bytes)
    return bytes
  }, 16)
  const given = [5, 10, 1, 3, 40, 0, 13].map((size) => random(size))
  expect(given.map((bytes) => bytes.length)).toEqual([5, 10, 1, 3, 40, 0, 13])
  expect(drawn.map((bytes) => bytes.length)).toEqual([16, 16, 40, 16])
  expect(Buffer.concat(given.slice(0, 3))).toEqual(drawn[0])
  expect(given[3]).toEqual(drawn[1]?.subarray(0, 3))
  expect(given[4]).toEqual(drawn[2])
  expect(given[6]).toEqual(drawn[3]?.subarray(0, 13))
})
