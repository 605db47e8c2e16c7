import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig } from '../../config/config.ts'
import type { Env } from '../../config/env.ts'
import { shipped } from '../../config/load.ts'
import type { Alipay } from '../../sandbox/alipay/index.ts'
import type { Mail } from '../../sandbox/mail/index.ts'
import type { Official } from '../../sandbox/official/index.ts'
import type { Sms } from '../../sandbox/sms/index.ts'
import type { Telegram } from '../../sandbox/telegram/index.ts'
import type { Wechat } from '../../sandbox/wechat/index.ts'
import type { WechatPay } from '../../sandbox/wechat-pay/index.ts'
import type { Wecom } from '../../sandbox/wecom/index.ts'
import { systemClock } from '../core/clock.ts'
import { SetUpError } from '../core/set-up.ts'
import { startRedress } from '../main.ts'
import type { Language } from '../storage/tenants.ts'
import { playAlipay } from './demo/alipay.ts'
import { keepInviting, type PlayedChannels, playChannels } from './demo/channels.ts'
import { type Played, playTelegram, playWecom } from './demo/chats.ts'
import { firstComplaints } from './demo/complaints.ts'
import { type PlayedPay, playPay } from './demo/pay.ts'
import { must } from './demo/people.ts'
import { setUp } from './demo/set-up.ts'

export interface DemoOptions {
  readonly language: Language
  /** Port of the chat page; 0 = any free one. */
  readonly port: number
  /** The same complaints in a played Telegram group too. */
  readonly telegram?: boolean
  /** And in a played WeCom group. */
  readonly wecom?: boolean
}

export interface Demo {
  /** What to open. */
  readonly address: string
  readonly wechat: Wechat
  readonly wechatPay: WechatPay
  readonly alipay: Alipay
  /** Absent where its server, a library for developers, is not installed. */
  readonly mail?: Mail
  readonly sms: Sms
  readonly official: Official
  readonly telegram?: Telegram
  readonly wecom?: Wecom
  stop(): Promise<void>
}

/** A shop with its platforms played around it, on this machine, gone when it stops: no account, no key, no settings. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-demo-'))
  const hooks = new Map<string, string>()
  const pay = await playPay(hooks)
  const { wechat, ...outside } = await playWechat(hooks, pay)
  const alipay = await playAlipay()
  const telegram = options.telegram ? await playTelegram(options.language) : undefined
  const wecom = options.wecom ? await playWecom(options.language) : undefined
  const chats = [telegram, wecom].filter((one) => one !== undefined)
  const channels = await playChannels()
  const played = { wechat: outside.url, pay: pay.url, alipay: alipay.url, channels, chats }
  const running = await startRedress(configFor(folder, played))
  const { programs } = wechat
  const { bot, official } = await setUp(running, {
    ...options,
    ...{ programs, hooks, outside: outside.url, pay, alipay, channels, chats },
  })
  await running.app.bots.refresh()
  wecom?.greet()
  const stopInviting = await keepInviting(running, official, { played: channels, language: options.language })
  await firstComplaints({ wechat, pay, alipay })
  return {
    address: must(running.app.bots.address(bot)),
    wechat,
    wechatPay: pay.wechatPay,
    alipay: alipay.alipay,
    ...(channels.mail && { mail: channels.mail }),
    sms: channels.sms,
    official: channels.official,
    ...(telegram && { telegram: telegram.server }),
    ...(wecom && { wecom: wecom.server }),
    async stop() {
      stopInviting()
      await running.stop()
      for (const { close } of [outside, pay, alipay, channels, ...chats]) await close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const said = {
  'zh-CN': (address: string) =>
    `\n  Redress 演示已就绪，请在浏览器打开：\n\n    ${address}\n\n  群里已有投诉；右侧可以让更多顾客来投诉。一切都在本机，按 Ctrl+C 结束后全部消失。\n\n`,
  en: (address: string) =>
    `\n  The Redress demo is ready. Open in a browser:\n\n    ${address}\n\n  Complaints are in the chat; let more customers complain on the right. All of it is on this machine and gone after Ctrl+C.\n\n`,
} as const

const noMail = {
  'zh-CN': '  没有安装 smtp-server（开发依赖），所以这次没有邮箱；运行 npm ci 后就有。\n\n',
  en: '  smtp-server (for developers) is not installed, so there is no mailbox this time; after npm ci there is.\n\n',
} as const

/** Until Ctrl+C. @returns the exit code */
export async function runDemo(config: Config, given: Pick<DemoOptions, 'telegram' | 'wecom'>): Promise<number> {
  const { language } = config
  const ended = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve())
  })
  await mustBeFree(config.browser.port, language)
  const demo = await startDemo({ language, port: config.browser.port, ...given })
  process.stdout.write(said[language](demo.address))
  if (!demo.mail) process.stdout.write(noMail[language])
  await ended
  await demo.stop()
  return 0
}

