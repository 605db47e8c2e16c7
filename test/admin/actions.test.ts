import { describe, expect, test } from 'vitest'
import { request } from '../../src/actions/request.ts'
import { squares } from '../../src/core/picture.ts'
import { fen } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { createTenant, setCaps } from '../../src/storage/tenants.ts'
import { type Api, adminKey, apiAt } from '../support/admin-api.ts'
import { type PayWorld, type World, world } from '../support/world.ts'

const minute = 60_000
const at = '/tenants/shop/complaints/1'

async function keyed<W extends World>(w: W): Promise<W & { readonly api: Api }> {
  return { ...Object.create(w), ...w, api: apiAt(w.url, await adminKey(w.storage)) }
}
const shop = async () => {
  const w = await keyed(await world())
  await w.complain()
  return w
}
const paying = async (more: Parameters<PayWorld['pay']['complain']>[0] = { amount: 1990 }) => {
  const w = await keyed(await world({ pay: ['青禾优选'] }))
  await w.pay.complain(more)
  return w
}
let nth = 0
const named = (name = `wish-${++nth}`) => ({ 'idempotency-key': name })
const money = (amount: number, more: object = {}) => ({ kind: 'refund', amount, confirm: { amount }, ...more })
const fields = ({ json }: { json: { problems?: { field: string }[] } }) => json.problems?.map(({ field }) => field)
const paidBack = (w: PayWorld) => w.pay.sandbox.refunds().map(({ amount, status }) => [amount, status])

