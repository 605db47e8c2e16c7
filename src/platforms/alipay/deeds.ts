import type { Acted } from '../../complaints/action.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Deed, Deeds, Job, Seat } from '../platform.ts'
import { both } from './errors.ts'
import type { Caller } from './gateway.ts'
import { idOf } from './number.ts'
import type { RefundWish } from './refund/refund.ts'
import { createRefund, queryRefund } from './refund/refunds.ts'
import * as risk from './risk/ways.ts'
import type { SourceName } from './settings.ts'
import * as trade from './trade/ways.ts'
import { type UploadParts, uploaded } from './upload.ts'
import type { Way } from './way.ts'

export interface DeedParts extends UploadParts {
  callerOf(seat: Seat): Promise<Caller>
}

type Done = 'respond' | 'finish' | 'add-evidence'
type Ways<Kind extends Done> = Readonly<Partial<Record<SourceName, Way<Kind>>>>

/** Which of the two systems a complaint belongs to is said by its number. Money goes back where the seat has a payer. */
export function createDeeds(parts: DeedParts): (seat: Seat) => Deeds {
  const said: Deeds = {
    // One system shows nobody what was said: there only a person can tell, so that no reply is ever sent twice.
    respond: deed(parts, { risk: risk.respond, trade: trade.respond }, 'ask'),
    finish: deed(parts, { risk: risk.finish, trade: trade.finish }, 'after-look'),
    'add-evidence': deed(parts, { trade: trade.addEvidence }, 'after-look'),
  }
  const paid: Deeds = { ...said, refund: refundDeed(parts) }
  return (seat) => (seat.payer ? paid : said)
}

function deed<Kind extends Done>(parts: DeedParts, ways: Ways<Kind>, repeat: Deed<Kind>['repeat']): Deed<Kind> {
  return {
    repeat,
    settles: 60_000,
    async perform(job) {
      const { source, id } = idOf(job.complaint.number)
      const way = ways[source]
      if (!way) return refused(notHere)
      const wrong = way.wrong(job.action, id)
      if (wrong !== undefined) return refused(wrong)
      const at = { way, id, caller: await parts.callerOf(job.seat) }
      try {
        return await once(parts, job, at)
      } catch (error) {
        return failed(error, () => way.look(parts.gateway, at.caller, { id, job }))
      }
    },
    async look(job) {
      const { source, id } = idOf(job.complaint.number)
      const way = ways[source]
      if (!way) throw new OutsideError('unknown', notHere)
      return way.look(parts.gateway, await parts.callerOf(job.seat), { id, job })
    },
  }
}

interface At<Kind extends Done> {
  readonly way: Way<Kind>
  readonly id: string
  readonly caller: Caller
}

async function once<Kind extends Done>(
  parts: DeedParts,
  job: Job<Kind>,
  { way, id, caller }: At<Kind>,
): Promise<Acted> {
  const pictures = await uploaded(parts, way.desk, caller, job)
  const answer = await parts.gateway.act(caller, way.call(job.action, { id, pictures, account: job.seat.account }))
  if (way.taken && !way.taken(answer)) throw new OutsideError('moved', notTaken)
  return { outcome: 'done', reference: id }
}

async function failed(error: unknown, look: () => Promise<Acted>): Promise<Acted> {
  if (!(error instanceof OutsideError)) throw error
  switch (error.trouble) {
    case 'unknown':
      return { outcome: 'unknown' }
    case 'unreachable':
    case 'busy':
      return { outcome: 'failed', message: error.message, again: true }
    case 'moved':
      return moved(error, look)
    case 'refused':
    case 'forbidden':
      return { outcome: 'failed', message: error.message, again: false, because: error }
  }
}

/** "Not in this state" may be the answer to our own earlier call that worked: look, then say. */
async function moved(error: OutsideError, look: () => Promise<Acted>): Promise<Acted> {
  const seen = await look().catch((): Acted => ({ outcome: 'unknown' }))
  return seen.outcome === 'absent' ? { outcome: 'failed', message: error.message, again: false, moved: true } : seen
}

/** The same number again is harmless at any time; the query is not believed before ten seconds are over. */
function refundDeed({ gateway, callerOf }: DeedParts): Deed<'refund'> {
  return {
    repeat: 'same-number',
    settles: 15_000,
    async perform(job) {
      const wish = wishOf(job)
      return wish ? createRefund(gateway, await callerOf(paying(job.seat)), wish) : refused(nobodyPays)
    },
    async look(job) {
      const wish = wishOf(job)
      if (!wish) throw new OutsideError('unknown', nobodyPays)
      return queryRefund(gateway, await callerOf(paying(job.seat)), wish)
    },
  }
}

/** Of the merchant for whom we speak, through the account that pays. */
export const paying = (seat: Seat): Seat => (seat.payer ? { ...seat, account: seat.payer } : seat)

function wishOf({ action, refund, seat }: Job<'refund'>): RefundWish | undefined {
  if (!refund || !seat.payer) return undefined
  const { order, amount, total, reason } = action
  return { number: refund.number, trade: order, amount, total, reason }
}

const refused = (message: string): Acted => ({ outcome: 'failed', message, again: false })
const notHere = both('这类投诉没有这个操作', 'complaints of this kind know no such act')
const notTaken = both(
  '支付宝没有完成处理，请看投诉的现状',
  'Alipay did not carry it out: look at the complaint as it is',
)
const nobodyPays = both('没有付款账号', 'no account pays for this')
