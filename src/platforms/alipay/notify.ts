import { createHash } from 'node:crypto'
import { told as toldOf } from '../../core/errors.ts'
import type { RawReply, RawRequest } from '../../core/http.ts'
import { textReply } from '../../core/http.ts'
import type { Logger } from '../../core/logger.ts'
import type { Account, Refusal, Verdict } from '../platform.ts'
import { objectIn } from './answer.ts'
import { type Fields, textIn } from './fields.ts'
import { checked, isGatewayCheck } from './gateway-check.ts'
import { type Credentials, isSignedBy } from './keys.ts'
import { type Message, messageIn } from './message.ts'
import { numberOf } from './number.ts'
import { type SourceName, settingsOf } from './settings.ts'

export interface NotifyParts {
  readonly logger: Logger
  /** Most bytes of a message. */
  readonly bodyLimit: number
  credentials(account: Account): Credentials
}

const forged = (why: Refusal): Verdict => ({ verdict: 'forged', why })

/** 蚂蚁消息 as the app gateway gets them, by POST or GET: the bytes are believed first, read after. */
export function createVerify({ logger, bodyLimit, credentials }: NotifyParts) {
  return async (account: Account, request: RawRequest): Promise<Verdict> => {
    const raw = sentIn(request, bodyLimit)
    const message = raw && messageIn(raw)
    if (!message) return forged('malformed')
    if (typeof message === 'string') return forged(message)
    if (message.values.get('sign_type') !== 'RSA2') return forged('wrong-mode')
    const named = message.values.get('app_id')
    if (named === undefined ? !isGatewayCheck(message) : named !== account.outsideId) return forged('wrong-account')
    try {
      return judged(message, { account, credentials: credentials(account), logger })
    } catch (error) {
      logger.error({ account: account.id, error: toldOf(error) }, 'an account has no usable keys')
      return forged('unknown-key')
    }
  }
}

function sentIn({ method, query, body }: RawRequest, limit: number): Buffer | undefined {
  const raw = method === 'POST' && body.length > 0 ? body : Buffer.from(query, 'latin1')
  return (method === 'POST' || method === 'GET') && raw.length > 0 && raw.length <= limit ? raw : undefined
}

interface Judging {
  readonly account: Account
  readonly credentials: Credentials
  readonly logger: Logger
}

function judged(message: Message, { account, credentials, logger }: Judging): Verdict {
  const signature = message.values.get('sign')?.replaceAll(' ', '+')
  if (signature === undefined) return forged('malformed')
  const signed = first(readingsOf(message), ({ content }) => isSignedBy(credentials.alipayKey, content, signature))
  if (signed) return isGatewayCheck(signed) ? checked(signed, credentials) : genuine(signed, account)
  const theirs = message.values.get('alipay_cert_sn')
  if (!credentials.serials || theirs === undefined || theirs === credentials.serials.alipay) return forged('signature')
  logger.error(
    { serial: theirs.slice(0, 40) },
    'Alipay signs with a new certificate: download it and update the account',
  )
  return forged('unknown-key')
}

/** A message without what was not signed of it. */
interface Reading extends Message {
  readonly content: Buffer
}

/** What may have been signed, what is most likely first. Which of these it is depends on the product and is not said in the message. */
function* readingsOf({ pairs, values }: Message): Iterable<Reading> {
  const serial = values.has('alipay_cert_sn') ? [['sign_type', 'alipay_cert_sn'], ['alipay_cert_sn']] : []
  const empties = pairs.some(([, value]) => value.length === 0) ? [true, false] : [true]
  for (const without of [['sign_type'], [], ...serial])
    for (const empty of empties) {
      const kept = pairs.filter(
        ([name, value]) => name !== 'sign' && !without.includes(name) && (empty || value.length > 0),
      )
      const told = new Map(kept.map(([name]) => [name, values.get(name) ?? '']))
      yield { pairs: kept, values: told, content: joined(kept) }
    }
}

function first<Each>(all: Iterable<Each>, is: (each: Each) => boolean): Each | undefined {
  for (const each of all) if (is(each)) return each
  return undefined
}

/** The values are bytes in the message's own charset: so they were signed. */
const joined = (pairs: Message['pairs']): Buffer =>
  Buffer.concat(
    [...pairs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value], index) => [Buffer.from(`${index === 0 ? '' : '&'}${name}=`), value]),
  )

const complaintChanged = 'alipay.merchant.tradecomplain.changed'

function genuine({ values, content }: Reading, account: Account): Verdict {
  const event = values.get('msg_method') ?? values.get('notify_type') ?? values.get('service') ?? ''
  if (event === '') return forged('malformed')
  const about = objectIn(values.get('biz_content') ?? '') ?? {}
  const notice: Notice = { event, ...sentTime(values), with: rest(values), about }
  const number = hears(account, 'trade') ? numberIn(notice) : undefined
  return {
    verdict: 'genuine',
    key: keyOf(values.get('notify_id'), content),
    event: event.slice(0, 100),
    told: JSON.stringify(notice),
    ...(number === undefined ? {} : { number }),
  }
}

const hears = ({ settings }: Account, source: SourceName): boolean => settingsOf(settings).sources.includes(source)

/** Of the complaint that it is about. Some stand beside biz_content. */
export function numberIn({ event, about, with: beside }: Notice): string | undefined {
  if (event !== complaintChanged) return undefined
  const id = textIn(about.complain_event_id) ?? textIn(beside.complain_event_id)
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? numberOf('trade', id) : undefined
}

const keyOf = (notifyId: string | undefined, content: Buffer): string =>
  notifyId !== undefined && /^[\x21-\x7e]{1,64}$/.test(notifyId)
    ? notifyId
    : createHash('sha256').update(content).digest('hex')

const sentTime = (values: Message['values']): { readonly at?: number } => {
  const sent = values.get('utc_timestamp') ?? ''
  return /^\d{13}$/.test(sent) ? { at: Number(sent) } : {}
}

const plumbing = ['sign', 'sign_type', 'charset', 'version', 'utc_timestamp', 'biz_content', 'alipay_cert_sn']
const rest = (values: Message['values']): Fields =>
  Object.fromEntries([...values].filter(([name]) => !plumbing.includes(name)))

/** A verified message, as it is kept. It may hold a merchant's token: never logged, sealed where it is stored. */
export interface Notice {
  readonly event: string
  /** When it was sent, milliseconds. */
  readonly at?: number
  /** Parameters beside biz_content. */
  readonly with: Fields
  /** biz_content */
  readonly about: Fields
}

export const readNotice = (told: string): Notice => JSON.parse(told)

/** It says that complaints of the risk family may have come, which the account hears; it names none that we could trust. */
export const isHint = (account: Account, told: string): boolean =>
  hears(account, 'risk') && isRiskNotice(readNotice(told))

export const isRiskNotice = ({ event }: Pick<Notice, 'event'>): boolean =>
  event.startsWith('alipay.security.risk.complaint') ||
  event === 'alipay.riskgo.risk.push' ||
  event === 'alipay.adatabus.risk.end.push'

/** Anything but `success` makes Alipay repeat it: eight times in 25 hours. */
export function reply(to: 'taken' | 'refused' | { readonly echo: string }): RawReply {
  if (to === 'taken') return textReply(200, 'success')
  if (to === 'refused') return textReply(200, 'fail')
  return { status: 200, headers: { 'content-type': 'text/xml; charset=GBK' }, body: to.echo }
}
