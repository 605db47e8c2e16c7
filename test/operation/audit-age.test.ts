import { expect, test } from 'vitest'
import { operations } from '../../src/admin/operations.ts'
import { silent } from '../../src/core/logger.ts'
import { asId } from '../../src/core/words.ts'
import { forget } from '../../src/schedule/forget.ts'
import { addAudit, letAuditGo, listAudit, moneyOperations } from '../../src/storage/audit.ts'
import { onEachDatabase } from '../support/databases.ts'

const day = 86_400_000

/** What may be forgotten after years: each new operation belongs here or among `moneyOperations`. */
const forgotten = [
  ...['createBot', 'changeBot', 'removeBot', 'createRoom', 'removeRoom', 'createRoomCode', 'changeDuty'],
  ...['createChannel', 'changeChannel', 'removeChannel', 'testChannel', 'createChannelBindRequest'],
  ...['createChannelRecipient', 'changeChannelRecipient', 'removeChannelRecipient'],
  ...['retryDeadLetters', 'dismissDeadLetters', 'createTemplate', 'changeTemplate', 'removeTemplate'],
  ...['createAccountAuthorizationLink', 'importComplaint', 'takeAddress', 'createPicture'],
  ...['removeComplaintLinks', 'removeComplaintLink', 'makeBackup', 'replayCallback', 'replayJob', 'erasePerson'],
]

test('each operation that writes is about money or is not; an act on a complaint says it by its kind', () => {
  const writes = operations.filter(({ method }) => method !== 'get').map(({ id }) => id)
  expect([...forgotten, ...moneyOperations, 'createComplaintAction'].sort()).toEqual(writes.sort())
})

onEachDatabase('lines of the audit', ({ open }) => {
  const line = (operation: string, wish?: unknown) => ({
    ...{ key: asId<'key'>('key_1'), keyName: 'ci', operation, target: '/' },
    ...(wish === undefined ? {} : { wish }),
  })

  test('go after three years, but for those about money; the newest stays, so that no number comes twice', async () => {
    const { database, clock } = await open()
    const add = (...lines: readonly ReturnType<typeof line>[]) =>
      database.transaction(async (tx) => {
        for (const one of lines) await addAudit(tx, one)
      })
    const left = async () =>
      (await listAudit(database.reads, { tenant: undefined, limit: 99 })).map(
        ({ nr, operation }) => `${nr} ${operation}`,
      )
    const parts = { storage: database, logger: silent }
    const action = (kind: string) => line('createComplaintAction', { kind, amount: 5 })
    await add(line('createBot'), action('refund'), action('note'), action('decide-refund'), line('changeTenant'))
    await add(line('changeMember'), line('erasePerson'))
    clock.advance(1094 * day)
    await forget(parts)
    expect(await left()).toHaveLength(7)
    clock.advance(2 * day)
    await forget(parts)
    // Old, and the newest.
    const money = ['6 changeMember', '5 changeTenant', '4 createComplaintAction', '2 createComplaintAction']
    expect(await left()).toEqual(['7 erasePerson', ...money])
    await add(line('changeBot'))
    await forget(parts)
    expect(await left()).toEqual(['8 changeBot', ...money])
    await add(line('createBot'))
    await forget(parts)
    expect(await left()).toEqual(['9 createBot', '8 changeBot', ...money])
    clock.advance(1096 * day)
    await add(line('createBot'))
    await forget(parts)
    expect(await left()).toEqual(['10 createBot', ...money])
  })

  test('go page by page, in as many days as the configuration says', async () => {
    const { database, clock } = await open()
    await database.transaction(async (tx) => {
      for (let nr = 0; nr < 10; nr++) await addAudit(tx, line(nr === 4 ? 'createKey' : 'createBot'))
    })
    const old = () => database.transaction((tx) => letAuditGo(tx, new Date(clock.now() + 1).toISOString() as never, 3))
    expect([await old(), await old(), await old(), await old()]).toEqual([true, true, true, false])
    const left = await listAudit(database.reads, { tenant: undefined, limit: 99 })
    expect(left.map(({ nr }) => nr)).toEqual([10, 5])
    const keep = { personDays: 9, pictureDays: 9, auditDays: 2 }
    await database.transaction((tx) => addAudit(tx, line('createBot')))
    clock.advance(3 * day)
    await forget({ storage: database, logger: silent, keep })
    expect((await listAudit(database.reads, { tenant: undefined, limit: 99 })).map(({ nr }) => nr)).toEqual([11, 5])
  })
})
