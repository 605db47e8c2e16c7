import { randomBytes } from 'node:crypto'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import type { Api } from '../support/admin-api.ts'
import type { Aviary } from './aviary.ts'
import type { Capture } from './capture.ts'
import { appId, appid, broken, echoes, mchid, type Outside, publicUrl, shop } from './outside.ts'
import { until } from './people.ts'
import { at, group, type setUp } from './set-up.ts'

export interface Story {
  readonly api: Api
  readonly once: Api
  readonly url: string
  readonly outside: Outside
  readonly aviary: Aviary
  readonly capture: Capture
  readonly set: Awaited<ReturnType<typeof setUp>>
  /** Words of a customer that hold what must be found. */
  readonly planted: string
}

const photo = () => Buffer.concat([parcelPhoto(1), randomBytes(8)])

/** One complaint at each desk, each customer known by a phone and an id that nobody else has. */
export async function complain({ outside, aviary, planted }: Story): Promise<void> {
  const { wechat, pay, alipay } = outside
  const inWords = aviary.digits('phone in a customer’s words', 11, '137')
  await wechat.complain({
    ...{ appid, amount: 1990, photos: [photo()] },
    text: `${planted} 请打${inWords}`,
    phone: aviary.digits('phone of mini program', 11, '139'),
    openid: aviary.word('openid of mini program', 28, 'o'),
    nickname: aviary.word('nickname', 12),
  })
  const { transactionId } = await pay.order({
    mchid,
    openid: aviary.word('openid of WeChat Pay', 28, 'o'),
    total: 2990,
  })
  await pay.complain({
    mchid,
    transactionId,
    phone: aviary.digits('phone of WeChat Pay', 11, '136'),
    photos: [photo()],
  })
  await alipay.complainTrade({ pid: shop.pid, amount: 990, phone: aviary.digits('phone of Alipay trade', 11, '135') })
  await alipay.complainRisk({ pid: shop.pid, amount: 890, contact: aviary.digits('phone of Alipay risk', 11, '133') })
}

/** The merchant comes by our link, so that we speak in its name. */
export async function authorise({ once, outside, set, url, aviary, capture }: Story): Promise<void> {
  const { json } = await once('POST', `${at}/accounts/${set.alipay.id}/authorization-links`, {})
  const links: readonly string[] = Object.values(json).filter((one): one is string => /^https?:/.test(String(one)))
  const link = links[0] ?? ''
  const open = (text: string): string => (text.includes('%') ? open(decodeURIComponent(text)) : text)
  aviary.keep('auth state', /state"?[=:]"?([\w.-]+)/.exec(open(link))?.[1] ?? '')
  const { redirect } = await outside.alipay.consent(link, shop.pid)
  const back = new URL(redirect)
  aviary.keep('auth code', back.searchParams.get('app_auth_code') ?? '')
  const answer = await fetch(redirect.replace(publicUrl, url))
  capture.add('answers to callbacks', `${JSON.stringify([...answer.headers])} ${await answer.text()}`)
  // The same code by a stranger, and one that was never given.
  for (const query of [back.search, back.search.replace(/app_auth_code=[^&]*/, 'app_auth_code=never-given')]) {
    const again = await fetch(`${url}${back.pathname}${query}`)
    capture.add('answers to callbacks', `${JSON.stringify([...again.headers])} ${await again.text()}`)
  }
}

const running = async (api: Api, platform: string): Promise<number> =>
  (await api('GET', `${at}/complaints?which=all`)).json.items.findLast(
    (one: { platform: string; provisional?: boolean }) => one.platform === platform,
  )?.running ?? 0

