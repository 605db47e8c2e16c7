import { createPrivateKey, randomBytes } from 'node:crypto'
import { createAuthority } from '../../sandbox/alipay/authority.ts'
import { notifyId, writeMessage } from '../../sandbox/alipay/message.ts'
import { defaultRules as alipayRules } from '../../sandbox/alipay/rules.ts'
import { openComplaint } from '../../sandbox/wechat/complain.ts'
import { seal } from '../../sandbox/wechat/envelope.ts'
import { complaintMessage } from '../../sandbox/wechat/message.ts'
import { defaultRules as rules } from '../../sandbox/wechat/rules.ts'
import { enclose } from '../../sandbox/wechat-pay/envelope.ts'
import { signatureHeaders } from '../../sandbox/wechat-pay/signed.ts'
import type { Push } from '../../sandbox/wire.ts'
import { systemClock } from '../../src/core/clock.ts'
import { type AlipayKeys, alipayApp, merchantOf, type PayKeys, programAt, publicKeyId, type Source } from '../source.ts'

interface Wish {
  readonly account: string
  /** The number of the first complaint. */
  readonly from: number
  readonly count: number
}

const random = randomBytes

/** Signed pushes as the platform sends them, each about another complaint. */
export function pushes(source: Source, wish: Wish): readonly Push[] {
  switch (source.platform) {
    case 'wechat-mini':
      return ofMini(wish)
    case 'wechat-pay':
      return ofPay(source.keys, wish)
    case 'alipay':
      return ofAlipay(source.keys, wish)
  }
}

function ofMini({ account, from, count }: Wish): readonly Push[] {
  const program = programAt(() => hook(account))
  const at = Math.floor(Date.now() / 1000)
  const said = { appid: program.appid, text: '收到的商品有破损，联系客服没有回复，要求退款。' }
  return Array.from({ length: count }, (_, n) => {
    const complaint = openComplaint({ id: from + n, at, said, photos: [], random, rules })
    const about = { complaint, ghId: 'gh_0123456789ab', appid: program.appid, option: '1', at, show: () => '' }
    return seal({ program, message: complaintMessage(about), now: at * 1000, random })
  })
}

function ofPay(keys: PayKeys, { account, from, count }: Wish): readonly Push[] {
  const merchant = merchantOf(keys)
  const by = { serial: publicKeyId, key: createPrivateKey(keys.platformKey) }
  const now = Date.now()
  return Array.from({ length: count }, (_, n) => {
    const id = `200201820261121${String(from + n).padStart(12, '0')}`
    const plain = { complaint_id: id, action_type: 'CREATE_COMPLAINT' }
    const notice = { kind: 'complaint', event: 'COMPLAINT.CREATE', summary: '产生新投诉', plain } as const
    const body = enclose({ merchant, notice, now, random, spoiled: undefined })
    const headers = {
      'content-type': 'application/json',
      accept: '*/*',
      'user-agent': 'Mozilla/4.0',
      'request-id': `08${random(12).toString('hex').toUpperCase()}-0`,
      ...signatureHeaders({ by, body, now, random, fault: undefined }),
    }
    return { url: hook(account), method: 'POST', headers, body }
  })
}

function ofAlipay(keys: AlipayKeys, { account, from, count }: Wish): readonly Push[] {
  const key = createPrivateKey(keys.alipay)
  const authority = createAuthority({ clock: systemClock, random, keys: () => key, lifetimeMs: () => 86_400_000 })
  const app = { appId: alipayApp, name: 'app', pid: '2088000000000001', kind: 'isv' } as const
  const charset = alipayRules.pushCharset
  const headers = { 'content-type': `application/x-www-form-urlencoded; charset=${charset}` }
  return Array.from({ length: count }, (_, n) => {
    const params = {
      notify_id: notifyId(random),
      utc_timestamp: String(Date.now()),
      msg_method: 'alipay.merchant.tradecomplain.changed',
      app_id: alipayApp,
      version: '1.1',
      biz_content: JSON.stringify({ complain_event_id: `2026112200102000${String(from + n).padStart(12, '0')}` }),
      sign_type: 'RSA2',
      charset,
    }
    const body = Buffer.from(writeMessage({ app, params }, { authority, rules: alipayRules, spoiled: undefined }))
    return { url: hook(account), method: 'POST', headers, body }
  })
}

const hook = (account: string): string => `http://127.0.0.1/hooks/${account}`

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
