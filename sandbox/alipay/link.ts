import { isObject, readJson } from '../wire.ts'
import type { App } from './app.ts'
import type { Rules } from './rules.ts'

/** What a consent link asks for. */
export interface Asked {
  readonly appId: string
  readonly redirectUri: string
  readonly state?: string
}

const appTypes = ['MOBILEAPP', 'WEBAPP', 'PUBLICAPP', 'TINYAPP', 'BASEAPP']

/** Reads a link of any of the three forms, whatever host it names; undefined when it is none. */
export function readLink(link: string): Asked | undefined {
  const url = new URL(link, 'http://sandbox.invalid')
  const query = url.searchParams
  if (url.pathname === '/oauth2/appToAppAuth.htm') return plain(query)
  if (url.pathname === '/page/message/tasksDetail') return task(query.get('bizData'))
  // alipays: is no host's scheme, so the path starts behind the host.
  if (!`${url.host}${url.pathname}`.endsWith('platformapi/startapp')) return undefined
  const page = /^pages\/authorize\/index\?bizData=(.*)$/s.exec(query.get('page') ?? '')?.[1]
  return query.get('appId') === '2021003130652097' ? task(page === undefined ? null : decoded(page)) : undefined
}

// The page's own query may be encoded once more.
function decoded(text: string): string {
  try {
    return text.startsWith('{') ? text : decodeURIComponent(text)
  } catch {
    return text
  }
}

function plain(query: URLSearchParams): Asked | undefined {
  const appId = query.get('app_id')
  const redirectUri = query.get('redirect_uri')
  if (!appId || !redirectUri) return undefined
  return { appId, redirectUri, ...stateIn(query.get('state')) }
}

function task(bizData: string | null): Asked | undefined {
  const biz = bizData === null ? undefined : readJson(Buffer.from(bizData))
  const param = biz?.agentOpParam
  if (biz?.platformCode !== 'O' || biz.taskType !== 'INTERFACE_AUTH' || !isObject(param)) return undefined
  const { redirectUri, isvAppId, state, appTypes: types } = param
  if (typeof redirectUri !== 'string' || typeof isvAppId !== 'string') return undefined
  if (!Array.isArray(types) || types.length === 0 || types.some((one) => !appTypes.includes(String(one))))
    return undefined
  return { appId: isvAppId, redirectUri, ...stateIn(typeof state === 'string' ? state : null) }
}

const stateIn = (state: string | null) => (state === null ? {} : { state })

/** Why the consent page would turn this link away. */
export function wrongLink(asked: Asked | undefined, app: App | undefined, rules: Rules): string | undefined {
  if (!asked) return '授权链接不正确'
  if (app?.kind !== 'isv') return '第三方应用不存在'
  if (app.redirectUri === undefined || asked.redirectUri !== app.redirectUri)
    return '回调地址与第三方应用的授权回调地址不一致'
  const { state } = asked
  if (state === undefined) return undefined
  if (state.length > rules.maxState) return `state 超过 ${rules.maxState} 个字符`
  return state.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(state) ? undefined : 'state 不是 base64'
}
