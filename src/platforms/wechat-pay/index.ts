import type { Clock } from '../../core/clock.ts'
import { OutsideError } from '../../core/errors.ts'
import type { RawReply } from '../../core/http.ts'
import type { Logger } from '../../core/logger.ts'
import type { Transport } from '../../core/transport.ts'
import { instant, millis, type Random } from '../../core/words.ts'
import type { Account, CallbackAddress, Platform } from '../platform.ts'
import { createCertificates } from './certificates.ts'
import { createClient } from './client.ts'
import { listed } from './complaints.ts'
import { createDeeds } from './deeds.ts'
import { both } from './errors.ts'
import { inspect } from './inspect.ts'
import { keyring } from './keys.ts'
import { type Calls, createLimiter, defaultCalls } from './limits.ts'
import { provisionalOf } from './mapping.ts'
import { picture } from './media.ts'
import { subMchidOf } from './merchant.ts'
import { needs } from './needs.ts'
import { readNotice, refundNumberIn } from './notice.ts'
import { type Compared, compareNotifyUrl, deleteNotifyUrl, keepNotifyUrl, queryNotifyUrl } from './notify-url.ts'
import { type OrderName, orders, type PaidOrder, type Payee, payeeOf, payeeText, queryOrder } from './orders.ts'
import { read } from './read.ts'
import type { Refunded, RefundWish } from './refund.ts'
import { createRefund, queryRefund } from './refunds.ts'
import { defaultLimits, type Limits } from './takes.ts'
import { createVerify, isNumber } from './verify.ts'

export interface WechatPayParts {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Default https://api.mch.weixin.qq.com, with https://api2.mch.weixin.qq.com behind it. */
  readonly baseUrl?: string
  readonly backupUrl?: string
  readonly limits?: Partial<Limits>
  /** Calls a minute and mchid. */
  readonly calls?: Partial<Calls>
  /** Most bytes of a callback; default 64 KiB. */
  readonly bodyLimit?: number
  /** `host[:port]` of further places whose pictures are fetched though they are inside, as configured. */
  readonly pictureHosts?: readonly string[]
}

/** Money: for the refund deed, and for other platforms whose refunds this account pays. */
export interface Payments {
  createRefund(payee: Payee, wish: RefundWish): Promise<Refunded>
  queryRefund(payee: Payee, number: string, wish?: RefundWish): Promise<Refunded>
  queryOrder(payee: Payee, name: OrderName): Promise<PaidOrder | undefined>
}

/** 投诉通知回调地址 of an account. */
export interface NotifyUrl extends CallbackAddress {
  compare(account: Account, url: string): Promise<Compared>
  keep(account: Account, want: { readonly url: string; readonly replace: boolean }): Promise<Compared>
  remove(account: Account): Promise<void>
}

export interface WechatPay extends Platform {
  readonly orders: NonNullable<Platform['orders']>
  readonly payee: NonNullable<Platform['payee']>
  readonly payments: Payments
  readonly notifyUrl: NotifyUrl
}

const theirs = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'] as const

/** 微信支付消费者投诉 2.0 and its refunds. docs/platforms/wechat-pay.md */
export function createWechatPay(parts: WechatPayParts): WechatPay {
  const { transport, clock, random, logger } = parts
  const baseUrl = bare(parts.baseUrl ?? theirs[0])
  const backup = parts.backupUrl ?? (baseUrl === theirs[0] ? theirs[1] : undefined)
  const limits = { ...defaultLimits, ...parts.limits }
  const limiter = createLimiter(clock, { ...defaultCalls, ...parts.calls })
  const wire = {
    ...{ transport, clock, random, logger, limiter, baseUrl },
    ...(backup === undefined ? {} : { backupUrl: bare(backup) }),
  }
  const credentials = keyring()
  const certificates = createCertificates(wire)
  const client = createClient({ ...wire, certificates, credentials })
  const reading = { client, limits, credentials, now: () => clock.now() }
  const deeds = createDeeds({ client, random, limits, now: () => clock.now() })
  const verify = createVerify({ certificates, logger, credentials, bodyLimit: parts.bodyLimit ?? 64 * 1024 })
  const notifyUrl: NotifyUrl = {
    query: (account) => queryNotifyUrl(client, account),
    compare: (account, url) => compareNotifyUrl(client, account, url),
    keep: (account, want) => keepNotifyUrl(client, account, want),
    remove: (account) => deleteNotifyUrl(client, account),
  }
  const hosts = [...theirs, baseUrl].map((url) => new URL(url).host)
  const own = parts.baseUrl === undefined ? [] : [new URL(baseUrl).host]
  const door = { transport, hosts: [...own, ...(parts.pictureHosts ?? [])] }

  return {
    name: 'wechat-pay',
    needs,
    deeds: () => deeds,
    verify: (account, request, now) => verify(account, request, millis(now)),
    reply,
    provisional: (_, told, asOf) => {
      const notice = readNotice(told)
      return provisionalOf(notice, { number: notice.told?.number ?? '', asOf })
    },
    fetch: async ({ account }, number) => read(reading, account, checked(number)),
    // Its list, read every five minutes, shows each change of what was made lately.
    readEvery: 3_600_000,
    orders: (seat, numbers) => orders(client, seat, numbers),
    payee: (seat) => payeeText(payeeOf(seat)),
    refundIn: refundNumberIn,
    async *created(seat, from, to) {
      for await (const { number } of listed(client, seat.account, { from, to, ...under(seat) }))
        yield await read(reading, seat.account, number)
    },
    async *listed(seat, from, to) {
      for await (const told of listed(client, seat.account, { from, to, ...under(seat) }))
        yield {
          number: told.number,
          code: told.state,
          openedAt: told.created ?? instant(clock.now()),
          waiting: told.waiting,
          over: told.state === 'PROCESSED',
        }
    },
    picture: ({ account }, reference) => picture({ client, door, hosts }, account, reference),
    inspect: ({ account }) => inspect(client, account, clock.now()),
    payments: {
      createRefund: (payee, wish) => createRefund(client, payee, wish),
      queryRefund: (payee, number, wish) => queryRefund(client, payee, number, wish),
      queryOrder: (payee, name) => queryOrder(client, payee, name),
    },
    address: notifyUrl,
    notifyUrl,
  }
}

const bare = (url: string): string => url.replace(/\/+$/, '')

/** Of a provider: one sub-merchant where one is named, else all. */
function under(seat: Parameters<Platform['fetch']>[0]): { readonly merchant?: string } {
  const merchant = subMchidOf(seat)
  return merchant === undefined ? {} : { merchant }
}

function checked(number: string): string {
  if (isNumber(number)) return number
  throw new OutsideError(
    'refused',
    both(`${number.slice(0, 40)} 不是微信支付的投诉单号`, 'not a complaint number of WeChat Pay'),
  )
}

function reply(to: 'taken' | 'refused' | { readonly echo: string }): RawReply {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  if (to === 'taken') return { status: 200, headers, body: '{"code":"SUCCESS","message":"成功"}' }
  return { status: 401, headers, body: '{"code":"FAIL","message":"refused"}' }
}
