import { createPublicKey, sign } from 'node:crypto'
import type { Verdict } from '../platform.ts'
import type { Credentials } from './keys.ts'
import type { Message } from './message.ts'

/** 激活开发者模式: older consoles try the app gateway before they take it. */
export const isGatewayCheck = ({ values }: Message): boolean => values.get('service') === 'alipay.service.check'

/** Answered with our own public key, signed. Their XML is only looked at for two words: nothing is parsed. */
export function checked({ values }: Message, { appId, privateKey }: Credentials): Verdict {
  const asked = values.get('biz_content') ?? ''
  if (!asked.includes('verifygw')) return { verdict: 'forged', why: 'malformed' }
  const named = /<AppId>\s*(?:<!\[CDATA\[)?\s*(\d+)/i.exec(asked)?.[1]
  if (named !== undefined && named !== appId) return { verdict: 'forged', why: 'wrong-account' }
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')
  const said = `<success>true</success><biz_content>${key}</biz_content>`
  const signature = sign('sha256', Buffer.from(said), privateKey).toString('base64')
  const echo = `<?xml version="1.0" encoding="GBK"?><alipay><response>${said}</response><sign>${signature}</sign><sign_type>RSA2</sign_type></alipay>`
  return { verdict: 'handshake', echo }
}
