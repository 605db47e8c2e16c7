import { OutsideError, told } from '../../core/errors.ts'
import type { Account, Both, Finding } from '../platform.ts'
import type { Client } from './client.ts'
import { certificateIn } from './keys.ts'
import { queryNotifyUrl } from './notify-url.ts'

const month = 30 * 86_400_000

/** One signed question with a signed answer needs every key but the APIv3 key to be right; and without a notify URL nobody is told. */
export async function inspect(client: Client, account: Account, now: number): Promise<readonly Finding[]> {
  const ending = endOf(account, now)
  try {
    const url = await queryNotifyUrl(client, account)
    return [ok('签名和验签都正常', 'signing and verifying work'), notify(url), ...ending]
  } catch (error) {
    const why = apart(error instanceof OutsideError ? error.message : told(error))
    return [
      {
        level: 'bad',
        what: { zh: `无法调用微信支付：${why.zh}`, en: `WeChat Pay cannot be asked: ${why.en}` },
        fix: {
          zh: '核对商户号、API 证书与私钥、微信支付公钥或平台证书、服务器时间，并确认本机能访问 api.mch.weixin.qq.com',
          en: 'check mchid, certificate and key, the public key or platform certificates, the clock, and that this machine reaches api.mch.weixin.qq.com',
        },
      },
      ...ending,
    ]
  }
}

const notify = (url: string | undefined): Finding =>
  url === undefined
    ? {
        level: 'bad',
        what: { zh: '没有登记投诉通知回调地址', en: 'no notify URL for complaints is set' },
        fix: { zh: '登记此账号的回调地址', en: 'register the callback address of this account' },
      }
    : ok(`投诉通知回调地址：${url}`, `notify URL for complaints: ${url}`)

const ok = (zh: string, en: string): Finding => ({ level: 'ok', what: { zh, en } })

/** The merchant's own certificate: after its end every call is refused. */
function endOf(account: Account, now: number): readonly Finding[] {
  const until = certificateIn(account.secrets.certificate?.reveal() ?? '')?.certificate.validTo
  const left = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until) - now
  if (left > month) return []
  const day = until === undefined ? '' : new Date(until).toISOString().slice(0, 10)
  return [
    {
      level: left > 0 ? 'warn' : 'bad',
      what: { zh: `商户API证书 ${day} 到期`, en: `the merchant API certificate ends on ${day}` },
      fix: {
        zh: '在商户平台更换证书，填入新的 certificate 和 privateKey，旧私钥移到 formerKeys',
        en: 'renew it in the console, give the new certificate and privateKey, and keep the old key in formerKeys',
      },
    },
  ]
}

/** Errors of this platform come as `中文 | English`. */
function apart(message: string): Both {
  const [zh = message, en = zh] = message.split(' | ')
  return { zh, en }
}
