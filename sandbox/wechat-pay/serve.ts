import { type Served, type ServeOptions, serve } from '../serve.ts'
import type { WechatPay } from './wechat-pay.ts'

/** WeChat Pay on 127.0.0.1: API, pictures, the ledger page. */
export async function serveWechatPay(wechatPay: WechatPay, options: ServeOptions = {}): Promise<Served> {
  const served = await serve(wechatPay, options)
  wechatPay.listensAt(served.url)
  return served
}
