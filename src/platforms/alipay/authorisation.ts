import { z } from 'zod'
import { OutsideError } from '../../core/errors.ts'
import { Secret } from '../../core/seal.ts'
import type { Instant } from '../../core/words.ts'
import type { Account } from '../platform.ts'
import { both } from './errors.ts'
import { rowsOf, text, texts, time } from './fields.ts'
import type { Gateway } from './gateway.ts'
import type { Notice } from './notify.ts'
import { settingsOf } from './settings.ts'

/** What a merchant has let an app do. One merchant's app and ours have one: a new one replaces it. */
export interface Grant {
  /** PID of the merchant, 2088…: what complaints name. */
  readonly pid: string
  /** The merchant's own app. */
  readonly authAppId: string
  /** app_auth_token */
  readonly token: Secret
  readonly refreshToken?: Secret
}

export interface Invitation {
  readonly appId: string
  /** As it is set in the app's console, 授权回调地址. */
  readonly redirectUrl: string
  /** Comes back with the merchant: base64 of at most 100 characters. */
  readonly state: string
  /** Default Alipay's own; another where somebody plays it. */
  readonly host?: string
}

const appTypes = ['MOBILEAPP', 'WEBAPP', 'PUBLICAPP', 'TINYAPP', 'BASEAPP']
/** Alipay's own page for it, inside its app. */
const page = '2021003130652097'

/** 指定应用授权: for a browser, and for a QR code that Alipay's app reads. @throws RangeError for a state that they would not take */
export function invitationLinks({ appId, redirectUrl, state, host }: Invitation): {
  readonly browser: string
  readonly phone: string
} {
  if (!/^[A-Za-z0-9+/]{1,100}={0,2}$/.test(state) || state.length > 100)
    throw new RangeError('a state is base64 of at most 100 characters')
  const task = {
    platformCode: 'O',
    taskType: 'INTERFACE_AUTH',
    agentOpParam: { redirectUri: redirectUrl, appTypes, isvAppId: appId, state },
  }
  const told = encodeURIComponent(JSON.stringify(task))
  const inApp = encodeURIComponent(`pages/authorize/index?bizData=${told}`)
  return {
    browser: `${host ?? 'https://b.alipay.com'}/page/message/tasksDetail?bizData=${told}`,
    phone: `${host === undefined ? 'alipays:/' : host}/platformapi/startapp?appId=${page}&page=${inApp}`,
  }
}

const granted = z.object({ user_id: text, auth_app_id: text, app_auth_token: text, app_refresh_token: text })
const exchanged = z.object({ ...granted.shape, tokens: rowsOf(granted) })

/** app_auth_code → grants; a code works once. @throws OutsideError `unknown` when it may have been used up */
export async function exchange(gateway: Gateway, account: Account, code: string): Promise<readonly Grant[]> {
  const answer = await gateway.act(
    { account },
    { method: 'alipay.open.auth.token.app', content: { grant_type: 'authorization_code', code } },
  )
  const { tokens, ...one } = exchanged.parse(answer)
  const grants = (tokens.length > 0 ? tokens : [one]).flatMap((each) => grantOf(each) ?? [])
  if (grants.length > 0) return grants
  throw new OutsideError('unknown', both('支付宝没有返回授权令牌', 'Alipay returned no token'))
}

function grantOf(told: z.output<typeof granted>): Grant | undefined {
  const { user_id: pid, auth_app_id: authAppId, app_auth_token: token, app_refresh_token: refresh } = told
  if (pid === undefined || authAppId === undefined || token === undefined) return undefined
  const refreshToken = refresh === undefined ? {} : { refreshToken: new Secret(refresh) }
  return { pid, authAppId, token: new Secret(token), ...refreshToken }
}

const queried = z.object({ user_id: text, auth_app_id: text, status: text, auth_methods: texts, auth_end: time })

export interface GrantState {
  readonly valid: boolean
  readonly pid: string | undefined
  readonly authAppId: string | undefined
  readonly until: Instant | undefined
  /** What this account would call and was not let. */
  readonly missing: readonly string[]
}

/** 查询授权. @throws OutsideError */
export async function queryGrant(gateway: Gateway, account: Account, token: Secret): Promise<GrantState> {
  const answer = await gateway.read(
    { account },
    { method: 'alipay.open.auth.token.app.query', content: { app_auth_token: token.reveal() } },
  )
  const told = queried.parse(answer)
  return {
    valid: told.status === 'valid',
    pid: told.user_id,
    authAppId: told.auth_app_id,
    until: told.auth_end,
    missing: methodsOf(account).filter((method) => !told.auth_methods.includes(method)),
  }
}

const risk = ['info.batchquery', 'info.query', 'process.finish', 'reply.send', 'file.upload'].map(
  (call) => `alipay.security.risk.complaint.${call}`,
)
const trade = ['batchquery', 'query', 'feedback.submit', 'reply.submit', 'supplement.submit'].map(
  (call) => `alipay.merchant.tradecomplain.${call}`,
)
const money = ['alipay.trade.query', 'alipay.trade.refund', 'alipay.trade.fastpay.refund.query']

/** What the account calls for a merchant. */
function methodsOf({ settings }: Account): readonly string[] {
  const { sources, refunds } = settingsOf(settings)
  return [
    ...(sources.includes('risk') ? risk : []),
    ...(sources.includes('trade') ? [...trade, 'alipay.merchant.image.upload'] : []),
    ...(refunds ? money : []),
  ]
}

const detail = z.object({ detail: granted.optional().catch(undefined) })

/** A message that a merchant has authorised us. Some say it beside biz_content. */
export function grantIn({ event, about, with: beside }: Notice): Grant | undefined {
  if (event !== 'open_app_auth_notify') return undefined
  const { detail: inner } = detail.parse(about)
  return (inner && grantOf(inner)) ?? grantOf(granted.parse(about)) ?? grantOf(granted.parse(beside))
}

/** A message that a merchant has taken it back. Its fields are not published: whatever of these it has; ask before it is believed of others. */
export function cancelledIn({
  event,
  about,
  with: beside,
}: Notice): { readonly pid: string | undefined; readonly authAppId: string | undefined } | undefined {
  if (event !== 'alipay.open.auth.appauth.cancelled') return undefined
  const [inner, outer] = [granted.parse(about), granted.parse(beside)]
  return { pid: inner.user_id ?? outer.user_id, authAppId: inner.auth_app_id ?? outer.auth_app_id }
}
