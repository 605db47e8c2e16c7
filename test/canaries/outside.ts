import { randomBytes } from 'node:crypto'
import { createAlipay, mintApp, serveAlipay } from '../../sandbox/alipay/index.ts'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { createMail, serveMail } from '../../sandbox/mail/index.ts'
import { createOfficial, serveOfficial } from '../../sandbox/official/index.ts'
import { createSms, serveSms } from '../../sandbox/sms/index.ts'
import { createTelegram, serveTelegram } from '../../sandbox/telegram/index.ts'
import { createWechat, serveWechat } from '../../sandbox/wechat/index.ts'
import { createWechatPay, mintMerchant, serveWechatPay } from '../../sandbox/wechat-pay/index.ts'
import { createWecom, serveWecom } from '../../sandbox/wecom/index.ts'
import { systemClock as clock } from '../../src/core/clock.ts'
import { behindPublicUrl, publicUrl } from '../support/public-url.ts'
import type { Aviary } from './aviary.ts'
import type { Capture } from './capture.ts'
import { type Door, doorTo, type Echo } from './door.ts'

const random = randomBytes
export const appid = 'wx5eed0000000000a1'
export const mchid = '1900007291'
export const [appId, certificateAppId] = ['2021000000000001', '2021000000000002']
export const shop = { pid: '2088000000000011', name: '街角咖啡', appId: '2021900000000011' }
export const officialAppid = 'wx00112233445566ff'
export const mailbox = 'shop@163.com'
export const templateId = 'tmpl0123456789abcdefghijklmnopqrstuvwxyz0123'
const template =
  '编号：{{character_string1.DATA}}\n原因：{{thing2.DATA}}\n截止：{{time3.DATA}}\n金额：{{amount4.DATA}}\n状态：{{phrase5.DATA}}'
const smsTemplate = '您有{1}笔新投诉（{2}，尾号{3}），最早截止{4}，请登录处理。'

/** Alphabets of what may stand in a secret differ: as many of these as a field takes. */
const signs = '"&/+<%'

