import { type Clock, sleep } from '../src/core/clock.ts'
import type { Taken } from './troubles.ts'
import { lost, reply, type SandboxReply } from './wire.ts'

/** How any call over HTTP can go wrong. `effect` says whether the operation happens all the same. */
export type CallTrouble =
  /** The operation happens, the answer never arrives. */
  | { readonly how: 'lost-answer' }
  /** The request never arrives. */
  | { readonly how: 'lost-request' }
  /** No answer; the operation happens `ms` later by itself. */
  | { readonly how: 'late-effect'; readonly ms: number }
  | { readonly how: 'http'; readonly status: number; readonly effect?: boolean }
  /** No answer until `release()`. */
  | { readonly how: 'hang'; readonly effect?: boolean }
  | { readonly how: 'slow'; readonly ms: number }
  /** The operation happens, the answer is cut off. */
  | { readonly how: 'malformed' }

/** Each with the numbers that it needs. */
export const callTroubles: Readonly<Record<CallTrouble['how'], readonly string[]>> = {
  'lost-answer': [],
  'lost-request': [],
  'late-effect': ['ms'],
  http: ['status'],
  hang: [],
  slow: ['ms'],
  malformed: [],
}

export const isCallTrouble = <Script extends { readonly how: string }>(
  script: Script,
): script is Script & CallTrouble => Object.hasOwn(callTroubles, script.how)

/** Whether the operation ran: before the answer, never, or later by itself. */
export type Ran = 'yes' | 'no' | 'later'

export interface Spoiling {
  readonly clock: Clock
  readonly taken: Taken<CallTrouble>
  readonly late: Late
  run(): SandboxReply
  /** Without an answer: it was lost. */
  note(ran: Ran, answer?: SandboxReply): void
}

export async function spoil({ clock, taken, late, run, note }: Spoiling): Promise<SandboxReply> {
  const { script } = taken
  const answered = (answer: SandboxReply, ran: Ran = 'yes') => {
    note(ran, answer)
    return answer
  }
  switch (script.how) {
    case 'lost-answer':
      run()
      note('yes')
      throw lost('the answer got lost')
    case 'lost-request':
      note('no')
      throw lost('the request got lost')
    case 'late-effect':
      late.add(script.ms, run)
      note('later')
      throw lost('the answer got lost, the effect comes later')
    case 'http':
      if (script.effect) run()
      return answered(badGateway(script.status), script.effect ? 'yes' : 'no')
    case 'hang': {
      const ready = script.effect ? run() : undefined
      await taken.hang()
      return answered(ready ?? run())
    }
    case 'slow':
      await sleep(clock, script.ms)
      return answered(run())
    case 'malformed': {
      const whole = answered(run())
      return { ...whole, body: whole.body.subarray(0, Math.ceil(whole.body.length * 0.6)) }
    }
  }
}

const badGateway = (status: number) =>
  reply(status, 'text/html', `<html><head><title>${status}</title></head><body><center>nginx</center></body></html>`)

/** What happens by itself, some time after its call. */
export interface Late {
  add(ms: number, run: () => unknown): void
  advance(now: number): void
}

export function createLate(clock: Clock): Late {
  const waiting: { readonly due: number; run(): unknown }[] = []
  return {
    add: (ms, run) => void waiting.push({ due: clock.now() + ms, run }),
    advance(now) {
      const due = waiting.filter((one) => one.due <= now).sort((a, b) => a.due - b.due)
      for (const one of due) {
        waiting.splice(waiting.indexOf(one), 1)
        one.run()
      }
    },
  }
}
