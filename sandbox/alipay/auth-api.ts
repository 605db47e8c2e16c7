import type { Api, Asking, Outcome } from './api.ts'
import { isProblem, refuse } from './errors.ts'
import { oneOf, text, wrongIn } from './fields.ts'
import type { Grant } from './grant.ts'
import { beijing } from './time.ts'

const year = 31_536_000

function token({ house, app, body }: Asking): Outcome {
  if (app.kind !== 'isv') return refuse('APP_NOT_ISV')
  if (body.grant_type !== 'authorization_code' && body.grant_type !== 'refresh_token')
    return refuse('GRANT_TYPE_INVALID')
  const name = body.grant_type === 'refresh_token' ? 'refresh_token' : 'code'
  const wrong = wrongIn(body, { required: { grant_type: text(20), [name]: text(40) } })
  if (wrong) return refuse('ILLEGAL_PARAM', wrong)
  const said = String(body[name])
  const grant = name === 'code' ? house.grants.exchange(app, said) : house.grants.refresh(app, said)
  if (isProblem(grant)) return grant
  const shown = shownToken(grant, house.rules.refreshTokenMs)
  return { ...shown, tokens: [shown] }
}

const shownToken = ({ token: said, refreshToken, authAppId, pid }: Grant, refreshMs: number) => ({
  app_auth_token: said,
  app_refresh_token: refreshToken,
  auth_app_id: authAppId,
  user_id: pid,
  expires_in: year,
  re_expires_in: Math.floor(refreshMs / 1000),
})

function query({ house, app, body }: Asking): Outcome {
  if (app.kind !== 'isv') return refuse('APP_NOT_ISV')
  const wrong = wrongIn(body, { required: { app_auth_token: text(128) } })
  if (wrong) return refuse('ILLEGAL_PARAM', wrong)
  const grant = house.grants.byToken(String(body.app_auth_token))
  if (!grant) return refuse('AUTH_TOKEN_NOT_EXISTED')
  if (grant.isvAppId !== app.appId) return refuse('AUTH_TOKEN_NOT_CONSISTENT')
  return {
    user_id: grant.pid,
    auth_app_id: grant.authAppId,
    expires_in: year,
    auth_methods: grant.methods,
    auth_start: beijing(grant.since),
    auth_end: beijing(grant.since + year * 1000),
    status: house.grants.works(grant) ? 'valid' : 'invalid',
    is_by_app_auth: true,
  }
}

const topicShape = {
  required: { auth_type: oneOf('app_auth', 'user_auth'), auth_token: text(40), topic: text(100) },
  optional: { comm_type: oneOf('HTTP', 'WebSocket'), tag: text(64) },
}

const subscribe =
  (on: boolean) =>
  ({ house, app, body }: Asking): Outcome => {
    const wrong = wrongIn(body, topicShape)
    if (wrong) return refuse('invalid-parameter', wrong)
    const grant = house.grants.working(app, String(body.auth_token))
    if (!grant) return refuse('invalid-app-auth-token')
    house.tell.subscribe(app, grant.pid, String(body.topic), on)
    return {}
  }

function download({ house, body }: Asking): Outcome {
  const wrong = wrongIn(body, { required: { alipay_cert_sn: text(64) } })
  if (wrong) return refuse('invalid-parameter', wrong)
  const pem = house.authority.bySn(String(body.alipay_cert_sn))
  return pem ? { alipay_cert_content: Buffer.from(pem).toString('base64') } : refuse('alipay-cert-not-exist')
}

const base = '/v3/alipay/open/auth/token/app'

export const authApis: readonly Api[] = [
  {
    name: 'alipay.open.auth.token.app',
    v2: 'biz',
    v3: { method: 'POST', path: new RegExp(`^${base}$`) },
    speaksFor: 'app',
    run: token,
  },
  {
    name: 'alipay.open.auth.token.app.query',
    v2: 'biz',
    v3: { method: 'GET', path: new RegExp(`^${base}/query$`) },
    speaksFor: 'app',
    run: query,
  },
  { name: 'alipay.open.app.message.topic.subscribe', v2: 'biz', speaksFor: 'app', run: subscribe(true) },
  { name: 'alipay.open.app.message.topic.unsubscribe', v2: 'biz', speaksFor: 'app', run: subscribe(false) },
  { name: 'alipay.open.app.alipaycert.download', v2: 'biz', speaksFor: 'app', run: download },
]
