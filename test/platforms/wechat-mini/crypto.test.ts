import { decrypt, getSignature, encrypt as wecomEncrypt } from '@wecom/crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asId } from '../../../src/core/words.ts'
import { keyring, open, parseAesKey, signature } from '../../../src/platforms/wechat-mini/crypto.ts'
import { aesKey, appid, encryptRaw, published, seal } from './support.ts'

const key = (encoded = aesKey) => {
  const parsed = parseAesKey(encoded)
  if (!parsed) throw new Error('no key')
  return parsed
}

test('the published signatures: address check, plain push, encrypted push, encrypted reply', () => {
  expect(signature('AAAAA', '1714036504', '1514711492')).toBe('f464b24fc39322e44b38aa78f5edd27bd1441696')
  expect(signature('AAAAA', '1714037059', '486452656')).toBe('899cf89e464efb63f54ddac96b0a0a235f53aa78')
  expect(signature('AAAAA', '1714112445', '415670741', published)).toBe('046e02f8204d34f8ba5fa3b1db94908f3df2e9b3')
  expect(signature('AAAAA', '1713424427', '415670741', reply)).toBe('1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1')
})

const reply = 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=='

test('the published ciphertexts open to their messages and name their account', () => {
  const event = open(key(), published)
  expect(event?.appid).toBe(appid)
  expect(event?.message.length).toBe(167)
  expect(JSON.parse(event?.message.toString() ?? '')).toMatchObject({ Event: 'debug_demo', debug_str: 'hello world' })
  const answer = open(key(), reply)
  expect([answer?.appid, answer?.message.toString()]).toEqual([appid, '{"demo_resp":"good luck"}'])
  expect(seal('{"demo_resp":"good luck"}', appid, Buffer.from('707722b803182950'))).toBe(reply)
})

const anyKey = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64').slice(0, 43))
const words = fc.string({ unit: 'binary', maxLength: 300 })
const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes))

test('we open what Tencent’s own library seals, and agree on its signature', () => {
  fc.assert(
    fc.property(anyKey, words, sixteen, (encoded, message, random) => {
      const sealed = wecomEncrypt(encoded, message, appid, random)
      const opened = open(key(encoded), sealed)
      expect(opened?.message.equals(Buffer.from(message))).toBe(true)
      expect(opened?.appid).toBe(appid)
      expect(signature('token1', '1714112445', '12', sealed)).toBe(getSignature('token1', 1714112445, '12', sealed))
    }),
    { numRuns: 300 },
  )
})

test('Tencent’s own library opens what the fixtures of these tests seal', () => {
  fc.assert(
    fc.property(anyKey, words, sixteen, (encoded, message, random) => {
      const sealed = seal(message, appid, random, encoded)
      expect(decrypt(encoded, sealed)).toMatchObject({ message: Buffer.from(message).toString(), id: appid })
      expect(sealed).toBe(wecomEncrypt(encoded, message, appid, random))
    }),
    { numRuns: 300 },
  )
})

test('every length of padding from 1 to 32 opens', () => {
  for (let size = 0; size < 64; size++) expect(open(key(), seal('x'.repeat(size)))?.message.length).toBe(size)
})

const padded = (pad: readonly number[], length = 3) => {
  const bytes = Buffer.concat([
    Buffer.alloc(16),
    Buffer.from([0, 0, 0, length]),
    Buffer.from('abc'),
    Buffer.from(appid),
  ])
  return encryptRaw(Buffer.concat([bytes, Buffer.from(pad)]))
}
// 16 + 4 + 3 + 18 = 41 bytes: 23 of padding make 64.
test.each([
  ['a pad of 0', [...Array(22).fill(23), 0]],
  ['a pad of 33', [...Array(22).fill(23), 33]],
  ['a pad of 255', [...Array(22).fill(23), 255]],
  ['pad bytes that differ', [22, ...Array(22).fill(23)]],
  ['a shorter true pad whose bytes differ', [...Array(21).fill(0), 9, 5]],
])('%s is refused', (_, pad) => {
  expect(open(key(), padded(pad))).toBeUndefined()
})

test('the sound twin of these is taken', () => {
  expect(open(key(), padded(Array(23).fill(23)))?.message.toString()).toBe('abc')
})

test('a length that points past the end is refused', () => {
  expect(open(key(), padded(Array(23).fill(23), 22))).toBeUndefined()
  expect(open(key(), padded(Array(23).fill(23), 255))).toBeUndefined()
})

test.each([
  ['empty', ''],
  ['not base64', '****'],
  ['a length no multiple of 4', reply.slice(0, -1)],
  ['half a block of 32', Buffer.alloc(16).toString('base64')],
  ['blanks inside', `${reply.slice(0, 8)} ${reply.slice(8)}`],
  ['too short for its head', encryptRaw(Buffer.alloc(32, 32))],
])('ciphertext: %s is refused', (_, sealed) => {
  expect(open(key(), sealed)).toBeUndefined()
})

test.each(['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}=`, `${'A'.repeat(42)} `, `${'A'.repeat(42)}密`])(
  'EncodingAESKey %j is none',
  (encoded) => expect(parseAesKey(encoded)).toBeUndefined(),
)

test('a key is parsed once per account, anew when it changes, and the oldest are let go', () => {
  const keys = keyring(2)
  const [one, two, three] = ['a', 'b', 'c'].map((name) => asId<'account'>(name))
  if (!one || !two || !three) throw new Error()
  const first = keys(one, aesKey)
  expect(keys(one, aesKey)).toBe(first)
  expect(keys(one, 'B'.repeat(43))).not.toBe(first)
  const second = keys(two, aesKey)
  expect(keys(two, aesKey)).toBe(second)
  keys(three, aesKey)
  expect(keys(two, aesKey)).toBe(second)
  const again = keys(one, 'B'.repeat(43))
  expect(keys(one, 'B'.repeat(43))).toBe(again)
})
