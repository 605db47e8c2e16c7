import type { Api } from '../support/admin-api.ts'
import type { Aviary } from './aviary.ts'
import type { Capture } from './capture.ts'
import {
  appId,
  appid,
  certificateAppId,
  mailbox,
  mchid,
  type Outside,
  officialAppid,
  publicUrl,
  shop,
  templateId,
} from './outside.ts'
import { made, openPage, until } from './people.ts'

/** The admin API; each answer, whole, goes into the capture under this kind. */
export const recorded =
  (url: string, key: string, capture: Capture, kind: string): Api =>
  async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'PATCH' ? { 'if-match': '*' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    capture.add(kind, `${answer.status} ${JSON.stringify([...answer.headers])} ${text}`)
    return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) }
  }

export const at = '/tenants/shop'
export const group = 'ops'

interface SettingUp {
  readonly api: Api
  /** For what is told only once, or only to those who set up. */
  readonly once: Api
  readonly url: string
  readonly outside: Outside
  readonly aviary: Aviary
}

/** A business with every platform, every chat and every channel that there is, by the API. */
export async function setUp({ api, once, url, outside, aviary }: SettingUp) {
  const { secrets, hooks, doors } = outside
  await made(api, '/tenants', { handle: 'shop', name: '小店', refundDay: 1_000_000, secondPersonFrom: 500_000 })
  const account = (body: object) => made(api, `${at}/accounts`, body)
  const mini = await account({
    ...{ platform: 'wechat-mini', outsideId: appid, name: '小程序', secrets: secrets.mini },
    settings: { mode: 'safe', payer: mchid, refunds: true },
  })
  hooks.mini = mini.callbackUrl.replace(publicUrl, url)
  const pay = await account({
    ...{ platform: 'wechat-pay', outsideId: mchid, name: '青禾优选', secrets: secrets.pay },
    settings: { publicKeyId: outside.publicKeyId, refunds: true },
  })
  await made(api, `${at}/accounts/${pay.id}/address`, {})
  const settings = { refunds: true }
  const alipay = await account({
    ...{ platform: 'alipay', outsideId: appId, name: '支付宝', settings, secrets: secrets.alipay.key },
  })
  await account({
    ...{ platform: 'alipay', outsideId: certificateAppId, name: '支付宝证书', secrets: secrets.alipay.certificate },
    settings: { ...settings, mode: 'certificate' },
  })
  outside.alipay.setApp(appId, {
    gatewayUrl: `${publicUrl}/hooks/${alipay.id}`,
    redirectUri: `${publicUrl}/oauth/alipay/${alipay.id}`,
  })
  const page = await chats({ api, once, url, outside, aviary })
  const channels = await ways({ api, once, url, outside, aviary })
  hooks.official = `${url}/hooks/official/${channels.official.id}`
  return { mini, pay, alipay, page, channels, doors }
}