const taken = {
  'zh-CN': (port: number) =>
    `端口 ${port} 已被占用：请把 browser.port（REDRESS_BROWSER_PORT）改成空闲的端口，或设为 0 自动选择`,
  en: (port: number) =>
    `port ${port} is taken: set browser.port (REDRESS_BROWSER_PORT) to one that is free, or to 0 for any free one`,
} as const

/** A bot whose port is taken is tried again for ever, which helps a team and not somebody who tries the demo. @throws SetUpError */
async function mustBeFree(port: number, language: Language): Promise<void> {
  if (port === 0) return
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(new SetUpError(taken[language](port))))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}

async function playWechat(hooks: ReadonlyMap<string, string>, pay: PlayedPay) {
  const { createWechat, serveWechat } = await import('../../sandbox/wechat/index.ts')
  const { deliverByHttp } = await import('../../sandbox/deliver.ts')
  const wechat = createWechat({
    clock: systemClock,
    random: randomBytes,
    programs: [program('云杉茶具', 'wx5eed0000000000a1', hooks), program('小满零食', 'wx5eed0000000000b2', hooks)],
    deliver: deliverByHttp,
    // One purse for the whole business: what is bought in its mini programs is paid there.
    async paid({ transactionId, outTradeNo, product, amount: total, paidAt }) {
      const mchid = pay.account.outsideId
      await pay.wechatPay.order({ mchid, transactionId, outTradeNo, product, total, paidAt: paidAt * 1000 })
    },
  })
  return { wechat, ...(await serveWechat(wechat)) }
}

type Program = Wechat['programs'][number]

const program = (name: string, appid: string, hooks: ReadonlyMap<string, string>): Program => ({
  name,
  appid,
  secret: randomBytes(16).toString('hex'),
  token: randomBytes(12).toString('hex'),
  aesKey: randomBytes(32).toString('base64').slice(0, 43),
  mode: 'safe',
  format: 'json',
  orderShipping: true,
  get pushUrl() {
    return hooks.get(appid) ?? ''
  },
})

interface Outside {
  readonly wechat: string
  readonly pay: string
  readonly alipay: string
  readonly channels: PlayedChannels
  readonly chats: readonly Played[]
}

function configFor(folder: string, { wechat, pay, alipay, channels, chats }: Outside) {
  const platforms = {
    REDRESS_WECHAT_BASE_URL: wechat,
    REDRESS_WECHAT_PAY_BASE_URL: pay,
    REDRESS_ALIPAY_GATEWAY_URL: `${alipay}/gateway.do`,
    REDRESS_ALIPAY_AUTHORIZE_URL: alipay,
    ...channels.env,
  }
  const env: Env = Object.assign({ REDRESS_DATA: folder, ...platforms }, ...chats.map((chat) => chat.env))
  const read = readConfig({ files: [shipped('demo')], env })
  if (read.faults) throw new Error(read.faults.map(({ field, fix }) => `${field}: ${fix}`).join('; '))
  return read.config
}
