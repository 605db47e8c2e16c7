import { InputError, type Problem } from '../../core/errors.ts'
import type { Needs } from '../platform.ts'
import { parseAesKey } from './crypto.ts'
import { isNo } from './takes.ts'

const modes = ['plain', 'compatible', 'safe'] as const
export type Mode = (typeof modes)[number]

/** How the console is set to push; what is not said is safe. */
export const modeOf = (settings: Readonly<Record<string, unknown>>): Mode =>
  modes.find((mode) => mode === settings.mode) ?? 'safe'

const secrets = {
  secret: 'AppSecret（开发管理 → 开发设置 → 开发者 ID） | AppSecret from the console',
  token: 'Token（令牌，消息推送配置） | Token of the message push settings',
  aesKey: 'EncodingAESKey（消息加解密密钥，43 个字符） | EncodingAESKey of the message push settings, 43 characters',
}

const modeNames: Readonly<Record<Mode, string>> = { plain: '明文模式', compatible: '兼容模式', safe: '安全模式' }

const known = {
  notReceived:
    'acceptReturn 的「未收到退货」取值（微信没有公开；不设则只提供「已收到」）| the value of acceptReturn that says that returned goods did not arrive: 0 or 2 to 9, published nowhere; without it only "received" is offered',
  payer:
    '代为退款的微信支付账号的商户号（同一企业下已登记）| mchid of the WeChat Pay account, of the same business, that pays refunds for this mini program',
  refunds: 'true：允许在群里退款，默认不允许 | whether money may be refunded from the chat; default false',
  autoRefund: 'true：允许规则自动退款，默认不允许 | whether rules may refund; default false',
  mode: 'safe 安全模式（默认）| compatible 兼容模式 | plain 明文模式: the encryption mode of the message push settings; default safe',
}

export const needs: Needs = {
  secrets,
  settings: known,
  console: ({ settings }, callbackUrl) => [
    { field: '微信公众平台 → 开发管理 → 消息推送配置 → URL（服务器地址）', value: callbackUrl },
    { field: 'Token（令牌）', value: '与此处的 token 相同 | the same as token here' },
    { field: 'EncodingAESKey（消息加解密密钥）', value: '与此处的 aesKey 相同 | the same as aesKey here' },
    { field: '消息加密方式', value: modeNames[modeOf(settings)] },
    { field: '数据格式', value: 'JSON' },
  ],
  check({ outsideId, secrets: given, settings }) {
    const mode = settings.mode ?? 'safe'
    const problems: readonly (Problem | undefined)[] = [
      problem(
        /^wx[0-9a-zA-Z]{6,30}$/.test(outsideId),
        'outsideId',
        'give the AppID as the console shows it: wx and 16 hex digits',
      ),
      problem(
        /^[\x21-\x7e]{1,128}$/.test(given.secret ?? ''),
        'secrets.secret',
        'give the AppSecret: 32 letters and digits, no spaces',
      ),
      problem(
        /^[A-Za-z0-9]{3,32}$/.test(given.token ?? ''),
        'secrets.token',
        'give the Token of the message push settings: 3 to 32 letters and digits (the length rule is not published; only length and characters are checked here)',
      ),
      problem(
        given.aesKey ? parseAesKey(given.aesKey) !== undefined : mode === 'plain',
        'secrets.aesKey',
        'give the EncodingAESKey: exactly 43 characters A–Z a–z 0–9 (+ /); only mode plain does without',
      ),
      problem(
        modes.some((known) => known === mode),
        'settings.mode',
        `one of ${modes.join(', ')}: as set in the console`,
      ),
      problem(
        settings.notReceived === undefined || isNo(settings.notReceived),
        'settings.notReceived',
        'a number: 0 or 2 to 9 (1 says received); leave it out while WeChat has not told you one',
      ),
      problem(
        settings.payer === undefined || (typeof settings.payer === 'string' && /^\d{8,10}$/.test(settings.payer)),
        'settings.payer',
        'the mchid of the WeChat Pay account that pays, as text: 8 to 10 digits in quotation marks',
      ),
      problem(
        settings.refunds === undefined || typeof settings.refunds === 'boolean',
        'settings.refunds',
        'true or false',
      ),
      problem(
        settings.autoRefund === undefined || typeof settings.autoRefund === 'boolean',
        'settings.autoRefund',
        'true or false',
      ),
      problem(
        settings.refunds !== true || settings.payer !== undefined,
        'settings.payer',
        'name the account that pays (its mchid), or leave refunds out',
      ),
      ...Object.keys(given).map((name) =>
        problem(
          Object.hasOwn(secrets, name),
          `secrets.${name}`,
          `unknown; there are ${Object.keys(secrets).join(', ')}`,
        ),
      ),
      ...Object.keys(settings).map((name) =>
        problem(Object.hasOwn(known, name), `settings.${name}`, `unknown; there are ${Object.keys(known).join(', ')}`),
      ),
    ]
    const found = problems.filter((one) => one !== undefined)
    if (found.length > 0) throw new InputError(found)
  },
}

const problem = (fine: boolean, field: string, fix: string): Problem | undefined => (fine ? undefined : { field, fix })
