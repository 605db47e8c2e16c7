import type { App, Random } from './app.ts'
import type { Authority } from './authority.ts'
import { encode } from './charset.ts'
import { content, type Params, writeForm } from './form.ts'
import type { PushMisbehaviour } from './misbehave.ts'
import type { Rules } from './rules.ts'
import { proof } from './sign.ts'

/** One message: its parameters before it is signed. */
export interface Message {
  readonly app: App
  readonly params: Readonly<Record<string, string>>
  /** The trade notices and the consent's are V1, whatever the rules say of the others. */
  readonly rule?: 'V1'
}

export interface Making {
  readonly authority: Authority
  readonly rules: Rules
  readonly spoiled: PushMisbehaviour | undefined
}

/** The form, signed: as it should be, or as the misbehaviour wants it. */
export function writeMessage({ app, params, rule }: Message, { authority, rules, spoiled }: Making): string {
  const charset = params.charset === 'GBK' ? 'gbk' : 'utf-8'
  const signer = authority.signerFor(app)
  const said = changed(params, spoiled)
  const withSn: Record<string, string> =
    signer.certSn && rules.pushCertSn === 'signed' ? { ...said, alipay_cert_sn: signer.certSn } : said
  const bytes = asBytes(withSn, charset)
  const kept = (rule ?? rules.pushRule) === 'V2' ? ['sign'] : ['sign', 'sign_type']
  const sign = proof({
    key: signer.key,
    stranger: authority.strangerKey,
    bytes: content(bytes, kept),
    fault: spoiled?.how === 'forged' ? (spoiled.fault ?? 'key') : undefined,
  })
  const final = new Map(bytes)
  if (sign !== undefined) final.set('sign', Buffer.from(sign))
  if (signer.certSn && rules.pushCertSn === 'added') final.set('alipay_cert_sn', Buffer.from(signer.certSn))
  const biz = final.get('biz_content')
  if (spoiled?.how === 'tampered' && biz) final.set('biz_content', tampered(biz))
  return writeForm(final)
}

const asBytes = (params: Readonly<Record<string, string>>, charset: 'gbk' | 'utf-8'): Params =>
  new Map(Object.entries(params).map(([name, value]) => [name, encode(value, charset)]))

/** The last digit becomes another one. */
const tampered = (biz: Buffer): Buffer =>
  Buffer.from(
    biz.toString('latin1').replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)),
    'latin1',
  )

function changed(
  params: Readonly<Record<string, string>>,
  spoiled: PushMisbehaviour | undefined,
): Record<string, string> {
  switch (spoiled?.how) {
    case 'wrong-app':
      return { ...params, app_id: '2021999999999999' }
    case 'unknown-method':
      return { ...params, msg_method: 'alipay.something.never.seen' }
    case 'malformed':
      return { ...params, biz_content: (params.biz_content ?? '').slice(0, -2) }
    case 'sign-type':
      return { ...params, sign_type: spoiled.signType }
    case 'forged':
      return spoiled.fault === 'sha1' ? { ...params, sign_type: 'RSA' } : { ...params }
    case 'extra-field':
      return { ...params, biz_content: (params.biz_content ?? '{}').replace(/\}$/, ',"备注":"中文说明"}') }
    default:
      return { ...params }
  }
}

/** 34 characters, the last two as in the samples. */
export const notifyId = (random: Random): string => `${random(16).toString('hex')}5x`
