import { expect, test } from 'vitest'
import { createRepeats } from '../../src/admin/repeat.ts'
import { asId, fen, instant } from '../../src/core/words.ts'
import { addAudit, inTurn, listAudit } from '../../src/storage/audit.ts'
import {
  addKey,
  createKey,
  endKey,
  findKey,
  keyHash,
  keyUsed,
  listKeys,
  lockKey,
  othersRule,
  revokeKey,
} from '../../src/storage/keys.ts'
import type { Database } from '../../src/storage/open.ts'
import { beginOnce, onceAnswered, onceWrote } from '../../src/storage/repeats.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { witnessed } from '../../src/storage/witness.ts'
import { noon, onEachDatabase } from '../support/databases.ts'

const [ours, theirs] = [asId<'tenant'>('ten_a'), asId<'tenant'>('ten_b')]
const line = (tenant: typeof ours | undefined, target: string) => ({
  ...(tenant ? { tenant } : {}),
  ...{ key: asId<'key'>('key_1'), keyName: 'k', operation: 'o', target, after: { at: target } },
})

onEachDatabase('keys, the audit and what comes twice', (kind) => {
  test('a key is found by its text alone, listed for its tenant, and ends', async () => {
    const { database, clock } = await kind.open()
    await database.transaction(async (tx) => {
      await addKey(tx, { name: 'first', hash: keyHash('text-1'), prefix: 'text-1' })
      await addKey(tx, { name: 'again', hash: keyHash('text-1') })
      const made = await createKey(tx, { name: 'a', text: 'text-of-a', access: 'write', tenant: ours })
      await createKey(tx, { name: 'b', text: 'text-of-b', access: 'read', expiresAt: instant(noon + 1) })
      expect(await findKey(tx, 'text-of-a')).toEqual({ ...made, prefix: 'text-of-', tenant: ours })
      expect(await findKey(tx, 'text-of-')).toBeUndefined()
      expect((await listKeys(tx, ours)).map(({ name }) => name)).toEqual(['a'])
      expect((await listKeys(tx, undefined)).map(({ name }) => name).sort()).toEqual(['a', 'b', 'first'])
      expect(await lockKey(tx, made.id, theirs)).toBeUndefined()
      await keyUsed(tx, made.id)
      await endKey(tx, made.id, instant(noon + 5))
      await revokeKey(tx, made.id)
    })
    const first = instant(noon)
    clock.advance(10)
    await database.transaction(async (tx) => revokeKey(tx, (await findKey(tx, 'text-of-a'))?.id ?? asId('')))
    expect(await findKey(database.reads, 'text-of-a')).toMatchObject({
      ...{ lastUsedAt: first, revokedAt: first, expiresAt: instant(noon + 5) },
    })
  })

  test('only another valid key of the whole installation that writes rules beside one', async () => {
    const { database, clock } = await kind.open()
    await database.transaction(async (tx) => {
      const own = await createKey(tx, { name: 'own', text: '1', access: 'write' })
      await createKey(tx, { name: 'reads', text: '2', access: 'read' })
      await createKey(tx, { name: 'small', text: '3', access: 'write', tenant: ours })
      const gone = await createKey(tx, { name: 'gone', text: '4', access: 'write' })
      await revokeKey(tx, gone.id)
      expect(await othersRule(tx, own.id)).toBe(false)
      await createKey(tx, { name: 'brief', text: '5', access: 'write', expiresAt: instant(noon + 1) })
      expect(await othersRule(tx, own.id)).toBe(true)
      clock.advance(1)
      expect(await othersRule(tx, own.id)).toBe(false)
    })
  })

  test('lines keep their order whoever writes at the same time, and are of one tenant', async () => {
    const { database, beside } = await kind.open()
    const other = beside()
    const write = (into: Database, target: string) =>
      into.transaction((tx) => addAudit(tx, line(target === 'a2' ? theirs : ours, target)))
    await Promise.all([write(database, 'a1'), write(other, 'a2'), write(database, 'a3'), write(other, 'a4')])
    const all = await listAudit(database.reads, { tenant: undefined, limit: 9 })
    expect(all.map(({ nr }) => nr)).toEqual([4, 3, 2, 1])
    expect((await listAudit(database.reads, { tenant: theirs, limit: 9 })).map(({ target }) => target)).toEqual(['a2'])
    const two = await listAudit(database.reads, { tenant: ours, limit: 2 })
    const rest = await listAudit(database.reads, { tenant: ours, limit: 9, before: two[1]?.nr ?? 0 })
    expect([...two, ...rest].map(({ target }) => target).sort()).toEqual(['a1', 'a3', 'a4'])
  })

  test('whoever takes the turn waits for whoever has it', async () => {
    const { database, beside } = await kind.open()
    const said: string[] = []
    const turn = (from: Database, name: string) =>
      from.transaction(async (tx) => {
        await inTurn(tx)
        said.push(`${name} in`)
        await listKeys(tx, undefined)
        await listKeys(tx, undefined)
        said.push(`${name} out`)
      })
    await Promise.all([turn(database, 'a'), turn(beside(), 'b')])
    expect(said[1]).toBe(said[0]?.replace('in', 'out'))
  })

  test('the database says what was written, and what only was read', async () => {
    const { database } = await kind.open()
    await database.transaction(async (tx) => {
      const wish = { handle: 'shop', name: 's', zone: 'UTC', language: 'en', secondPersonFrom: fen(1) } as const
      await addKey(tx, { name: 'there', hash: 'there' })
      const looked = witnessed(tx)
      expect(await listKeys(looked.tx, undefined)).toHaveLength(1)
      await lockKey(looked.tx, asId('none'), undefined)
      await revokeKey(looked.tx, asId('none'))
      expect([looked.wrote()]).toEqual([false])
      const made = witnessed(tx)
      expect(await createTenant(made.tx, wish)).toBeDefined()
      expect([made.wrote()]).toEqual([true])
      const twice = witnessed(tx)
      await addKey(twice.tx, { name: 'a', hash: 'h' })
      expect([twice.wrote()]).toEqual([true])
      const nothing = witnessed(tx)
      await addKey(nothing.tx, { name: 'a', hash: 'h' })
      expect([nothing.wrote()]).toEqual([false])
    })
  })

  test('one begins, whoever asks at the same time; its answer is sealed', async () => {
    const { database, beside } = await kind.open()
    const wish = { id: 'i', body: 'b', runner: 'r' }
    const begun = await Promise.all(
      [database, beside(), database].map((each) => each.transaction((tx) => beginOnce(tx, wish))),
    )
    expect(begun.filter((one) => one === undefined)).toHaveLength(1)
    await database.transaction(async (tx) => {
      await onceWrote(tx, 'i')
      await onceAnswered(tx, 'i', { key: 'canaryOfAnAnswer' })
    })
    const [row] = await database.reads.db.selectFrom('repeat').selectAll().execute()
    expect(row?.wrote).toBe(1)
    expect(row?.answer).not.toContain('canary')
    expect(await database.transaction((tx) => beginOnce(tx, wish))).toMatchObject({
      answer: { key: 'canaryOfAnAnswer' },
    })
  })

  test('another process that may still be at it is given time; on SQLite there is none', async () => {
    const { database, clock } = await kind.open()
    const work = async () => ({ status: 200, body: 1 })
    const cut = async () => {
      throw new Error('the process dies')
    }
    const wish = { name: 'n', key: 'k', path: '/p', body: {} }
    await expect(createRepeats(database).once(wish, cut)).rejects.toThrow('dies')
    const next = createRepeats(database)
    expect(await next.once(wish, work)).toMatchObject({ title: kind.name === 'sqlite' ? 'Cut off' : 'Still running' })
    clock.advance(120_000)
    expect(await next.once(wish, work)).toMatchObject({ status: 409, title: 'Cut off' })
  })
})
