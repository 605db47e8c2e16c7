import { InputError, type Problem } from '../../core/errors.ts'
import type { Needs } from '../platform.ts'
import { jumpIn } from './jump.ts'
import { certificateIn, certificatesIn, privateKeyIn, privateKeysIn, publicKeyIn, serialIn } from './keys.ts'
import { isProvider } from './merchant.ts'
import { isReplyChars } from './takes.ts'

const api = '微信支付商户平台 → 账户中心 → API安全'

const secrets = {
  apiV3Key: `APIv3 密钥（${api} → APIv3密钥，32 个字符） | APIv3 key, 32 characters`,
  privateKey: '商户API私钥 apiclient_key.pem 的全文 | private key of the merchant API certificate, PEM',
  certificate:
    '商户API证书 apiclient_cert.pem 的全文（或在设置里填 serial） | merchant API certificate, PEM; or give its serial in the settings',
  publicKey: `微信支付公钥 pub_key.pem 的全文（${api} → 微信支付公钥） | WeChat Pay public key, PEM`,
  platformCertificates:
    '微信支付平台证书，可多份；一般会自动下载 | platform certificates, PEM; usually fetched by itself',
  formerKeys:
    '更换过的旧商户API私钥，可多份：用来解密旧投诉的电话 | former private keys, PEM: open telephone numbers of older complaints',
}

const settings = {
  serial:
    '商户API证书序列号（已填 certificate 时可省略） | serial of the merchant API certificate, when it is not given itself',
  publicKeyId: '微信支付公钥 ID，PUB_KEY_ID_ 开头 | id of the WeChat Pay public key',
  downloadCertificates:
    'true 或 false：是否下载平台证书，默认在没有公钥时下载 | whether platform certificates are fetched; default: where there is no public key',
  provider: 'true：服务商商户号，代子商户处理投诉 | this mchid is a service provider',
  subMchid: '只代一个子商户时的子商户号 | the sub-merchant, where there is only one',
  replyChars: '回复字数上限，1 至 500，默认 200 | most characters of a reply; default 200',
  refunds: 'true：允许在群里退款，默认不允许 | whether money may be refunded from the chat; default false',
  autoRefund: 'true：允许规则自动退款，默认不允许 | whether rules may refund; default false',
  jump: '每条回复附带的跳转：{"url","text"} 或 {"appid","path","text"}，文字最多 10 字；需微信支付开通 | a link under every reply; must be granted by WeChat Pay',
}

export const needs: Needs = {
  secrets,
  settings,
  console: (_, callbackUrl) => [
    { field: '投诉通知回调地址（由接口登记，一个商户号只有一个）', value: callbackUrl },
    { field: `${api} → APIv3密钥`, value: '与此处的 apiV3Key 相同 | the same as apiV3Key here' },
    {
      field: `${api} → API证书`,
      value: '此处 certificate、privateKey 的来源 | where certificate and privateKey come from',
    },
    {
      field: `${api} → 微信支付公钥`,
      value: '此处 publicKey、publicKeyId 的来源 | where publicKey and publicKeyId come from',
    },
  ],
  check(input) {
    const found = [...problemsOfKeys(input), ...problemsOfSettings(input), ...unknownNames(input)]
    if (found.length > 0) throw new InputError(found)
  },
  checkMerchant(account, outsideId) {
    const found = [
      ...problem(
        isProvider(account),
        'account',
        'this mchid is no service provider: set its settings.provider to true',
      ),
      ...problem(
        isMchid(outsideId) && outsideId !== account.outsideId,
        'outsideId',
        'give the mchid of the sub-merchant: 8 to 10 digits',
      ),
    ]
    if (found.length > 0) throw new InputError(found)
  },
}

type Input = Parameters<Needs['check']>[0]

