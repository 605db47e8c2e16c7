import { describe, expect, test } from 'vitest'
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

describe('while much work waits', () => {
  test('who answers somebody outside goes ahead of all that wait, not of what runs', async () => {
    const turn = createTurn()
    const order: string[] = []
    const work = (name: string) => async () => void order.push(name)
    await Promise.all([
      turn.take(work('running')),
      turn.take(work('waiting 1')),
      turn.take(work('waiting 2')),
      turn.share(work('callback 1')),
      turn.share(work('callback 2')),
    ])
    expect(order.slice(0, 3).sort()).toEqual(['callback 1', 'callback 2', 'running'])
    expect(order.slice(3)).toEqual(['waiting 1', 'waiting 2'])
    expect(order.indexOf('callback 1')).toBeLessThan(order.indexOf('callback 2'))
  })

  test('the event loop hears the world between two turns', async () => {
    const turn = createTurn()
    let heard = 0
    let seenByLast = 0
    const hear = () => {
      heard += 1
      if (heard < 50) setImmediate(hear)
    }
    setImmediate(hear)
    const work = async () => {
      seenByLast = heard
    }
    await Promise.all(Array.from({ length: 20 }, () => turn.take(work)))
    expect(seenByLast).toBeGreaterThan(10)
  })
})
