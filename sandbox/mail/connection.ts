import { sleep } from '../../src/core/clock.ts'
import type { Taken } from '../troubles.ts'
import type { Answer, RefusalName, Reply } from './answers.ts'
import { noConnection, noLogin, noMail, noReceiver } from './limits.ts'
import type { Connection, StepEntry } from './mail.ts'
import type { Misbehaviour, Step } from './misbehave.ts'
import { type Office, said, wrongLogin, wrongMail } from './post-office.ts'

interface Done {
  readonly reply: Reply
  readonly mail?: number
}

interface Stepping {
  readonly on: Step
  readonly value?: string
  readonly to?: readonly string[]
  readonly account?: string | undefined
  run(): RefusalName | Done
}

interface State {
  account: string | undefined
  secure: boolean
  sender: string
  receivers: string[]
  mails: number
  named: number
  gone: boolean
}

/** One client that logs in and sends. `open`: how many there are of its kind, this one not counted. */
export function createConnection(
  office: Office,
  from: { readonly number: number; readonly address: string; readonly secure: boolean; readonly open: number },
  left: () => void,
): Connection {
  const { tally } = office
  const state: State = {
    account: undefined,
    secure: from.secure,
    sender: '',
    receivers: [],
    mails: 0,
    named: 0,
    gone: false,
  }
  const counting = () => ({
    rules: office.rules(),
    tally,
    account: state.account ?? '',
    mails: state.mails,
    receivers: state.named,
  })
  const step = (stepping: Stepping) => take(office, from, state, stepping)

  return {
    greet: () => step({ on: 'connect', run: () => noConnection(office.rules(), from.open) ?? ok('ready') }),
    auth({ user: written, code, secure }) {
      const user = written.trim().toLowerCase()
      state.secure = secure
      const run = () => {
        const no = wrongLogin(office, user, code) ?? noLogin({ ...counting(), account: user })
        if (no) return no
        state.account = user
        tally.add(`login ${user}`)
        return { reply: { code: 235, text: 'Authentication successful' } }
      }
      return step({ on: 'auth', value: user, account: user, run })
    },
    from(written) {
      const address = written.toLowerCase()
      const run = () => {
        if (office.rules().fromIsAccount && address !== state.account) return 'not-the-account'
        const no = noMail(counting())
        if (no) return no
        Object.assign(state, { sender: address, receivers: [] })
        return ok('Mail OK')
      }
      return step({ on: 'from', value: address, run })
    },
    to(written) {
      const address = written.toLowerCase()
      const run = () =>
        noSuchReceiver(office, state, address) ?? noReceiver(counting(), state.receivers.length) ?? named()
      const named = () => {
        tally.add(`receiver ${state.account}`)
        state.receivers.push(address)
        state.named++
        return ok('Mail OK')
      }
      return step({ on: 'to', value: address, to: [address], run })
    },
    data: (raw) => step({ on: 'data', to: state.receivers, run: () => deliver(office, state, raw) }),
    closed() {
      if (!state.gone) left()
      state.gone = true
    },
  }
}

const ok = (text: string): Done => ({ reply: { code: 250, text } })

function noSuchReceiver(office: Office, state: State, address: string): RefusalName | undefined {
  if (office.missing.has(address)) return 'no-such-user'
  const { greylistMs } = office.rules()
  const first = office.boxes.firstAsked(state.sender, address)
  return greylistMs > 0 && office.clock.now() - first < greylistMs ? 'greylisted' : undefined
}

function deliver(office: Office, state: State, raw: Buffer): RefusalName | Done {
  const { account = '', secure, sender, receivers } = state
  const no = wrongMail(office, account, raw)
  if (no) return no
  const { id } = office.boxes.keep({ account, secure, sender, receivers: [...receivers], raw })
  office.tally.add(`mail ${account}`)
  state.mails++
  const queued = `smtp10,${office.random(12).toString('base64url')},${Math.floor(office.clock.now() / 1000)}`
  return { reply: { code: 250, text: `Mail OK queued as ${queued}` }, mail: id }
}

async function take(
  office: Office,
  from: { readonly number: number; readonly address: string },
  state: State,
  stepping: Stepping,
): Promise<Answer> {
  const { on, value } = stepping
  const account = stepping.account ?? state.account
  const concerns = (script: Misbehaviour): script is Misbehaviour =>
    script.on === on &&
    (script.account === undefined || script.account === account) &&
    (script.to === undefined || stepping.to?.includes(script.to) === true)
  const taken = office.troubles.take(concerns)
  const done = (): Done => {
    const made = stepping.run()
    return typeof made === 'string' ? { reply: said(office, made, from.address) } : made
  }
  const { answer, mail } = taken ? await spoil(office, taken, { done, state, address: from.address }) : shown(done())
  const entry: Omit<StepEntry, 'seq' | 'at'> = {
    connection: from.number,
    on,
    secure: state.secure,
    ...(account === undefined ? {} : { account }),
    ...(value === undefined ? {} : { value }),
    ...(answer === 'cut' ? { code: 0, text: '' } : answer),
    ...(mail === undefined ? {} : { mail }),
    ...(taken ? { how: taken.script.how } : {}),
  }
  office.steps.add(entry)
  return answer
}

interface Shown {
  readonly answer: Answer
  readonly mail?: number | undefined
}

const shown = ({ reply, mail }: Done): Shown => ({ answer: reply, mail })

async function spoil(
  office: Office,
  { script, hang }: Taken<Misbehaviour>,
  { done, state, address }: { done(): Done; state: State; address: string },
): Promise<Shown> {
  const before = 'effect' in script && script.effect ? done() : undefined
  switch (script.how) {
    case 'refused':
      return { answer: said(office, script.as, address), mail: before?.mail }
    case 'reply':
      return { answer: { code: script.code, text: script.text }, mail: before?.mail }
    case 'cut':
      return { answer: 'cut', mail: before?.mail }
    case 'slow':
      await sleep(office.clock, script.ms)
      return shown(done())
    case 'hang':
      await hang()
      if (before) return shown(before)
      // Nobody waits any more: what was not done is not done now.
      return state.gone ? { answer: 'cut' } : shown(done())
  }
}
