import { told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import { type RawReply, type RawRequest, textReply } from '../core/http.ts'
import type { Logger } from '../core/logger.ts'
import type { Metrics } from '../core/metrics.ts'
import { type AccountId, instant, newId, type Random } from '../core/words.ts'
import type { Platform, Verdict } from '../platforms/platform.ts'
import type { Platforms } from '../platforms/registry.ts'
import type { heldAccounts, StoredAccount } from '../storage/accounts.ts'
import { toldPlace } from '../storage/callbacks.ts'
import type { Receipts, Taken } from '../storage/receipts.ts'
import type { Storage } from '../storage/storage.ts'
import type { Unopened } from './unopened.ts'

export interface ReceiveParts {
  readonly storage: Storage
  readonly receipts: Receipts
  readonly accounts: ReturnType<typeof heldAccounts>
  readonly random: Random
  readonly platforms: Platforms
  readonly logger: Logger
  readonly metrics: Metrics
  /** Absent where no doctor asks. */
  readonly unopened?: Unopened
}

/** One callback: believed only when it is genuine, and answered only once it is written down. */
export async function receive(parts: ReceiveParts, id: AccountId, request: RawRequest): Promise<RawReply> {
  const account = await parts.accounts(id)
  const platform = account && parts.platforms.get(account.platform)
  if (!platform) {
    parts.metrics.callback('none', 'unknown-address')
    return textReply(404, 'no such address')
  }
  const verdict = await platform.verify(account, request, instant(parts.storage.reads.clock.now()))
  failpoint('receive.verified')
  return answer(parts, { account, platform, verdict })
}

interface Judged {
  readonly account: StoredAccount
  readonly platform: Platform
  readonly verdict: Verdict
}

async function answer(parts: ReceiveParts, { account, platform, verdict }: Judged): Promise<RawReply> {
  if (verdict.verdict === 'handshake') {
    parts.metrics.callback(platform.name, 'handshake')
    return platform.reply({ echo: verdict.echo })
  }
  if (verdict.verdict === 'forged') {
    parts.metrics.callback(platform.name, verdict.why)
    parts.logger.warn({ account: account.id, why: verdict.why }, 'a callback was refused')
    if (verdict.why === 'ciphertext') parts.unopened?.heard(account.id, false)
    return platform.reply('refused')
  }
  parts.unopened?.heard(account.id, true)
  const refund = isWork(platform, account, verdict.told)
  const taken = await writeDown(parts, account, { ...verdict, refund }).catch((error) => {
    parts.logger.error({ account: account.id, error: told(error) }, 'a callback could not be written down')
    return 'failed' as const
  })
  parts.metrics.callback(platform.name, taken === 'new' && verdict.number === undefined && !refund ? 'ignored' : taken)
  // Not success: the platform sends it again.
  if (taken === 'busy' || taken === 'failed') return textReply(503, 'try again')
  failpoint('receive.before-answer')
  return platform.reply('taken')
}

/** Something is to be done about it, although it names no complaint. */
const isWork = (platform: Platform, account: StoredAccount, told: string): boolean =>
  platform.refundIn?.(told) !== undefined ||
  platform.isHint?.(account, told) === true ||
  platform.authorising?.heard(told) !== undefined

function writeDown(
  { receipts, storage, random }: ReceiveParts,
  { id: account, tenant }: StoredAccount,
  verdict: Extract<Verdict, { verdict: 'genuine' }> & { readonly refund: boolean },
): Promise<Taken> {
  const { sealer, clock } = storage.reads
  const id = newId('callback', random, clock.now())
  const { key, event, number, refund } = verdict
  return receipts.take({
    id,
    tenant,
    account,
    key,
    event,
    number,
    refund,
    told: sealer.seal(toldPlace(tenant, id), verdict.told),
  })
}
