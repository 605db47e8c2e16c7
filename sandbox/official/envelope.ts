import { encrypt, signature } from '../wechat/crypto.ts'
import { ghIdOf } from '../wechat/post.ts'
import type { Push } from '../wire.ts'
import type { Event } from './core.ts'
import type { PushMisbehaviour } from './misbehave.ts'
import type { OfficialAccount, Random } from './official.ts'

export interface Sealing {
  readonly account: OfficialAccount
  readonly event: Event
  /** When it happened, and when it is told; milliseconds. */
  readonly at: number
  readonly now: number
  readonly random: Random
  readonly spoiled: PushMisbehaviour | undefined
}

type Field = readonly [name: string, value: string | { readonly number: string }]

/** The HTTP request of one event: plain, compatible or safe, XML or JSON (wechat-miniprogram.md §3). */
export function seal(sealing: Sealing): Push {
  const { account, spoiled } = sealing
  const mode = spoiled?.how === 'plain' ? 'plain' : account.mode
  const fields = fieldsOf(sealing)
  const encrypted = mode === 'plain' ? undefined : sealed(sealing, write(account.format, fields, spoiled))
  const to = fields.slice(0, 1)
  const shown = mode === 'safe' ? to : fields
  const all: readonly Field[] = encrypted === undefined ? shown : [...shown, ['Encrypt', encrypted]]
  const text = write(account.format, all, encrypted === undefined ? spoiled : undefined)
  const cut = spoiled?.how === 'damaged' && encrypted === undefined ? Math.floor(text.length / 2) : text.length
  return {
    url: address(sealing, encrypted),
    method: 'POST',
    headers: {
      'content-type': account.format === 'json' ? 'application/json' : 'text/xml',
      'user-agent': 'Mozilla/4.0',
    },
    body: Buffer.from(text.slice(0, cut), 'utf8'),
  }
}

/** The address check of the console: GET with echostr, which is not encrypted here. */
export function sealCheck(sealing: Omit<Sealing, 'event' | 'at'>, echostr: string): Push {
  const url = `${address({ ...sealing, event: undefined }, undefined)}&echostr=${encodeURIComponent(echostr)}`
  return { url, method: 'GET', headers: { 'user-agent': 'Mozilla/4.0' }, body: Buffer.alloc(0) }
}

function address(
  sealing: Omit<Sealing, 'event' | 'at'> & { event: Event | undefined },
  encrypted: string | undefined,
): string {
  const { account, now, random, event, spoiled } = sealing
  const timestamp = String(Math.floor(now / 1000))
  const nonce = String(random(4).readUInt32BE())
  const sign = (...more: string[]) => {
    const good = signature(account.token, timestamp, nonce, ...more)
    return spoiled?.how === 'bad-signature' ? signature(good) : good
  }
  const query = new URLSearchParams({ signature: sign(), timestamp, nonce })
  if (event) query.set('openid', event.openid)
  if (encrypted !== undefined) {
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', sign(encrypted))
  }
  return `${account.pushUrl}${account.pushUrl.includes('?') ? '&' : '?'}${query}`
}

const stranger = 'wx00000000000000ff'

function fieldsOf({ account, event, at, spoiled }: Sealing): readonly Field[] {
  const to = spoiled?.how === 'wrong-appid' ? ghIdOf(stranger) : ghIdOf(account.appid)
  const head: readonly Field[] = [
    ['ToUserName', to],
    ['FromUserName', event.openid],
    ['CreateTime', { number: String(Math.floor(at / 1000)) }],
    ['MsgType', 'event'],
  ]
  if (spoiled?.how === 'other-event') return [...head, ['Event', 'VIEW'], ['EventKey', 'https://example.com/']]
  return [...head, ['Event', spoiled?.how === 'case' ? swapped(event.event) : event.event], ...event.fields]
}

/** subscribe ↔ SUBSCRIBE. */
const swapped = (name: string): string => (name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase())

function write(format: 'xml' | 'json', fields: readonly Field[], spoiled: PushMisbehaviour | undefined): string {
  if (format === 'json') {
    const pairs = fields.map(
      ([name, value]) => `${JSON.stringify(name)}:${typeof value === 'string' ? JSON.stringify(value) : value.number}`,
    )
    return `{${pairs.join(',')}}`
  }
  const tags = fields.map(
    ([name, value]) => `<${name}>${typeof value === 'string' ? `<![CDATA[${value}]]>` : value.number}</${name}>`,
  )
  const declared = spoiled?.how === 'doctype' ? '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">]>' : ''
  return `${declared}<xml>${tags.join('')}</xml>`
}

function sealed({ account, random, spoiled }: Sealing, text: string): string {
  const appid = spoiled?.how === 'wrong-appid' ? stranger : account.appid
  const encrypted = encrypt(account.aesKey, { random: random(16), text, appid })
  if (spoiled?.how !== 'damaged') return encrypted
  const bytes = Buffer.from(encrypted, 'base64')
  // In the block that holds the length: what comes out of it can never pass for a message.
  bytes.writeUInt8(bytes.readUInt8(20) ^ 0xff, 20)
  return bytes.toString('base64')
}
