import { sleep } from '../../src/core/clock.ts'
import { readMultipart } from '../multipart.ts'
import { addressOf, isObject, jsonReply, lost, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { Core } from './core.ts'
import { Refusal, tooOften } from './errors.ts'
import { isCut, isLost, lateness } from './misbehave.ts'
import { publish } from './publish.ts'
import { largest } from './rules.ts'
import type { Room } from './state.ts'
import { isAmr } from './uploads.ts'
import { readWebhookMessage } from './webhook-message.ts'
import type { Json } from './wecom.ts'

/** A group's 消息推送: whoever has the key may post (chat.md §1.7). */
export function createWebhook(core: Core): (request: SandboxRequest) => Promise<SandboxReply> {
  return async (request) => {
    const { pathname, searchParams } = addressOf(request)
    const key = searchParams.get('key') ?? ''
    if (pathname === '/cgi-bin/webhook/send')
      return called(core, 'webhook', key, request, (room) => send(core, room, key, request.body))
    if (pathname === '/cgi-bin/webhook/upload_media')
      return called(core, 'webhook_upload', key, request, () => upload(core, key, searchParams.get('type'), request))
    return jsonReply({ error: 'not found' }, 404)
  }
}

type Deed = (room: Room) => Json | undefined

async function called(core: Core, on: string, key: string, request: SandboxRequest, deed: Deed): Promise<SandboxReply> {
  const how = core.troubles.take(on)
  if (isLost(how, 'request') || isCut(how, 'before')) throw lost(`${on} never came`)
  const answer =
    how && 'errcode' in how
      ? { errcode: how.errcode, errmsg: how.errmsg ?? 'system error' }
      : answered(core, key, request, deed)
  core.calls.add(`webhook:${key}`, on, on === 'webhook' ? (bodyOf(request.body) ?? {}) : {}, answer.errcode)
  if (isLost(how, 'answer') || isCut(how, 'after')) throw lost(`the answer of ${on} is lost`)
  if (lateness(how) > 0) await sleep(core.clock, lateness(how))
  return jsonReply(answer)
}

function answered(core: Core, key: string, { method }: SandboxRequest, deed: Deed) {
  try {
    if (method !== 'POST') throw new Refusal(43002, 'require POST method')
    const room = core.webhooks.get(key)
    if (!room) throw new Refusal(93000, 'invalid webhook url')
    return { errcode: 0, errmsg: 'ok', ...deed(room) }
  } catch (error) {
    if (error instanceof Refusal) return { errcode: error.errcode, errmsg: error.message }
    throw error
  }
}

function bodyOf(bytes: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function send(core: Core, room: Room, key: string, bytes: Buffer): undefined {
  if (bytes.length === 0) throw new Refusal(93017, 'empty body')
  const body = bodyOf(bytes)
  if (!body) throw new Refusal(47001, 'data format error')
  const draft = readWebhookMessage(core, key, body)
  const { webhookPerMinute, over, webhookOver } = core.rules()
  const heard = core.quota.take(`webhook ${key}`, [{ ms: 60_000, most: webhookPerMinute }])
  if (!heard && over === 'refused') throw tooOften(webhookOver)
  if (heard) publish(core, room, `webhook:${key}`, draft)
}

function upload(core: Core, key: string, type: string | null, request: SandboxRequest): Json {
  if (type !== 'file' && type !== 'voice') throw new Refusal(40004, 'invalid media type')
  const parts = readMultipart(request.headers['content-type'], request.body)
  const part = parts?.find(({ name, filename }) => name === 'media' && filename)
  if (!part?.filename) throw new Refusal(41005, 'missing media data')
  if (part.body.length < 5 || part.body.length > largest[type]) throw new Refusal(40006, 'invalid media size')
  if (type === 'voice' && !isAmr(part.body)) throw new Refusal(40005, 'invalid file type')
  return { type, ...core.media.keep(key, type, { name: part.filename, bytes: part.body }) }
}
