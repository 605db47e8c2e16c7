import { OutsideError } from '../../core/errors.ts'
import { type Instant, instant } from '../../core/words.ts'
import type { Listed, Seat } from '../platform.ts'
import { both } from './errors.ts'
import type { Caller, Gateway } from './gateway.ts'
import { numberOf } from './number.ts'
import * as risk from './risk/complaints.ts'
import { phaseOf as riskPhase } from './risk/states.ts'
import { type SourceName, settingsOf } from './settings.ts'
import * as trade from './trade/complaints.ts'
import { phaseOf as tradePhase } from './trade/states.ts'

export interface ListParts {
  readonly gateway: Gateway
  callerOf(seat: Seat): Promise<Caller>
  now(): number
  /** So long all lists of one question may be silent together, milliseconds: who waits for them holds up others. */
  readonly patience?: number
}

interface Within {
  readonly from: Instant
  readonly to: Instant
}

export interface Lists {
  listed(seat: Seat, from: Instant, to: Instant): AsyncIterable<Listed>
  open(seat: Seat): AsyncIterable<Listed> | undefined
}

/** Asks once, and as long as something answers. */
function patient({ gateway, now, patience = 15_000 }: ListParts): Gateway {
  let heard = now()
  return {
    ...gateway,
    async read(caller, call) {
      const timeout = Math.min(patience, heard + patience - now())
      if (timeout <= 0)
        throw new OutsideError('unreachable', both('支付宝没有回答', 'no answer from Alipay'), { code: 'network' })
      const answer = await gateway.read(caller, { ...call, tries: 1, timeout })
      heard = now()
      return answer
    },
  }
}

const calls: Readonly<Record<SourceName, string>> = { risk: risk.listCall, trade: trade.listCall }

/** What the account hears, without what the merchant does not let it ask. One that lets it ask nothing is asked: nobody may take its silence for peace. */
function sourcesOf({ account, merchant }: Seat): readonly SourceName[] {
  const { sources } = settingsOf(account.settings)
  const allowed = sources.filter((source) => !merchant?.lacks?.includes(calls[source]))
  return allowed.length > 0 ? allowed : sources
}

/** Lines of both lists, as far as the account hears them. One that cannot be read does not hide the other: its failure comes last. */
export function lists(parts: ListParts): Lists {
  const { callerOf, now } = parts
  async function* risks(seat: Seat, which: risk.Which, gateway: Gateway): AsyncIterable<Listed> {
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
  async function* trades(seat: Seat, within: Within, gateway: Gateway): AsyncIterable<Listed> {
    for await (const told of trade.listed(gateway, await callerOf(seat), within)) {
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
      const gateway = patient(parts)
      const failures: OutsideError[] = []
      for (const source of sourcesOf(seat)) {
        try {
          yield* (source === 'risk' ? risks : trades)(seat, { from, to }, gateway)
        } catch (error) {
          // To ask on would be one call too many once more.
          if (!(error instanceof OutsideError) || error.trouble === 'busy') throw error
          failures.push(error)
        }
      }
      if (failures[0]) throw failures[0]
    },
    open: (seat) => (sourcesOf(seat).includes('risk') ? risks(seat, 'open', patient(parts)) : undefined),
  }
}
