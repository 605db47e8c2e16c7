import { type Served, type ServeOptions, serve } from '../serve.ts'
import type { Wechat } from './wechat.ts'

/** WeChat on 127.0.0.1: API, pictures, the ledger page. */
export async function serveWechat(wechat: Wechat, options: ServeOptions = {}): Promise<Served> {
  const served = await serve(wechat, options)
  wechat.listensAt(served.url)
  return served
}
