import { silent } from '../../src/core/logger.ts'
import { addressOf } from '../wire.ts'
import { createControl } from './control.ts'
import { createGateway } from './gateway.ts'
import { createLedger } from './ledger.ts'
import { createLimits } from './limits.ts'
import { createMedia } from './media.ts'
import { createTroubles } from './misbehave.ts'
import { createOrders } from './orders.ts'
import { createPenalties } from './penalties.ts'
import { type Guarantee, guaranteed } from './penalty-api.ts'
import { createPost } from './post.ts'
import { createRegister } from './register.ts'
import { defaultQuirks, defaultRules, type Quirks, type Rules } from './rules.ts'
import { createTokens } from './tokens.ts'
import type { Wechat, WechatOptions } from './wechat.ts'

export type { Complain } from './complain.ts'
export type { Complaint } from './complaint.ts'
export type { CallEntry, LedgerEntry } from './ledger.ts'
export type { Limit, LimitsByCall } from './limits.ts'
export type { Misbehaviour, TroubleHandle } from './misbehave.ts'
export type { ConsoleMove, CustomerMove, OutsideMove, PlatformMove } from './moves.ts'
export type { Order, OrderWish } from './orders.ts'
export type { Deduct, Penalty, PenaltyMove } from './penalties.ts'
export type { Guarantee } from './penalty-api.ts'
export type { MiniProgram, Random } from './program.ts'
export type { Correction } from './register.ts'
export { serveWechat } from './serve.ts'
export type { Wechat, WechatOptions } from './wechat.ts'

/** WeChat's servers for mini programs, as far as complaints reach. No socket, no timer, no randomness of its own. */
export function createWechat(options: WechatOptions): Wechat {
  const { clock, random, programs } = options
  const rules: Rules = { ...defaultRules, ...options.rules }
  let quirks: Quirks = { ...defaultQuirks, ...options.quirks }
  let baseUrl = options.baseUrl ?? 'http://127.0.0.1'

  const ledger = createLedger(clock)
  const troubles = createTroubles()
  const media = createMedia({ clock, random, rules, baseUrl: () => baseUrl })
  const post = createPost({ clock, random, rules, deliver: options.deliver, ledger, troubles, show: media.cdnUrl })
  const orders = createOrders({ random, programs, now: () => Math.floor(clock.now() / 1000) })
  const penalties = createPenalties({ clock, rules, programs, ledger })
  const register = createRegister({ clock, random, rules, programs, ledger, media, post, orders, penalties })
  const tokens = createTokens({ clock, random, rules, programs })
  const acts = { rules, media, find: register.find, play: register.merchantPlays }
  const limits = createLimits(clock, options.limits)
  const guarantees = new Map<string, Guarantee>()
  const guarantee = (appid: string) => guarantees.get(appid) ?? guaranteed
  const managed = (appid: string) => programs.some((one) => one.appid === appid && one.orderShipping === true)
  const book = { rules, orders, managed, complaints: register.all }
  const door = { tokens, acts, book, penalties, limits, guarantee, quirks: () => quirks }
  const gateway = createGateway({ ...door, clock, random, troubles })

  const wechat: Wechat = {
    programs,
    rules,
    async complain(complain) {
      const opened = register.complain(complain)
      await options.paid?.(opened)
      return opened
    },
    move: async (id, move) => register.move(id, move),
    set: async (id, correction) => register.set(id, correction),
    complaint: register.get,
    complaints: register.all,
    deduct: async (deduct) => register.deduct(deduct),
    movePenalty: async (id, move) => penalties.move(id, move),
    penalties: penalties.all,
    penaltyMoves: penalties.possible,
    score: penalties.score,
    setGuarantee: (appid, changed) => void guarantees.set(appid, { ...guarantee(appid), ...changed }),
    order: async (wish) => orders.put(wish),
    orders: orders.all,
    setLimits: limits.set,
    misbehave: troubles.add,
    misbehaviours: troubles.list,
    setQuirks(changed) {
      quirks = { ...quirks, ...changed }
    },
    async verifyUrl(appid) {
      const program = programs.find((one) => one.appid === appid)
      return program ? post.verifyUrl(program) : false
    },
    picture: media.picture,
    idle: post.idle,
    ledger: ledger.entries,
    calls: gateway.calls,
    listensAt(url) {
      if (options.baseUrl === undefined) baseUrl = url
    },
    async advance(now = clock.now()) {
      gateway.advance(now)
      register.advance(now)
      post.advance(now)
    },
    async handle(request) {
      const { pathname } = addressOf(request)
      if (pathname.startsWith('/sandbox')) return control(request)
      return gateway.handle(request)
    },
  }
  const control = createControl(wechat, options.logger ?? silent)
  return wechat
}
