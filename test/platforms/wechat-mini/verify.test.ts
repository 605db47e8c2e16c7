import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { instant } from '../../../src/core/words.ts'
import type { Account } from '../../../src/platforms/platform.ts'
import { createVerify } from '../../../src/platforms/wechat-mini/verify.ts'
import {
  account,
  appid,
  encryptRaw,
  jsonEnvelope,
  jsonPush,
  plainQuery,
  platformOn,
  post,
  published,
  pushToken,
  safePost,
  safeQuery,
  seal,
  sha1,
  start,
  xmlEnvelope,
  xmlPush,
} from './support.ts'

const verify = createVerify(512 * 1024)
/** Of a message whose own time and number are those of the samples. */
const keyOf = (message: string) =>
  `1714112445.2157.${createHash('sha256').update(`${appid}\n${message}`).digest('base64url').slice(0, 22)}`
const forged = (why: string) => ({ verdict: 'forged', why })
const get = (query: string) => ({ method: 'GET', path: '/', query, headers: {}, body: Buffer.alloc(0) })

describe('the address check', () => {
  const good = 'signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492'
  test('the published one is answered with its own echostr', async () => {
    const verdict = verify(account(), get(`${good}&echostr=4375120948345356249`))
    expect(verdict).toEqual({ verdict: 'handshake', echo: '4375120948345356249' })
    const { platform } = platformOn(() => undefined)
    expect(await platform.verify(account(), get(`${good}&echostr=4375120948345356249`), instant(start))).toEqual(
      verdict,
    )
    expect(platform.reply({ echo: '4375120948345356249' })).toMatchObject({ status: 200, body: '4375120948345356249' })
    expect(platform.reply('taken')).toMatchObject({ status: 200, body: 'success' })
    expect(platform.reply('refused').status).toBe(403)
  })
  test.each([
    ['another signature', `${good.replace('=f464', '=f465')}&echostr=1`, 'signature'],
    ['another nonce', `${good}1&echostr=1`, 'signature'],
    ['no signature', 'timestamp=1714036504&nonce=1514711492&echostr=1', 'signature'],
    ['no echostr', good, 'malformed'],
    ['nothing', '', 'malformed'],
  ])('%s is refused', (_, query, why) => expect(verify(account(), get(query))).toEqual(forged(why)))
  test('an account without a token answers nobody', () => {
    const bare: Account = { ...account(), secrets: {} }
    const query = `signature=${sha1('', '1', '2')}&timestamp=1&nonce=2&echostr=1`
    expect(verify(bare, get(query))).toEqual(forged('signature'))
  })
})

