import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { keyring } from '../../../src/platforms/alipay/keys.ts'
import { loadSdk, signedRequest } from '../../../src/platforms/alipay/sdk.ts'
import { account, certificateAccount } from './support.ts'

const now = Date.parse('2026-11-21T20:30:05.000Z')
const signed = (over: object = {}, of = account()) =>
  signedRequest(keyring()(of), { method: 'alipay.trade.query', now, ...over })

test('loading alipay-sdk leaves the sockets of the process as they were', async () => {
  const before = Socket.prototype.destroy
  await loadSdk()
  expect(Socket.prototype.destroy).toBe(before)
  const error = Object.freeze(new Error('the same for both'))
  const [one, other] = [new Socket(), new Socket()]
  for (const socket of [one, other]) socket.on('error', () => undefined)
  expect(() => {
    one.destroy(error)
    other.destroy(error)
  }).not.toThrow()
  await signed()
  expect(Object.getOwnPropertyDescriptor(Socket.prototype, 'destroy')?.value ?? before).toBe(before)
})

test('what it would do to them is still there to be undone', async () => {
  // When this fails the guard is no longer needed.
  const { readFileSync } = await import('node:fs')
  const { createRequire } = await import('node:module')
  const client = createRequire(createRequire(import.meta.url).resolve('alipay-sdk')).resolve('urllib')
  const source = readFileSync(client.replace(/index\.js$/, 'diagnosticsChannel.js'), 'utf8')
  expect(source).toContain('Socket.prototype.destroy = ')
})

test('the time is Beijing’s, wherever the process runs', async () => {
  expect((await signed()).get('timestamp')).toBe('2026-11-22 04:30:05')
})

test('what is not given is not sent', async () => {
  expect([...(await signed()).keys()].sort()).toEqual(
    ['app_id', 'charset', 'method', 'sign', 'sign_type', 'timestamp', 'version'].sort(),
  )
})

test('names in biz_content stay as they are', async () => {
  const content = { trade_no: '1', query_options: ['gmt_refund_pay'], nested: { aB: 1 } }
  expect(JSON.parse((await signed({ content })).get('biz_content') ?? '')).toEqual(content)
})

test('a token and flat parameters stand beside biz_content', async () => {
  const params = await signed({ token: '202611BBtoken', flat: { feedback_content: '您好 + 谢谢 & 再见' } })
  expect(params.get('app_auth_token')).toBe('202611BBtoken')
  expect(params.get('feedback_content')).toBe('您好 + 谢谢 & 再见')
  expect(params.has('biz_content')).toBe(false)
})

test('certificate mode names the certificates', async () => {
  const params = await signed({}, certificateAccount())
  expect(params.get('app_cert_sn')).toMatch(/^[0-9a-f]{32}$/)
  expect(params.get('alipay_root_cert_sn')).toMatch(/^[0-9a-f]{32}$/)
})
