import { InputError, type Problem } from '../../core/errors.ts'
import { type Instant, millis } from '../../core/words.ts'
import type { Needs } from '../platform.ts'
import { blocksIn, certificatesIn, leafIn, rootSerialOf } from './certificate.ts'
import { isPair, privateKeyIn, publicKeyIn } from './keys.ts'
import { problemsOfSettings, type Settings, settingsHelp, settingsOf } from './settings.ts'

const console_ = '支付宝开放平台 → 控制台 → 应用 → 开发设置'
const signing = `${console_} → 接口加签方式`

const secrets = {
  privateKey: `应用私钥（${signing}；PKCS1、PKCS8，带不带 BEGIN 行都可以） | private key of the app, RSA2 of 2048 bits`,
  alipayPublicKey: `支付宝公钥（${signing} → 查看；不是应用公钥） | the public key of Alipay, not that of the app; key mode`,
  appCertificate: '应用公钥证书 appCertPublicKey_….crt 的全文 | certificate of the app; certificate mode',
  alipayCertificate: '支付宝公钥证书 alipayCertPublicKey_RSA2.crt 的全文 | certificate of Alipay; certificate mode',
  rootCertificate: '支付宝根证书 alipayRootCert.crt 的全文 | root certificates of Alipay; certificate mode',
}

export const needs: Needs = {
  secrets,
  settings: settingsHelp,
  console: (account, callbackUrl) => [
    { field: `${console_} → 应用网关`, value: callbackUrl },
    { field: `${console_} → 授权回调地址`, value: callbackUrl.replace(/\/hooks\/([^/]*)$/, '/oauth/alipay/$1') },
    { field: `${console_} → 消息服务 → From 平台`, value: 'alipay.merchant.tradecomplain.changed' },
    { field: signing, value: settingsOf(account.settings).mode === 'certificate' ? 'RSA2 证书' : 'RSA2 公钥' },
    { field: `${console_} → 接口内容加密方式`, value: '不设置 | leave it unset' },
  ],
  check({ outsideId, secrets: given, settings: set, now }) {
    const found = [
      ...problem(/^\d{16,20}$/.test(outsideId), 'outsideId', 'give the app id (APPID): 16 digits'),
      ...problemsOfSettings(set),
      ...problemsOfKeys(given, settingsOf(set).mode, { outsideId, ...(now === undefined ? {} : { now }) }),
      ...Object.keys(given).flatMap((name) =>
        problem(
          Object.hasOwn(secrets, name),
          `secrets.${name}`,
          `unknown; there are ${Object.keys(secrets).join(', ')}`,
        ),
      ),
    ]
    if (found.length > 0) throw new InputError(found)
  },
}

type Given = Record<string, string>

interface Asked {
  readonly outsideId: string
  readonly now?: Instant
}

function problemsOfKeys(given: Given, mode: Settings['mode'], asked: Asked): readonly Problem[] {
  return [
    ...problem(
      privateKeyIn(given.privateKey ?? '') !== undefined,
      'secrets.privateKey',
      'give the private key of the app, all of it: RSA2 with 2048 bits, PKCS1 or PKCS8',
    ),
    ...(mode === 'certificate' ? problemsOfCertificates(given, asked) : problemsOfKey(given)),
  ]
}

function problemsOfKey({ privateKey = '', alipayPublicKey = '' }: Given): readonly Problem[] {
  const [own, theirs] = [privateKeyIn(privateKey), publicKeyIn(alipayPublicKey)]
  return [
    ...problem(
      theirs !== undefined,
      'secrets.alipayPublicKey',
      'give the public key of Alipay (支付宝公钥) as the console shows it, or settings.mode certificate and the certificates',
    ),
    ...problem(
      !own || !theirs || !isPair(own, theirs),
      'secrets.alipayPublicKey',
      'this is the public key of the app (应用公钥): give that of Alipay (支付宝公钥), which stands beside it in the console',
    ),
  ]
}

function problemsOfCertificates(given: Given, { outsideId, now }: Asked): readonly Problem[] {
  const own = privateKeyIn(given.privateKey ?? '')
  const [app, theirs] = [leafIn(given.appCertificate ?? ''), leafIn(given.alipayCertificate ?? '')]
  return [
    ...problem(app !== undefined, 'secrets.appCertificate', 'give all of appCertPublicKey_….crt'),
    ...problem(
      !own || !app || isPair(own, app.key),
      'secrets.privateKey',
      'this key does not belong to appCertificate: take both from the same application for a certificate',
    ),
    ...problem(theirs !== undefined, 'secrets.alipayCertificate', 'give all of alipayCertPublicKey_RSA2.crt'),
    ...problem(
      !own || !theirs || !isPair(own, theirs.key),
      'secrets.alipayCertificate',
      'this is the certificate of the app: give alipayCertPublicKey_RSA2.crt',
    ),
    ...problem(
      app?.appId === undefined || app.appId === outsideId,
      'secrets.appCertificate',
      `this is the certificate of the app ${app?.appId}: give that of ${outsideId}`,
    ),
    ...(['appCertificate', 'alipayCertificate'] as const).flatMap((name) => {
      const until = (name === 'appCertificate' ? app : theirs)?.until
      const over = now !== undefined && until !== undefined && until <= millis(now)
      return problem(
        !over,
        `secrets.${name}`,
        `it has ended${over ? ` on ${day(until)}` : ''}: renew it in the console`,
      )
    }),
    ...problem(
      isWholeRoot(given.rootCertificate ?? ''),
      'secrets.rootCertificate',
      'give all of alipayRootCert.crt, every certificate in it',
    ),
  ]
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10)

/** One that is missing would give another serial. */
const isWholeRoot = (pem: string): boolean =>
  rootSerialOf(pem) !== undefined &&
  certificatesIn(pem).length === blocksIn(pem).length &&
  blocksIn(pem).length === (pem.match(/-----BEGIN /g) ?? []).length

const problem = (fine: boolean, field: string, fix: string): readonly Problem[] => (fine ? [] : [{ field, fix }])