describe('an encrypted push', () => {
  test('the published one is genuine and is about no complaint', () => {
    const query = {
      timestamp: '1714112445',
      nonce: '415670741',
      encrypt_type: 'aes',
      msg_signature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
    }
    const verdict = verify(account(), post(jsonEnvelope(published), query))
    expect(verdict).toMatchObject({ verdict: 'genuine', event: 'debug_demo' })
    expect(verdict).not.toHaveProperty('number')
  })
  test.each([
    ['JSON in JSON', jsonPush(), jsonEnvelope],
    ['XML in XML', xmlPush(), xmlEnvelope],
    [
      'XML without CDATA',
      xmlPush(),
      (encrypt: string) => `<?xml version="1.0"?>\n<xml>\n<Encrypt>${encrypt}</Encrypt>\n</xml>\n`,
    ],
    ['JSON with a byte order mark', jsonPush(), (encrypt: string) => `\ufeff${jsonEnvelope(encrypt)}`],
  ])(
    '%s names its complaint; its key is its time, its number, and half of the hash of account and message',
    (_, message, envelope) => {
      const key = keyOf(message)
      expect(verify(account(), safePost(message, envelope))).toEqual({
        verdict: 'genuine',
        key,
        event: 'complaint_callback',
        number: '2157',
        told: message,
      })
    },
  )
  test('the same message sealed anew has the same key; another one has another', () => {
    const told = (message: string, envelope?: (encrypt: string) => string) => {
      const verdict = verify(account(), safePost(message, envelope))
      return verdict.verdict === 'genuine' ? verdict.key : verdict
    }
    expect(told(jsonPush(), xmlEnvelope)).toBe(told(jsonPush()))
    expect(told(jsonPush({ status: '206' }))).not.toBe(told(jsonPush()))
  })
  test('`signature` alone does not do: it covers no message', () => {
    const encrypt = seal(jsonPush())
    const { msg_signature: _, ...rest } = safeQuery(encrypt)
    expect(verify(account(), post(jsonEnvelope(encrypt), rest))).toEqual(forged('signature'))
    expect(verify(account(), post(jsonEnvelope(encrypt), { ...rest, msg_signature: rest.signature }))).toEqual(
      forged('signature'),
    )
  })
  test('a wrong `signature` beside a right msg_signature does no harm', () => {
    const encrypt = seal(jsonPush())
    expect(verify(account(), post(jsonEnvelope(encrypt), { ...safeQuery(encrypt), signature: '0' })).verdict).toBe(
      'genuine',
    )
  })
  test('sealed for another appid, or naming one, it is another account’s', () => {
    const encrypt = seal(jsonPush(), 'wx0000000000000000')
    expect(verify(account(), post(jsonEnvelope(encrypt), safeQuery(encrypt)))).toEqual(forged('wrong-account'))
    expect(verify(account(), safePost(jsonPush({ appid: 'wx0000000000000000' })))).toEqual(forged('wrong-account'))
    expect(verify(account(), safePost(xmlPush().replace(`<appid>${appid}`, '<appid>wx0')))).toEqual(
      forged('wrong-account'),
    )
  })
  test('sealed under another key it does not open', () => {
    const encrypt = seal(jsonPush(), appid, Buffer.alloc(16), 'B'.repeat(43))
    expect(['ciphertext', 'wrong-account']).toContain(
      Object(verify(account(), post(jsonEnvelope(encrypt), safeQuery(encrypt)))).why,
    )
    const broken = encryptRaw(Buffer.alloc(64, 40))
    expect(verify(account(), post(jsonEnvelope(broken), safeQuery(broken)))).toEqual(forged('ciphertext'))
  })
  test('damaged at any byte of the ciphertext it is refused, signed anew or not', () => {
    const encrypt = seal(jsonPush({ history: undefined }), appid, Buffer.alloc(16, 1))
    const bytes = Buffer.from(encrypt, 'base64')
    const genuine = verify(account(), post(jsonEnvelope(encrypt), safeQuery(encrypt)))
    expect(genuine.verdict).toBe('genuine')
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes)
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x41, at)
      const other = damaged.toString('base64')
      expect(verify(account(), post(jsonEnvelope(other), safeQuery(encrypt)))).toEqual(forged('signature'))
    }
  })
  test('two Encrypts are none', () => {
    const encrypt = seal(jsonPush())
    const twice = `<xml><Encrypt>${encrypt}</Encrypt><Encrypt>${encrypt}</Encrypt></xml>`
    expect(verify(account(), post(twice, safeQuery(encrypt)))).toEqual(forged('malformed'))
    expect(verify(account(), post(`{"Encrypt":"x","Encrypt":"${encrypt}"}`, safeQuery(encrypt)))).toEqual(
      forged('malformed'),
    )
  })
})

