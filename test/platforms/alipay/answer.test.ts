import { createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { answerIn, isGenuine, objectIn } from '../../../src/platforms/alipay/answer.ts'
import { vectorTest } from '../../support/vectors.ts'
import { answered, keys } from './support.ts'

const method = 'alipay.trade.query'
const key = keys.alipay.publicKey

describe('what is signed is taken out as it is written', () => {
  test.each([
    ['plain', '{"code":"10000"}'],
    ['with blanks', '{ "code" : "10000" ,\n "a":1 }'],
    ['with braces in texts', '{"code":"100}00","b":"{","c":["}{"],"d":{"e":"]"}}'],
    ['with quotes and escapes', '{"a":"\\"}\\\\","b":"\\u4e2d\\/"}'],
    ['with the word sign in it', '{"sign":"not this","x":{"sign":"nor this"}}'],
    ['with another answer in it', '{"a":"\\"alipay_trade_query_response\\":{}"}'],
    ['as an encrypted text', '"A3f/+w=="'],
    ['in Chinese', '{"code":"10000","name":"语雀空间 😀"}'],
  ])('%s', (_, inner) => {
    const answer = answerIn(answered(method, inner), method)
    expect(answer?.signed).toBe(inner)
    expect(answer && isGenuine(answer, key)).toBe(true)
  })
  test('whatever stands before it or after it', () => {
    const raw = `{ "alipay_cert_sn" : "ab12" , "trace":[{"a":"}"}], "alipay_trade_query_response" : {"a":1} ,"sign":"x"}`
    expect(answerIn(raw, method)).toEqual({ signed: '{"a":1}', sign: 'x', certificate: 'ab12' })
  })
  test('of an answer that stands twice the one that JSON.parse would take', () => {
    const raw = '{"alipay_trade_query_response":{"a":1},"alipay_trade_query_response":{"a":2},"sign":"x"}'
    expect(answerIn(raw, method)?.signed).toBe('{"a":2}')
  })
})

test.each([
  ['nothing', ''],
  ['a page', '<html>502</html>'],
  ['a list', '[{"alipay_trade_query_response":{}}]'],
  ['a text', '"alipay_trade_query_response"'],
  ['cut short', '{"alipay_trade_query_response":{"code":"10000"'],
  ['the answer to another call', '{"alipay_trade_refund_response":{"code":"10000"},"sign":"x"}'],
  ['the answer deeper inside', '{"a":{"alipay_trade_query_response":{"code":"10000"}},"sign":"x"}'],
])('no answer: %s', (_, raw) => {
  expect(answerIn(raw, method)).toBeUndefined()
})

describe('an answer is not genuine', () => {
  const genuine = answered(method, '{"code":"10000","amount":"1.00"}')
  const check = (raw: string) => {
    const answer = answerIn(raw, method)
    return answer && isGenuine(answer, key)
  }
  test.each([
    ['with another amount', genuine.replace('1.00', '9.00')],
    ['with one blank more', genuine.replace('{"code"', '{ "code"')],
    ['signed by somebody else', answered(method, '{"code":"10000"}', { key: keys.stranger.privateKey })],
    ['without a signature', genuine.replace(/,"sign":"[^"]+"/, '')],
    ['with an empty signature', genuine.replace(/"sign":"[^"]+"/, '"sign":""')],
    ['with a signature and something behind it', genuine.replace(/"sign":"([^"]+)"/, '"sign":"$1!!"')],
    ['with a signature that is no text', genuine.replace(/"sign":"[^"]+"/, '"sign":["x"]')],
  ])('%s', (_, raw) => {
    expect(check(genuine)).toBe(true)
    expect(check(raw)).toBe(false)
  })
})

test('numbers that JavaScript cannot hold come as text, all others as they are', () => {
  const json =
    '{"id":2020092300102000000001459758,"n":12,"m":-1.5,"e":1e21,"f":1234567890123456.5,"t":"a 12345678901234567890 \\" 1234567890123456789"}'
  expect(objectIn(json)).toEqual({
    id: '2020092300102000000001459758',
    n: 12,
    m: -1.5,
    e: 1e21,
    f: Number('1234567890123456.5'),
    t: 'a 12345678901234567890 " 1234567890123456789',
  })
  expect(objectIn('[1]')).toBeUndefined()
})

const file = 'alipay-vectors.json'
interface Vectors {
  readonly response: readonly { readonly raw: string; readonly responseKey: string; readonly publicKey: string }[]
  readonly signContentExtraction: readonly {
    readonly raw: string
    readonly responseKey: string
    readonly expected: string
    readonly name: string
  }[]
}
const methodOf = (responseKey: string) => responseKey.replace(/_response$/, '').replaceAll('_', '.')

vectorTest(file, 'a real answer and its signature', (read) => {
  const { response } = JSON.parse(read(file).toString()) as Vectors
  expect(response.length).toBeGreaterThan(0)
  for (const { raw, responseKey, publicKey } of response) {
    const answer = answerIn(raw, methodOf(responseKey))
    expect(answer && isGenuine(answer, createPublicKey(publicKey))).toBe(true)
    expect(answer && isGenuine({ ...answer, signed: `${answer.signed} ` }, createPublicKey(publicKey))).toBe(false)
  }
})

vectorTest(file, 'what is signed of an answer', (read) => {
  const { signContentExtraction } = JSON.parse(read(file).toString()) as Vectors
  expect(signContentExtraction.length).toBeGreaterThan(5)
  for (const { raw, responseKey, expected, name } of signContentExtraction)
    expect([name, answerIn(raw, methodOf(responseKey))?.signed]).toEqual([name, expected])
})
