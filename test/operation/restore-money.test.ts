import { randomBytes } from 'node:crypto'
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { refundableOf } from '../../src/actions/refundable.ts'
import { request } from '../../src/actions/request.ts'
import { instant } from '../../src/core/words.ts'
import { findAction } from '../../src/storage/actions.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { restoreFolder } from '../../src/storage/restore.ts'
import { type DatabaseKind, sqlite } from '../support/databases.ts'
import { type PayWorld, world } from '../support/world.ts'

const minute = 60_000

/** A shop whose database can be copied while it is used, and put back as it was then. */
async function shop() {
  let where = ''
  const kind: DatabaseKind = {
    name: 'sqlite',
    async open(options) {
      const opened = await sqlite.open(options)
      where = opened.where
      return opened
    },
  }
  const w = await world({ pay: ['青禾优选'], kind })
  const folder = mkdtempSync(join(tmpdir(), 'redress-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const backup = join(folder, 'backup.db')
  return {
    w,
    async copy() {
      closeSync(openSync(backup, 'wx', 0o600))
      await w.storage.copyTo?.(backup)
    },
    putBack: () =>
      w.restart(async () => {
        copyFileSync(where, join(folder, 'redress.db'))
        const given = { random: randomBytes, known: Object.keys(migrations), now: instant(w.clock.now()) }
        restoreFolder({ folder, file: backup, master: Buffer.alloc(32, 7), ...given })
        for (const end of ['-wal', '-shm']) rmSync(where + end, { force: true })
        copyFileSync(join(folder, 'redress.db'), where)
      }),
  }
}

type Able = Awaited<ReturnType<typeof refundableOf>>[number]

const complaintOf = async (w: PayWorld) => {
  const complaint = await findRunning(w.storage.reads, w.tenant.id, 1)
  if (!complaint) throw new Error('no #1')
  return complaint
}

async function ableNow(w: PayWorld): Promise<Able> {
  const [able] = await refundableOf(w, await complaintOf(w))
  if (!able) throw new Error('nothing can be refunded')
  return able
}

let nth = 0
async function wish(w: PayWorld, able: Able) {
  const { order, total, left: amount, paidAt } = able
  const requested = await request(w, {
    tenant: w.tenant.id,
    complaint: (await complaintOf(w)).id,
    action: { kind: 'refund', order, amount, total, reason: '', ...(paidAt === undefined ? {} : { paidAt }) },
    key: `wish ${++nth}`,
    by: { name: '小李', via: 'chat' },
    member: { role: 'refunder' },
  })
  if (requested.outcome !== 'accepted') throw new Error(JSON.stringify(requested))
  return requested.action.id
}

/** What left the merchant, by the outside's own ledger. */
const paidBack = (w: PayWorld) => w.pay.sandbox.refunds().map(({ amount, status }) => [amount, status])
const asked = (w: PayWorld) => w.pay.sandbox.calls().filter(({ on }) => on === 'refund').length

test('a backup in which a refund was only wanted: it is carried out again, and paid once', async () => {
  const { w, copy, putBack } = await shop()
  await w.pay.complain({ amount: 1990 })
  const id = await wish(w, await ableNow(w))
  await copy()
  await w.pass(3 * minute)
  expect(paidBack(w)).toEqual([[1990, 'SUCCESS']])
  const before = asked(w)
  await putBack()
  expect((await findAction(w.storage.reads, id))?.state).not.toBe('done')
  await w.pass(3 * minute)
  // It was asked for again: the ledger alone kept it from being paid twice.
  expect(asked(w)).toBeGreaterThan(before)
  expect(paidBack(w)).toEqual([[1990, 'SUCCESS']])
  expect((await findAction(w.storage.reads, id))?.state).toBe('done')
})

test('a backup from before anybody wanted one: whoever asks again, with what was known then, pays nothing more', async () => {
  const { w, copy, putBack } = await shop()
  await w.pay.complain({ amount: 1990 })
  await copy()
  const able = await ableNow(w)
  await wish(w, able)
  await w.pass(3 * minute)
  expect(paidBack(w)).toEqual([[1990, 'SUCCESS']])
  const before = asked(w)
  await putBack()
  const again = await wish(w, able)
  await w.pass(3 * minute)
  expect(asked(w)).toBeGreaterThan(before)
  expect(paidBack(w)).toEqual([[1990, 'SUCCESS']])
  expect((await findAction(w.storage.reads, again))?.state).toBe('done')
})
