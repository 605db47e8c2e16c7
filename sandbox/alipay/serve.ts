import { type Served, type ServeOptions, serve } from '../serve.ts'
import type { Alipay } from './alipay.ts'

/** Alipay on 127.0.0.1: gateway, consent page, pictures, the ledger page. */
export async function serveAlipay(alipay: Alipay, options: ServeOptions = {}): Promise<Served> {
  const served = await serve(alipay, options)
  alipay.listensAt(served.url)
  return served
}
