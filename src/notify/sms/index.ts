import { createHash } from 'node:crypto'
import { lookup as systemLookup } from 'node:dns'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { OutsideError } from '../../core/errors.ts'
import { type Called, counted, statusClass } from '../../core/outside-call.ts'
import { type Instant, millis } from '../../core/words.ts'
import type { Finding } from '../../platforms/platform.ts'
import type { StoredChannel } from '../../storage/channels.ts'
import type { Interest } from '../interests.ts'
import type { ChannelKind, Message, Report, Sent } from '../kind.ts'
import { both } from '../texts.ts'
import { carrierMeans } from './carrier.ts'
import { codeMeans, thrownMeans } from './codes.ts'
import { paramsOf } from './params.ts'
import { checkSms, maskPhone, phone, smsLimits, smsSettings } from './settings.ts'

export interface SmsParts {
  readonly clock: Clock
  /** Such as https://sms.tencentcloudapi.com. */
  readonly endpoint: string
  readonly called?: Called
  /** Milliseconds for one call; default 10 s. */
  readonly timeout?: number
}

/** As much of the library's client as we call. */
interface Client {
  request(action: string, body: object, options: { readonly signal: AbortSignal }): Promise<unknown>
}

interface Held {
  readonly client: Client
  /** Of what it was made from. */
  readonly made: string
}

/** What a text of six letters can tell. */
const told: readonly Interest[] = ['new', 'user', 'turn', 'outcome', 'deadline', 'closed']

/** SMS by Tencent Cloud. Nothing there recognises a repeated message, so that what may have gone is never repeated by itself. */
export function smsKind({ clock, endpoint, called, timeout = 10_000 }: SmsParts): ChannelKind {
  const held = new Map<string, Held>()
  const way = wayTo(endpoint)

  async function clientOf(channel: StoredChannel): Promise<Client> {
    const { secretId, secretKey } = channel.secrets
    const { region } = smsSettings(channel.settings)
    const credential = { secretId: secretId?.reveal() ?? '', secretKey: secretKey?.reveal() ?? '' }
    const made = createHash('sha256')
      .update(JSON.stringify([credential, region]))
      .digest('base64url')
    const known = held.get(channel.id)
    if (known?.made === made) return known.client
    // 60 MB of library: nobody who sends no SMS waits for it.
    const { sms } = await import('tencentcloud-sdk-nodejs/tencentcloud/services/sms/index.js')
    const httpProfile = { ...way, reqMethod: 'POST' as const, reqTimeout: Math.ceil(timeout / 1000) }
    const client = new sms.v20210111.Client({ credential, region, profile: { httpProfile, language: 'zh-CN' } })
    held.set(channel.id, { client, made })
    return client
  }

  async function ask(channel: StoredChannel, action: string, body: object): Promise<unknown> {
    const client = await clientOf(channel)
    const stop = new AbortController()
    const cancel = clock.after(timeout, () => stop.abort())
    try {
      const call = () => client.request(action, body, { signal: stop.signal })
      return await counted({ clock, called, host: 'sms' }, call, outcomeOf)
    } finally {
      cancel()
    }
  }

  async function send(channel: StoredChannel, address: string, message: Message): Promise<Sent> {
    const at = { tries: message.tries, now: clock.now() }
    const { sdkAppId, sign, templateId, params, maxParamChars } = smsSettings(channel.settings)
    const body = {
      PhoneNumberSet: [address],
      SmsSdkAppId: sdkAppId,
      TemplateId: templateId,
      SignName: sign,
      TemplateParamSet: paramsOf(message.letter.fields, params, maxParamChars),
      SessionContext: message.key,
    }
    try {
      return answered(await ask(channel, 'SendSms', body), at)
    } catch (error) {
      return thrown(error, at)
    }
  }

  /** Pulled by the number: that needs neither a public address nor a word with their support. */
  async function reports(channel: StoredChannel, address: string, since: Instant): Promise<readonly Report[]> {
    const body = {
      ...{ PhoneNumber: address, SmsSdkAppId: smsSettings(channel.settings).sdkAppId },
      ...{ BeginTime: Math.floor(millis(since) / 1000), Offset: 0, Limit: 100 },
    }
    try {
      return listIn(await ask(channel, 'PullSmsSendStatusByPhoneNumber', body), 'PullSmsSendStatusSet').flatMap(
        reported,
      )
    } catch (error) {
      const meaning = thrown(error, { tries: 0, now: clock.now() })
      const { code, why } = meaning.outcome === 'sent' ? { code: '', why: '' } : meaning
      throw new OutsideError('unreachable', why, { code, cause: error })
    }
  }

  return {
    kind: 'sms',
    interests: told,
    merges: 'all',
    repeats: [],
    check: checkSms,
    address: phone,
    mask: maskPhone,
    limits: ({ settings }) => smsLimits(settings),
    send,
    reports,
    inspect: async (channel) => [await inspected(channel, ask), ...(await inspectedSign(channel, ask))],
    async close() {
      held.clear()
      way.agent.destroy()
    },
  }
}

