import { expect, test } from 'vitest'
import { unsaid } from '../../src/core/unsaid.ts'

const secret = 'p"ss/w+rd%1'

test.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify({ secret })],
  ['in JSON in JSON', JSON.stringify(JSON.stringify({ secret }))],
  ['in an address', `https://x/?key=${encodeURIComponent(secret)}&a=b`],
  ['in hex', Buffer.from(secret).toString('hex')],
  ...[0, 1, 2, 3, 4].map((before) => [
    `in Base64 after ${before} bytes`,
    Buffer.from(`${'x'.repeat(before)}${secret}yz`).toString('base64'),
  ]),
])('%s', (_, said) => {
  const left = unsaid(`550 no: ${said}.`, [undefined, secret])
  expect(left).toMatch(/^550 no: .*….*\.$/s)
  for (const form of [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
  ])
    expect(left).not.toContain(form)
  // What can be read back of it is none of it.
  const read = left.match(/[A-Za-z0-9+/]{8,}/g)?.map((part) => Buffer.from(part, 'base64').toString()) ?? []
  expect(read.join()).not.toContain('ss/w')
})

test('what holds no secret stays as it is, and nothing is hidden by what is empty', () => {
  expect(unsaid('550 5.1.1 no such user', [secret, '', undefined])).toBe('550 5.1.1 no such user')
})