/** All whom the service speaks to, each secret of theirs a canary; what is asked of them is captured, and said back when told to. */
export async function playOutside(
  aviary: Aviary,
  capture: Capture,
  { where, env }: { readonly where: () => string; readonly env: Record<string, string> },
) {
  const hooks = { mini: '', official: '' }
  const doors: Record<string, Door> = {}
  const door = async (name: string, target: string) => {
    const made = await doorTo(target, (asked) => capture.add(`asked of ${name}`, asked))
    doors[name] = made
    return made.url
  }

  const mini = {
    secret: aviary.word('account.wechat-mini.secret', 32, signs),
    token: aviary.word('account.wechat-mini.token', 24),
    aesKey: aviary.keep('account.wechat-mini.aesKey', random(32).toString('base64').slice(0, 43)),
  }
  const wechat = createWechat({
    ...{ clock, random, deliver: deliverByHttp },
    programs: [
      {
        ...{ name: '小店', appid, ...mini, mode: 'safe', format: 'json', orderShipping: true },
        get pushUrl() {
          return hooks.mini
        },
      },
    ],
    async paid({ transactionId, outTradeNo, product, amount: total, paidAt }) {
      await pay.order({ mchid, transactionId, outTradeNo, product, total, paidAt: paidAt * 1000 })
    },
  })
  const atWechat = await serveWechat(wechat, { tickMs: 200 })
  env.REDRESS_WECHAT_BASE_URL = await door('wechat-mini', atWechat.url)
  wechat.listensAt(env.REDRESS_WECHAT_BASE_URL)

  const own = mintMerchant({ mchid, random, now: clock.now() })
  const former = mintMerchant({ mchid, random, now: clock.now() })
  const apiV3Key = aviary.word('account.wechat-pay.apiV3Key', 32, signs)
  const pay = createWechatPay({
    ...{ clock, random, deliver: behindPublicUrl(where) },
    merchants: [{ name: '青禾优选', mchid, apiV3Key, certificateSerial: own.serial, publicKey: own.certificate }],
    rules: { settleMs: 500 },
  })
  const atPay = await serveWechatPay(pay, { tickMs: 200 })
  env.REDRESS_WECHAT_PAY_BASE_URL = await door('wechat-pay', atPay.url)
  pay.listensAt(env.REDRESS_WECHAT_PAY_BASE_URL)
  const paySecrets = {
    apiV3Key,
    privateKey: aviary.pem('account.wechat-pay.privateKey', own.privateKey),
    certificate: aviary.pem('account.wechat-pay.certificate', own.certificate),
    publicKey: aviary.pem('account.wechat-pay.publicKey', pay.publicKey(mchid).pem),
    platformCertificates: aviary.pem('account.wechat-pay.platformCertificates', pay.certificates()[0]?.pem ?? ''),
    formerKeys: aviary.pem('account.wechat-pay.formerKeys', former.privateKey),
  }

  const apps = [appId, certificateAppId].map((id) => mintApp({ name: id, random, now: clock.now() }))
  const [byKey, byCertificate] = apps
  if (!byKey || !byCertificate) throw new Error('no app')
  const app = { name: '投诉管家', pid: '2088000000000001', kind: 'isv' } as const
  const alipay = createAlipay({
    ...{ clock, random, merchants: [shop], deliver: behindPublicUrl(where) },
    apps: [
      { ...app, appId, publicKey: byKey.publicKey },
      { ...app, appId: certificateAppId, certificate: byCertificate.certificate },
    ],
  })
  const atAlipay = await serveAlipay(alipay, { tickMs: 200 })
  const alipayUrl = await door('alipay', atAlipay.url)
  env.REDRESS_ALIPAY_GATEWAY_URL = `${alipayUrl}/gateway.do`
  env.REDRESS_ALIPAY_AUTHORIZE_URL = alipayUrl
  alipay.listensAt(alipayUrl)
  const theirs = alipay.credentials(certificateAppId)
  const onLines = (text: string) => text.match(/.{1,64}/g)?.join('\n') ?? ''
  aviary.pem('account.alipay.alipayPublicKey', onLines(alipay.credentials(appId).alipayPublicKey))
  const alipaySecrets = {
    key: {
      privateKey: aviary.pem('account.alipay.privateKey', byKey.privateKey),
      alipayPublicKey: alipay.credentials(appId).alipayPublicKey,
    },
    certificate: {
      privateKey: aviary.pem('account.alipay.privateKey of the other', byCertificate.privateKey),
      appCertificate: aviary.pem('account.alipay.appCertificate', byCertificate.certificate),
      alipayCertificate: aviary.pem('account.alipay.alipayCertificate', theirs.alipayCertificate),
      rootCertificate: aviary.pem('account.alipay.rootCertificate', theirs.rootCertificate),
    },
  }

  const botToken = (name: string, id: number) =>
    aviary.keep(name, `${id}:${random(40).toString('base64url').slice(0, 35)}`)
  const tokens = {
    polling: botToken('bot.telegram.token', 42),
    webhook: botToken('bot.telegram.token of the second', 43),
    proxied: botToken('bot.telegram.token of the third', 44),
  }
  const telegram = createTelegram({
    ...{ clock, random, deliver: behindPublicUrl(where) },
    bots: [
      { token: tokens.polling, username: 'RedressBot', name: 'Redress' },
      { token: tokens.webhook, username: 'HookBot', name: 'Hook' },
    ],
  })
  const atTelegram = await serveTelegram(telegram, { tickMs: 100 })
  env.REDRESS_TELEGRAM_API_ROOT = await door('telegram', atTelegram.url)
  const chen = telegram.person({ name: '阿陈' })
  const telegramGroup = telegram.group({ title: '客服群', people: [chen], bots: ['RedressBot'] })

  // Of the two the Bot ID is a name: members are shown with it.
  const wecomBot = { botId: `aib${random(12).toString('hex')}`, secret: aviary.word('bot.wecom.secret', 43, signs) }
  const wecom = createWecom({ clock, random, bots: [{ ...wecomBot, name: 'Redress' }] })
  const atWecom = await serveWecom(wecom, { tickMs: 100 })
  env.REDRESS_WECOM_URL = wecom.wsUrl
  env.REDRESS_WECOM_WEBHOOK_URL = await door('wecom-webhook', wecom.baseUrl)
  const wecomChen = wecom.person({ userid: 'chen', name: '阿陈' })
  const wecomGroup = wecom.group({ name: '客服群', people: [wecomChen], bots: [wecomBot.botId] })
  const webhookGroup = wecom.group({ name: '只读群', people: [wecomChen] })
  const webhookKey = aviary.keep('bot.wecom-webhook.key', webhookGroup.webhook())

  const password = aviary.word('channel.email.password', 24, signs)
  const mail = createMail({ clock, random, accounts: [{ user: mailbox, code: password }] })
  const atMail = await serveMail(mail)

  const smsKey = {
    secretId: aviary.word('channel.sms.secretId', 36, 'AKID'),
    secretKey: aviary.word('channel.sms.secretKey', 32, signs),
  }
  const sms = createSms({
    ...{ clock, random, deliver: deliverByHttp, keys: [smsKey] },
    apps: [
      {
        ...{ sdkAppId: '1400006666', secretId: smsKey.secretId, signs: [{ id: 1, text: '小店' }] },
        templates: [{ id: 1110, content: smsTemplate }],
      },
    ],
    rules: { perDay: 0, carrierPerDay: 0 },
  })
  const atSms = await serveSms(sms, { tickMs: 200 })
  env.REDRESS_SMS_ENDPOINT = await door('sms', atSms.url)

  const officialSecrets = {
    secret: aviary.word('channel.official-account.secret', 32, signs),
    token: aviary.word('channel.official-account.token', 24),
    aesKey: aviary.keep('channel.official-account.aesKey', random(32).toString('base64').slice(0, 43)),
  }
  const official = createOfficial({
    ...{ clock, random, deliver: deliverByHttp },
    accounts: [
      {
        ...{ name: '小店服务号', appid: officialAppid, ...officialSecrets, mode: 'safe', format: 'xml' },
        templates: [{ id: templateId, title: '投诉处理提醒', content: template }],
        get pushUrl() {
          return hooks.official
        },
      },
    ],
  })
  const atOfficial = await serveOfficial(official, { tickMs: 200 })
  env.REDRESS_OFFICIAL_ACCOUNT_BASE_URL = await door('official-account', atOfficial.url)
  env.REDRESS_OFFICIAL_ACCOUNT_QR_URL = env.REDRESS_OFFICIAL_ACCOUNT_BASE_URL
  const follower = official.person(officialAppid, '阿陈')
  official.follow(follower.openid)

  return {
    ...{ wechat, pay, alipay, telegram, wecom, mail, sms, official, hooks, doors },
    ...{ chen, telegramGroup, wecomChen, wecomGroup, webhookGroup, follower, wecomBot },
    secrets: {
      ...{ mini, pay: paySecrets, alipay: alipaySecrets, tokens, webhookKey, password, sms: smsKey },
      bot: wecomBot.secret,
      official: officialSecrets,
    },
    publicKeyId: pay.publicKey(mchid).id,
    smtp: atMail.smtp,
    /** What people read there. */
    hear() {
      for (const place of telegram.places())
        for (const { looks, buttons } of place.messages({ deleted: true }))
          capture.add(
            'Telegram',
            `${looks.map(({ text, entities }) => `${text} ${JSON.stringify(entities)}`).join('\n')} ${buttons}`,
          )
      for (const [kind, group] of [
        ['WeCom', wecomGroup],
        ['WeCom webhook', webhookGroup],
      ] as const)
        for (const shown of group.seenBy(wecomChen))
          capture.add(kind, `${shown.text}\n${JSON.stringify(shown.content)}`)
      for (const { raw, subject, text, html } of mail.mails())
        capture.add('letters', [raw.toString(), subject, text, html].join('\n'))
      for (const { text } of sms.messages()) capture.add('SMS', text)
      for (const shown of official.shown())
        capture.add('official account', [shown.title, ...shown.lines.flat(), shown.leads].join('\n'))
    },
    async close() {
      for (const one of Object.values(doors)) await one.close()
      for (const one of [atWechat, atPay, atAlipay, atTelegram, atWecom, atMail, atSms, atOfficial]) await one.close()
    },
  }
}