describe('what may be done', () => {
  test('GET says each move with its limits and codes, and the version', async () => {
    const { api } = await shop()
    const { json } = await api('GET', at)
    const respond = json.moves.find(({ kind }: { kind: string }) => kind === 'respond')
    expect(respond.takes.choices.map(({ code }: { code: string }) => code)).toEqual(['agree', 'refuse'])
    expect(respond.takes.text.max).toBeGreaterThan(0)
    expect(respond.takes.pictures).toMatchObject({ types: expect.arrayContaining(['image/png']) })
    expect(json.version).toBeGreaterThan(0)
  })

  test('an answer goes to the platform in the name of the key, and what became of it can be asked', async () => {
    const w = await shop()
    const asked = await w.api('POST', `${at}/actions`, { kind: 'respond', stance: 'agree', text: '马上补发' })
    expect(asked).toMatchObject({
      status: 201,
      json: { kind: 'respond', stance: 'agree', by: { name: 'program', via: 'api' } },
    })
    expect(JSON.stringify(asked.json)).not.toContain('补发')
    await w.settle()
    expect(w.effects().join()).toContain('马上补发')
    const now = await w.api('GET', `${at}/actions/${asked.json.id}`)
    expect(now.json).toMatchObject({ state: 'done', settledAt: expect.any(String) })
    expect((await w.api('GET', `${at}/actions`)).json.items).toEqual([now.json])
    const [line] = (await w.api('GET', '/tenants/shop/audit')).json.items
    expect(line).toMatchObject({
      operation: 'createComplaintAction',
      target: `${at}/actions/${asked.json.id}`,
      wish: { kind: 'respond', stance: 'agree', text: { secret: 'set' } },
      after: { id: asked.json.id, state: 'requested' },
    })
    expect(JSON.stringify(line)).not.toContain('补发')
  })

  test('evidence with a picture that was sent here before; one that is not here is named', async () => {
    const w = await shop()
    const picture = await squares(
      [
        [true, false, true],
        [false, true, false],
        [true, true, false],
      ],
      40,
    )
    const sent = await w.api('POST', '/tenants/shop/pictures', { base64: picture?.bytes.toString('base64') })
    expect(sent.status).toBe(201)
    const wish = { kind: 'respond', stance: 'refuse', text: '已发货', pictures: [sent.json.hash] }
    const strange = await w.api('POST', `${at}/actions`, { ...wish, pictures: ['0'.repeat(64)] })
    expect([strange.status, fields(strange)]).toEqual([422, ['pictures.0']])
    expect(await w.api('POST', `${at}/actions`, wish)).toMatchObject({ status: 201, json: { pictures: 1 } })
    await w.settle()
    expect(w.effects().join()).toContain('已发货')
  })

  test('a note, a claim, an assignment and a release stand with the complaint', async () => {
    const w = await shop()
    const act = (body: object) => w.api('POST', `${at}/actions`, body)
    expect(await act({ kind: 'note', text: '客户来过电话' })).toMatchObject({ status: 201, json: { state: 'done' } })
    expect(await act({ kind: 'claim', member: 'li' })).toMatchObject({ status: 201, json: { member: 'li' } })
    expect(await act({ kind: 'claim', member: 'chen' })).toMatchObject({ status: 409, json: { title: 'Claimed' } })
    expect((await act({ kind: 'assign', member: '@chen' })).status).toBe(201)
    const chen = (await w.api('GET', '/tenants/shop/members')).json.items.find(
      ({ handle }: { handle: string }) => handle === 'chen',
    )
    expect((await w.api('GET', at)).json.claimedBy).toBe(chen.id)
    expect((await act({ kind: 'release' })).status).toBe(201)
    expect(await act({ kind: 'release' })).toMatchObject({ status: 409, json: { title: 'Not claimed' } })
    // A viewer takes nothing, and nobody is nobody.
    for (const member of ['wang', 'nobody']) expect(fields(await act({ kind: 'claim', member }))).toEqual(['member'])
    const complaint = await findRunning(w.storage.reads, w.tenant.id, 1)
    const facts = complaint ? await factsOf(w.storage.reads, complaint.id, 20) : []
    expect(facts.map(({ fact }) => fact.kind)).toEqual(
      expect.arrayContaining(['noted', 'assigned', 'released', 'opened']),
    )
  })

  test('what has not gone out is taken back; what has, is not; what the chat asked for is its own', async () => {
    const w = await paying()
    const first = await w.api('POST', `${at}/actions`, money(500), named())
    await w.pass(10_000, 5_000)
    const [refund] = w.pay.sandbox.refunds()
    await w.pay.sandbox.endRefund(refund?.mchid ?? '', refund?.outRefundNo ?? '', 'SUCCESS').catch(() => {})
    await w.pass(20_000, 5_000)
    expect((await w.api('GET', `${at}/actions/${first.json.id}`)).json.state).toBe('done')
    // The platform takes the second part of an order a minute after the first: until then it lies here.
    const { json } = await w.api('POST', `${at}/actions`, money(700), named())
    expect(json.state).toBe('requested')
    const back = (id: string) => w.api('POST', `${at}/actions/${id}/withdraw`)
    expect(await back(json.id)).toMatchObject({ status: 200, json: { state: 'withdrawn' } })
    const [line] = (await w.api('GET', '/tenants/shop/audit')).json.items
    expect(line).toMatchObject({ before: { state: 'requested' }, after: { state: 'withdrawn' } })
    expect(await back(json.id)).toMatchObject({ status: 409, json: { title: 'Too late' } })
    expect(await back(first.json.id)).toMatchObject({ status: 409, json: { title: 'Too late' } })
    await w.pass(3 * minute)
    expect(paidBack(w)).toEqual([[500, 'SUCCESS']])
    const complaint = await findRunning(w.storage.reads, w.tenant.id, 1)
    if (!complaint) throw new Error('no complaint')
    const asked = await request(w, {
      ...{ tenant: w.tenant.id, complaint: complaint.id, key: 'chat', member: { role: 'agent' } },
      action: { kind: 'respond', stance: 'talk', text: '您好' },
      by: { name: '小李', via: 'chat' },
    })
    const id = asked.outcome === 'accepted' ? asked.action.id : ''
    expect(await back(id)).toMatchObject({ status: 409, json: { title: 'Not asked for through the API' } })
  })
})

