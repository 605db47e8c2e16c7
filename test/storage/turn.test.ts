import { expect, test } from 'vitest'
import { createTurn } from '../../src/storage/turn.ts'

const aWhile = () => new Promise<void>((resolve) => setImmediate(resolve))

test('turns are taken one at a time, in the order of the calls', async () => {
  const turn = createTurn()
  const seen: string[] = []
  let inside = 0
  const work = (name: string) => async () => {
    inside += 1
    expect(inside).toBe(1)
    await aWhile()
    seen.push(name)
    inside -= 1
  }
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => turn.take(work(name))))
  expect(seen).toEqual(['a', 'b', 'c', 'd'])
})

test('a failing turn tells its caller and does not hold up the next', async () => {
  const turn = createTurn()
  const failing = turn.take(() => Promise.reject(new Error('no')))
  const throwing = turn.take(() => {
    throw new Error('never')
  })
  const next = turn.take(() => 'done')
  await expect(failing).rejects.toThrow('no')
  await expect(throwing).rejects.toThrow('never')
  expect(await next).toBe('done')
})
