import { silent } from '../../src/core/logger.ts'
import { addressOf } from '../wire.ts'
import { createAuthorization } from './authorization.ts'
import { createControl } from './control.ts'
import { createGateway } from './gateway.ts'
import { createImages } from './images.ts'
import { createKeys, sharedKeys } from './keys.ts'
import { createLedger } from './ledger.ts'
import { createLimits } from './limits.ts'
import type { Merchant } from './merchant.ts'
import { createNotifyUrls } from './notify-url.ts'
import { createOrders } from './orders.ts'
import { createPost } from './post.ts'
import { createRefunds, type Refunds } from './refunds.ts'
import { createRegister } from './register.ts'
import { defaultQuirks, defaultRules, type Quirks, type Rules } from './rules.ts'
import { createTell } from './tell.ts'
import { createTroubles } from './troubles.ts'
import type { WechatPay, WechatPayOptions } from './wechat-pay.ts'

export { type MerchantIdentity, mintMerchant } from './certificate.ts'
export type { Complain } from './complain.ts'
export type { Complaint, ComplaintState } from './complaint.ts'
export { type PlatformCertificate, type PlatformKeys, sharedKeys } from './keys.ts'
export type { CallEntry, LedgerEntry } from './ledger.ts'
export { documentedLimits, type Limit, type LimitsByCall } from './limits.ts'
export type { Merchant, Random, SubMerchant } from './merchant.ts'
export type { Misbehaviour } from './misbehave.ts'
export type { CustomerMove, OutsideMove, PlatformMove } from './moves.ts'
export type { Order, OrderWish } from './orders.ts'
export type { Refund, RefundStatus } from './refund.ts'
export type { Money } from './refunds.ts'
export type { Correction } from './register.ts'
export { dayOfRetries, weekOfRetries } from './rules.ts'
export { serveWechatPay } from './serve.ts'
export type { TroubleHandle } from './troubles.ts'
export type { WechatPay, WechatPayOptions } from './wechat-pay.ts'

/** WeChat Pay's API v3 for merchants, as far as refunds and complaints reach. No socket, no timer, no randomness of its own. */
export function createWechatPay(options: WechatPayOptions): WechatPay {
  const { clock, random, merchants } = options
  for (const one of merchants) check(one)
  const rules: Rules = { ...defaultRules, ...options.rules }
  let quirks: Quirks = { ...defaultQuirks, ...options.quirks }
  let baseUrl = options.baseUrl ?? 'http://127.0.0.1'

  const ledger = createLedger(clock)
  const troubles = createTroubles()
  const limits = createLimits(clock, options.limits)
  const keys = createKeys({ clock, random, rules, keys: options.keys ?? sharedKeys })
  const authorization = createAuthorization({ clock, rules, merchants })
  const images = createImages({ clock, random, rules, baseUrl: () => baseUrl })
  const urls = createNotifyUrls({ merchants, rules, ledger })
  const post = createPost({ clock, random, rules, keys, deliver: options.deliver, ledger, troubles })
  const tell = createTell({ merchants, urls, post })
  const orders = createOrders({ random, now: () => clock.now(), rules, merchants, ledger })
  const register = createRegister({ clock, random, rules, ledger, images, orders, tell, refunds: () => refunds })
  const refunds: Refunds = createRefunds({
    clock,
    random,
    rules,
    orders,
    ledger,
    ended(refund, order, at) {
      tell.refund(refund, order)
      if (refund.status === 'SUCCESS') register.refunded(order, at)
    },
  })
  const shown = {
    clock,
    random,
    rules,
    merchants,
    keys,
    authorization,
    images,
    orders,
    refunds,
    register,
    urls,
    limits,
  }
  const gateway = createGateway({ ...shown, quirks: () => quirks }, troubles)

  function merchant(mchid: string): Merchant {
    const found = merchants.find((one) => one.mchid === mchid)
    if (!found) throw new Error(`no merchant ${mchid}`)
    return found
  }

  const wechatPay: WechatPay = {
    merchants,
    rules,
    publicKey: (mchid) => keys.publicKey(merchant(mchid)),
    certificates: keys.certificates,
    rotateCertificate: keys.rotate,
    retireCertificate: keys.retire,
    order: async (wish) => orders.put(wish),
    orders: orders.all,
    balance: orders.balance,
    setBalance: (mchid, fen) => orders.move(mchid, fen - orders.balance(mchid)),
    refunds: refunds.all,
    endRefund: async (mchid, outRefundNo, status) => refunds.end(mchid, outRefundNo, status),
    money: refunds.money,
    complain: async (complain) => register.complain(complain),
    move: async (id, move) => register.move(id, move),
    set: async (id, correction) => register.set(id, correction),
    complaint: register.get,
    complaints: register.all,
    notifyUrl: (mchid) => urls.of(merchant(mchid)),
    setLimits: limits.set,
    misbehave: troubles.add,
    misbehaviours: troubles.list,
    setQuirks(changed) {
      quirks = { ...quirks, ...changed }
    },
    picture: images.picture,
    idle: post.idle,
    waitingNotices: post.waiting,
    ledger: ledger.entries,
    calls: gateway.calls,
    listensAt(url) {
      if (options.baseUrl === undefined) baseUrl = url
    },
    async advance(now = clock.now()) {
      gateway.advance(now)
      refunds.advance(now)
      post.advance(now)
    },
    async handle(request) {
      const address = addressOf(request)
      if (address.pathname.startsWith('/sandbox')) return control(request)
      return address.pathname.startsWith('/qpic/') ? images.plain(address) : gateway.handle(request)
    },
  }
  const control = createControl(wechatPay, options.logger ?? silent)
  return wechatPay
}

function check({ mchid, apiV3Key }: Merchant) {
  if (Buffer.byteLength(apiV3Key) !== 32) throw new Error(`the APIv3 key of ${mchid} is not 32 bytes long`)
}
