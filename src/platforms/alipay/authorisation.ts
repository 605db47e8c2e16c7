import { z } from 'zod'
import type { Called } from '../../complaints/complaint.ts'
import { OutsideError } from '../../core/errors.ts'
import { Secret } from '../../core/seal.ts'
import type { Account, Authorising, Grant, GrantState } from '../platform.ts'
import { bareWord, both } from './errors.ts'
import { rowsOf, text, texts } from './fields.ts'
import type { Gateway } from './gateway.ts'
import { type Notice, readNotice } from './notify.ts'
import { settingsOf } from './settings.ts'

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

/** 指定应用授权 for a browser, and for a QR code that Alipay's app reads; 单个应用授权. @throws RangeError for a state that they would not take */
export function invitationLinks({ appId, redirectUrl, state, host }: Invitation): ReturnType<Authorising['links']> {
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
    plain: `${host ?? 'https://openauth.alipay.com'}/oauth2/appToAppAuth.htm?${new URLSearchParams({ app_id: appId, redirect_uri: redirectUrl, state })}`,
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
  const { user_id: outsideId, auth_app_id: authAppId, app_auth_token: token, app_refresh_token: refresh } = told
  if (outsideId === undefined || authAppId === undefined || token === undefined) return undefined
  const refreshToken = refresh === undefined ? {} : { refreshToken: new Secret(refresh) }
  return { outsideId, authAppId, token: new Secret(token), ...refreshToken }
}

const queried = z.object({ status: text, auth_methods: texts })

const noToken = ['AUTH_TOKEN_NOT_EXISTED', 'AUTH_TOKEN_NOT_CONSISTENT']

/** 查询授权. @throws OutsideError */
export async function queryGrant(gateway: Gateway, account: Account, token: Secret): Promise<GrantState> {
  const answer = await gateway
    .read({ account }, { method: 'alipay.open.auth.token.app.query', content: { app_auth_token: token.reveal() } })
    .catch((error: unknown) => {
      if (error instanceof OutsideError && noToken.includes(bareWord(error.code))) return { status: 'invalid' }
      throw error
    })
  const told = queried.parse(answer)
  return {
    valid: told.status === 'valid',
    lacks: methodsOf(account).filter((method) => !told.auth_methods.includes(method)),
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

/** A message that a merchant has taken it back. Its fields are not published: whatever of these it has. */
export function cancelledIn({ event, about, with: beside }: Notice): readonly Called[] | undefined {
  if (event !== 'alipay.open.auth.appauth.cancelled') return undefined
  return [granted.parse(about), granted.parse(beside)].flatMap(({ user_id: outsideId, auth_app_id: authAppId }) => [
    ...(outsideId === undefined ? [] : [{ outsideId }]),
    ...(authAppId === undefined ? [] : [{ authAppId }]),
  ])
}

const noLonger = [
  'invalid-app-auth-token',
  'app-auth-token-time-out',
  'invalid-app-auth-relations',
  'invalid-app-auth-token-no-api',
  'invalid-auth-token',
  'auth-token-time-out',
  'not-support-app-auth',
  'insufficient-isv-permissions',
]

export interface AuthorisingParts {
  readonly gateway: Gateway
  /** Where the links lead; default Alipay's own pages. */
  readonly host?: string
}

/** 第三方应用授权 */
export const authorising = ({ gateway, host }: AuthorisingParts): Authorising => ({
  links: ({ outsideId: appId }, to) => invitationLinks({ appId, ...to, ...(host === undefined ? {} : { host }) }),
  returned({ outsideId }, query) {
    const [app, code, state] = ['app_id', 'app_auth_code', 'state'].map((name) => query.get(name) ?? '')
    if (app !== outsideId || !code || !/^[\w-]{1,64}$/.test(code)) return undefined
    return { code, ...(state ? { state } : {}) }
  },
  exchange: (account, code) => exchange(gateway, account, code),
  query: (account, token) => queryGrant(gateway, account, token),
  heard(told) {
    const notice = readNotice(told)
    const given = grantIn(notice)
    if (given) return { given }
    const ended = cancelledIn(notice)
    return ended && { ended }
  },
  ended: ({ code }) => noLonger.includes(bareWord(code)),
})