function problemsOfKeys({ secrets: given, settings: set }: Input): readonly Problem[] {
  const key = privateKeyIn(given.privateKey ?? '')
  const own = certificateIn(given.certificate ?? '')?.certificate
  const pair = !key || !own || own.checkPrivateKey(key)
  const hasPublic = given.publicKey !== undefined || set.publicKeyId !== undefined
  return [
    ...problem(
      /^[\x21-\x7e]{32}$/.test(given.apiV3Key ?? ''),
      'secrets.apiV3Key',
      'give the APIv3 key: exactly 32 letters and digits',
    ),
    ...problem(
      key !== undefined,
      'secrets.privateKey',
      'give all of apiclient_key.pem, from -----BEGIN PRIVATE KEY----- to the end',
    ),
    ...problem(
      given.certificate === undefined || own !== undefined,
      'secrets.certificate',
      'give all of apiclient_cert.pem, from -----BEGIN CERTIFICATE----- to the end',
    ),
    ...problem(
      pair,
      'secrets.privateKey',
      'this key does not belong to the certificate: take both from the same download',
    ),
    ...problem(
      serialIn(given.certificate ?? '', set.serial) !== undefined,
      'secrets.certificate',
      'give the certificate, or its serial in settings.serial',
    ),
    ...problem(
      set.serial === undefined || own === undefined || own.serialNumber === serialIn('', set.serial),
      'settings.serial',
      'it is not the serial of the certificate: leave it out, the certificate says it',
    ),
    ...problem(
      !hasPublic || publicKeyIn(given.publicKey ?? '') !== undefined,
      'secrets.publicKey',
      'give all of pub_key.pem, from -----BEGIN PUBLIC KEY----- to the end',
    ),
    ...problem(
      !hasPublic || isPublicKeyId(set.publicKeyId),
      'settings.publicKeyId',
      'give the id that stands beside the public key: PUB_KEY_ID_ and digits',
    ),
    ...problem(
      all(given.platformCertificates, certificatesIn),
      'secrets.platformCertificates',
      'give platform certificates as PEM, one after the other',
    ),
    ...problem(
      all(given.formerKeys, privateKeysIn),
      'secrets.formerKeys',
      'give former private keys as PEM, one after the other',
    ),
    ...problem(
      set.downloadCertificates !== false || hasPublic || certificatesIn(given.platformCertificates ?? '').length > 0,
      'settings.downloadCertificates',
      'without a public key and without platform certificates they must be fetched: leave it out',
    ),
  ]
}

const isPublicKeyId = (id: unknown): boolean => typeof id === 'string' && /^PUB_KEY_ID_\d{1,64}$/.test(id)

/** Every block that begins is one that can be read. */
const all = (pems: string | undefined, read: (pems: string) => readonly unknown[]): boolean =>
  pems === undefined || (read(pems).length > 0 && read(pems).length === (pems.match(/-----BEGIN /g) ?? []).length)

function problemsOfSettings({ outsideId, settings: set }: Input): readonly Problem[] {
  return [
    ...problem(isMchid(outsideId), 'outsideId', 'give the mchid: 8 to 10 digits'),
    ...problem(isFlag(set.downloadCertificates), 'settings.downloadCertificates', 'true or false'),
    ...problem(isFlag(set.provider), 'settings.provider', 'true or false'),
    ...problem(isFlag(set.refunds), 'settings.refunds', 'true or false'),
    ...problem(isFlag(set.autoRefund), 'settings.autoRefund', 'true or false'),
    ...problem(
      set.subMchid === undefined || isMchid(set.subMchid),
      'settings.subMchid',
      'give the mchid of the sub-merchant: 8 to 10 digits',
    ),
    ...problem(
      set.subMchid === undefined || set.provider !== false,
      'settings.provider',
      'an account with a sub-merchant is a provider: leave it out',
    ),
    ...problem(
      set.replyChars === undefined || isReplyChars(set.replyChars),
      'settings.replyChars',
      'a number from 1 to 500',
    ),
    ...problem(
      set.jump === undefined || jumpIn(set.jump) !== undefined,
      'settings.jump',
      '{"url": "https://…", "text": "…"} or {"appid", "path", "text"}; the text has at most 10 characters',
    ),
  ]
}

const isMchid = (id: unknown): boolean => typeof id === 'string' && /^\d{8,10}$/.test(id)
const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean'

const unknownNames = ({ secrets: given, settings: set }: Input): readonly Problem[] => [
  ...Object.keys(given).flatMap((name) => known(secrets, name, `secrets.${name}`)),
  ...Object.keys(set).flatMap((name) => known(settings, name, `settings.${name}`)),
]

const known = (names: object, name: string, field: string): readonly Problem[] =>
  problem(Object.hasOwn(names, name), field, `unknown; there are ${Object.keys(names).join(', ')}`)

const problem = (fine: boolean, field: string, fix: string): readonly Problem[] => (fine ? [] : [{ field, fix }])
