import { silent } from '../../src/core/logger.ts'
import { addressOf } from '../wire.ts'
import type { Alipay, AlipayOptions } from './alipay.ts'
import type { App, Merchant } from './app.ts'
import { createAuthority } from './authority.ts'
import { consentPage, consentPaths } from './consent-page.ts'
import { createControl } from './control.ts'
import { createFiles } from './files.ts'
import { createGateway } from './gateway.ts'
import { createGrants } from './grants.ts'
import { sharedKeys } from './keys.ts'
import { createLedger } from './ledger.ts'
import { createLimits } from './limits.ts'
import { readLink, wrongLink } from './link.ts'
import { createPost } from './post.ts'
import { createRefunds, type Refunds } from './refunds.ts'
import { createRiskDesk } from './risk-desk.ts'
import { defaultQuirks, defaultRules, type Quirks, type Rules } from './rules.ts'
import { createTell } from './tell.ts'
import { createTradeDesk } from './trade-desk.ts'
import { createTrades } from './trades.ts'
import { createTroubles } from './troubles.ts'

export type { Alipay, AlipayOptions, AnyMessage } from './alipay.ts'
export type { App, AppIdentity, Credentials, Merchant, Random } from './app.ts'
export { mintApp } from './authority.ts'
export { certSn, rootCertSn } from './certificate.ts'
export type { Consent, Grant } from './grant.ts'
export { type PlatformKeys, sharedKeys } from './keys.ts'
export type { CallEntry, LedgerEntry } from './ledger.ts'
export type { Limit, LimitsByApi } from './limits.ts'
export { type ApiName, apiNames, type Fault, type Misbehaviour } from './misbehave.ts'
export {
  type ProcessCode,
  processCodes,
  type RiskComplain,
  type RiskComplaint,
  type RiskMove,
  type RiskStatus,
  riskStatuses,
} from './risk.ts'
export { dayOfRetries, type Quirks, type Rules } from './rules.ts'
export { serveAlipay } from './serve.ts'
export { topics } from './tell.ts'
export type { Money, Refund, Trade, TradeWish } from './trade.ts'
export {
  type FeedbackCode,
  type TradeComplain,
  type TradeComplaint,
  type TradeMove,
  type TradeStatus,
  tradeStatuses,
} from './trade-complaint.ts'
export type { TroubleHandle } from './troubles.ts'

