import type { Account, Asking } from '../platform.ts'
import { signature } from './crypto.ts'

/** As WeChat tries an address when it is saved in the console. docs/platforms/wechat-mini.md#callback */
export function handshake(account: Account, { clock, random }: Asking) {
  const token = account.secrets.token?.reveal()
  if (!token) return undefined
  const timestamp = String(Math.floor(clock.now() / 1000))
  const [nonce, echo] = [random(8).toString('hex'), random(16).toString('hex')]
  const query = new URLSearchParams({
    signature: signature(token, timestamp, nonce),
    timestamp,
    nonce,
    echostr: echo,
  })
  return { query: query.toString(), echo }
}