describe('what is refused', () => {
  test('the gate’s words, what to do next, and nothing done', async () => {
    const w = await shop()
    const act = (body: object) => w.api('POST', `${at}/actions`, body)
    const { version } = (await w.api('GET', at)).json
    const stale = await act({ kind: 'respond', stance: 'agree', text: '好', ifVersion: version + 1 })
    expect([stale.status, stale.json.title, fields(stale)]).toEqual([409, 'Changed since', ['ifVersion']])
    expect((await act({ kind: 'note', text: 'x', ifVersion: version + 1 })).status).toBe(409)
    const closed = await act({ kind: 'appeal', text: '不对' })
    expect([closed.status, closed.headers.get('content-type')]).toEqual([
      409,
      expect.stringContaining('application/problem+json'),
    ])
    expect(closed.json.detail).toContain('#1')
    const choice = await act({ kind: 'respond', stance: 'talk', text: '您好' })
    expect([choice.status, choice.json.problems[0].fix]).toEqual([422, expect.stringContaining('agree, refuse')])
    const { takes } = (await w.api('GET', at)).json.moves.find(({ kind }: { kind: string }) => kind === 'respond')
    const long = await act({ kind: 'respond', stance: 'refuse', text: '长'.repeat(takes.text.max + 1) })
    expect([long.status, fields(long)]).toEqual([422, ['text']])
    await w.settle()
    expect(w.effects()).toEqual([])
    expect((await w.api('GET', `${at}/actions`)).json.items).toEqual([])
  })

  test.each<[object, readonly string[]]>([
    [{}, ['kind']],
    [{ kind: 'explode' }, ['kind']],
    [{ kind: 'respond' }, ['stance']],
    [{ kind: 'respond', stance: 'maybe', text: 5, ifVersion: '1' }, ['ifVersion', 'stance', 'text']],
    [{ kind: 'respond', stance: 'agree', text: 'x'.repeat(10_001) }, ['text']],
    [{ kind: 'respond', stance: 'agree', colour: 'red' }, ['colour']],
    [{ kind: 'add-evidence', pictures: ['../../etc/passwd'] }, ['pictures.0']],
    [{ kind: 'add-evidence', pictures: Array(21).fill('0'.repeat(64)) }, ['pictures']],
    [{ kind: 'prove-refund', received: 'yes' }, ['received']],
    [{ kind: 'finish', choice: '' }, ['choice']],
    [{ kind: 'decide-refund', verdict: 'perhaps', day: 366 }, ['day', 'verdict']],
    [{ kind: 'refund' }, ['amount', 'confirm']],
    [{ kind: 'refund', amount: 0, confirm: { amount: 0 } }, ['amount']],
    [{ kind: 'refund', amount: 12.5, confirm: { amount: 12.5 } }, ['amount', 'confirm.amount']],
    [{ kind: 'refund', amount: 100, confirm: { amount: 1000 } }, ['confirm.amount']],
    [{ kind: 'refund', amount: 100, confirm: { amount: 100, sure: true } }, ['confirm.sure']],
    [{ kind: 'refund', amount: 100, confirm: { amount: 100 }, total: 5 }, ['total']],
    [{ kind: 'note', text: ' ' }, ['text']],
    [{ kind: 'note', text: 'x'.repeat(2_001) }, ['text']],
    [{ kind: 'claim' }, ['member']],
    [{ kind: 'release', member: 'li' }, ['member']],
  ])('a wish that is wrong names its fields: %#', async (body, wrong) => {
    const { api } = await quick()
    const told = await api('POST', `${at}/actions`, body, named())
    expect([told.status, fields(told)?.sort()]).toEqual([422, wrong])
  })

  test('a number that is not there, another business’s complaint and action, and a key that only reads', async () => {
    const w = await shop()
    const other = await w.storage.transaction((tx) =>
      createTenant(tx, {
        ...{ handle: 'other', name: 'B', zone: 'Asia/Shanghai', language: 'zh-CN', secondPersonFrom: fen(1) },
      }),
    )
    const { json } = await w.api('POST', `${at}/actions`, { kind: 'respond', stance: 'agree', text: '好' })
    const note = { kind: 'note', text: 'x' }
    for (const path of ['/tenants/shop/complaints/2', '/tenants/other/complaints/1', '/tenants/shop/complaints/x'])
      expect([path, (await w.api('POST', `${path}/actions`, note)).status]).toEqual([path, 404])
    await w.complain()
    for (const path of ['/tenants/other/complaints/1', '/tenants/shop/complaints/2']) {
      expect([path, (await w.api('GET', `${path}/actions/${json.id}`)).status]).toEqual([path, 404])
      expect([path, (await w.api('POST', `${path}/actions/${json.id}/withdraw`)).status]).toEqual([path, 404])
    }
    const foreign = apiAt(w.url, await adminKey(w.storage, { name: 'theirs', ...(other ? { tenant: other.id } : {}) }))
    expect((await foreign('POST', `${at}/actions`, note)).status).toBe(404)
    const reader = apiAt(w.url, await adminKey(w.storage, { name: 'reader', access: 'read' }))
    expect((await reader('POST', `${at}/actions`, note)).status).toBe(403)
    expect((await reader('GET', `${at}/actions/${json.id}`)).status).toBe(200)
  })

  test('a second one of its kind waits for the first', async () => {
    const w = await shop()
    const act = { kind: 'respond', stance: 'agree', text: '好' }
    const first = await w.api('POST', `${at}/actions`, act)
    const second = await w.api('POST', `${at}/actions`, { ...act, stance: 'refuse' })
    expect([second.status, second.json.title, second.json.problems[0].fix]).toEqual([
      409,
      'On its way',
      expect.stringContaining(first.json.id),
    ])
    await w.settle()
    expect(w.effects()).toHaveLength(1)
  })
})

