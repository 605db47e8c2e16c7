import { expect, test } from 'vitest'
import { asId, instant, later } from '../../src/core/words.ts'
import { createBindRequest, useBindRequest } from '../../src/storage/bind-requests.ts'
import {
  changeChannel,
  channelWorks,
  createChannel,
  findChannel,
  findChannelOf,
  holdChannel,
  listChannels,
  removeChannel,
  stopChannel,
} from '../../src/storage/channels.ts'
import {
  deadLetters,
  destinationsWaiting,
  insertDeliveries,
  pendingAt,
  placesWaiting,
  reviveDeliveries,
  settleDeliveries,
} from '../../src/storage/deliveries.ts'
import { endDispatch, goingDispatches, listDispatches, startDispatch, wentSince } from '../../src/storage/dispatches.ts'
import type { Database } from '../../src/storage/open.ts'
import {
  changeRecipient,
  createRecipient,
  findRecipient,
  keepRecipient,
  listeners,
  listRecipients,
  recipientAt,
  removeRecipient,
  switchOff,
} from '../../src/storage/recipients.ts'
import { noon, onEachDatabase } from '../support/databases.ts'

const [a, b] = [asId<'tenant'>('ten_a'), asId<'tenant'>('ten_b')]
const minute = 60_000

const add = (database: Database, more: { tenant?: typeof a; name?: string; kind?: string } = {}) =>
  database.transaction(async (tx) => {
    const made = await createChannel(tx, {
      ...{ tenant: a, kind: 'email', name: 'mail', enabled: true },
      settings: { host: 'smtp.example.com' },
      secrets: { password: 'canary-password' },
      ...more,
    })
    if (!made) throw new Error('taken')
    return made
  })
const join = (database: Database, channel: { id: string; tenant: string }, address: string, wants = ['new']) =>
  database.transaction(async (tx) => {
    const of = { tenant: asId<'tenant'>(channel.tenant), channel: asId<'channel'>(channel.id) }
    const made = await createRecipient(tx, { ...of, address, label: 'li', wants, enabled: true })
    if (!made) throw new Error('taken')
    return made
  })

