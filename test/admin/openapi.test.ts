import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test } from 'vitest'
import { pageOf } from '../../src/admin/docs-page.ts'
import { openApi, refusalsOf } from '../../src/admin/openapi.ts'
import { operations } from '../../src/admin/operations.ts'
import { world } from './world.ts'

const document = openApi(operations, '1.2.3')
// biome-ignore lint/suspicious/noExplicitAny: tests look into a document whose shape they assert.
const read = document as any

const lint = async (text: string) => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    // A tag is the first word of its paths, and says as much as could be said about it.
    rules: { 'tag-description': 'off' },
  })
  const found = await lintFromString({ source: text, config })
  return found.map(({ ruleId, message, location: [at] }) => `${ruleId}: ${message} ${at?.pointer ?? ''}`)
}

test('a linter finds nothing wrong with the document', async () => {
  expect(await lint(JSON.stringify(document))).toEqual([])
})

test('the linter would find something', async () => {
  const text = JSON.stringify(document)
  expect((await lint(text.replace('"operationId":"listTenants"', '"operationId":"createTenant"'))).join()).toContain(
    'operation-operationId-unique',
  )
  expect((await lint(text.replace('#/components/schemas/Problem', '#/components/schemas/Nothing'))).join()).toContain(
    'no-unresolved-refs',
  )
  expect((await lint(text.replace('"in":"path"', '"in":"somewhere"'))).join()).not.toBe('')
})

test('it is given without a key, and is the same as the code says', async () => {
  const { url } = await world()
  const answer = await fetch(`${url}/openapi.json`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('application/json'),
  ])
  const { paths } = JSON.parse(await answer.text())
  expect(Object.keys(paths)).toEqual(Object.keys(read.paths))
})

test('every operation is there once, named, and with every status that it can answer', () => {
  const described = operations.map((operation) => ({
    operation,
    said: read.paths[operation.path.replace(/:(\w+)/g, '{$1}')][operation.method],
  }))
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
  for (const { operation, said } of described) {
    expect(said.operationId).toMatch(/^[a-z][A-Za-z]+$/)
    expect(said.summary).not.toBe('')
    const statuses = Object.keys(said.responses).map(Number)
    expect([said.operationId, statuses]).toEqual([
      said.operationId,
      expect.arrayContaining([operation.status, ...refusalsOf(operation), 401, 422, 429]),
    ])
    for (const [status, response] of Object.entries<{ content?: object }>(said.responses))
      if (Number(status) >= 400) expect(Object.keys(response.content ?? {})).toEqual(['application/problem+json'])
  }
  const of = (id: string) => described.find(({ operation }) => operation.id === id)?.said
  expect(Object.keys(of('changeAccount').responses)).toEqual(
    expect.arrayContaining(['412', '428', '413', '415', '404']),
  )
  expect(of('changeAccount').parameters).toContainEqual(expect.objectContaining({ name: 'If-Match', required: true }))
  expect(of('createAccount').parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key' }))
  expect(of('createAccount').requestBody.content['application/json'].schema.required).toEqual([
    'platform',
    'outsideId',
    'name',
  ])
  expect(of('createAccount').requestBody.content['application/json'].schema.properties.secrets.writeOnly).toBe(true)
  expect(of('listComplaints').parameters.map(({ name }: { name: string }) => name)).toEqual([
    ...['tenant', 'which', 'limit', 'cursor', 'If-None-Match'],
  ])
})

test.each([
  ['get', '/tenants', 'listTenants'],
  ['get', '/tenants/:tenant', 'getTenant'],
  ['post', '/tenants/:tenant/room-codes', 'createRoomCode'],
  ['patch', '/tenants/:tenant/duty', 'changeDuty'],
  ['delete', '/tenants/:tenant/channels/:channel/recipients/:recipient', 'removeChannelRecipient'],
  ['post', '/tenants/:tenant/channels/:channel/test', 'testChannel'],
  ['post', '/tenants/:tenant/dead-letters/retry', 'retryDeadLetters'],
  ['post', '/tenants/:tenant/keys/:key/rotate', 'rotateTenantKey'],
])('%s %s is called %s', (method, path, id) => {
  expect(operations.find((one) => one.method === method && one.path === path)?.id).toBe(id)
})

test('the page shows all of it, by itself alone', async () => {
  const { url } = await world()
  const answer = await fetch(url.replace('/v1', '/docs'))
  const page = await answer.text()
  expect([answer.status, page]).toEqual([200, pageOf(openApi(operations, '0.0.0'))])
  for (const { id } of operations) expect(page).toContain(`<article id="${id}"`)
  expect(page).not.toMatch(/<script|<link|src=|url\(|@import|https?:\/\//)
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
})

test('what schemas say is text on the page, never a part of it', () => {
  const hostile = JSON.parse(
    JSON.stringify(document).replaceAll('Lists the businesses', '<img src=x onerror=alert(1)>'),
  )
  expect(pageOf(hostile)).not.toContain('<img')
})
