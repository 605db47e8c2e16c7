import type { Clock } from '../../src/core/clock.ts'
import { createBook } from '../book.ts'
import type { Troubles } from '../troubles.ts'
import { type RefusalName, type Reply, refusal } from './answers.ts'
import { addressIn, readLetter } from './letter.ts'
import type { Tally } from './limits.ts'
import type { Account, Delivered, Random, StepEntry } from './mail.ts'
import type { Misbehaviour } from './misbehave.ts'
import type { Rules } from './rules.ts'

/** What all connections share. */
export interface Office {
  readonly clock: Clock
  readonly random: Random
  readonly rules: () => Rules
  readonly troubles: Troubles<Misbehaviour>
  readonly tally: Tally
  readonly accounts: ReadonlyMap<string, Account>
  readonly missing: ReadonlySet<string>
  readonly boxes: Boxes
  readonly steps: { add(entry: Omit<StepEntry, 'seq' | 'at'>): void }
}

export interface Boxes {
  all(): readonly Delivered[]
  keep(mail: Pick<Delivered, 'account' | 'secure' | 'sender' | 'receivers' | 'raw'>): Delivered
  /** When the receiver was first asked for by the sender, now at the latest. */
  firstAsked(sender: string, receiver: string): number
}

export function createBoxes(clock: Clock): Boxes {
  const mails: Delivered[] = []
  const asked = new Map<string, number>()
  return {
    all: () => [...mails],
    keep(mail) {
      const kept = Object.freeze({ id: mails.length + 1, at: clock.now(), ...mail, ...readLetter(mail.raw) })
      mails.push(kept)
      return kept
    },
    firstAsked(sender, receiver) {
      const name = `${sender} ${receiver}`
      const at = asked.get(name) ?? clock.now()
      asked.set(name, at)
      return at
    },
  }
}

export const createSteps = (clock: Clock) => createBook<StepEntry>(clock)

/** The words of a refusal, with an id and the time in them. */
export const said = (office: Office, name: RefusalName, address: string): Reply =>
  refusal(name, { now: office.clock.now(), id: office.random(12).toString('base64url'), address })

/** Why this login is refused; a wrong one is counted. */
export function wrongLogin(office: Office, user: string, code: string): RefusalName | undefined {
  const { tally, accounts, clock } = office
  const { wrongLogins, blockMs } = office.rules()
  const name = `wrong ${user}`
  if (wrongLogins > 0 && tally.count(name, blockMs) >= wrongLogins) return 'too-many-logins'
  const account = accounts.get(user)
  const good = account?.code === code && (account.codeUntil === undefined || clock.now() < account.codeUntil)
  if (!good) {
    tally.add(name)
    return 'wrong-code'
  }
  if (account.state === 'no-smtp') return 'no-permission'
  return account.state === 'suspended' ? 'suspended' : undefined
}

/** Why this mail is refused, once it is there. */
export function wrongMail(office: Office, account: string, raw: Buffer): RefusalName | undefined {
  const rules = office.rules()
  if (raw.length > rules.maxBytes) return 'too-big'
  const { from, text = '' } = readLetter(raw)
  if (rules.fromIsAccount && rules.headerFromToo && addressIn(from) !== account) return 'not-the-account'
  const same = office.boxes.all().filter((mail) => mail.account === account && (mail.text ?? '') === text)
  return rules.sameText > 0 && same.length >= rules.sameText ? 'DT:SPM' : undefined
}