type At = { readonly tries: number; readonly now: number }

/** A call that went well says nothing yet: each number has its own word. */
function answered(answer: unknown, at: At): Sent {
  const [status] = listIn(answer, 'SendStatusSet')
  const [code, serial] = [textIn(status, 'Code'), textIn(status, 'SerialNo')]
  if (code === 'Ok') return { outcome: 'sent', reference: serial ?? '' }
  return code === undefined ? thrownMeans({ message: 'no status' }) : codeMeans(code, at)
}

/** A message that is on its way still has no status. */
function reported(row: unknown): readonly Report[] {
  const [reference, status] = [textIn(row, 'SerialNo'), textIn(row, 'ReportStatus')]
  if (!reference || (status !== 'SUCCESS' && status !== 'FAIL')) return []
  const key = textIn(row, 'SessionContext')
  const of = { reference, ...(key ? { key } : {}) }
  if (status === 'SUCCESS') return [{ ...of, delivered: true }]
  return [{ ...of, delivered: false, error: carrierMeans(textIn(row, 'Description') ?? '') }]
}

function thrown(error: unknown, at: At): Sent {
  const code = codeIn(error)
  if (code !== undefined) return codeMeans(code, at)
  const message = error instanceof Error ? error.message : String(error)
  const httpCode = statusIn(error)
  return thrownMeans({ message, ...(httpCode === undefined ? {} : { httpCode }) })
}

/** Ours (ECONNREFUSED, ABORT_ERR …) have no dot and no small letters; theirs are InternalError, AuthFailure.SecretIdNotFound … */
function codeIn(error: unknown): string | undefined {
  const code = textIn(error, 'code')
  return code !== undefined && /^[A-Z][a-z]/.test(code) ? code : undefined
}

function statusIn(error: unknown): number | undefined {
  const http = fieldIn(error, 'httpCode')
  return typeof http === 'number' ? http : undefined
}

/** Whether they answered, in the classes of HTTP: they refuse with a 200 and a code. */
function outcomeOf(error: unknown): string {
  const code = codeIn(error)
  if (code !== undefined) return /^InternalError(?:\.|$)/.test(code) ? '5xx' : '4xx'
  const http = statusIn(error)
  if (http !== undefined) return statusClass(http)
  return thrown(error, { tries: 0, now: 0 }).outcome === 'failed' ? 'unreachable' : 'unknown'
}

async function inspected(
  channel: StoredChannel,
  ask: (channel: StoredChannel, action: string, body: object) => Promise<unknown>,
): Promise<Finding> {
  const { templateId, params } = smsSettings(channel.settings)
  try {
    const answer = await ask(channel, 'DescribeSmsTemplateList', {
      International: 0,
      TemplateIdSet: [Number(templateId)],
    })
    const [template] = listIn(answer, 'DescribeTemplateStatusSet')
    return ofTemplate(channel, template, params.length)
  } catch (error) {
    const meaning = thrown(error, { tries: 0, now: 0 })
    const why = meaning.outcome === 'sent' ? '' : meaning.why
    const code = meaning.outcome === 'sent' ? '' : meaning.code
    // Personal accounts may send, and may not ask.
    const maynt = /^(?:UnsupportedOperation|InvalidAction|FailedOperation|UnauthorizedOperation\.Individual)/.test(code)
    return finding(
      channel,
      maynt ? 'warn' : 'bad',
      maynt ? both(`模板状态无法查询 [${code}]`, `the template cannot be asked about [${code}]`) : why,
    )
  }
}

