import { silent } from '../../src/core/logger.ts'
import { createBook } from '../book.ts'
import { createDesk } from '../desk.ts'
import { createTroubles } from '../troubles.ts'
import { defaultRules as ofPrograms } from '../wechat/rules.ts'
import { createTokens } from '../wechat/tokens.ts'
import { addressOf } from '../wire.ts'
import { createActs } from './acts.ts'
import { createCodes } from './codes.ts'
import type { Core } from './core.ts'
import { createGateway } from './gateway.ts'
import type { Misbehaviour } from './misbehave.ts'
import type { LedgerEntry, Official, OfficialAccount, OfficialOptions, Shown } from './official.ts'
import { colours, page, view } from './page.ts'
import { createPeople } from './people.ts'
import { pictureOf } from './picture.ts'
import { createPost } from './post.ts'
import { defaultRules } from './rules.ts'
import { createSending } from './send.ts'
import { wish } from './wishes.ts'

export type { Misbehaviour } from './misbehave.ts'
export type {
  CallEntry,
  LedgerEntry,
  LibraryTemplate,
  Official,
  OfficialAccount,
  OfficialOptions,
  Person,
  Random,
  SceneCode,
  Shown,
  Template,
} from './official.ts'
export type { Rules } from './rules.ts'
export { serveOfficial } from './serve.ts'

/** WeChat's servers for official accounts, as far as telling a follower reaches, and the followers. No socket, no timer, no randomness of its own. */
export function createOfficial(options: OfficialOptions): Official {
  const { clock, random } = options
  // The mini programs' rules are the tokens' too.
  const rules = { ...ofPrograms, ...defaultRules, ...options.rules }
  const accounts = new Map<string, OfficialAccount>(options.accounts.map((one) => [one.appid, one]))
  const shown: Shown[] = []
  const troubles = createTroubles<Misbehaviour>()
  const inner: Omit<Core, 'tell'> = {
    clock,
    random,
    rules,
    accounts,
    changed: (account) => void accounts.set(account.appid, account),
    people: createPeople((appid) => accounts.has(appid)),
    codes: createCodes({ clock, random, rules }),
    tokens: createTokens({ clock, random, rules, programs: options.accounts }),
    shown,
    ledger: createBook<LedgerEntry>(clock),
    troubles,
  }
  const post = createPost(inner, options.deliver)
  const core: Core = { ...inner, tell: post.tell }
  const gateway = createGateway({ core, sending: createSending(core) })
  const { people, codes, ledger } = core

  const official: Official = {
    ...createActs(core),
    rules,
    setRules: (changed) => void Object.assign(rules, changed),
    accounts: () => [...accounts.values()],
    person: people.meet,
    persons: people.all,
    mark: (openid, marks) => void people.change(openid, marks),
    codes: codes.all,
    shown: (openid) => shown.filter((one) => openid === undefined || one.openid === openid),
    ledger: ledger.entries,
    calls: gateway.calls,
    misbehave: troubles.add,
    misbehaviours: troubles.list,
    async verifyUrl(appid) {
      const account = accounts.get(appid)
      return account ? post.verifyUrl(account) : false
    },
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
    show([noun, kind], query, lang) {
      if (noun === 'view') return { html: view(official, clock.now(), lang) }
      if (noun === 'picture') return pictureOf(codes.good(query.get('ticket') ?? ''))
      const lists = { shown: official.shown(), ledger: ledger.entries(), calls: gateway.calls(), people: people.all() }
      return noun === 'api' ? new Map<string, unknown>(Object.entries(lists)).get(kind ?? '') : undefined
    },
    wish: ([noun], body) => wish(official, noun, body),
  })
  return official
}