/** Alipay's open platform, as far as complaints, consents and refunds reach. No socket, no timer, no randomness of its own. */
export function createAlipay(options: AlipayOptions): Alipay {
  const { clock, random, merchants } = options
  // Changed in place by `setRules`: every part reads the one object.
  const rules: { -readonly [Name in keyof Rules]: Rules[Name] } = { ...defaultRules, ...options.rules }
  let quirks: Quirks = { ...defaultQuirks, ...options.quirks }
  let baseUrl = options.baseUrl ?? 'http://127.0.0.1'
  const apps = new Map(options.apps.map((app) => [app.appId, app]))

  const ledger = createLedger(clock)
  const troubles = createTroubles()
  const limits = createLimits(clock, options.limits)
  const keys = options.keys ?? sharedKeys
  const authority = createAuthority({ clock, random, keys, lifetimeMs: () => rules.certificateMs })
  const files = createFiles({ clock, random, rules, baseUrl: () => baseUrl })
  const grants = createGrants({ clock, random, rules, ledger })
  const post = createPost({ clock, random, rules, authority, deliver: options.deliver, ledger, troubles })
  const tell = createTell({ clock, random, rules, apps: () => [...apps.values()], grants, post })
  const trades = createTrades({ random, now: () => clock.now(), rules, merchants, ledger })
  const shared = { clock, random, rules, ledger, files, trades }
  const risk = createRiskDesk({ ...shared, tell: tell.risk })
  const tradeDesk = createTradeDesk({ ...shared, merchants, tell: tell.trade })
  const refunds: Refunds = createRefunds({
    clock,
    rules,
    trades,
    ledger,
    returned: (trade, at) => risk.refunded(trade, refunds.returned(trade.tradeNo), at),
  })
  const desks = { files, trades, refunds, risk, tradeDesk, tell, limits }
  const quirksNow = () => quirks
  const house = { clock, random, rules, merchants, authority, grants, ...desks, app: get, quirks: quirksNow }
  const gateway = createGateway(house, troubles)

  function get(appId: string): App | undefined {
    return apps.get(appId)
  }

  function existing(appId: string): App {
    const found = apps.get(appId)
    if (!found) throw new Error(`no app ${appId}`)
    return found
  }

  function merchant(pid: string): Merchant {
    const found = merchants.find((one) => one.pid === pid)
    if (!found) throw new Error(`no merchant ${pid}`)
    return found
  }

  function agree(app: App, pid: string, state?: string) {
    const made = grants.consent(app, merchant(pid), state)
    tell.consent(app, made.grant, made.code)
    return made
  }

  const alipay: Alipay = {
    get apps() {
      return [...apps.values()]
    },
    merchants,
    rules,
    setApp: (appId, changed) => void apps.set(appId, { ...existing(appId), ...changed }),
    credentials: (appId) => authority.credentials(existing(appId)),
    rotateCertificate: authority.rotate,

    async consent(link, pid) {
      const asked = readLink(link)
      const app = get(asked?.appId ?? '')
      const wrong = wrongLink(asked, app, rules)
      if (wrong || !app) throw new Error(wrong)
      const { code, redirect } = agree(app, pid, asked?.state)
      return { code, redirect }
    },
    async consentByInvitation(appId, pid) {
      const { code, redirect } = agree(existing(appId), pid)
      return { code, redirect }
    },
    authorise: async (appId, pid) => agree(existing(appId), pid).grant,
    async revoke(appId, pid, { silent: quietly = false } = {}) {
      const app = existing(appId)
      const grant = grants.revoke(app, pid)
      if (!quietly) tell.cancelled(app, grant)
    },
    grants: grants.all,

    trade: async (wish) => trades.put(wish),
    trades: trades.all,
    balance: trades.balance,
    setBalance: (pid, fen) => trades.move(pid, fen - trades.balance(pid)),
    refunds: refunds.all,
    endRefund: async (tradeNo, outRequestNo, status) => refunds.end(tradeNo, outRequestNo, status),
    money: refunds.money,

    complainRisk: async (said) => risk.complain(said),
    moveRisk: async (id, move) => risk.move(id, move),
    setRisk: async (id, facts) => risk.set(id, facts),
    riskComplaint: risk.get,
    riskComplaints: risk.all,

    complainTrade: async (said) => tradeDesk.complain(said),
    moveTrade: async (id, move) => tradeDesk.move(id, move),
    setTrade: async (id, facts) => tradeDesk.set(id, facts),
    tradeComplaint: tradeDesk.get,
    tradeComplaints: tradeDesk.all,

    say: async (appId, message) => tell.any(existing(appId), message),

    setLimits: limits.set,
    misbehave: troubles.add,
    misbehaviours: troubles.list,
    setQuirks(changed) {
      quirks = { ...quirks, ...changed }
    },
    setRules: (changed) => void Object.assign(rules, changed),
    picture: files.picture,
    idle: post.idle,
    waitingMessages: post.waiting,
    ledger: ledger.entries,
    calls: gateway.calls,
    listensAt(url) {
      if (options.baseUrl === undefined) baseUrl = url
    },
    async advance(now = clock.now()) {
      gateway.advance(now)
      refunds.advance(now)
      risk.advance(now)
      tradeDesk.advance(now)
      post.advance(now)
    },
    async handle(request) {
      const address = addressOf(request)
      if (address.pathname.startsWith('/sandbox')) return control(request)
      if (address.pathname.startsWith('/files/')) return files.download(address)
      return consentPaths.includes(address.pathname) ? consentPage(alipay, request) : gateway.handle(request)
    },
  }
  const control = createControl(alipay, options.logger ?? silent)
  return alipay
}
