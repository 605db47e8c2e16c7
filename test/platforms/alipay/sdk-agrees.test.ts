import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { answerIn, isGenuine } from '../../../src/platforms/alipay/answer.ts'
import { loadSdk } from '../../../src/platforms/alipay/sdk.ts'
import { vectorTest } from '../../support/vectors.ts'
import { keySecrets, keys, pem } from './support.ts'

const method = 'alipay.trade.query'
const name = 'alipay_trade_query_response'

async function verdicts(raw: string, of: { method: string; name: string; publicKey: string }) {
  const Sdk = await loadSdk()
  const sdk = new Sdk({
    ...{ appId: '2021000000000001', keyType: 'PKCS8', signType: 'RSA2' },
    ...{ privateKey: keySecrets.privateKey, alipayPublicKey: of.publicKey },
  })
  const answer = answerIn(raw, of.method)
  const ours = answer !== undefined && isGenuine(answer, createPublicKey(of.publicKey))
  try {
    // It says no by throwing; of an answer without a signature with an error of another kind (facts/alipay.md §6).
    sdk.checkResponseSign(raw, of.name, JSON.parse(raw).sign, '')
    return { ours, theirs: true }
  } catch {
    return { ours, theirs: false }
  }
}

const signed = (inner: string, key = keys.alipay.privateKey, digest = 'sha256') =>
  `{"${name}":${inner},"sign":"${sign(digest, Buffer.from(inner), createPrivateKey(pem(key))).toString('base64')}"}`

const genuine = [
  '{"code":"10000","msg":"Success"}',
  '{"code":"10000","msg":"Success","body":"{\\"sign\\":\\"x\\"}","subject":"可乐 \\"大\\" \\\\"}',
  '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"交易不存在"}',
  '{ "code" : "10000" , "list" : [ { "a" : "}" } , [ ] ] , "url" : "https:\\/\\/a.b\\/c" }',
]

test.each(genuine)('their own client and we believe the same answers: %s', async (inner) => {
  const of = { method, name, publicKey: pem(keys.alipay.publicKey) }
  expect(await verdicts(signed(inner), of)).toEqual({ ours: true, theirs: true })
  for (const raw of [
    signed(inner).replace('code', 'c0de'),
    signed(inner, keys.stranger.privateKey),
    signed(inner, keys.alipay.privateKey, 'sha1'),
    `{"${name}":${inner}}`,
  ])
    expect(await verdicts(raw, of)).toEqual({ ours: false, theirs: false })
})

const file = 'alipay-vectors.json'
vectorTest(file, 'their own client and we agree about a real answer', async (read) => {
  const { response } = JSON.parse(read(file).toString()) as {
    response: readonly { readonly raw: string; readonly responseKey: string; readonly publicKey: string }[]
  }
  expect(response.length).toBeGreaterThan(0)
  for (const { raw, responseKey, publicKey } of response) {
    const of = { method: responseKey.replace(/_response$/, '').replaceAll('_', '.'), name: responseKey, publicKey }
    expect(await verdicts(raw, of)).toEqual({ ours: true, theirs: true })
    expect(await verdicts(raw.replace('10000', '10001'), of)).toEqual({ ours: false, theirs: false })
  }
})
