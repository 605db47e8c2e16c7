import { randomBytes } from 'node:crypto'
import { openComplaint } from '../../sandbox/wechat/complain.ts'
import { seal } from '../../sandbox/wechat/envelope.ts'
import { complaintMessage } from '../../sandbox/wechat/message.ts'
import { defaultRules as rules } from '../../sandbox/wechat/rules.ts'
import type { Push } from '../../sandbox/wire.ts'
import { programAt } from '../shop.ts'

/** Signed, encrypted pushes as WeChat sends them, each about another complaint. */
export function pushes(account: string, from: number, count: number): readonly Push[] {
  const program = programAt(() => `http://127.0.0.1/hooks/${account}`)
  const at = Math.floor(Date.now() / 1000)
  const random = randomBytes
  const said = { appid: program.appid, text: '收到的商品有破损，联系客服没有回复，要求退款。' }
  return Array.from({ length: count }, (_, n) => {
    const complaint = openComplaint({ id: from + n, at, said, photos: [], random, rules })
    const about = { complaint, ghId: 'gh_0123456789ab', appid: program.appid, option: '1', at, show: () => '' }
    return seal({ program, message: complaintMessage(about), now: at * 1000, random })
  })
}

/** The request as it goes over the wire. */
export function bytesOf({ url, headers, body }: Push): Buffer {
  const { pathname, search, host } = new URL(url)
  const head = [
    `POST ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    'connection: keep-alive',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
}
