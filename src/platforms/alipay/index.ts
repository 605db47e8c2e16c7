import type { Snapshot } from '../../complaints/complaint.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import { fetchPicture } from '../../core/picture-fetch.ts'
import type { Transport } from '../../core/transport.ts'
import { instant, type Random } from '../../core/words.ts'
import type { Authorising, Platform, Seat } from '../platform.ts'
import { authorising } from './authorisation.ts'
import { createDeeds, paying } from './deeds.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { callerOf, type Grants, ownGrants } from './grants.ts'
import { inspect } from './inspect.ts'
import { keyring } from './keys.ts'
import { lists } from './lists.ts'
import { needs } from './needs.ts'
import { createVerify, isHint, numberIn, readNotice, reply } from './notify.ts'
import { idOf } from './number.ts'
import { orders } from './refund/refunds.ts'
import * as risk from './risk/complaints.ts'
import { snapshotOf as riskSnapshot } from './risk/mapping.ts'
import * as trade from './trade/complaints.ts'
import { provisionalOf, snapshotOf as tradeSnapshot } from './trade/mapping.ts'

export interface AlipayParts {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Default https://openapi.alipay.com/gateway.do */
  readonly gateway?: string
  /** Where merchants authorise; default Alipay's own pages. */
  readonly authorizeUrl?: string
  /** Default: the app speaks for itself alone. */
  readonly grants?: Grants
  /** Most bytes of a message; default 64 KiB. */
  readonly bodyLimit?: number
  /** So long the lists of one merchant may be silent, milliseconds; default 15 s. */
  readonly listPatience?: number
  /** `host[:port]` of further places whose pictures are fetched though they are inside, as configured. */
  readonly pictureHosts?: readonly string[]
}

export interface Alipay extends Platform {
  readonly orders: NonNullable<Platform['orders']>
  readonly payee: NonNullable<Platform['payee']>
  readonly listed: NonNullable<Platform['listed']>
  /** 消费者投诉 alone has such a list. */
  readonly open: NonNullable<Platform['open']>
  readonly authorising: Authorising
  /** For what is not about complaints: the authorisation of merchants. */
  readonly client: Gateway
}

const theirs = 'https://openapi.alipay.com/gateway.do'

/** 支付宝: 消费者投诉 (risk), 交易投诉 (trade) and their refunds. */
export function createAlipay(parts: AlipayParts): Alipay {
  const { transport, clock, random, logger, grants = ownGrants } = parts
  const credentials = keyring()
  const url = parts.gateway ?? theirs
  const gateway = createGateway({ transport, clock, random, logger, url, credentials })
  const speakFor = (seat: Seat) => callerOf(grants, seat)
  const now = () => clock.now()
  const deeds = createDeeds({ gateway, now, callerOf: speakFor })
  const verify = createVerify({ logger, credentials, bodyLimit: parts.bodyLimit ?? 64 * 1024 })
  const { listed, open } = lists({
    ...{ gateway, callerOf: speakFor, now },
    ...(parts.listPatience === undefined ? {} : { patience: parts.listPatience }),
  })
  const own = parts.gateway === undefined ? [] : [new URL(url).host]
  const door = { transport, hosts: [...own, ...(parts.pictureHosts ?? [])] }

  async function read(seat: Seat, number: string): Promise<Snapshot> {
    const { source, id } = idOf(number)
    const asked = { number, asOf: instant(clock.now()) }
    const caller = await speakFor(seat)
    return source === 'risk'
      ? riskSnapshot(await risk.detail(gateway, caller, id), asked)
      : tradeSnapshot(await trade.detail(gateway, caller, id), asked)
  }

  return {
    name: 'alipay',
    needs,
    deeds,
    verify,
    reply,
    provisional: (_, told, asOf) => {
      const notice = readNotice(told)
      const at = notice.at === undefined ? {} : { at: instant(notice.at) }
      return provisionalOf(at, { number: numberIn(notice) ?? '', asOf })
    },
    fetch: read,
    orders: async (seat, numbers) => orders(gateway, await speakFor(paying(seat)), numbers),
    // The PID of the merchant, so that another app of ours asks for the same refund; else the app's own id.
    payee: (seat) => seat.merchant?.outsideId ?? paying(seat).account.outsideId,
    async *created(seat, from, to) {
      for await (const { number } of listed(seat, from, to)) yield await read(seat, number)
    },
    listed,
    open,
    openOf: 'alipay-risk',
    readEvery: 3_600_000,
    authorising: authorising({ gateway, ...(parts.authorizeUrl === undefined ? {} : { host: parts.authorizeUrl }) }),
    isHint,
    picture: (_, reference) => fetchPicture(door, reference),
    inspect: async (seat) => inspect(gateway, await speakFor(seat), clock.now()),
    client: gateway,
  }
}