async function chats({ api, once, outside, aviary }: SettingUp) {
  const { secrets } = outside
  const bot = (kind: string, name: string, more: object = {}) => made(once, `${at}/bots`, { kind, name, ...more })
  const people = ['chen', 'li', 'wang'].map((id) => ({ id, name: id }))
  const browser = await bot('browser', '网页群', { settings: { rooms: [{ chat: group, title: '客服群' }], people } })
  await bot('telegram', 'Telegram', { secrets: { token: secrets.tokens.polling } })
  const webhookSecret = aviary.word('bot.telegram.webhookSecret', 40)
  const hooked = await bot('telegram', 'Hook', {
    settings: { mode: 'webhook', publicUrl },
    secrets: { token: secrets.tokens.webhook, webhookSecret },
  })
  const [user, password] = ['proxy', aviary.word('bot.telegram.proxy', 20)]
  // It waits for an answer that never comes, and the rest need not.
  const proxied = bot('telegram', 'Proxied', {
    settings: { apiRoot: 'https://127.0.0.1:1' },
    secrets: { token: secrets.tokens.proxied, proxy: `http://${user}:${password}@127.0.0.1:1` },
  })
  const { botId, secret } = outside.wecomBot
  await bot('wecom', 'WeCom', { settings: { name: 'Redress' }, secrets: { botId, secret } })
  const pushing = await bot('wecom-webhook', '只读', { secrets: { key: secrets.webhookKey } })
  await made(api, `${at}/rooms`, { bot: pushing.id, title: '只读群' })

  const { json } = await once('GET', `${at}/bots/${browser.id}`)
  aviary.keep('browser.key', new URL(json.address).searchParams.get('key') ?? '')
  const page = await openPage(json.address)
  const code = async (path: string): Promise<string> => {
    const { say, code: told } = await made(once, path, {})
    aviary.keep('bind code', told)
    return say
  }
  const members: Record<string, string> = {}
  for (const [handle, role] of [
    ['chen', 'admin'],
    ['li', 'refunder'],
    ['wang', 'viewer'],
  ] as const) {
    const { id } = await made(api, `${at}/members`, { handle, name: handle, role })
    members[handle] = id
    await page.say(handle, `alone:${handle}`, await code(`${at}/members/${id}/bind-code`))
  }
  await page.say('chen', group, await code(`${at}/room-codes`))
  await bindBeside(
    outside,
    () => code(`${at}/members/${members.chen}/bind-code`),
    () => code(`${at}/room-codes`),
  )
  await until('four rooms', async () => (await api('GET', `${at}/rooms`)).json.items.length >= 4)
  return Object.assign(page, {
    browser: browser.id as string,
    hook: hooked.id as string,
    proxied: (await proxied).id as string,
    webhookSecret,
  })
}

/** Whoever sets up is a member in the other two chats, too. */
async function bindBeside(outside: Outside, person: () => Promise<string>, room: () => Promise<string>) {
  const { telegram, chen, telegramGroup, wecom, wecomChen, wecomGroup, wecomBot } = outside
  await until('Telegram asks', () => telegram.polled('RedressBot'))
  await until('WeCom is connected', () => wecom.connected(wecomBot.botId))
  const alone = chen.start('RedressBot')
  chen.say(alone, await person())
  const single = wecom.single(wecomChen, wecomBot.botId)
  wecomChen.say(single, await person())
  const answered = () => alone.messages().some(({ text }) => /阿陈|chen/.test(text) && !text.startsWith('/bind'))
  await until('bound in Telegram', answered)
  await until('bound in WeCom', () => single.seenBy(wecomChen).some(({ from }) => from === wecomBot.botId))
  chen.say(telegramGroup, await room())
  wecomChen.say(wecomGroup, await room(), { to: wecomBot.botId })
}

async function ways({ api, outside, aviary }: SettingUp) {
  const { secrets, follower } = outside
  const channel = async (kind: string, body: object, address: string) => {
    const soon = { mergeSeconds: 0, gapSeconds: 0 }
    const { settings, ...more } = body as { settings: object }
    const one = await made(api, `${at}/channels`, { kind, name: kind, settings: { ...settings, ...soon }, ...more })
    await made(api, `${at}/channels/${one.id}/recipients`, {
      address,
      label: '阿陈',
      wants: ['new', 'user', 'outcome'],
    })
    return one
  }
  const mail = { host: '127.0.0.1', port: outside.smtp, protection: 'none', user: mailbox }
  const map = { character_string1: 'number', thing2: 'reason', time3: 'due', amount4: 'amount', phrase5: 'turn' }
  return {
    email: await channel(
      'email',
      { settings: mail, secrets: { password: secrets.password } },
      `${aviary.word('recipient of mail', 18).toLowerCase()}@example.com`,
    ),
    sms: await channel(
      'sms',
      {
        settings: {
          sdkAppId: '1400006666',
          sign: '小店',
          templateId: '1110',
          perRecipientDay: 100,
          recipientGapSeconds: 0,
          dayBegins: 0,
        },
        secrets: secrets.sms,
      },
      `+86${aviary.digits('recipient of SMS', 11, '159')}`,
    ),
    official: await channel(
      'official-account',
      { settings: { appid: officialAppid, templateId, map }, secrets: secrets.official },
      aviary.keep('recipient of the official account', follower.openid),
    ),
  }
}

export { shop }
