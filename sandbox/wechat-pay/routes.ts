import { readComplete, readDecision, readImmediate, readReply } from './acts.ts'
import type { Read } from './call.ts'
import { aboutComplaint, act, detail, history, image, lastLog, list, upload } from './complaint-calls.ts'
import type { CallName } from './misbehave.ts'
import { applyRefund, certificates, queryOrder, queryRefund } from './money-calls.ts'
import { removeUrl, setUrl, showUrl } from './url-calls.ts'

interface Route {
  readonly method: string
  readonly path: RegExp
  readonly on: CallName
  readonly read: Read
  /** A JSON body is needed. */
  readonly body?: true
}

const complaints = '/v3/merchant-service/complaints-v2'
const notifications = '/v3/merchant-service/complaint-notifications'
const pathOf = (text: string) => new RegExp(`^${text.replace('{}', '([^/]+)')}$`)
const get = (path: string, on: CallName, read: Read): Route => ({ method: 'GET', path: pathOf(path), on, read })
const post = (path: string, on: CallName, read: Read): Route => ({
  method: 'POST',
  path: pathOf(path),
  on,
  read,
  body: true,
})

/** WeChat Pay docs: the calls of refunds, orders, certificates and complaints 2.0. */
export const routes: readonly Route[] = [
  post('/v3/refund/domestic/refunds', 'refund', applyRefund),
  get('/v3/refund/domestic/refunds/{}', 'refund-query', queryRefund),
  get('/v3/pay/transactions/id/{}', 'order', queryOrder({ partner: false, by: 'transaction' })),
  get('/v3/pay/transactions/out-trade-no/{}', 'order', queryOrder({ partner: false, by: 'own-number' })),
  get('/v3/pay/partner/transactions/id/{}', 'order', queryOrder({ partner: true, by: 'transaction' })),
  get('/v3/pay/partner/transactions/out-trade-no/{}', 'order', queryOrder({ partner: true, by: 'own-number' })),
  get('/v3/certificates', 'certificates', certificates),
  get(complaints, 'list', list),
  get(`${complaints}/{}`, 'detail', aboutComplaint(detail)),
  get(`${complaints}/{}/negotiation-historys`, 'history', aboutComplaint(history)),
  post(`${complaints}/{}/response`, 'reply', act(readReply)),
  post(`${complaints}/{}/response-immediate-service`, 'immediate', act(readImmediate, lastLog)),
  post(`${complaints}/{}/complete`, 'complete', act(readComplete)),
  post(`${complaints}/{}/update-refund-progress`, 'decide', act(readDecision)),
  get(notifications, 'notify-url', showUrl),
  post(notifications, 'notify-url', setUrl('create')),
  { ...post(notifications, 'notify-url', setUrl('update')), method: 'PUT' },
  { ...get(notifications, 'notify-url', removeUrl), method: 'DELETE' },
  { method: 'POST', path: pathOf('/v3/merchant-service/images/upload'), on: 'upload', read: upload },
  get('/v3/merchant-service/images/{}', 'image', image),
]
