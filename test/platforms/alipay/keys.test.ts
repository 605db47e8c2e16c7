import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { mintApp } from '../../../sandbox/alipay/index.ts'
import { InputError } from '../../../src/core/errors.ts'
import { instant } from '../../../src/core/words.ts'
import { leafIn, rootSerialOf } from '../../../src/platforms/alipay/certificate.ts'
import { credentialsOf, isPair, privateKeyIn, publicKeyIn } from '../../../src/platforms/alipay/keys.ts'
import { needs } from '../../../src/platforms/alipay/needs.ts'
import { settingsOf } from '../../../src/platforms/alipay/settings.ts'
import { vectorTest } from '../../support/vectors.ts'
import {
  account,
  appId,
  certificateAccount,
  certificateSecrets,
  certificates,
  keySecrets,
  keys,
  pem,
} from './support.ts'

const own = keys.app.privateKey
const pkcs1 = own.export({ type: 'pkcs1', format: 'pem' }).toString()
const bare = (written: string) => written.replace(/-----[^-]+-----|\s/g, '')

describe('a private key is taken', () => {
  test.each([
    ['as PKCS8', pem(own)],
    ['as PKCS1', pkcs1],
    ['as bare PKCS8', bare(pem(own))],
    ['as bare PKCS1', bare(pkcs1)],
    ['with lines of Windows', pem(own).replaceAll('\n', '\r\n')],
    ['in one line with its head', pem(own).replaceAll('\n', ' ')],
    ['with \\n in letters', pem(own).replaceAll('\n', '\\n')],
    ['with blanks around it', `\n  ${bare(pem(own))}  \n`],
  ])('%s', (_, written) => {
    const key = privateKeyIn(written)
    expect(key && isPair(key, keys.app.publicKey)).toBe(true)
  })
  test.each([
    ['nothing', ''],
    ['a public key', pem(keys.app.publicKey)],
    ['a bare public key', bare(pem(keys.app.publicKey))],
    ['a certificate', certificates.app],
    ['half a key', bare(pem(own)).slice(0, 800)],
    ['one with a letter that is none', bare(pem(own)).replace(/A/, '*')],
    ['one of 1024 bits', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['one on a curve', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey as KeyObject)],
  ])('but not %s', (_, written) => {
    expect(privateKeyIn(written)).toBeUndefined()
  })
})

