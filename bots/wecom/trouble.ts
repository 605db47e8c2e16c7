import { z } from 'zod'
import { OutsideError, type Trouble } from '../../src/core/errors.ts'
import { oneLine } from '../../src/core/plain.ts'
import { unsaid } from '../../src/core/unsaid.ts'
import type { Settings } from './settings.ts'

/** The SDK rejects with the frame that came back. */
const refusal = z.object({ errcode: z.number(), errmsg: z.string().default('') })

export const badCredentials = 853000
const tooMany = 45009
const systemBusy = -1

/** What a person must mend, and how. */
const toMend: ReadonlyMap<number, string> = new Map([
  [86008, 'the bot may not write into this chat; somebody must @ it there once, or add it again'],
  [93001, 'WeCom does not let the bot write here yet; somebody must @ it in this chat once'],
  [93006, 'there is no such chat; bind the group again'],
  [93008, 'the bot is not in this group; add it again'],
  [badCredentials, "WeCom does not know this Bot ID and Secret; copy them anew from the bot's page"],
])

/** What went wrong in a call; without the bot's secret, which their sentences may repeat. */
export function troubleOf(error: unknown, what: string, bot: Pick<Settings, 'pause' | 'secret'>): OutsideError {
  if (error instanceof OutsideError) return error
  const read = refusal.safeParse(error)
  if (read.success) return refused(read.data.errcode, read.data.errmsg, { what, ...bot })
  const said = error instanceof Error ? error.message : ''
  // An upload's failure is told in a sentence that ends in the frame.
  const code = /"errcode":\s*(-?\d+)/.exec(said)?.[1]
  if (code !== undefined) return refused(Number(code), '', { what, ...bot })
  if (/not connected/i.test(said))
    return new OutsideError('unreachable', `${what}: not connected to WeCom`, { code: 'not-connected' })
  if (/ack timeout/i.test(said)) return new OutsideError('unknown', `${what}: no answer in time`, { code: 'timeout' })
  return new OutsideError('unknown', `${what}: the connection broke before the answer came`, { code: 'cut' })
}

function refused(
  errcode: number,
  errmsg: string,
  { what, pause, secret }: Pick<Settings, 'pause' | 'secret'> & { readonly what: string },
): OutsideError {
  const advice = toMend.get(errcode)
  const said = advice ?? oneLine(unsaid(errmsg, [secret])).slice(0, 200)
  const message = `${what}: ${errcode}${said && ` ${said}`}`
  const wait = errcode === tooMany ? pause : errcode === systemBusy ? 5_000 : undefined
  return new OutsideError(troubleBy(errcode), message, {
    code: String(errcode),
    ...(wait === undefined ? {} : { wait }),
  })
}

function troubleBy(errcode: number): Trouble {
  if (errcode === tooMany || errcode === systemBusy) return 'busy'
  return toMend.has(errcode) ? 'forbidden' : 'refused'
}
