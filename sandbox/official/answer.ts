import { decrypt, signature } from '../wechat/crypto.ts'
import { ghIdOf } from '../wechat/post.ts'
import { readJson, type SandboxReply } from '../wire.ts'
import type { OfficialAccount } from './official.ts'

/** What the service said to a push. `fault`: an answer that is none; the person reads that the account is out of order. */
export type Heard =
  | { readonly kind: 'silence' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault' }

/** 200 with `success` or nothing, or a passive text: encrypted, unless the mode is plain (wechat-miniprogram.md §3.5). */
export function hear(answer: SandboxReply, account: OfficialAccount, openid: string): Heard {
  if (answer.status !== 200) return { kind: 'silence' }
  const body = answer.body.toString('utf8').trim()
  if (body === '' || body === 'success') return { kind: 'accepted' }
  const message = account.mode === 'plain' ? body : opened(body, account)
  const text = message === undefined ? undefined : textIn(message, account, openid)
  return text === undefined ? { kind: 'fault' } : { kind: 'text', text }
}

function opened(body: string, { aesKey, appid, token }: OfficialAccount): string | undefined {
  const [sealed, signed] = [valueIn(body, 'Encrypt'), valueIn(body, 'MsgSignature')]
  const [timestamp, nonce] = [valueIn(body, 'TimeStamp'), valueIn(body, 'Nonce')]
  if (!sealed || !timestamp || !nonce || signed !== signature(token, timestamp, nonce, sealed)) return undefined
  try {
    const { text, appid: to } = decrypt(aesKey, sealed)
    return to === appid ? text : undefined
  } catch {
    return undefined
  }
}

function textIn(message: string, { appid }: OfficialAccount, openid: string): string | undefined {
  const right =
    valueIn(message, 'MsgType') === 'text' &&
    valueIn(message, 'ToUserName') === openid &&
    valueIn(message, 'FromUserName') === ghIdOf(appid) &&
    /^\d+$/.test(valueIn(message, 'CreateTime') ?? '')
  return right ? valueIn(message, 'Content') : undefined
}

/** Of JSON a field, of XML a tag. */
function valueIn(text: string, name: string): string | undefined {
  const json = readJson(Buffer.from(text))
  if (json) return json[name] === undefined ? undefined : String(json[name])
  const inner = new RegExp(`<${name}>\\s*(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))\\s*</${name}>`).exec(text)
  return inner ? (inner[1] ?? inner[2]) : undefined
}