/** All that people do with a complaint on a calm day. */
export async function handle(s: Story): Promise<void> {
  const { api, outside, set, capture, aviary } = s
  const { page } = set
  const desks = ['wechat-mini', 'wechat-pay', 'alipay']
  await until('a complaint of each desk', async () =>
    (await Promise.all(desks.map((desk) => running(api, desk)))).every(Boolean),
  )
  const [mini = 0, pay = 0, alipay = 0] = await Promise.all(desks.map((desk) => running(api, desk)))
  await until('cards', async () => (await page.read('chen', group)).filter(({ card }) => card).length >= 3)

  const say = (text: string, more?: object) => page.say('chen', group, text, more)
  await say('/list')
  await say(`/show ${mini}`)
  await say(`/note ${mini} 打过电话`)
  await say(`/claim ${mini}`)
  await say(`/search 退款`)
  await say(`/reply ${pay} 马上处理`)
  await say(`/reply ${alipay} 马上处理`)
  await say(`/agree ${mini} 抱歉，马上补发`)
  for (const words of ['/rules', '/due', '/duty', '/score', '/whoami', '/help', '/doctor', '/nonsense'])
    await say(words)
  await until('the answer is at WeChat', () => outside.wechat.ledger().some(({ what }) => what === 'respond'))

  // A refund by presses, one by the API, and proof of it.
  const refund = { kind: 'refund', amount: 990, confirm: { amount: 990 }, reason: '小额退款' }
  await api('POST', `${at}/complaints/${alipay}/actions`, refund, { 'idempotency-key': 'alipay-refund' })
  // Whatever changes meanwhile draws the card anew, and the question is put again.
  const press = (label: string) =>
    page.press('li', group, `#${pay} `, label).then(
      () => true,
      () => false,
    )
  await until('the refund is offered', async () => (await press('全额退 ¥29.90')) || ((await press('退款')) && false))
  await until('WeChat Pay gave it back', () => outside.pay.refunds().some(({ status }) => status === 'SUCCESS'))
  const [complaint] = outside.wechat.complaints()
  if (!complaint) throw new Error('no complaint')
  for (const [status, command] of [
    [106, 'evidence'],
    [206, 'proof'],
  ] as const) {
    await outside.wechat.set(complaint.id, { status })
    const kind = command === 'proof' ? 'prove-refund' : 'add-evidence'
    await until(`the move for ${status}`, async () =>
      (await api('GET', `${at}/complaints/${mini}`)).json.moves.some((one: { kind: string }) => one.kind === kind),
    )
    await say(`/${command} ${mini} 见图`, { pictures: [await page.picture(photo())] })
    const card = (await page.read('chen', group)).findLast(({ card: one }) =>
      one?.buttons.some(({ label }) => label === '确认提交'),
    )
    if (card?.card) await page.press('chen', group, card.card.title, '确认提交')
    await until(`${command} is at WeChat`, () => outside.wechat.ledger().some(({ what }) => what === command))
  }
  await lookAlone({ ...s, mini, all: [mini, pay, alipay] })
  await lookAtPages(s)
  await beside(s, mini)
  const code = (await s.once('POST', '/keys', { name: 'reader', access: 'read' })).json
  aviary.keep('API key', code.key ?? code.text ?? '')
  const own = (await s.once('POST', `${at}/keys`, { name: 'tenant', access: 'write' })).json
  aviary.keep('API key of a business', own.key ?? own.text ?? '')
  capture.add('browser group', await page.raw('chen', group))
}

/** Alone with the bot: the phone, and the link that opens as this member. */
async function lookAlone({ set, capture, aviary, url, mini, all }: Story & { mini: number; all: readonly number[] }) {
  const { page } = set
  for (const one of all) await page.say('li', 'alone:li', `/reveal ${one}`)
  const said = await page.say('li', 'alone:li', `/link ${mini}`)
  const link = /https?:\S+\/case\/[\w.-]+/.exec(said.map(({ text }) => text).join(' '))?.[0] ?? ''
  aviary.keep('own link', link.split('/').at(-1) ?? '')
  capture.add('alone with the bot', await page.raw('li', 'alone:li'))
  const here = link.replace(publicUrl, url)
  const look = async (address: string, init: RequestInit = {}) => {
    const answer = await fetch(address, { redirect: 'manual', ...init })
    capture.add('own page', `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`)
    return answer
  }
  await look(here)
  const opened = await look(here, { method: 'POST' })
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  aviary.keep('session of an own link', cookie.split('=')[1] ?? '')
  await look(new URL(opened.headers.get('location') ?? '', here).href, { headers: { cookie } })
  // Opened once, it opens no more.
  await look(here, { method: 'POST' })
}

/** By the links that hang in the group. */
async function lookAtPages({ set, capture, aviary, url }: Story): Promise<void> {
  const links = new Set((await set.page.raw('chen', group)).match(/https:\/\/redress\.example\/case\/[\w.-]+/g))
  for (const link of links) {
    aviary.keep('room link', link.split('/').at(-1) ?? '')
    const answer = await fetch(link.replace(publicUrl, url))
    capture.add('case page', `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`)
  }
}

/** A few words in the other chats. */
async function beside({ outside }: Story, mini: number): Promise<void> {
  const { chen, telegramGroup, wecomChen, wecomGroup, wecomBot } = outside
  chen.say(telegramGroup, `/show ${mini}`)
  wecomChen.say(wecomGroup, `/show ${mini}`, { to: wecomBot.botId })
  const about = new RegExp(`#${mini} `)
  await until('a card in Telegram', () => telegramGroup.messages().some(({ text }) => about.test(text)))
  await until('a card in WeCom', () => wecomGroup.seenBy(wecomChen).some(({ text }) => about.test(text)))
  await until('a line by the webhook', () => outside.webhookGroup.seenBy(wecomChen).length > 0)
  await until('a letter', () => outside.mail.mails().length > 0)
  await until('an SMS', () => outside.sms.messages().length > 0)
  await until('a message of the official account', () => outside.official.shown().length > 0)
}