describe('the mode', () => {
  test('a plain push is refused where the account is set to safe or compatible, however well it is signed', () => {
    for (const mode of ['safe', 'compatible', 'nonsense']) {
      for (const body of [jsonPush(), xmlPush()]) {
        expect(verify(account({ mode }), post(body, plainQuery()))).toEqual(forged('wrong-mode'))
      }
    }
  })
  test('a plain push is taken where the account is set to plain', () => {
    for (const body of [jsonPush(), xmlPush()]) {
      const key = keyOf(body)
      expect(verify(account({ mode: 'plain' }), post(body, plainQuery()))).toMatchObject({
        verdict: 'genuine',
        key,
        number: '2157',
      })
    }
    expect(verify(account({ mode: 'plain' }), post(jsonPush(), plainQuery('other')))).toEqual(forged('signature'))
  })
  test('the published plain signature', () => {
    const query = { signature: '899cf89e464efb63f54ddac96b0a0a235f53aa78', timestamp: '1714037059', nonce: '486452656' }
    expect(verify(account({ mode: 'plain' }), post(jsonPush(), query)).verdict).toBe('genuine')
  })
  test('compatible: the encrypted copy counts, the plain one beside it is not believed', () => {
    const encrypt = seal(jsonPush())
    const lie = JSON.parse(jsonPush({ complaint_order_id: '9999' }))
    const body = JSON.stringify({ ...lie, Encrypt: encrypt })
    expect(verify(account({ mode: 'compatible' }), post(body, safeQuery(encrypt)))).toMatchObject({ number: '2157' })
    const inXml = seal(xmlPush())
    const both = xmlPush().replace('2157', '9999').replace('</xml>', `<Encrypt><![CDATA[${inXml}]]></Encrypt></xml>`)
    expect(verify(account({ mode: 'compatible' }), post(both, safeQuery(inXml)))).toMatchObject({ number: '2157' })
  })
  test('compatible: a customer who writes Encrypt and DOCTYPE into the complaint changes nothing', () => {
    const words = '<![CDATA[<Encrypt>abc</Encrypt><!DOCTYPE x> "Encrypt": "x"]]>'
    const encrypt = seal(xmlPush())
    const xml = xmlPush(`<history><content>${words}</content></history>`).replace(
      '</xml>',
      `<Encrypt>${encrypt}</Encrypt></xml>`,
    )
    expect(verify(account({ mode: 'compatible' }), post(xml, safeQuery(encrypt)))).toMatchObject({
      number: '2157',
      told: xmlPush(),
    })
    const json = JSON.stringify({ ...JSON.parse(jsonPush({ product_name: words })), Encrypt: encrypt })
    expect(verify(account({ mode: 'compatible' }), post(json, safeQuery(encrypt)))).toMatchObject({
      number: '2157',
      told: xmlPush(),
    })
  })
  test('an encrypted push is also taken where the account is set to plain, if it has the key', () => {
    expect(verify(account({ mode: 'plain' }), safePost(jsonPush())).verdict).toBe('genuine')
    const bare = account({ mode: 'plain' })
    const { aesKey: _, ...secrets } = bare.secrets
    expect(verify({ ...bare, secrets }, safePost(jsonPush()))).toEqual(forged('wrong-mode'))
  })
})

