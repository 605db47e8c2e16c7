import { expect, test } from 'vitest'
import { asId, instant } from '../../src/core/words.ts'
import { addAudit, listAudit } from '../../src/storage/audit.ts'
import { listComplaints } from '../../src/storage/complaints.ts'
import { deadLetters } from '../../src/storage/deliveries.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { endKey, findKey, keyUsed, listKeys, lockKey, revokeKey } from '../../src/storage/keys.ts'
import { beginOnce, forgetOnce, onceAnswered, onceWrote } from '../../src/storage/repeats.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [tenant, key, now] = [asId<'tenant'>('t'), asId<'key'>('k'), instant(0)]
const line = { key, keyName: '', operation: '', target: '' }
const wish = { id: 'i', body: 'b', runner: 'r' }
const after = { running: 9, due: now }

test.each<[string, RegExp, (tx: Tx) => Promise<unknown>]>([
  ['a key by its text', /api_key.*\(hash=\?\)/, (tx) => findKey(tx, 'x')],
  ['a key', /api_key.*\(id=\?\)/, (tx) => lockKey(tx, key, undefined)],
  ['keys of a tenant', /api_key_of_tenant \(tenant=\?\)/, (tx) => listKeys(tx, tenant)],
  ['a key that ends', /\(id=\?\)/, (tx) => endKey(tx, key, now)],
  ['a key that is revoked', /\(id=\?\)/, (tx) => revokeKey(tx, key)],
  ['a key that was used', /\(id=\?\)/, (tx) => keyUsed(tx, key)],
  ['a new line', /SEARCH audit/, (tx) => addAudit(tx, line)],
  [
    'lines of a tenant',
    /audit_of_tenant \(tenant=\? AND nr<\?\)/,
    (tx) => listAudit(tx, { tenant, before: 9, limit: 9 }),
  ],
  [
    'all lines',
    /INTEGER PRIMARY KEY|sqlite_autoindex_audit|rowid/,
    (tx) => listAudit(tx, { tenant: undefined, before: 9, limit: 9 }),
  ],
  ['a wish that may come twice', /repeat_started \(started_at<\?\)/, (tx) => beginOnce(tx, wish)],
  ['its effect', /\(id=\?\)/, (tx) => onceWrote(tx, 'i')],
  ['its answer', /\(id=\?\)/, (tx) => onceAnswered(tx, 'i', 1)],
  ['one that had none', /\(id=\?\)/, (tx) => forgetOnce(tx, 'i')],
  ['more facts', /complaint=\? AND nr<\?/, (tx) => factsOf(tx, asId('c'), 9, 9)],
  [
    'more dead letters',
    /delivery_dead \(tenant=\? AND settled_at<\?\)/,
    (tx) => deadLetters(tx, tenant, 9, { at: now, id: asId('d') }),
  ],
  [
    'more complaints, the newest first',
    /tenant=\? AND running<\?/,
    (tx) => listComplaints(tx, { tenant, which: 'all', limit: 9, after }),
  ],
  [
    'more open complaints',
    /complaint_open_in_order \(tenant=\? AND <expr>>\?\)$/,
    (tx) => listComplaints(tx, { tenant, which: 'open', limit: 9, after }),
  ],
])('%s', async (_, plan, work) => {
  const { database } = await sqlite.open()
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.join('\n')).toMatch(plan)
  expect(plans.join('\n')).not.toMatch(/\bSCAN (api_key|repeat|complaint|delivery|fact)\b/)
})
