import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { createMail, serveMail } from '../../sandbox/mail/index.ts'
import { createOfficial, serveOfficial } from '../../sandbox/official/index.ts'
import { createSms, serveSms } from '../../sandbox/sms/index.ts'
import type { Clock } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { createReach } from '../../src/core/reach.ts'
import { createTransport } from '../../src/core/transport.ts'
import type { RecipientId } from '../../src/core/words.ts'
import { emailKind } from '../../src/notify/email/index.ts'
import type { ChannelKind } from '../../src/notify/kind.ts'
import { officialAccountKind } from '../../src/notify/official-account/index.ts'
import { smsKind } from '../../src/notify/sms/index.ts'
import { createChannel, type NewChannel, type StoredChannel } from '../../src/storage/channels.ts'
import type { Database } from '../../src/storage/open.ts'
import { createRecipient } from '../../src/storage/recipients.ts'
import { tokenStore } from '../../src/storage/tokens.ts'
import { noon } from './databases.ts'
import { type World, type WorldOptions, world } from './world.ts'

export const mailbox = 'shop@163.com'
export const code = 'QWERTYUIOPASDFGH'
export const appid = 'wx00112233445566ff'
const [secret, token] = ['fedcba9876543210fedcba9876543210', 'OfficialToken1']
const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const [secretId, secretKey] = ['AKIDtest0123456789', 'testsecretkey0123456789']
export const templateId = 'tmpl0123456789abcdefghijklmnopqrstuvwxyz0123'

/** What answers where the kinds would send: the mail provider, WeChat's official accounts and Tencent's SMS. */
export async function playOutside(clock: Clock, { tickMs }: { readonly tickMs: number }) {
  const pushes = { url: '' }
  const random = randomBytes
  const mail = createMail({ clock, random, accounts: [{ user: mailbox, code }] })
  const official = createOfficial({
    clock,
    random,
    deliver: deliverByHttp,
    accounts: [
      {
        ...{ name: '小店服务号', appid, secret, token, aesKey, mode: 'safe', format: 'xml' },
        get pushUrl() {
          return pushes.url
        },
        templates: [
          {
            id: templateId,
            title: '投诉处理提醒',
            content:
              '编号：{{character_string1.DATA}}\n原因：{{thing2.DATA}}\n截止：{{time3.DATA}}\n金额：{{amount4.DATA}}\n状态：{{phrase5.DATA}}',
          },
        ],
      },
    ],
  })
  const template = { id: 1110, content: '您有{1}笔新投诉（{2}，尾号{3}），最早截止{4}，请登录处理。' } as const
  const sms = createSms({
    clock,
    random,
    deliver: deliverByHttp,
    keys: [{ secretId, secretKey }],
    apps: [{ sdkAppId: '1400006666', secretId, signs: [{ id: 1, text: '小店' }], templates: [template] }],
    // The library signs by the system's clock, which is not ours here.
    rules: { toleranceMs: Number.MAX_SAFE_INTEGER },
  })
  const served = {
    mail: await serveMail(mail),
    official: await serveOfficial(official, { tickMs }),
    sms: await serveSms(sms, { tickMs }),
  }
  return {
    ...{ mail, official, sms, served, pushes },
    async close() {
      for (const one of Object.values(served)) await one.close()
    },
  }
}

/** All of it, and the kinds that speak to it. The clock is whichever a world brings later. */
export async function playChannels({ timeout = 5_000 }: { readonly timeout?: number } = {}) {
  let inner: Clock | undefined
  const clock: Clock = {
    now: () => inner?.now() ?? noon,
    after: (ms, run) => {
      if (!inner) throw new Error('no clock yet')
      return inner.after(ms, run)
    },
  }
  const outside = await playOutside(clock, { tickMs: 0 })
  onTestFinished(outside.close)
  const { mail, served } = outside
  const kindsOn = (database: Database): readonly ChannelKind[] => {
    inner = database.reads.clock
    const transport = createTransport({ clock })
    onTestFinished(() => transport.close())
    const parts = { clock, random: randomBytes, logger: silent }
    const baseUrl = served.official.url
    return [
      emailKind({ ...parts, timeout, ca: mail.certificate, reach: createReach(['127.0.0.1']) }),
      officialAccountKind({ ...parts, transport, tokens: tokenStore(database), baseUrl, qrUrl: baseUrl }),
      smsKind({ ...parts, endpoint: served.sms.url, timeout }),
    ]
  }
  return { ...outside, kindsOn }
}

export type Channels = Awaited<ReturnType<typeof playChannels>>

/** Settings and secrets that get through to what is played. */
export const given = ({ served }: Pick<Channels, 'served'>) =>
  ({
    email: {
      settings: { preset: '163', host: '127.0.0.1', port: served.mail.smtps, protection: 'tls', user: mailbox },
      secrets: { password: code },
    },
    'official-account': {
      settings: {
        appid,
        templateId,
        map: { character_string1: 'number', thing2: 'reason', time3: 'due', amount4: 'amount', phrase5: 'turn' },
      },
      secrets: { secret, token, aesKey },
    },
    sms: {
      settings: { sdkAppId: '1400006666', sign: '小店', templateId: '1110' },
      secrets: { secretId, secretKey },
    },
  }) as const satisfies Record<string, Pick<NewChannel, 'settings' | 'secrets'>>

export type KindName = keyof ReturnType<typeof given>

export interface ChannelWorld extends World {
  readonly outside: Channels
  /** A channel of the tenant with these people, each told of `wants`. */
  add(kind: KindName, wish: Wish): Promise<{ readonly channel: StoredChannel; readonly people: readonly RecipientId[] }>
  /** The outside goes on with the time, too. */
  pass(ms: number, step?: number): Promise<void>
}

interface Wish {
  readonly to: readonly string[]
  readonly wants?: readonly string[]
  readonly name?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly secrets?: Readonly<Record<string, string>>
}

export async function channelWorld(options: WorldOptions & { readonly timeout?: number } = {}): Promise<ChannelWorld> {
  const outside = await playChannels(options)
  const w = await world({ ...options, channelKinds: outside.kindsOn })
  return Object.defineProperties({} as ChannelWorld, {
    ...Object.getOwnPropertyDescriptors(w),
    ...Object.getOwnPropertyDescriptors({
      outside,
      async add(kind: KindName, { to, wants = ['new', 'user', 'closed'], name = kind, ...more }: Wish) {
        const { settings, secrets } = given(outside)[kind]
        return w.storage.transaction(async (tx) => {
          const channel = await createChannel(tx, {
            ...{ tenant: w.tenant.id, kind, name, enabled: true },
            settings: { ...settings, ...more.settings },
            secrets: { ...secrets, ...more.secrets },
          })
          if (!channel) throw new Error('no channel')
          const people: RecipientId[] = []
          for (const address of to) {
            const of = { tenant: w.tenant.id, channel: channel.id, label: address, wants, enabled: true }
            const made = await createRecipient(tx, { ...of, address })
            if (made) people.push(made.id)
          }
          return { channel, people }
        })
      },
      async pass(ms: number, step = 15_000) {
        for (let left = ms; left > 0; left -= step) {
          await w.pass(Math.min(step, left), step)
          await outside.official.advance()
          await outside.sms.advance()
        }
        await outside.official.idle()
        await w.settle()
      },
    }),
  })
}
