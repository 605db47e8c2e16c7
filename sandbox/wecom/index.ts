import { sleep } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { addressOf, jsonReply, lost, reply, type SandboxReply } from '../wire.ts'
import { createCalls } from './calls.ts'
import { createCommands } from './commands.ts'
import { createControl } from './control.ts'
import { botNamed, type Core } from './core.ts'
import { createDownloads } from './downloads.ts'
import { createLinks } from './link.ts'
import { createMedia } from './media.ts'
import { createTroubles, lateness } from './misbehave.ts'
import { personOf } from './person.ts'
import { createQuota } from './quota.ts'
import { createRooms } from './rooms.ts'
import { defaultRules, limits } from './rules.ts'
import { type Bot, fold } from './state.ts'
import { createUploads } from './uploads.ts'
import { createWebhook } from './webhook.ts'
import type { BotAccount, Person, Rules, Wecom, WecomOptions } from './wecom.ts'

export { overAdvice, type TooLong } from './advice.ts'
export { type Dialect, readMarkdown } from './markdown.ts'
export { serveWecom } from './serve.ts'
export type * from './wecom.ts'

/** WeCom's servers and the people in its groups. No socket, no randomness of its own; time is the clock's. */
export function createWecom(options: WecomOptions): Wecom {
  const { clock, random, logger = silent } = options
  let rules: Rules = { ...defaultRules, ...options.rules }
  let baseUrl = 'http://127.0.0.1'
  const persons = new Map<string, Person>()
  const media = createMedia(clock, random)
  const quota = createQuota(clock)
  const core: Core = {
    clock,
    random,
    logger,
    rules: () => rules,
    bots: new Map(options.bots.map((account) => [account.botId, botOf(account)])),
    people: new Map(),
    rooms: new Map(),
    webhooks: new Map(),
    troubles: createTroubles(),
    calls: createCalls(clock),
    quota,
    media,
    downloads: createDownloads({ clock, random, mediaMs: () => rules.mediaMs, baseUrl: () => baseUrl }),
    missed: [],
    delayed: new Set(),
  }
  const uploads = createUploads(clock, random, quota, media)
  const links = createLinks(core, createCommands(core, uploads))
  const rooms = createRooms(core)
  const webhook = createWebhook(core)

  const wecom: Wecom = {
    get rules() {
      return rules
    },
    setRules(changed) {
      rules = { ...rules, ...changed }
    },
    get baseUrl() {
      return baseUrl
    },
    get wsUrl() {
      return baseUrl.replace(/^http/, 'ws')
    },
    listensAt(url) {
      baseUrl = url
    },
    connect: links.connect,
    person(someone) {
      const known = persons.get(fold(someone.userid))
      if (known) return known
      const made = personOf(core, rooms, someone)
      core.people.set(fold(someone.userid), someone)
      persons.set(fold(someone.userid), made)
      return made
    },
    persons: () => [...persons.values()],
    group: rooms.group,
    groups: rooms.groups,
    single: ({ userid, name }, botId) => rooms.single({ userid, name }, botId),
    connected: (botId) => botNamed(core, botId).link !== undefined,
    cut: (botId) => botNamed(core, botId).link?.cut(),
    misbehave: core.troubles.add,
    calls: core.calls.entries,
    missed: () => [...core.missed],
    async idle() {
      await Promise.all(core.delayed)
    },
    async advance(now = clock.now()) {
      links.advance(now)
      control.advance(now)
      media.forget()
      uploads.forget()
      core.downloads.forget()
      for (const bot of core.bots.values()) forgetHandles(bot, now)
    },
    async handle(request) {
      const { pathname } = addressOf(request)
      if (pathname.startsWith('/sandbox')) return control.handle(request)
      if (pathname.startsWith('/cgi-bin/webhook/')) return webhook(request)
      if (pathname.startsWith('/media/')) return download(core, pathname)
      return jsonReply({ error: 'not found' }, 404)
    },
  }
  const control = createControl(wecom, core)
  return wecom
}

async function download({ troubles, downloads, clock }: Core, pathname: string): Promise<SandboxReply> {
  const how = troubles.take('media')
  if (how && 'errcode' in how) return reply(how.errcode, 'text/plain', how.errmsg ?? '')
  if (how && !('lateMs' in how)) throw lost('the download broke')
  if (lateness(how) > 0) await sleep(clock, lateness(how))
  return downloads.answer(pathname)
}

const botOf = (account: BotAccount): Bot => ({
  ...account,
  link: undefined,
  handles: new Map(),
  streams: new Map(),
  taskIds: new Set(),
})

function forgetHandles({ handles, streams }: Bot, now: number): void {
  for (const [reqId, { at }] of handles) if (now - at > limits.replyMs) handles.delete(reqId)
  for (const [key, { at }] of streams) if (now - at > limits.replyMs) streams.delete(key)
}
