import type { Push } from '../wire.ts'
import { encrypt, signature } from './crypto.ts'
import { jsonFields, type Message, tag, xmlFields } from './message.ts'
import type { PushTrouble } from './misbehave.ts'
import type { MiniProgram, Random } from './program.ts'

export interface Sealing {
  readonly program: MiniProgram
  readonly message: Message
  readonly now: number
  readonly random: Random
  readonly spoiled?: PushTrouble | undefined
}

/** The HTTP request of one push: plain, compatible or safe, XML or JSON. WeChat docs, message push. */
export function seal(sealing: Sealing): Push {
  const { program, spoiled } = sealing
  const mode = spoiled?.how === 'plain' ? 'plain' : program.mode
  const encrypted = mode === 'plain' ? undefined : encryptMessage(sealing)
  const query = signedQuery(sealing, encrypted)
  return {
    url: `${program.pushUrl}${program.pushUrl.includes('?') ? '&' : '?'}${query}`,
    method: 'POST',
    headers: {
      'content-type': program.format === 'json' ? 'application/json' : 'text/xml',
      'user-agent': 'Mozilla/4.0',
    },
    body: Buffer.from(writeBody(sealing, mode, encrypted), 'utf8'),
  }
}

/** The address check of the console: GET with echostr. */
export function sealCheck(sealing: Omit<Sealing, 'message'>, echostr: string): Push {
  const query = signedQuery({ ...sealing, message: undefined }, undefined)
  const { pushUrl } = sealing.program
  const url = `${pushUrl}${pushUrl.includes('?') ? '&' : '?'}${query}&echostr=${encodeURIComponent(echostr)}`
  return { url, method: 'GET', headers: { 'user-agent': 'Mozilla/4.0' }, body: Buffer.alloc(0) }
}

function signedQuery(sealing: Omit<Sealing, 'message'> & { message: Message | undefined }, encrypted?: string): string {
  const { program, now, random, message, spoiled } = sealing
  const timestamp = String(Math.floor(now / 1000))
  const nonce = String(random(4).readUInt32BE())
  const sign = (...more: string[]) => {
    const good = signature(program.token, timestamp, nonce, ...more)
    return spoiled?.how === 'bad-signature' ? signature(good) : good
  }
  const query = new URLSearchParams({ signature: sign(), timestamp, nonce })
  if (message) query.set('openid', message.from)
  if (encrypted !== undefined) {
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', sign(encrypted))
  }
  return query.toString()
}

const stranger = 'wx00000000000000ff'

function encryptMessage({ program, message, random, spoiled }: Sealing): string {
  const appid = spoiled?.how === 'wrong-appid' ? stranger : program.appid
  const text =
    spoiled?.how === 'wrong-appid' ? writePlain(program, estranged(message)) : shaped(program, message, spoiled)
  const encrypted = encrypt(program.aesKey, { random: random(16), text, appid })
  if (spoiled?.how !== 'damaged') return encrypted
  const bytes = Buffer.from(encrypted, 'base64')
  // In the block that holds the length: what comes out of it can never pass for a message.
  bytes.writeUInt8(bytes.readUInt8(20) ^ 0xff, 20)
  return bytes.toString('base64')
}

function writeBody(sealing: Sealing, mode: MiniProgram['mode'], encrypted?: string): string {
  const { program, message, spoiled } = sealing
  const told = spoiled?.how === 'wrong-appid' ? estranged(message) : message
  if (encrypted === undefined) return cut(shaped(program, told, spoiled), spoiled)
  const shape = spoiled?.how === 'shape' ? spoiled.shape : undefined
  // Compatible: the plain copy and Encrypt side by side. Safe: the receiver's name and Encrypt only.
  if (program.format === 'json') {
    const plain = mode === 'compatible' ? jsonFields(told, shape) : { ToUserName: told.to }
    return JSON.stringify({ ...plain, Encrypt: encrypted })
  }
  const plain = mode === 'compatible' ? xmlFields(told, shape) : tag('ToUserName', told.to)
  return `<xml>${plain}${tag('Encrypt', encrypted)}</xml>`
}

function shaped(program: MiniProgram, message: Message, spoiled: PushTrouble | undefined): string {
  const shape = spoiled?.how === 'shape' ? spoiled.shape : undefined
  if (program.format === 'json') return JSON.stringify(jsonFields(message, shape))
  const declared = shape === 'doctype' ? '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">]>' : ''
  return `${declared}<xml>${xmlFields(message, shape)}</xml>`
}

const writePlain = (program: MiniProgram, message: Message) => shaped(program, message, undefined)

const estranged = (message: Message): Message => ({
  ...message,
  to: 'gh_ffffffffffff',
  fields: { ...message.fields, appid: stranger },
})

const cut = (text: string, spoiled: PushTrouble | undefined) =>
  spoiled?.how === 'damaged' ? text.slice(0, Math.floor(text.length / 2)) : text