/** Everybody outside says no, or breaks, and repeats what it was asked: addresses with tokens, keys in headers, bodies. */
export async function misbehave(s: Story): Promise<void> {
  for (const round of [0, 1, 2]) {
    for (const [name, door] of Object.entries(s.outside.doors))
      door.echo = round === signed && name === 'alipay' ? undefined : (echoes[name]?.[round] ?? broken)
    sayBack(s.outside, round === signed)
    await stir(s, round)
  }
  for (const door of Object.values(s.outside.doors)) door.echo = undefined
}

/** Alipay's words are believed only with its signature, which the door does not have. */
const signed = 2

/** Those whose protocol is not HTTP, or who sign. */
function sayBack({ mail, wecom, alipay, secrets, wecomBot }: Outside, refusing: boolean): void {
  const [grant] = alipay.grants()
  const message = `no: app_auth_token=${grant?.token} ${secrets.alipay.key.privateKey}`
  if (refusing) alipay.misbehave({ on: 'any', how: 'refused', subCode: 'NEVER_HEARD_OF', message, times: 6 })
  const login = Buffer.from(`\0shop@163.com\0${secrets.password}`).toString('base64')
  const text = `denied: AUTH PLAIN ${login} ${secrets.password}`
  for (const [on, code] of [
    ['auth', 535],
    ['auth', 454],
    ['to', 550],
    ['data', 554],
    ['data', 451],
  ] as const)
    mail.misbehave({ on, how: 'reply', code, text })
  const errmsg = `no: ${JSON.stringify({ bot_id: wecomBot.botId, secret: secrets.bot })}`
  for (const on of ['aibot_send_msg', 'aibot_respond_msg'])
    wecom.misbehave({ on, how: { errcode: 40058, errmsg }, times: 2 })
}

/** Every call that we can be made to make. */
async function stir({ api, outside, set, capture, url, once }: Story, round: number): Promise<void> {
  const { page, mini, pay, alipay, channels } = set
  const seen = { text: '没有收到货', amount: 500 + round }
  const say = (text: string) => page.say('chen', group, text)
  await outside.wechat.complain({ appid, ...seen })
  await outside.pay.complain({ mchid, ...seen })
  await outside.alipay.complainTrade({ pid: shop.pid, ...seen })
  await Promise.all([
    ...[1, 2, 3, 4].map((n) => say(`/reply ${n} 第 ${round} 次`)),
    say('/score'),
    say('/doctor'),
    api('GET', `${at}/doctor`).then((doctor) => capture.add('doctor', JSON.stringify(doctor.json))),
    ...Object.values(channels).map(({ id }) => api('POST', `${at}/channels/${id}/test`, {})),
    api('POST', `${at}/accounts/${mini.id}/import`, { number: '200000000000001' }),
    api('GET', `${at}/accounts/${mini.id}/score`),
    ...[pay, mini].map(({ id }) => api('POST', `${at}/accounts/${id}/address`, {})),
    ...[1, 2, 3, 4].map((n) => api('GET', `${at}/complaints/${n}/refundable`)),
    once('POST', `${at}/channels/${channels.official.id}/bind-requests`, { label: '扫码的人' }),
    fetch(`${url}/oauth/alipay/${alipay.id}?app_id=${appId}&app_auth_code=code-that-nobody-gave-${round}`).then(
      async (answer) => capture.add('answers to callbacks', await answer.text()),
    ),
  ])
  outside.chen.say(outside.telegramGroup, '/list')
  outside.wecomChen.say(outside.wecomGroup, '/list', { to: outside.wecomBot.botId })
}

/** What the platforms gave us on the way, as they know it. */
export function keepTokens({ outside, aviary, capture }: Story): void {
  for (const name of ['wechat-mini', 'official-account'])
    for (const [, token = ''] of capture
      .read(`asked of ${name}`)
      .toString()
      .matchAll(/access_token=([\w.~-]+)/g))
      if (!aviary.all().some(({ text }) => text === token)) aviary.keep(`access token of ${name}`, token)
  for (const grant of outside.alipay.grants()) {
    aviary.keep('app auth token', grant.token)
    aviary.keep('refresh token', grant.refreshToken)
  }
}