function ofTemplate(channel: StoredChannel, template: unknown, given: number): Finding {
  const status =
    typeof template === 'object' && template !== null && 'StatusCode' in template ? template.StatusCode : undefined
  const content = textIn(template, 'TemplateContent') ?? ''
  const wanted = new Set(content.match(/\{\d+\}/g)).size
  if (status === undefined) return finding(channel, 'bad', both('没有这个模板', 'there is no such template'))
  if (status === -1) return finding(channel, 'bad', both('模板未审核通过', 'the template is refused'))
  if (status === 1) return finding(channel, 'warn', both('模板正在审核', 'the template is being reviewed'))
  if (wanted !== given)
    return finding(
      channel,
      'bad',
      both(
        `模板有 ${wanted} 个变量，设置 params 有 ${given} 个`,
        `the template has ${wanted} variables, params has ${given}`,
      ),
    )
  return finding(channel, 'ok', both('密钥可用，模板已通过', 'the key is good, the template approved'))
}

/** 签名: only what is wrong with it. Whoever may not ask has read so of the template. */
async function inspectedSign(
  channel: StoredChannel,
  ask: (channel: StoredChannel, action: string, body: object) => Promise<unknown>,
): Promise<readonly Finding[]> {
  const { sign } = smsSettings(channel.settings)
  const answer = await ask(channel, 'DescribeSmsSignList', { International: 0, Limit: signsAtOnce, Offset: 0 }).catch(
    () => undefined,
  )
  if (answer === undefined) return []
  const signs = listIn(answer, 'DescribeSignListStatusSet')
  const ours = signs.filter((one) => textIn(one, 'SignName') === sign)
  // Of several with the same words one that is good is enough; of more than are shown it may be one of the others.
  if (ours.some((one) => statusOf(one) === 0) || (ours.length === 0 && signs.length >= signsAtOnce)) return []
  if (ours.length === 0)
    return [finding(channel, 'bad', both(`没有签名「${sign}」`, `there is no signature "${sign}"`))]
  const waits = ours.some((one) => statusOf(one) === 1 || statusOf(one) === 2)
  return [
    waits
      ? finding(channel, 'warn', both(`签名「${sign}」还没有生效`, `the signature "${sign}" is not in force yet`))
      : finding(
          channel,
          'bad',
          both(
            `签名「${sign}」不可用：未通过审核，或没有完成运营商报备`,
            `the signature "${sign}" cannot be used: it was refused, or is not registered with the carriers`,
          ),
        ),
  ]
}

const signsAtOnce = 100

const statusOf = (row: unknown): unknown =>
  typeof row === 'object' && row !== null && 'StatusCode' in row ? row.StatusCode : undefined

function finding({ name }: StoredChannel, level: Finding['level'], why: string): Finding {
  const [zh = why, en = zh] = why.split(' | ')
  const what = { zh: `${name}：${zh}`, en: `${name}: ${en}` }
  if (level === 'ok') return { level, what }
  return {
    level,
    what,
    fix: {
      zh: '改好后运行 redress channel update，再运行 redress channel test',
      en: 'mend it with redress channel update, then run redress channel test',
    },
  }
}

const theirs = 'sms.tencentcloudapi.com'

/** Requests are signed for a host, and its first word is the service: somebody who plays it nearby is called by its own name, at his address. */
function wayTo(endpoint: string): {
  readonly endpoint: string
  readonly protocol: 'https://' | 'http://'
  readonly agent: HttpAgent
} {
  const url = new URL(endpoint)
  if (url.protocol === 'https:') return { endpoint: url.host, protocol: 'https://', agent: new HttpsAgent() }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const lookup: LookupFunction = (_, options, callback) => systemLookup(host, options, callback)
  return { endpoint: `${theirs}:${url.port || 80}`, protocol: 'http://', agent: new HttpAgent({ lookup }) }
}

const listIn = (value: unknown, name: string): readonly unknown[] => {
  const found = fieldIn(value, name)
  return Array.isArray(found) ? found : []
}

const textIn = (value: unknown, name: string): string | undefined => {
  const found = fieldIn(value, name)
  return typeof found === 'string' ? found : undefined
}

const fieldIn = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