/** Of shape only: judged before anything is looked for. */
const quick = async () => keyed(await world())

describe('money', () => {
  test('goes once under its name, however often it is asked for, and the customer is told', async () => {
    const w = await paying()
    expect((await w.api('GET', `${at}/refundable`)).json.items).toMatchObject([{ total: 1990, left: 1990 }])
    const name = named()
    const first = await w.api('POST', `${at}/actions`, money(1200, { reason: '少发一件' }), name)
    expect(first).toMatchObject({ status: 201, json: { amount: 1200, refund: { stuck: false } } })
    const again = await w.api('POST', `${at}/actions`, money(1200, { reason: '少发一件' }), name)
    expect([again.status, again.json.id, again.headers.get('idempotent-replayed')]).toEqual([
      201,
      first.json.id,
      'true',
    ])
    expect((await w.api('POST', `${at}/actions`, money(1300), name)).status).toBe(422)
    await w.settle()
    await w.pass(3 * minute)
    expect(paidBack(w)).toEqual([[1200, 'SUCCESS']])
    expect((await w.api('GET', `${at}/actions/${first.json.id}`)).json).toMatchObject({ state: 'done' })
    // A day later its answer is forgotten, and the wish is the same wish.
    await w.storage.transaction((tx) => tx.db.deleteFrom('repeat').execute())
    const late = await w.api('POST', `${at}/actions`, money(1200, { reason: '少发一件' }), name)
    expect([late.status, late.json.id]).toEqual([201, first.json.id])
    await w.pass(3 * minute)
    expect(paidBack(w)).toEqual([[1200, 'SUCCESS']])
    const lines = (await w.api('GET', '/tenants/shop/audit')).json.items
    expect(
      lines.filter(({ operation }: { operation: string }) => operation === 'createComplaintAction')[0],
    ).toMatchObject({
      keyName: 'program',
      wish: { kind: 'refund', amount: 1200, confirm: { amount: 1200 }, reason: { secret: 'set' } },
    })
  })

  test('two at once under two names: one goes, the other is told', async () => {
    const w = await paying()
    const both = await Promise.all([0, 1].map(() => w.api('POST', `${at}/actions`, money(1990), named())))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    await w.pass(3 * minute)
    expect(paidBack(w)).toEqual([[1990, 'SUCCESS']])
  })

  test('without an Idempotency-Key none goes: 428 says which', async () => {
    const w = await paying()
    const told = await w.api('POST', `${at}/actions`, money(100))
    expect([told.status, fields(told)]).toEqual([428, ['Idempotency-Key']])
    await w.pass(2 * minute)
    expect(paidBack(w)).toEqual([])
  })

  test('the business’s caps hold, the second person cannot be a key, and the order has only so much', async () => {
    const w = await paying()
    const cap = (change: Parameters<typeof setCaps>[2]) =>
      w.storage.transaction((tx) => setCaps(tx, w.tenant.id, change))
    const asked = (amount: number, more?: object) => w.api('POST', `${at}/actions`, money(amount, more), named())
    await cap({ refundEach: fen(500) })
    expect(await asked(501)).toMatchObject({ status: 409, json: { title: 'Above a limit' } })
    await cap({ refundEach: null, refundDay: fen(600) })
    expect((await asked(601)).json.problems[0]).toMatchObject({ field: 'amount', fix: expect.stringContaining('600') })
    await cap({ refundDay: null, secondPersonFrom: fen(1000) })
    expect((await asked(1000)).json.problems[0].fix).toContain('/refund 1')
    await cap({ secondPersonFrom: fen(20_000) })
    expect(await asked(1991)).toMatchObject({ status: 422, json: { problems: [{ field: 'amount' }] } })
    expect(await asked(10, { order: '4200000000' })).toMatchObject({
      status: 422,
      json: { problems: [{ field: 'order' }] },
    })
    await w.pass(2 * minute)
    expect(paidBack(w)).toEqual([])
    expect((await asked(999)).status).toBe(201)
  })

  test('an order is not given back in pieces that each need no second person', async () => {
    const w = await paying({ amount: 3000 })
    await w.storage.transaction((tx) => setCaps(tx, w.tenant.id, { secondPersonFrom: fen(1000) }))
    const asked = (amount: number) => w.api('POST', `${at}/actions`, money(amount), named())
    expect((await asked(600)).status).toBe(201)
    await w.pass(3 * minute)
    expect(paidBack(w)).toEqual([[600, 'SUCCESS']])
    expect((await asked(400)).json.problems[0]).toMatchObject({
      field: 'amount',
      fix: expect.stringContaining('with what was given back of the order before'),
    })
    expect((await asked(399)).status).toBe(201)
    await w.pass(3 * minute)
    expect((await asked(1)).status).toBe(409)
    expect(paidBack(w)).toEqual([
      [600, 'SUCCESS'],
      [399, 'SUCCESS'],
    ])
  })

  test('where nobody pays it is said, and the same wish goes once somebody does', async () => {
    const w = await paying()
    const path = `/tenants/shop/accounts/${w.pay.merchants[0]?.account.id}`
    await w.api('PATCH', path, { settings: { refunds: false } })
    expect((await w.api('POST', `${at}/actions`, money(100), named())).status).toBe(409)
    await w.api('PATCH', path, { settings: { refunds: true } })
    expect((await w.api('POST', `${at}/actions`, money(100), named())).status).toBe(201)
  })

  test('a yes to the refund that is asked for, with its money; a no needs words', async () => {
    const w = await paying({ amount: 1990, type: 'REFUND' })
    const decide = (body: object, headers = named()) =>
      w.api('POST', `${at}/actions`, { kind: 'decide-refund', ...body }, headers)
    expect(fields(await decide({ verdict: 'reject' }))).toEqual(['text'])
    const refund = { amount: 1990, confirm: { amount: 1990 } }
    expect(fields(await decide({ verdict: 'reject', text: '不', refund }))).toEqual(['refund'])
    expect(fields(await decide({ verdict: 'approve', day: 3, refund }))).toEqual(['refund'])
    expect((await w.api('POST', `${at}/actions`, { kind: 'decide-refund', verdict: 'approve', refund })).status).toBe(
      428,
    )
    const above = { amount: 1991, confirm: { amount: 1991 } }
    expect(fields(await decide({ verdict: 'approve', refund: above }))).toEqual(['refund.amount'])
    expect(await decide({ verdict: 'approve', refund })).toMatchObject({
      status: 201,
      json: { verdict: 'approve', amount: 1990 },
    })
    await w.pass(4 * minute)
    expect(paidBack(w)).toEqual([[1990, 'SUCCESS']])
  })
})
