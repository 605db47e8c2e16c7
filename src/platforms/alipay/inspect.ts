import { OutsideError, told } from '../../core/errors.ts'
import { instant } from '../../core/words.ts'
import type { Account, Both, Finding } from '../platform.ts'
import { leafIn } from './certificate.ts'
import type { Caller, Gateway } from './gateway.ts'
import { listed as riskListed } from './risk/complaints.ts'
import { type SourceName, settingsOf } from './settings.ts'
import { listed as tradeListed } from './trade/complaints.ts'

const month = 30 * 86_400_000
const hour = 3_600_000

const names: Readonly<Record<SourceName, Both>> = {
  risk: { zh: '消费者投诉', en: 'consumer complaints (risk)' },
  trade: { zh: '交易投诉', en: 'trade complaints (trade)' },
}

/** One signed question per source, with a signed answer, needs every key and the permission to be right. */
export async function inspect(gateway: Gateway, caller: Caller, now: number): Promise<readonly Finding[]> {
  const { account } = caller
  const found: Finding[] = []
  for (const source of settingsOf(account.settings).sources) found.push(await tried(gateway, caller, { source, now }))
  return [...found, ...endsOf(account, now)]
}

async function tried(
  gateway: Gateway,
  caller: Caller,
  { source, now }: { readonly source: SourceName; readonly now: number },
): Promise<Finding> {
  const { zh, en } = names[source]
  const within = { from: instant(now - hour), to: instant(now) }
  const list = source === 'risk' ? riskListed(gateway, caller, within) : tradeListed(gateway, caller, within)
  try {
    for await (const _ of list) break
    return { level: 'ok', what: { zh: `${zh}：签名、验签和权限都正常`, en: `${en}: keys and permission work` } }
  } catch (error) {
    const why = apart(error instanceof OutsideError ? error.message : told(error))
    return {
      level: 'bad',
      what: { zh: `${zh}：${why.zh}`, en: `${en}: ${why.en}` },
      fix: {
        zh: '核对应用编号、密钥或证书、产品权限和服务器时间；不用这类投诉时从 sources 里去掉',
        en: 'check app id, keys or certificates, the products of the app and the clock; leave the source out if it is not used',
      },
    }
  }
}

const files = [
  ['appCertificate', '应用公钥证书', 'the certificate of the app'],
  ['alipayCertificate', '支付宝公钥证书', 'the certificate of Alipay'],
] as const

/** Their own end: after it every call is refused. */
const endsOf = (account: Account, now: number): readonly Finding[] =>
  settingsOf(account.settings).mode === 'key' ? [] : files.flatMap((file) => endOf(account, file, now))

function endOf(account: Account, [name, zh, en]: (typeof files)[number], now: number): readonly Finding[] {
  const until = leafIn(account.secrets[name]?.reveal() ?? '')?.until
  if (until === undefined || until - now > month) return []
  const day = new Date(until).toISOString().slice(0, 10)
  return [
    {
      level: until > now ? 'warn' : 'bad',
      what: { zh: `${zh} ${day} 到期`, en: `${en} ends on ${day}` },
      fix: { zh: `在开放平台更换后填入新的 ${name}`, en: `renew it in the console and give the new ${name}` },
    },
  ]
}

/** Errors of this platform come as `中文 | English`. */
function apart(message: string): Both {
  const [zh = message, en = zh] = message.split(' | ')
  return { zh, en }
}
