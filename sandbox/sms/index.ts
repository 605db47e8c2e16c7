import { silent } from '../../src/core/logger.ts'
import { createBook } from '../book.ts'
import { createDesk, likeThese, oneOf } from '../desk.ts'
import { createTroubles } from '../troubles.ts'
import { addressOf } from '../wire.ts'
import { type Core, createStore } from './core.ts'
import { createGateway } from './gateway.ts'
import { type Misbehaviour, readMisbehaviour } from './misbehave.ts'
import { readPhone } from './numbers.ts'
import { colours, page, view } from './page.ts'
import { createPost } from './post.ts'
import { defaultRules, type Rules } from './rules.ts'
import type { App, LedgerEntry, Sms, SmsOptions } from './sms.ts'

export type { Misbehaviour } from './misbehave.ts'
export type { Rules } from './rules.ts'
export { serveSms } from './serve.ts'
export type {
  App,
  CallEntry,
  Key,
  LedgerEntry,
  Message,
  Random,
  ReviewState,
  Sign,
  Sms,
  SmsOptions,
  Template,
} from './sms.ts'

/** Tencent Cloud SMS (2021-01-11), the carriers and the phones. No socket, no timer, no randomness of its own. */
export function createSms(options: SmsOptions): Sms {
  const { clock, random, keys, deliver } = options
  let rules: Rules = { ...defaultRules, ...options.rules }
  const apps = new Map<string, App>(options.apps.map((one) => [one.sdkAppId, one]))
  const phones = new Map<string, 'on' | 'off' | 'blacklisted'>()
  const ledger = createBook<LedgerEntry>(clock)
  const troubles = createTroubles<Misbehaviour>()
  const core: Core = { clock, random, rules: () => rules, apps, phones, store: createStore(), ledger, troubles }
  const gateway = createGateway(core, keys)
  const post = createPost(core, deliver)

  const sms: Sms = {
    get rules() {
      return rules
    },
    setRules(changed) {
      rules = { ...rules, ...changed }
    },
    apps: () => [...apps.values()],
    app: (app) => void apps.set(app.sdkAppId, app),
    phone: (number, state) => void phones.set(readPhone(number)?.number ?? number, state),
    messages: core.store.all,
    ledger: ledger.entries,
    calls: gateway.calls,
    misbehave: troubles.add,
    misbehaviours: troubles.list,
    idle: post.idle,
    async advance(now = clock.now()) {
      gateway.advance(now)
      post.advance(now)
    },
    async handle(request) {
      return addressOf(request).pathname.startsWith('/sandbox') ? desk(request) : gateway.handle(request)
    },
  }
  const desk = createDesk({
    colours,
    logger: options.logger ?? silent,
    troubles: troubles.list,
    page,
    show: ([noun, kind], _, lang) => {
      if (noun === 'view') return { html: view(sms, lang) }
      const lists: ReadonlyMap<string, () => readonly unknown[]> = new Map([
        ['messages', sms.messages],
        ['ledger', sms.ledger],
        ['calls', sms.calls],
      ] as [string, () => readonly unknown[]][])
      return noun === 'api' ? lists.get(kind ?? '')?.() : undefined
    },
    wish: async ([noun], body) => {
      if (noun === 'misbehave') return { id: sms.misbehave(readMisbehaviour(body)).id }
      if (noun === 'rules') return done(sms.setRules(likeThese(body, defaultRules)))
      if (noun === 'advance') return done(await sms.advance(typeof body.now === 'number' ? body.now : undefined))
      if (noun !== 'phone') return undefined
      return done(sms.phone(String(body.number), oneOf(body.state, ['on', 'off', 'blacklisted'] as const)))
    },
  })
  return sms
}

const done = (_: unknown) => ({ done: true })