onEachDatabase('channels and recipients', (kind) => {
  test('what is kept comes back; secrets and addresses lie sealed', async () => {
    const { database } = await kind.open()
    const channel = await add(database)
    expect(await findChannel(database.reads, channel.id)).toEqual(channel)
    expect(channel).toMatchObject({ enabled: true, failures: 0, settings: { host: 'smtp.example.com' } })
    expect(channel.secrets.password?.reveal()).toBe('canary-password')
    const person = await join(database, channel, 'canary@example.com')
    expect(person.address.reveal()).toBe('canary@example.com')
    expect(await findRecipient(database.reads, person.id)).toEqual(person)
    const { db } = database.reads
    const raw = [
      await db.selectFrom('channel').selectAll().execute(),
      await db.selectFrom('recipient').selectAll().execute(),
    ]
    expect(JSON.stringify(raw)).not.toContain('canary')
    expect(JSON.stringify([channel, person])).not.toContain('canary')
  })
  test('a name is the tenant’s once, an address the channel’s once', async () => {
    const { database } = await kind.open()
    const channel = await add(database)
    await expect(add(database)).rejects.toThrow('taken')
    const other = await add(database, { name: 'other' })
    await add(database, { tenant: b })
    expect((await listChannels(database.reads, a)).map(({ name }) => name).sort()).toEqual(['mail', 'other'])
    const rename = (name: string) => database.transaction((tx) => changeChannel(tx, a, other.id, { name }))
    expect(await rename('mail')).toBe('taken')
    expect(await rename('other')).toMatchObject({ name: 'other' })
    await join(database, channel, 'li@example.com')
    await expect(join(database, channel, 'li@example.com')).rejects.toThrow('taken')
    const chen = await join(database, channel, 'chen@example.com')
    const which = { tenant: a, channel: channel.id, id: chen.id }
    const move = (address: string) => database.transaction((tx) => changeRecipient(tx, which, { address }))
    expect(await move('li@example.com')).toBe('taken')
    expect(await move('chen2@example.com')).toMatchObject({ id: chen.id })
    expect((await recipientAt(database.reads, { ...which, address: 'chen2@example.com' }))?.id).toBe(chen.id)
    expect(await recipientAt(database.reads, { ...which, address: 'chen@example.com' })).toBeUndefined()
  })
  test('nothing of another tenant is found or changed', async () => {
    const { database } = await kind.open()
    const channel = await add(database)
    const person = await join(database, channel, 'li@example.com')
    expect(await findChannelOf(database.reads, b, channel.id)).toBeUndefined()
    const of = { tenant: b, channel: channel.id, id: person.id }
    await database.transaction(async (tx) => {
      expect(await changeChannel(tx, b, channel.id, { enabled: false })).toBeUndefined()
      expect(await removeChannel(tx, b, channel.id)).toBe(false)
      expect(await changeRecipient(tx, of, { enabled: false })).toBeUndefined()
      expect(await removeRecipient(tx, of)).toBe(false)
    })
    expect(await findChannel(database.reads, channel.id)).toEqual(channel)
    expect(await listRecipients(database.reads, channel.id)).toEqual([person])
  })
  test('it stops once, is held for longer each time, and goes on when something gets through or a person changes it', async () => {
    const { database } = await kind.open()
    const { id } = await add(database)
    const until = instant(noon + minute)
    await database.transaction(async (tx) => {
      await holdChannel(tx, id, { until, why: 'away' })
      await holdChannel(tx, id, { until, why: 'away' })
    })
    expect(await findChannel(database.reads, id)).toMatchObject({ held: { until, why: 'away' }, failures: 2 })
    await database.transaction((tx) => channelWorks(tx, id))
    const well = await findChannel(database.reads, id)
    expect([well?.held, well?.failures]).toEqual([undefined, 0])
    const stop = () => database.transaction((tx) => stopChannel(tx, id, 'code'))
    expect([await stop(), await stop()]).toEqual([true, false])
    await database.transaction((tx) => changeChannel(tx, a, id, { name: 'renamed' }))
    expect(await findChannel(database.reads, id)).toMatchObject({ stopped: { at: instant(noon), why: 'code' } })
    for (const change of [{ enabled: true }, { settings: {} }, { secrets: {} }]) {
      await stop()
      await database.transaction((tx) => changeChannel(tx, a, id, change))
      expect((await findChannel(database.reads, id))?.stopped).toBeUndefined()
    }
  })
  test('who is off, under what is off or of another kind, is not told', async () => {
    const { database } = await kind.open()
    const channel = await add(database)
    const sms = await add(database, { name: 'sms', kind: 'sms' })
    const foreign = await add(database, { tenant: b })
    const [li, chen] = [
      await join(database, channel, 'li@example.com', ['new', 'user']),
      await join(database, channel, 'chen@example.com'),
    ]
    await join(database, sms, '+8613800000000')
    await join(database, foreign, 'x@example.com')
    const heard = async () => (await listeners(database.reads, a, 'email')).map(({ recipient }) => recipient).sort()
    expect(await heard()).toEqual([li.id, chen.id].sort())
    expect((await listeners(database.reads, a, 'email')).find(({ recipient }) => recipient === li.id)).toEqual({
      ...{ channel: channel.id, recipient: li.id, wants: ['new', 'user'] },
    })
    const off = () => database.transaction((tx) => switchOff(tx, chen.id, 'gone'))
    expect([await off(), await off()]).toEqual([true, false])
    expect(await findRecipient(database.reads, chen.id)).toMatchObject({ enabled: false, offWhy: 'gone' })
    expect(await heard()).toEqual([li.id])
    // Who binds again is on again, as the same one.
    const again = {
      tenant: a,
      channel: channel.id,
      address: 'chen@example.com',
      label: '陈',
      wants: ['user'],
      enabled: true,
    }
    expect(await database.transaction((tx) => keepRecipient(tx, again))).toMatchObject({ id: chen.id, label: '陈' })
    const limited = await database.transaction((tx) => changeChannel(tx, a, channel.id, { accounts: [asId('acc_1')] }))
    expect(limited).toMatchObject({ accounts: ['acc_1'] })
    expect((await listeners(database.reads, a, 'email')).map(({ accounts }) => accounts)).toEqual([
      ['acc_1'],
      ['acc_1'],
    ])
    await database.transaction((tx) => changeChannel(tx, a, channel.id, { enabled: false, accounts: null }))
    expect(await heard()).toEqual([])
    await database.transaction((tx) => removeChannel(tx, a, channel.id))
    expect(await listRecipients(database.reads, channel.id)).toEqual([])
  })
})

