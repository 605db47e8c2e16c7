import type { Snapshot } from '../../complaints/complaint.ts'
import { OutsideError } from '../../core/errors.ts'
import { type Instant, instant } from '../../core/words.ts'
import type { Account } from '../platform.ts'
import type { Client } from './client.ts'
import { detail, history } from './complaints.ts'
import type { Credentials } from './keys.ts'
import { type Read, snapshotOf } from './mapping.ts'
import { isProvider } from './merchant.ts'
import { opened } from './sealed.ts'
import { type Limits, limitsFor } from './takes.ts'
import type { Step, Told } from './wire.ts'

export interface ReadParts {
  readonly client: Client
  readonly limits: Limits
  now(): number
  credentials(account: Account): Credentials
}

/** Detail and history, dated by the first question. @throws OutsideError */
export async function read(parts: ReadParts, account: Account, number: string): Promise<Snapshot> {
  const asOf = instant(parts.now())
  const told = await detail(parts.client, account, number)
  return whole(parts, { account, told, asOf })
}

async function whole(
  parts: ReadParts,
  { account, told, asOf }: { account: Account; told: Told; asOf: Instant },
): Promise<Snapshot> {
  const said = await historyOf(parts.client, account, told.number)
  const phone = phoneOf(parts.credentials(account), told)
  const whose = isProvider(account) ? {} : { merchant: account.outsideId }
  const found: Read = { told, ...said, ...whose, ...(phone === undefined ? {} : { phone }) }
  return snapshotOf(found, { number: told.number, asOf }, limitsFor(parts.limits, account.settings))
}

/** Whoever may see the complaint but not its history still sees the complaint; an outage is waited for. */
async function historyOf(
  client: Client,
  account: Account,
  number: string,
): Promise<{ readonly steps: readonly Step[]; readonly noHistory?: string }> {
  try {
    return { steps: await history(client, account, number) }
  } catch (error) {
    const never = error instanceof OutsideError && (error.trouble === 'refused' || error.trouble === 'forbidden')
    if (!never) throw error
    return { steps: [], noHistory: error.message }
  }
}

// Sealed it is always; in plain digits only where somebody plays WeChat Pay.
const digits = /^\+?\d[\d -]{5,18}$/

const phoneOf = ({ openers }: Credentials, { phone }: Told): string | undefined => {
  if (phone === undefined || digits.test(phone)) return phone
  const plain = opened(openers, phone)?.trim()
  return plain === '' ? undefined : plain
}
