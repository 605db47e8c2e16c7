import type { Merchant, Random } from './merchant.ts'
import type { PushMisbehaviour } from './misbehave.ts'
import { seal } from './sealed.ts'
import { rfc3339 } from './time.ts'

/** What a notice tells, before it is sealed. */
export interface Notice {
  readonly kind: 'complaint' | 'refund'
  readonly event: string
  readonly summary: string
  readonly plain: Readonly<Record<string, unknown>>
}

/** WeChat Pay docs, notices: the JSON body; it stays the same through all retries. */
export function enclose(about: {
  readonly merchant: Merchant
  readonly notice: Notice
  readonly now: number
  readonly random: Random
  readonly spoiled: PushMisbehaviour | undefined
}): Buffer {
  const { merchant, notice, random, spoiled } = about
  const shape = spoiled?.how === 'shape' ? spoiled.shape : undefined
  const associated = shape === 'no-associated-data' ? '' : notice.kind
  const text = JSON.stringify(contentOf(notice, spoiled))
  const sealed = seal(merchant, { text, associated, random, broken: spoiled?.how === 'bad-tag' })
  const { associated_data, ...rest } = sealed
  const body = JSON.stringify({
    id: uuid(random),
    create_time: rfc3339(about.now),
    event_type: shape === 'unknown-event' ? `${notice.kind.toUpperCase()}.SOMETHING_NEW` : notice.event,
    resource_type: 'encrypt-resource',
    summary: notice.summary,
    resource: { original_type: notice.kind, ...rest, ...(associated ? { associated_data } : {}) },
  })
  return Buffer.from(spoiled?.how === 'malformed' ? body.slice(0, Math.ceil(body.length * 0.6)) : body)
}

const stranger = '1999999999'

function contentOf({ plain, kind }: Notice, spoiled: PushMisbehaviour | undefined): Record<string, unknown> {
  if (spoiled?.how === 'wrong-mchid') {
    if (kind === 'complaint') return { ...plain, complaint_id: '200201819700101000000000000' }
    return 'sp_mchid' in plain ? { ...plain, sp_mchid: stranger } : { ...plain, mchid: stranger }
  }
  const shape = spoiled?.how === 'shape' ? spoiled.shape : undefined
  if (shape === 'unknown-action') return { ...plain, action_type: 'SOMETHING_NEW' }
  if (shape === 'misspelt') return { ...plain, action_type: 'USER_APPLY_PLATFORM_SERIVCE' }
  if (shape !== 'version-1') return { ...plain }
  return { ...plain, out_trade_no: '20190906154617947762231', amount: 3, complaint_handle_state: 'PENDING' }
}

function uuid(random: Random): string {
  const hex = random(16).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
