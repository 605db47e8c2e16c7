import { expect, test } from 'vitest'
import { embeddedLeases } from '../../src/engine/lease.ts'

test('a name is held once, and by the next when it was let go, under a higher number', async () => {
  const leases = embeddedLeases()
  const first = await leases.hold('bot_1')
  expect(await leases.hold('bot_1')).toBeUndefined()
  const other = await leases.hold('bot_2')
  await first?.release()
  const next = await leases.hold('bot_1')
  expect([first?.fence, other?.fence, next?.fence]).toEqual([1, 2, 3])
  expect(next?.lost.aborted).toBe(false)
})
