import { randomBytes } from 'node:crypto'
import type { Env } from '../../../config/env.ts'
import type { Mail } from '../../../sandbox/mail/index.ts'
import type { Official } from '../../../sandbox/official/index.ts'
import type { Sms } from '../../../sandbox/sms/index.ts'
import { systemClock } from '../../core/clock.ts'
import type { TenantId } from '../../core/words.ts'
import type { Running } from '../../main.ts'
import type { Interest } from '../../notify/interests.ts'
import { bindFor, createBindRequest } from '../../storage/bind-requests.ts'
import { createChannel, type NewChannel, type StoredChannel } from '../../storage/channels.ts'
import { createRecipient } from '../../storage/recipients.ts'
import type { Tx } from '../../storage/storage.ts'
import type { Language } from '../../storage/tenants.ts'
import { must, people, wordsIn } from './people.ts'

type Pane = readonly [zh: string, en: string]

/** A way to people, and where they read what comes by it. */
interface PlayedChannel {
  readonly pane: Pane
  readonly url: string
  /** What its console would give. */
  readonly channel: Pick<NewChannel, 'kind' | 'settings' | 'secrets'>
  readonly name: Pane
  readonly address: string
  readonly wants: readonly Interest[]
}

export interface PlayedChannels {
  /** Without it smtp-server is not installed: it is for developers. */
  readonly mail?: Mail
  readonly sms: Sms
  readonly official: Official
  readonly all: readonly PlayedChannel[]
  /** The settings that lead there. */
  readonly env: Env
  /** Where the official account tells of its followers; known once the service listens. */
  readonly pushes: { url: string; scanned(): void }
  close(): Promise<void>
}

const told: readonly Interest[] = ['new', 'user', 'outcome', 'deadline', 'notice', 'digest']
/** Nobody waits for minutes in front of a demo. */
const soon = { mergeSeconds: 3, gapSeconds: 0 }

export async function playChannels(): Promise<PlayedChannels> {
  const post = await playMail()
  const texts = await playSms()
  const account = await playOfficial()
  const served = [...(post ? [post] : []), texts, account]
  return {
    ...(post && { mail: post.mail }),
    ...{ sms: texts.sms, official: account.official, pushes: account.pushes },
    all: served,
    env: {
      REDRESS_SMS_ENDPOINT: texts.url,
      ...(post && { REDRESS_INSIDE_HOSTS: `127.0.0.1:${post.smtp}` }),
      REDRESS_OFFICIAL_ACCOUNT_BASE_URL: account.url,
      REDRESS_OFFICIAL_ACCOUNT_QR_URL: account.url,
    },
    async close() {
      for (const { close } of served) await close()
    },
  }
}

async function playMail() {
  // Its server is a library that only developers have.
  const played = await import('../../../sandbox/mail/index.ts').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  })
  if (!played) return undefined
  const [user, code] = ['shop@163.com', randomBytes(8).toString('hex').toUpperCase()]
  const mail = played.createMail({ clock: systemClock, random: randomBytes, accounts: [{ user, code }] })
  const { url, smtp, close } = await played.serveMail(mail)
  const settings = { host: '127.0.0.1', port: smtp, protection: 'none', user, fromName: '云杉客服', ...soon }
  return {
    ...{ mail, url, smtp, close },
    pane: ['邮箱（扮演）', 'Mailbox (played)'] as const,
    name: ['邮箱', 'Mailbox'] as const,
    channel: { kind: 'email', settings, secrets: { password: code } },
    address: 'chen@example.com',
    wants: told,
  }
}

async function playSms() {
  const { createSms, serveSms } = await import('../../../sandbox/sms/index.ts')
  const { deliverByHttp } = await import('../../../sandbox/deliver.ts')
  const [secretId, secretKey] = [`AKID${randomBytes(16).toString('hex')}`, randomBytes(16).toString('hex')]
  const [sdkAppId, sign] = ['1400006666', '云杉茶具']
  const template = { id: 1110, content: '您有{1}笔新投诉（{2}，尾号{3}），最早截止{4}，请登录处理。' }
  const sms = createSms({
    clock: systemClock,
    random: randomBytes,
    deliver: deliverByHttp,
    keys: [{ secretId, secretKey }],
    apps: [{ sdkAppId, secretId, signs: [{ id: 1, text: sign }], templates: [template] }],
    // Whoever tries things out complains more often than twice a day.
    rules: { perDay: 0, carrierPerDay: 0 },
  })
  const { url, close } = await serveSms(sms)
  const pace = { ...soon, perRecipientDay: 50, recipientGapSeconds: 30 }
  return {
    ...{ sms, url, close },
    pane: ['短信（扮演）', 'SMS (played)'] as const,
    name: ['短信', 'SMS'] as const,
    channel: {
      kind: 'sms',
      settings: { sdkAppId, sign, templateId: String(template.id), ...pace },
      secrets: { secretId, secretKey },
    },
    address: '+8613800001234',
    wants: ['new', 'deadline'] as const,
  }
}