onEachDatabase('what a channel sends', (kind) => {
  test('a message is known before it goes, ends once, and counts unless it surely did not arrive', async () => {
    const { database, clock } = await kind.open()
    const { id: channel } = await add(database)
    const of = { tenant: a, channel, recipient: asId<'recipient'>('rcp_1'), deliveries: [asId<'delivery'>('dlv_1')] }
    const start = () => database.transaction((tx) => startDispatch(tx, of))
    const ids = []
    for (const state of ['sent', 'failed', 'unknown'] as const) {
      const id = await start()
      ids.push(id)
      expect((await goingDispatches(database.reads, channel)).map((each) => each.id)).toEqual([id])
      await database.transaction((tx) => endDispatch(tx, id, { state, error: 'x' }))
      // It has ended: nobody changes it any more.
      await database.transaction((tx) => endDispatch(tx, id, { state: 'sent', reference: 'no' }))
      clock.advance(minute)
    }
    expect((await listDispatches(database.reads, channel, 9)).map(({ state }) => state)).toEqual([
      'unknown',
      'failed',
      'sent',
    ])
    expect((await wentSince(database.reads, channel, instant(noon))).map(({ at }) => at)).toEqual([
      instant(noon),
      instant(noon + 2 * minute),
    ])
    expect(await wentSince(database.reads, channel, instant(noon + 3 * minute))).toEqual([])
    await start()
    expect((await wentSince(database.reads, channel, instant(noon + 3 * minute))).length).toBe(1)
  })
  test('what waits is found by its place, however many are told there; rooms are none of it', async () => {
    const { database, clock } = await kind.open()
    const [one, two] = ['email:chn_1', 'email:chn_2']
    const fact = (id: string) => ({ tenant: a, id: asId<'fact'>(id), nr: 1, complaint: asId<'complaint'>('cmp_1') })
    await database.transaction((tx) =>
      insertDeliveries(tx, fact('fct_1'), [
        `${one}/rcp_1`,
        `${one}/rcp_2`,
        `${two}/rcp_3`,
        'sms:chn_3/rcp_4',
        'room:rom_1',
      ]),
    )
    clock.advance(minute)
    await database.transaction((tx) => insertDeliveries(tx, { tenant: a, notice: asId('ntc_1') }, [`${one}/rcp_1`]))
    const waiting = await pendingAt(database.reads, one, 9)
    expect(waiting.map(({ destination, createdAt }) => [destination, createdAt]).sort()).toEqual([
      [`${one}/rcp_1`, instant(noon)],
      [`${one}/rcp_1`, instant(noon + minute)],
      [`${one}/rcp_2`, instant(noon)],
    ])
    expect(waiting.at(-1)).toMatchObject({ notice: 'ntc_1' })
    expect(await placesWaiting(database.reads, 'email', 9)).toEqual([one, two])
    expect(await placesWaiting(database.reads, 'email', 1)).toEqual([one])
    expect(await placesWaiting(database.reads, 'sms', 9)).toEqual(['sms:chn_3'])
    expect(await destinationsWaiting(database.reads, 9)).toEqual(['room:rom_1'])
  })
  test('a dead letter waits anew when its own tenant wants it', async () => {
    const { database, clock } = await kind.open()
    const fact = { tenant: a, id: asId<'fact'>('fct_1'), nr: 1, complaint: asId<'complaint'>('cmp_1') }
    await database.transaction((tx) => insertDeliveries(tx, fact, ['email:chn_1/rcp_1', 'email:chn_1/rcp_2']))
    const [first, second] = await pendingAt(database.reads, 'email:chn_1', 9)
    if (!first || !second) throw new Error('nothing waits')
    await database.transaction((tx) => settleDeliveries(tx, [first.id], { state: 'dead', error: 'nobody there' }))
    await database.transaction((tx) => settleDeliveries(tx, [second.id], { state: 'sent' }))
    expect(await deadLetters(database.reads, a, 9)).toEqual([
      { id: first.id, destination: first.destination, complaint: 'cmp_1', error: 'nobody there', at: instant(noon) },
    ])
    expect(await deadLetters(database.reads, b, 9)).toEqual([])
    clock.advance(minute)
    const revive = (tenant: typeof a) =>
      database.transaction((tx) => reviveDeliveries(tx, tenant, [first.id, second.id]))
    expect(await revive(b)).toEqual([])
    expect(await revive(a)).toEqual([first.destination])
    expect(await revive(a)).toEqual([])
    expect(await pendingAt(database.reads, 'email:chn_1', 9)).toMatchObject([
      { id: first.id, tries: 0, createdAt: instant(noon + minute) },
    ])
  })
})

onEachDatabase('bind requests', (kind) => {
  test('a code binds once, in time, and only at its own channel; it is not kept', async () => {
    const { database, clock } = await kind.open()
    const channel = asId<'channel'>('chn_1')
    const request = { tenant: a, channel, label: '小李', wants: ['new'] }
    const make = () => database.transaction((tx) => createBindRequest(tx, request))
    const use = (code: string, at = channel) => database.transaction((tx) => useBindRequest(tx, at, code))
    const { code, expiresAt } = await make()
    expect(expiresAt).toBe(later(instant(noon), 10 * minute))
    expect(code.length).toBeGreaterThanOrEqual(22)
    const rows = await database.reads.db.selectFrom('bind_request').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(code)
    expect(await use(code, asId('chn_2'))).toBeUndefined()
    expect([await use(code), await use(code)]).toEqual([request, undefined])
    const late = await make()
    clock.advance(10 * minute)
    expect(await use(late.code)).toBeUndefined()
    // The next one sweeps up what nobody can use.
    clock.advance(1)
    await make()
    expect((await database.reads.db.selectFrom('bind_request').selectAll().execute()).length).toBe(1)
  })
})
