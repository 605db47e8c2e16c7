import type { Clock } from '../../src/core/clock.ts'
import type { AnyMessage } from './alipay.ts'
import type { App, Random } from './app.ts'
import type { Grant } from './grant.ts'
import type { Grants } from './grants.ts'
import { notifyId } from './message.ts'
import type { Errand, Post } from './post.ts'
import type { RiskComplaint } from './risk.ts'
import type { Rules } from './rules.ts'
import { beijing } from './time.ts'
import type { TradeComplaint } from './trade-complaint.ts'

export const topics = {
  trade: 'alipay.merchant.tradecomplain.changed',
  cancelled: 'alipay.open.auth.appauth.cancelled',
  consent: 'open_app_auth_notify',
  // Not a topic that exists; played where the rules say so.
  risk: 'alipay.security.risk.complaint.merchants.notify',
} as const

/** Which apps are told of what, where. Without a gateway address nobody is. */
export interface Tell {
  trade(complaint: TradeComplaint): void
  risk(complaint: RiskComplaint): void
  consent(app: App, grant: Grant, code: string): void
  cancelled(app: App, grant: Grant): void
  any(app: App, message: AnyMessage): void
  /** An app's subscription for one merchant, beside those of its console. */
  subscribe(app: App, pid: string, topic: string, on: boolean): void
}

export function createTell(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly apps: () => readonly App[]
  readonly grants: Grants
  readonly post: Post
}): Tell {
  const { clock, random, rules, grants, post } = options
  const subscribed = new Map<string, boolean>()

  /** Everybody who may speak for this PID and wants to hear. */
  function listeners(pid: string, topic: string): App[] {
    const consented = grants.appsOf(pid)
    const speaks = (app: App) => (app.kind === 'own' ? app.pid === pid : consented.includes(app.appId))
    return options.apps().filter((app) => speaks(app) && wants(app, pid, topic))
  }

  function wants(app: App, pid: string, topic: string): boolean {
    return subscribed.get(`${app.appId} ${pid} ${topic}`) ?? app.topics?.includes(topic) ?? true
  }

  function send(app: App, params: Record<string, string>, about: Errand['about'], rule?: 'V1') {
    const { gatewayUrl: url } = app
    if (url) post.send({ app, url, params, about, ...(rule ? { rule } : {}) })
  }

  // Alipay docs, messages over HTTP: the envelope of a standard message.
  const envelope = (app: App, method: string, biz: Readonly<Record<string, unknown>>): Record<string, string> => ({
    notify_id: notifyId(random),
    utc_timestamp: String(clock.now()),
    msg_method: method,
    app_id: app.appId,
    version: '1.1',
    biz_content: JSON.stringify(biz),
    sign_type: 'RSA2',
    charset: rules.pushCharset,
  })

  const oldRisk = ({ pid, trades, text, createdAt }: RiskComplaint): Record<string, string> => ({
    service: 'alipay.riskgo.risk.push',
    pid,
    tradeNos: trades.map(({ tradeNo }) => tradeNo).join(','),
    risktype: '消费者投诉',
    risklevel: '高',
    complainTime: beijing(createdAt),
    complainText: text,
    charset: rules.pushCharset,
    sign_type: 'RSA2',
  })

  return {
    trade({ id, pid, tradeNo }) {
      for (const app of listeners(pid, topics.trade)) {
        const about = { pid, source: 'trade', complaint: id, tradeNo, told: topics.trade } as const
        send(app, envelope(app, topics.trade, { complain_event_id: id }), about)
      }
    },
    risk(complaint) {
      const { pid, id } = complaint
      if (rules.riskMessage === 'none') return
      for (const app of listeners(pid, topics.risk)) {
        const old = rules.riskMessage === 'service'
        const params = old
          ? { ...oldRisk(complaint), app_id: app.appId, notify_id: notifyId(random) }
          : envelope(app, topics.risk, { complain_id: String(id) })
        const told = old ? 'alipay.riskgo.risk.push' : topics.risk
        send(app, params, { pid, source: 'risk', complaint: String(id), told })
      }
    },
    consent(app, grant, code) {
      if (!wants(app, grant.pid, topics.consent)) return
      const { token, refreshToken, pid, authAppId, isvAppId, since } = grant
      const detail = {
        app_auth_token: token,
        app_refresh_token: refreshToken,
        user_id: pid,
        auth_app_id: authAppId,
        app_id: isvAppId,
        app_auth_code: code,
        expires_in: 31_536_000,
        re_expires_in: 32_140_800,
        auth_time: since,
      }
      const context = { trigger: 'user', trigger_context: { out_biz_no: notifyId(random) } }
      const params = {
        notify_type: topics.consent,
        status: 'execute_auth',
        notify_id: notifyId(random),
        notify_time: beijing(clock.now()),
        app_id: isvAppId,
        auth_app_id: authAppId,
        charset: 'UTF-8',
        version: '1.0',
        sign_type: 'RSA2',
        biz_content: JSON.stringify({ notify_context: context, detail, error: {} }),
      }
      send(app, params, { pid, told: topics.consent }, 'V1')
    },
    cancelled(app, { pid, authAppId }) {
      if (!wants(app, pid, topics.cancelled)) return
      const biz = { auth_app_id: authAppId, user_id: pid }
      send(app, envelope(app, topics.cancelled, biz), { pid, told: topics.cancelled })
    },
    any(app, message) {
      if ('method' in message) {
        return send(app, envelope(app, message.method, message.biz), { pid: app.pid, told: message.method })
      }
      const { service, fields } = message
      const params = { service, app_id: app.appId, charset: rules.pushCharset, sign_type: 'RSA2', ...fields }
      return send(app, params, { pid: app.pid, told: service })
    },
    subscribe(app, pid, topic, on) {
      subscribed.set(`${app.appId} ${pid} ${topic}`, on)
    },
  }
}
