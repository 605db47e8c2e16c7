import { expect, test } from 'vitest'
import type { Operation } from '../../src/admin/operation.ts'
import { operations } from '../../src/admin/operations.ts'
import type { AdminParts } from '../../src/admin/parts.ts'
import { viewsOf } from '../../src/admin/views.ts'
import { write } from '../../src/admin/write.ts'
import { type ApiKey, findKey } from '../../src/storage/keys.ts'
import { chat, key, program, shop, type World, world } from './world.ts'

const writes = operations.filter(({ method }) => method !== 'get')
const at = '/tenants/shop'

interface Made {
  readonly [name: string]: string
}

/** How each write is asked for here, in an order in which what is needed is there; `as` keeps the id of what came of it. */
const asked: readonly (readonly [id: string, path: (made: Made) => string, body?: unknown, as?: string])[] = [
  ['createTenant', () => '/tenants', shop],
  ['changeTenant', () => at, { refundEach: 5 }],
  ['createAccount', () => `${at}/accounts`, program, 'account'],
  ['changeAccount', ({ account }) => `${at}/accounts/${account}`, { secrets: { token: 'canaryOther' } }],
  ['createBot', () => `${at}/bots`, chat, 'bot'],
  ['changeBot', ({ bot }) => `${at}/bots/${bot}`, { enabled: false }],
  ['createMember', () => `${at}/members`, { handle: 'li', name: '李', role: 'agent' }, 'member'],
  ['changeMember', ({ member }) => `${at}/members/${member}`, { name: '李四' }],
  ['createMemberBindCode', ({ member }) => `${at}/members/${member}/bind-code`],
  ['changeDuty', () => `${at}/duty`, { duties: [{ member: 'li' }] }],
  ['createRoomCode', () => `${at}/room-codes`],
  ['createTemplate', () => `${at}/templates`, { name: '道歉', text: '抱歉' }, 'template'],
  ['changeTemplate', ({ template }) => `${at}/templates/${template}`, { text: '很抱歉' }],
  ['removeTemplate', ({ template }) => `${at}/templates/${template}`],
  ['createRule', () => `${at}/rules`, { name: '看', act: { kind: 'note', text: '看' } }, 'rule'],
  ['changeRule', ({ rule }) => `${at}/rules/${rule}`, { mode: 'on' }],
  ['removeRule', ({ rule }) => `${at}/rules/${rule}`],
  ['changeBreaker', () => `${at}/breaker`, { limit: 3 }],
  ['createKey', () => '/keys', { name: 'ci' }, 'key'],
  ['rotateKey', (made) => `/keys/${made.key}/rotate`, { graceHours: 1 }],
  ['revokeKey', (made) => `/keys/${made.key}/revoke`],
  ['createTenantKey', () => `${at}/keys`, { name: 'shop' }, 'own'],
  ['rotateTenantKey', ({ own }) => `${at}/keys/${own}/rotate`, { graceHours: 1 }],
  ['revokeTenantKey', ({ own }) => `${at}/keys/${own}/revoke`],
  ['retryDeadLetters', () => `${at}/dead-letters/retry`],
]

const lines = async ({ ask }: World) => (await ask('GET', '/audit?limit=200')).json.items

test('each write that can be asked for here leaves one line, with its name', async () => {
  const w = await world()
  const made: Record<string, string> = {}
  for (const [id, path, body, as] of asked) {
    const operation = writes.find((one) => one.id === id)
    const before = (await lines(w)).length
    const told = await w.ask(operation?.method.toUpperCase() ?? '', path(made), body)
    expect([id, told.status]).toEqual([id, operation?.status])
    if (as) made[as] = told.json.id
    const now = await lines(w)
    expect([id, now.length - before, now[0].operation, now[0].keyName]).toEqual([id, 1, id, 'test'])
  }
  const changed = (await lines(w)).filter(({ operation }: Operation & { operation: string }) =>
    /^change/.test(operation),
  )
  expect(changed.length).toBeGreaterThan(5)
  for (const line of changed) expect([line.operation, line.before]).not.toEqual([line.operation, line.after])
})

/** What acts outside, or on what is not here, as if it had gone well there. */
test('every other write leaves a line too, whatever it does and wherever', async () => {
  const w = await world()
  await w.ask('POST', '/tenants', shop)
  const caller = (await findKey(w.storage.reads, key)) as ApiKey
  const there = writes.filter(({ id }) => asked.every(([name]) => name !== id))
  expect(there.map(({ id }) => id)).toEqual(expect.arrayContaining(['importComplaint', 'testChannel', 'claimMerchant']))
  for (const one of there) {
    const run = async () => ({ status: one.status, body: {} })
    const given = { params: { tenant: 'shop' }, query: {}, body: {}, caller }
    const parts = { storage: w.storage } as unknown as AdminParts
    await write({ parts, operation: { ...one, run }, given, views: {}, target: one.path })
    expect((await lines(w))[0]).toMatchObject({ operation: one.id, keyName: 'test' })
  }
})

test('nothing that is changed is left without a way to look at it', () => {
  const blind = writes.filter((one) => /^(patch|delete)$/.test(one.method) && !viewsOf(one, operations).whole)
  expect(blind.map(({ id }) => id)).toEqual([])
  const added = writes.filter((one) => one.method === 'post' && one.status === 201 && viewsOf(one, operations).added)
  expect(added.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['createAccount', 'createMember', 'createRule', 'createKey', 'createRoom', 'createChannel']),
  )
})
