import { OutsideError } from '../../core/errors.ts'
import { type Instant, instant } from '../../core/words.ts'
import type { Listed, Seat } from '../platform.ts'
import type { Caller, Gateway } from './gateway.ts'
import { numberOf } from './number.ts'
import * as risk from './risk/complaints.ts'
import { phaseOf as riskPhase } from './risk/states.ts'
import { settingsOf } from './settings.ts'
import * as trade from './trade/complaints.ts'
import { phaseOf as tradePhase } from './trade/states.ts'

export interface ListParts {
  readonly gateway: Gateway
  callerOf(seat: Seat): Promise<Caller>
  now(): number
}

export interface Lists {
  listed(seat: Seat, from: Instant, to: Instant): AsyncIterable<Listed>
  open(seat: Seat): AsyncIterable<Listed>
}

/** Lines of both lists, as far as the account hears them. One that cannot be read does not hide the other: its failure comes last. */
export function lists({ gateway, callerOf, now }: ListParts): Lists {
  async function* risks(seat: Seat, which: risk.Which): AsyncIterable<Listed> {
    for await (const told of risk.listed(gateway, await callerOf(seat), which)) {
      const phase = riskPhase(told.status ?? '')
      yield {
        number: numberOf('risk', told.id),
        code: told.status ?? '',
        openedAt: told.gmt_complain ?? instant(now()),
        waiting: phase === 'ours',
        over: phase === 'closed',
      }
    }
  }
  async function* trades(seat: Seat, from: Instant, to: Instant): AsyncIterable<Listed> {
    for await (const told of trade.listed(gateway, await callerOf(seat), { from, to })) {
      const phase = tradePhase(told.status ?? '')
      yield {
        number: numberOf('trade', told.complain_event_id),
        code: told.status ?? '',
        openedAt: told.gmt_create ?? instant(now()),
        waiting: phase === 'ours',
        over: phase === 'closed',
      }
    }
  }
  return {
    async *listed(seat, from, to) {
      const failures: OutsideError[] = []
      for (const source of settingsOf(seat.account.settings).sources) {
        try {
          yield* source === 'risk' ? risks(seat, { from, to }) : trades(seat, from, to)
        } catch (error) {
          if (!(error instanceof OutsideError)) throw error
          failures.push(error)
        }
      }
      if (failures[0]) throw failures[0]
    },
    async *open(seat) {
      if (settingsOf(seat.account.settings).sources.includes('risk')) yield* risks(seat, 'open')
    },
  }
}
