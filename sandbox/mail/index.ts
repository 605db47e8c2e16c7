import { silent } from '../../src/core/logger.ts'
import { createDesk, likeThese } from '../desk.ts'
import { createTroubles } from '../troubles.ts'
import { addressOf, jsonReply } from '../wire.ts'
import { mintServer } from './certificate.ts'
import { createConnection } from './connection.ts'
import { createTally } from './limits.ts'
import type { Account, Mail, MailOptions } from './mail.ts'
import { type Misbehaviour, readMisbehaviour } from './misbehave.ts'
import { colours, page, showMail, view } from './page.ts'
import { createBoxes, createSteps, type Office } from './post-office.ts'
import { defaultRules, type Rules } from './rules.ts'

export type { Answer, RefusalName } from './answers.ts'
export type { Letter, Part } from './letter.ts'
export type {
  Account,
  Connection,
  Delivered,
  Mail,
  MailOptions,
  MailPorts,
  Random,
  StepEntry,
} from './mail.ts'
export type { Misbehaviour, Step } from './misbehave.ts'
export type { Rules } from './rules.ts'
export { type ServedMail, serveMail } from './serve.ts'

/** A mail provider like 163, as far as sending reaches, and the boxes of everybody who is written to. No socket, no timer of its own. */
export function createMail(options: MailOptions): Mail {
  const { clock, random, hosts = [] } = options
  let rules: Rules = { ...defaultRules, ...options.rules }
  const accounts = new Map<string, Account>()
  const missing = new Set<string>()
  const boxes = createBoxes(clock)
  const steps = createSteps(clock)
  const troubles = createTroubles<Misbehaviour>()
  const tally = createTally(clock)
  const office: Office = { clock, random, rules: () => rules, troubles, tally, accounts, missing, boxes, steps }
  const identity = mintServer({ hosts, random, now: clock.now() })
  const open = new Map<string, number>()
  let connections = 0

  const account = (one: Account) => void accounts.set(one.user.toLowerCase(), one)
  for (const one of options.accounts) account(one)

  const mail: Mail = {
    ...identity,
    get rules() {
      return rules
    },
    setRules(changed) {
      rules = { ...rules, ...changed }
    },
    accounts: () => [...accounts.values()],
    account,
    receiver(address, there) {
      if (there) missing.delete(address.toLowerCase())
      else missing.add(address.toLowerCase())
    },
    connect({ address, secure }) {
      const others = open.get(address) ?? 0
      open.set(address, others + 1)
      const left = () => void open.set(address, (open.get(address) ?? 1) - 1)
      return createConnection(office, { number: ++connections, address, secure, open: others }, left)
    },
    mails: boxes.all,
    steps: steps.entries,
    misbehave: troubles.add,
    misbehaviours: troubles.list,
    async advance() {},
    async handle(request) {
      return addressOf(request).pathname.startsWith('/sandbox') ? desk(request) : jsonReply({ error: 'not found' }, 404)
    },
  }
  const desk = createDesk({
    colours,
    logger: options.logger ?? silent,
    troubles: troubles.list,
    page,
    show: (path, _, lang) => {
      if (path[0] === 'view') return { html: view(mail, lang) }
      if (path[0] === 'mails') return showMail(mail, path)
      if (path.join('/') === 'api/mails')
        return mail.mails().map(({ raw, ...told }) => ({ ...told, bytes: raw.length }))
      return path.join('/') === 'api/steps' ? mail.steps() : undefined
    },
    wish: ([noun], body) => {
      if (noun === 'misbehave') return { id: mail.misbehave(readMisbehaviour(body)).id }
      if (noun === 'rules') return done(mail.setRules(likeThese(body, defaultRules)))
      if (noun === 'receiver') return done(mail.receiver(String(body.address), body.there === true))
      return undefined
    },
  })
  return mail
}

const done = (_: unknown) => ({ done: true })
