import { expect, test } from 'vitest'
import { asId, instant } from '../../src/core/words.ts'
import { createBindRequest, useBindRequest } from '../../src/storage/bind-requests.ts'
import { channelWorks, findChannel, holdChannel, listChannels, stopChannel } from '../../src/storage/channels.ts'
import { deadLetters, destinationsWaiting, pendingAt, placesWaiting } from '../../src/storage/deliveries.ts'
import { endDispatch, goingDispatches, listDispatches, startDispatch, wentSince } from '../../src/storage/dispatches.ts'
import { findRecipient, listeners, listRecipients, recipientAt, switchOff } from '../../src/storage/recipients.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [tenant, channel, id] = [asId<'tenant'>('t'), asId<'channel'>('c'), asId<'recipient'>('r')]
const now = instant(0)
const byId = '(id=?)'

test.each<[string, string, (tx: Tx) => Promise<unknown>]>([
  ['a channel', byId, (tx) => findChannel(tx, channel)],
  ['those of a tenant', 'tenant=?', (tx) => listChannels(tx, tenant)],
  ['one that stops', byId, (tx) => stopChannel(tx, channel, '')],
  ['one that is held', byId, (tx) => holdChannel(tx, channel, { until: now, why: '' })],
  ['one that works', byId, (tx) => channelWorks(tx, channel)],
  ['a recipient', byId, (tx) => findRecipient(tx, id)],
  ['those under a channel', 'channel=?', (tx) => listRecipients(tx, channel)],
  ['who is told', 'channel=?', (tx) => listeners(tx, tenant, 'email')],
  ['one by the address', 'channel=? AND hash=?', (tx) => recipientAt(tx, { tenant, channel, address: '' })],
  ['one that is switched off', byId, (tx) => switchOff(tx, id, '')],
  ['what waits at a place', 'delivery_waiting (destination>? AND destination<?)', (tx) => pendingAt(tx, 'email:c', 9)],
  [
    'where something waits',
    'delivery_waiting (destination>? AND destination<?)',
    (tx) => placesWaiting(tx, 'email', 9),
  ],
  [
    'rooms in which something waits',
    'delivery_waiting (destination>? AND destination<?)',
    (tx) => destinationsWaiting(tx, 9),
  ],
  ['dead letters', 'delivery_dead (tenant=?)', (tx) => deadLetters(tx, tenant, 9)],
  ['what a channel sent', 'dispatch_of_channel (channel=?)', (tx) => listDispatches(tx, channel, 9)],
  ['what counts', 'dispatch_of_channel (channel=? AND at>?)', (tx) => wentSince(tx, channel, now)],
  ['what was cut off', 'dispatch_going (channel=?)', (tx) => goingDispatches(tx, channel)],
  ['the end of one', byId, (tx) => endDispatch(tx, asId('d'), { state: 'sent' })],
  ['a code', '(hash=?)', (tx) => useBindRequest(tx, channel, 'x')],
  [
    'codes that are too old',
    'bind_request_expires (expires_at<?)',
    (tx) => createBindRequest(tx, { tenant, channel, label: '', wants: [] }),
  ],
])('%s: found by its index, not by reading all', async (_, index, work) => {
  const { database } = await sqlite.open()
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.some((plan) => plan.includes(index))).toBe(true)
  for (const plan of plans) expect(plan).not.toMatch(/\bSCAN (?:channel|recipient|dispatch|bind_request|delivery)\b/)
})

test('a new message: nothing is read', async () => {
  const { database } = await sqlite.open()
  const of = { tenant, channel, recipient: id, deliveries: [] }
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => startDispatch(listening as Tx, of)))
  expect(plans).toHaveLength(1)
  expect(plans[0]).not.toMatch(/\b(?:SCAN|SEARCH)\b/)
})
