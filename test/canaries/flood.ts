import { z } from 'zod'
import type { Operation } from '../../src/admin/operation.ts'
import { operations } from '../../src/admin/operations.ts'
import type { Canary, Capture } from './capture.ts'

/** Thousands are answered alike: each answer is kept once, whatever the time it names. */
function distinct(capture: Capture) {
  const heard = new Set<string>()
  return (kind: string, answer: Response, said: string): void => {
    const whole = `${answer.status} ${JSON.stringify([...answer.headers].filter(([name]) => name !== 'date'))} ${said}`
    if (heard.has(whole)) return
    heard.add(whole)
    capture.add(kind, whole)
  }
}

/** How many are under way at once. */
const lanes = 12

async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of left) await work(item)
    }),
  )
}

interface Flood {
  readonly url: string
  readonly key: string
  readonly capture: Capture
  /** Each of them stands in the wrong place many times. */
  readonly secrets: readonly Canary[]
}

/** Names of the fields of a body, one below the other. */
function namesIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const {
    properties,
    anyOf = [],
    oneOf = [],
    allOf = [],
  } = schema as Record<string, object[] | undefined> & { properties?: object }
  const below = [...anyOf, ...oneOf, ...allOf].flatMap(namesIn)
  return [...new Set([...Object.keys(properties ?? {}), ...below])]
}

const fieldsOf = ({ body }: Operation): readonly string[] => {
  try {
    return namesIn(z.toJSONSchema(body as z.ZodType, { io: 'input', unrepresentable: 'any' }))
  } catch {
    return []
  }
}

/** A secret in every place of every operation where it has no business: nothing is taken, and nobody hears it again. */
export async function ask({ url, key, capture, secrets }: Flood): Promise<number> {
  const hear = distinct(capture)
  const wishes = operations.flatMap((operation, nth) => {
    const fields = fieldsOf(operation)
    // What asks everybody outside, or makes a whole backup, is refused at the door only.
    const times = /octor|examine|Backup|Try$/.test(operation.id)
      ? [2, 8, 14]
      : [...Array(operation.method === 'get' ? 12 : 25).keys()]
    return times.map((at) => ({ operation, fields, canary: secrets[(nth * 7 + at) % secrets.length], at }))
  })
  await inLanes(wishes, async ({ operation, fields, canary, at }) => {
    const method = operation.method.toUpperCase()
    const { text = '' } = canary ?? {}
    // A path that holds a secret is one that somebody mistook for another; then the business is none either.
    const path = operation.path
      .replace(':tenant', at % 3 === 0 ? encodeURIComponent(text) : 'shop')
      .replace(/:\w+/g, at % 2 === 0 ? encodeURIComponent(text) : '1')
    const query = at % 4 === 1 ? `?${new URLSearchParams({ [at % 8 === 1 ? 'cursor' : 'secret']: text })}` : ''
    // The last name is none of theirs: whatever else is right, nothing of it may be done.
    const body =
      at % 5 === 0
        ? text
        : JSON.stringify(
            Object.fromEntries([...fields, 'noSuchField'].map((name) => [name, at % 2 ? text : { [`x${at}`]: text }])),
          )
    const answer = await fetch(`${url}/admin/v1${path}${query}`, {
      method,
      headers: {
        authorization: `Bearer ${at % 6 === 2 ? onLine(text) : key}`,
        'content-type': at % 11 === 3 ? `text/${at}` : 'application/json',
        ...(method === 'PATCH' ? { 'if-match': at % 7 === 0 ? `"${onLine(text)}"` : '*' } : {}),
        // What is answered to a key is written down.
        ...(method === 'POST' && at % 10 === 0 ? { 'idempotency-key': `flood-${operation.id}-${onLine(text)}` } : {}),
      },
      ...(method === 'GET' ? {} : { body }),
    })
    const said = await answer.text()
    // What is right by chance shows what it always shows: that is looked at elsewhere.
    if (!answer.ok) hear('refusals', answer, said)
  })
  return wishes.length
}

/** Headers take no line breaks and no signs beyond Latin. */
const onLine = (text: string) => text.replace(/[^\x21-\x7e]/g, '')

interface Doors {
  readonly url: string
  readonly capture: Capture
  readonly secrets: readonly Canary[]
  /** Addresses at which platforms, bots and browsers come in. */
  readonly addresses: readonly string[]
}

/** What no platform sent, with secrets in it: in the query, in the headers that they sign by, in bodies of all kinds. */
export async function callBack({ url, capture, secrets, addresses }: Doors): Promise<number> {
  const hear = distinct(capture)
  const wishes = addresses.flatMap((address) =>
    secrets.flatMap((canary) => [...Array(20).keys()].map((nth) => ({ address, canary, nth }))),
  )
  await inLanes(wishes, async ({ address, canary: { text: whole }, nth }) => {
    // Cut off, the rest of it is as little to be told.
    const [at, text] = [nth % 6, nth < 6 ? whole : nth < 12 ? `${whole}=` : whole.repeat(2)]
    const wrapped = [
      JSON.stringify({ Encrypt: text, ToUserName: text, event: text }),
      `<xml><Encrypt><![CDATA[${text}]]></Encrypt></xml>`,
      new URLSearchParams({ app_id: text, sign: text, notify_id: text, biz_content: text }).toString(),
      JSON.stringify({ id: text, resource: { ciphertext: text, nonce: text, associated_data: text } }),
      `{"broken": "${text}`,
      text,
    ][at]
    const query = new URLSearchParams(
      at % 2
        ? { msg_signature: text, timestamp: '1', nonce: text, echostr: text }
        : { state: text, app_auth_code: text, app_id: text },
    )
    const answer = await fetch(`${url}${address}${at === 3 ? '' : `?${query}`}`, {
      method: at === 5 ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        'content-type': ['application/json', 'text/xml', 'application/x-www-form-urlencoded'][at] ?? 'application/json',
        'wechatpay-signature': onLine(text),
        'wechatpay-serial': onLine(text),
        'wechatpay-timestamp': String(Math.floor(Date.now() / 1000)),
        'wechatpay-nonce': onLine(text),
        'x-telegram-bot-api-secret-token': onLine(text),
        cookie: `redress_case=${encodeURIComponent(text)}`,
      },
      ...(at === 5 ? {} : { body: wrapped ?? '' }),
    })
    hear('answers to callbacks', answer, await answer.text())
  })
  return wishes.length
}