const deepXml = `<xml>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</xml>`
const deepJson = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`

describe('what must not reach a parser', () => {
  test.each([
    ['a DOCTYPE', '<!DOCTYPE xml><xml><Event>x</Event></xml>', 'doctype'],
    ['an ENTITY', '<xml><!ENTITY a "b"><Event>x</Event></xml>', 'doctype'],
    ['a comment', '<xml><!-- x --><Event>x</Event></xml>', 'doctype'],
    ['a lower-case doctype', '<?xml version="1.0"?><!doctype x><xml><Event>x</Event></xml>', 'doctype'],
    ['deep XML', deepXml, 'too-deep'],
    ['deep JSON', deepJson, 'too-deep'],
    ['XML with a tag left open', '<xml><Event>x</Event>', 'malformed'],
    ['XML with a CDATA left open', '<xml><Event><![CDATA[x</Event></xml>', 'malformed'],
    ['XML with a tag too many', '<xml></xml></xml>', 'malformed'],
    ['XML whose tags do not match', '<xml><Event>x</MsgType></xml>', 'malformed'],
    ['a second declaration', '<xml><?php ?><Event>x</Event></xml>', 'malformed'],
    ['JSON cut short', '{"Event":"x"', 'malformed'],
    ['JSON with a string left open', '{"Event":"x', 'malformed'],
    ['a JSON list', '[1]', 'malformed'],
    ['XML without a root of the name', '<yml><Event>x</Event></yml>', 'malformed'],
    ['nothing', '', 'malformed'],
    ['words', 'hello', 'malformed'],
  ])('%s is refused, before and after decrypting', (_, message, why) => {
    expect(verify(account({ mode: 'plain' }), post(message, plainQuery()))).toEqual(forged(why))
    expect(verify(account(), safePost(message))).toEqual(forged(why))
  })
  test('text that is not UTF-8 is refused, before and after decrypting', () => {
    const bytes = Buffer.from(jsonPush())
    bytes.writeUInt8(0xff, 20)
    expect(verify(account({ mode: 'plain' }), post(bytes, plainQuery()))).toEqual(forged('encoding'))
    expect(verify(account(), safePost(bytes))).toEqual(forged('encoding'))
  })
  test('a million brackets are refused within milliseconds', () => {
    const began = performance.now()
    expect(
      createVerify(10_000_000)(account({ mode: 'plain' }), post(`{"a":${'['.repeat(1_000_000)}`, plainQuery())),
    ).toEqual(forged('too-deep'))
    expect(performance.now() - began).toBeLessThan(200)
  })
  test('a body over the limit is refused', () => {
    expect(createVerify(100)(account(), safePost(jsonPush()))).toEqual(forged('malformed'))
  })
  test('another method is refused', () => {
    expect(verify(account(), { ...safePost(jsonPush()), method: 'PUT' })).toEqual(forged('malformed'))
  })
  test.each(['__proto__', 'constructor', 'prototype'])('a field named %s changes no object of ours', (name) => {
    const json = `{"${name}":{"polluted":"yes","Event":"x"},"Event":"complaint_callback","complaint_order_id":"2157"}`
    expect(verify(account(), safePost(json))).toMatchObject({ verdict: 'genuine', number: '2157' })
    const xml = `<xml><${name}><polluted>yes</polluted></${name}><Event>complaint_callback</Event></xml>`
    expect(['genuine', 'forged']).toContain(verify(account(), safePost(xml)).verdict)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

describe('what a push is about', () => {
  const about = (message: string) => {
    const verdict = verify(account(), safePost(message))
    return verdict.verdict === 'genuine' ? [verdict.event, verdict.number] : verdict
  }
  test.each([
    ['complaint_callback', '2157'],
    [' complaint callback ', '2157'],
    ['Complaint_Callback', '2157'],
  ])('the event %j is a complaint', (event, number) => {
    expect(about(jsonPush({ Event: event }))).toEqual(['complaint_callback', number])
  })
  test('other events and messages are genuine without a number', () => {
    expect(about(jsonPush({ Event: 'wxa_punish_event' }))).toEqual(['wxa_punish_event', undefined])
    expect(about('{"MsgType":"text","Content":"hello","complaint_order_id":"1"}')).toEqual(['text', undefined])
    expect(about('{}')).toEqual(['', undefined])
  })
  test.each([
    [2157, '2157'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', undefined],
    [2 ** 53, undefined],
    ['0', undefined],
    ['02157', undefined],
    ['2157a', undefined],
    ['-5', undefined],
    ['2e3', undefined],
    [12.5, undefined],
    ['', undefined],
    [null, undefined],
    [['2157'], undefined],
  ])('complaint_order_id %j gives the number %j, and the push is kept either way', (given, number) => {
    expect(about(jsonPush({ complaint_order_id: given }))).toEqual(['complaint_callback', number])
  })
  test('a late push is as good as a new one', () => {
    const [timestamp, nonce, encrypt] = ['1000000000', '7', seal(jsonPush())]
    const query = { timestamp, nonce, encrypt_type: 'aes', msg_signature: sha1(pushToken, timestamp, nonce, encrypt) }
    expect(verify(account(), post(jsonEnvelope(encrypt), query)).verdict).toBe('genuine')
  })
})
