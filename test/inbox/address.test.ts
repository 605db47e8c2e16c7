import { expect, test } from 'vitest'
import { asId } from '../../src/core/words.ts'
import { addressFor, compared } from '../../src/inbox/address.ts'

const ours = 'https://redress.example.com/hooks/acc_1'

test.each([
  [undefined, 'none'],
  [ours, 'ours'],
  ['https://redress.example.com/hooks/acc_0', 'astray'],
  ['https://redress.example.com/hooks/acc_1/', 'astray'],
  ['https://redress.example.com:8443/hooks/acc_1', 'astray'],
  ['http://redress.example.com/hooks/acc_1', 'astray'],
  ['https://redress.example.com/shop/hooks/acc_1', 'astray'],
  // The same shop's other software on the same host.
  ['https://redress.example.com/pay/notify', 'foreign'],
  ['https://redress.example.com/', 'foreign'],
  // A copy of this installation under another name.
  ['https://staging.example.com/hooks/acc_1', 'foreign'],
  ['https://redress.example.com.evil.example/hooks/acc_1', 'foreign'],
  ['https://evil.example/?https://redress.example.com/hooks/acc_1', 'foreign'],
  ['not an address', 'foreign'],
  ['', 'foreign'],
] as const)('registered is %s: %s', (registered, is) => {
  expect(compared(registered, ours)).toBe(is)
})

test.each([
  ['https://redress.example.com', ours],
  ['https://redress.example.com/a', 'https://redress.example.com/a/hooks/acc_1'],
  ['http://redress.example.com', undefined],
  ['http://127.0.0.1:8080', undefined],
  [undefined, undefined],
])('reached at %s, the address is %s', (publicUrl, address) => {
  expect(addressFor(publicUrl, asId('acc_1'))).toBe(address)
})