export type Outside = Awaited<ReturnType<typeof playOutside>>

const json = (status: number, value: unknown) => ({ status, body: JSON.stringify(value) })

/** How each of them says no, and repeats what it was asked while it does. */
export const echoes: Readonly<Record<string, readonly Echo[]>> = {
  'wechat-mini': [10001, 99999].map(
    (errcode) =>
      ({ all }) =>
        json(200, { errcode, errmsg: all }),
  ),
  'official-account': [10001, 99999].map(
    (errcode) =>
      ({ all }) =>
        json(200, { errcode, errmsg: all }),
  ),
  'wechat-pay': ['PARAM_ERROR', 'NEVER_HEARD_OF'].map(
    (code) =>
      ({ all }) =>
        json(400, { code, message: all, detail: { field: all, value: all, issue: all, location: 'body' } }),
  ),
  alipay: ['isv.invalid-signature', 'NEVER_HEARD_OF'].map((sub) => ({ url, all }) => {
    const method = /method=([\w.]+)/.exec(decodeURIComponent(all))?.[1] ?? ''
    const said = { code: '40004', msg: all, sub_code: sub, sub_msg: `${url}\n${all}` }
    return json(200, { [`${method.replaceAll('.', '_')}_response`]: said })
  }),
  telegram: [400, 403].map(
    (status) =>
      ({ url, all }) =>
        /getUpdates|getMe|deleteWebhook/.test(url)
          ? undefined
          : json(status, { ok: false, error_code: status, description: all }),
  ),
  'wecom-webhook': [93000, 40058].map(
    (errcode) =>
      ({ all }) =>
        json(200, { errcode, errmsg: all }),
  ),
  sms: ['AuthFailure.NeverHeardOf', 'FailedOperation.NeverHeardOf'].map(
    (code) =>
      ({ all }) =>
        json(200, { Response: { Error: { Code: code, Message: all }, RequestId: 'a-b-c' } }),
  ),
}

/** Any of them, when something between us and them breaks. */
export const broken: Echo = ({ url, all }) =>
  /getUpdates|getMe/.test(url) ? undefined : { status: 502, type: 'text/html', body: `<pre>${all}</pre>` }

export { publicUrl }