const templateId = 'demo0123456789abcdefghijklmnopqrstuvwxyz012'
const content = [
  '编号：{{character_string1.DATA}}',
  '原因：{{thing2.DATA}}',
  '截止：{{time3.DATA}}',
  '金额：{{amount4.DATA}}',
  '状态：{{phrase5.DATA}}',
].join('\n')
const map = { character_string1: 'number', thing2: 'reason', time3: 'due', amount4: 'amount', phrase5: 'turn' }

async function playOfficial() {
  const { createOfficial, serveOfficial } = await import('../../../sandbox/official/index.ts')
  const { deliverByHttp } = await import('../../../sandbox/deliver.ts')
  const pushes: PlayedChannels['pushes'] = { url: '', scanned() {} }
  const secrets = {
    secret: randomBytes(16).toString('hex'),
    token: randomBytes(12).toString('hex'),
    aesKey: randomBytes(32).toString('base64').slice(0, 43),
  }
  const appid = 'wx5eed0000000000c3'
  let scans = 0
  const official = createOfficial({
    clock: systemClock,
    random: randomBytes,
    async deliver(push, signal) {
      const reply = await deliverByHttp(push, signal)
      const now = official.ledger().filter(({ what }) => what === 'scan').length
      if (now > scans) pushes.scanned()
      scans = now
      return reply
    },
    accounts: [
      {
        ...{ name: '云杉服务号', appid, ...secrets, mode: 'safe', format: 'xml' },
        templates: [{ id: templateId, title: '投诉处理提醒', content }],
        get pushUrl() {
          return pushes.url
        },
      },
    ],
  })
  const { url, close } = await serveOfficial(official)
  const { openid } = official.person(appid, '阿陈')
  return {
    ...{ official, pushes, url, close },
    pane: ['公众号（扮演）', 'Official account (played)'] as const,
    name: ['公众号', 'Official account'] as const,
    channel: { kind: 'official-account', settings: { appid, templateId, map, ...soon }, secrets },
    address: openid,
    wants: told,
  }
}

/** All ways with one person each; the official account's channel, which more people may join. */
export async function setUpChannels(
  tx: Tx,
  { all, pushes }: PlayedChannels,
  { tenant, url, language }: { readonly tenant: TenantId; readonly url: string; readonly language: Language },
): Promise<StoredChannel> {
  const words = wordsIn(language)
  const label = words(must(people.find(({ role }) => role === 'admin')).name)
  const made: StoredChannel[] = []
  for (const { channel: wish, name, address, wants } of all) {
    const channel = must(await createChannel(tx, { tenant, name: words(name), enabled: true, ...wish }))
    must(await createRecipient(tx, { tenant, channel: channel.id, address, label, wants, enabled: true }))
    made.push(channel)
  }
  const official = must(made.find(({ kind }) => kind === 'official-account'))
  pushes.url = `${url}/hooks/official/${official.id}`
  return official
}

/** As `redress recipient bind` does, all the time: in the pane there is always a code that somebody can scan. @returns ends it */
export async function keepInviting(
  { parts }: Running,
  channel: StoredChannel,
  { played, language }: { readonly played: PlayedChannels; readonly language: Language },
): Promise<() => void> {
  const { tenant, id } = channel
  const label = wordsIn(language)(['扫码的人', 'whoever scanned'])
  const kind = must(parts.channelKinds?.find((one) => one.kind === channel.kind))
  const invite = async () => {
    const request = { tenant, channel: id, label, wants: told }
    const { code } = await parts.storage.transaction((tx) => createBindRequest(tx, request))
    await kind.invite?.(channel, code, bindFor)
  }
  let cancel = () => {}
  const again = async () => {
    cancel()
    // A little before the one that is there ends.
    cancel = systemClock.after((bindFor - 30) * 1000, () => void again())
    await invite().catch((error: unknown) => parts.logger.warn({ error: String(error) }, 'no new code'))
  }
  for (const { openid, following } of played.official.persons()) if (!following) played.official.follow(openid)
  played.pushes.scanned = () => void again()
  await again()
  return () => {
    played.pushes.scanned = () => {}
    cancel()
  }
}