describe('a public key is taken', () => {
  test.each([
    ['as PEM', pem(keys.alipay.publicKey)],
    ['bare', bare(pem(keys.alipay.publicKey))],
    ['as PKCS1', keys.alipay.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
  ])('%s', (_, written) => {
    const key = publicKeyIn(written)
    expect(key && isPair(keys.alipay.privateKey, key)).toBe(true)
  })
  test.each([
    ['a private key', pem(keys.alipay.privateKey)],
    ['a bare private key', bare(pem(keys.alipay.privateKey))],
    ['a certificate', certificates.alipay],
    ['words', '支付宝公钥'],
  ])('but not %s', (_, written) => {
    expect(publicKeyIn(written)).toBeUndefined()
  })
})

const folder = 'alipay-certs/'
vectorTest(`${folder}node_root.crt`, 'the serials of third-party certificates', (read) => {
  const { certSN } = JSON.parse(read('alipay-vectors.json').toString()) as { certSN: { file: string; sn: string }[] }
  const found = certSN.map(({ file, sn }) => {
    const written = read(file.replace('certs/', folder)).toString()
    return [file, (file.endsWith('_root.crt') ? rootSerialOf(written) : leafIn(written)?.serial) === sn]
  })
  expect(found.length).toBeGreaterThan(8)
  expect(found.filter(([, same]) => !same)).toEqual([])
})

test('an account without usable keys says so', () => {
  expect(() => credentialsOf(account({ secrets: {} }))).toThrow(expect.objectContaining({ trouble: 'forbidden' }))
  expect(() => credentialsOf(account({ settings: { mode: 'certificate' } }))).toThrow(/密钥或证书/)
  expect(credentialsOf(account()).serials).toBeUndefined()
  expect(credentialsOf(certificateAccount()).serials?.app).toBe(leafIn(certificates.app)?.serial)
})

const input = { outsideId: appId, secrets: keySecrets as Record<string, string>, settings: {} }
const certified = { ...input, secrets: certificateSecrets as Record<string, string>, settings: { mode: 'certificate' } }
// As Alipay names them: the merchant's PID, then the app's id.
const ofAnotherApp = mintApp({
  name: '2088000000000001-2021000000000009',
  random: randomBytes,
  now: Date.now(),
  privateKey: certificateSecrets.privateKey,
}).certificate
test('the console’s fields are named in its own words, with where merchants come back to', () => {
  const hints = needs.console?.({ settings: {} }, 'https://redress.example:8443/base/hooks/acc_1') ?? []
  const value = (name: string) => hints.find(({ field }) => field.endsWith(name))?.value
  expect(value('应用网关')).toBe('https://redress.example:8443/base/hooks/acc_1')
  expect(value('授权回调地址')).toBe('https://redress.example:8443/base/oauth/alipay/acc_1')
})

const problemsOf = (given: Parameters<typeof needs.check>[0]): readonly string[] => {
  try {
    needs.check(given)
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    expect(error.problems.every(({ fix }) => fix.length > 3)).toBe(true)
    return error.problems.map(({ field }) => field)
  }
}

describe('an account is checked when it is saved', () => {
  test('a certificate that has ended is none, and its own name is no hindrance', () => {
    const named = { name: `2088000000000001-${appId}`, random: randomBytes, privateKey: certificateSecrets.privateKey }
    const now = Date.UTC(2026, 10, 22)
    const mint = (days: number) => mintApp({ ...named, now, days }).certificate
    const at = (later: number) => ({ now: instant(now + later * 86_400_000) })
    const over = (later: number) => ({
      ...certified,
      secrets: { ...certified.secrets, appCertificate: mint(5) },
      ...at(later),
    })
    expect(problemsOf(over(4))).toEqual([])
    expect(problemsOf(over(6))).toEqual(['secrets.appCertificate'])
    expect(problemsOf({ ...certified, ...at(365 * 20) })).toEqual([
      'secrets.appCertificate',
      'secrets.alipayCertificate',
    ])
  })
  test('and taken when all fits', () => {
    expect(problemsOf(input)).toEqual([])
    expect(problemsOf(certified)).toEqual([])
    expect(problemsOf({ ...input, settings: { sources: ['trade'], refunds: true, operator: '客服小王' } })).toEqual([])
  })
  test.each<[what: string, fields: readonly string[], over: object]>([
    ['an app id of letters', ['outsideId'], { outsideId: 'wx1234567890abcd' }],
    ['a mode that is none', ['settings.mode'], { settings: { mode: 'pem' } }],
    ['no source', ['settings.sources'], { settings: { sources: [] } }],
    ['a source that is none', ['settings.sources'], { settings: { sources: ['risk', 'pay'] } }],
    ['yes for true', ['settings.refunds'], { settings: { refunds: 'yes' } }],
    ['a long operator', ['settings.operator'], { settings: { operator: '一二三四五六七' } }],
    ['an unknown setting', ['settings.gateway'], { settings: { gateway: 'x' } }],
    ['an unknown secret', ['secrets.aesKey'], { secrets: { ...keySecrets, aesKey: 'x' } }],
    ['no keys', ['secrets.privateKey', 'secrets.alipayPublicKey'], { secrets: {} }],
    [
      'the app’s own public key for Alipay’s',
      ['secrets.alipayPublicKey'],
      { secrets: { ...keySecrets, alipayPublicKey: pem(keys.app.publicKey) } },
    ],
    ['certificates in key mode', ['secrets.alipayPublicKey'], { secrets: certificateSecrets }],
  ])('%s', (_, fields, over) => {
    expect(problemsOf({ ...input, ...over })).toEqual(fields)
  })
  test.each<[what: string, fields: readonly string[], over: Record<string, string>]>([
    ['the key of another app', ['secrets.privateKey'], { privateKey: pem(keys.stranger.privateKey) }],
    ['the app’s certificate for Alipay’s', ['secrets.alipayCertificate'], { alipayCertificate: certificates.app }],
    ['the certificate of another app', ['secrets.appCertificate'], { appCertificate: ofAnotherApp }],
    ['no root', ['secrets.rootCertificate'], { rootCertificate: '' }],
    [
      'a root file cut short',
      ['secrets.rootCertificate'],
      { rootCertificate: certificates.root + certificates.root.slice(0, 300) },
    ],
  ])('%s', (_, fields, over) => {
    expect(problemsOf({ ...certified, secrets: { ...certificateSecrets, ...over } })).toEqual(fields)
  })
  test('both sources are heard unless it says otherwise', () => {
    expect(settingsOf({})).toEqual({ mode: 'key', sources: ['risk', 'trade'], refunds: false, autoRefund: false })
    expect(settingsOf({ sources: ['trade'] }).sources).toEqual(['trade'])
  })
})
