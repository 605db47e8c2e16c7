import { DateTime } from 'luxon'
import type { Complaint } from '../complaints/complaint.ts'
import type { Hours } from '../complaints/hours.ts'
import { atLeast, type Member, roleFor } from '../complaints/member.ts'
import { isLoud, type Reach } from '../complaints/stage.ts'
import { type Instant, type MemberId, millis } from '../core/words.ts'
import { type Duty, listDuty } from '../storage/duty.ts'
import { listMembers } from '../storage/members.ts'
import type { Reads } from '../storage/storage.ts'

export interface Person {
  readonly member: MemberId
  readonly name: string
}

interface Asked {
  readonly complaint: Pick<Complaint, 'tenant' | 'claim'>
  readonly reach: Reach
  readonly zone: string
  readonly now: Instant
}

/** Whom a stage reaches by name. */
export async function peopleFor(reads: Reads, { complaint, reach, zone, now }: Asked): Promise<readonly Person[]> {
  const { claim, tenant } = complaint
  const members = await listMembers(reads, tenant)
  const minute = minuteOf(now, zone)
  const onDuty = (await listDuty(reads, tenant)).filter((duty) => isOnDuty(duty, minute))
  const reached = reachedBy({ reach, members, onDuty, ...(claim ? { handler: claim.member } : {}) })
  return reached.map(({ id, name }) => ({ member: id, name }))
}

interface Team {
  readonly reach: Reach
  readonly members: readonly Member[]
  readonly onDuty: readonly Pick<Duty, 'member'>[]
  readonly handler?: MemberId
}

const steps: Readonly<Record<Reach, number>> = { handler: 1, duty: 2, admins: 3, everyone: 3 }

/**
 * Whoever handles it, then those on duty, then the admins; where one step has nobody, the next. What admins are to know is never one
 * person's alone where there are two who could do something about it. Pure.
 */
export function reachedBy({ reach, members, onDuty, handler }: Team): readonly Member[] {
  const able = members.filter((member) => member.enabled && atLeast(member, roleFor('claim')))
  const chain = [
    able.filter(({ id }) => id === handler),
    able.filter(({ id }) => onDuty.some(({ member }) => member === id)),
    able.filter((member) => atLeast(member, 'admin')),
    able,
  ]
  const named = new Set(chain.slice(0, steps[reach]).flat())
  if (isLoud(reach) && named.size < 2) return able
  return named.size > 0 ? [...named] : (chain.find((some) => some.length > 0) ?? [])
}

/** Since midnight, by the clock of the zone. */
function minuteOf(at: Instant, zone: string): number {
  const here = DateTime.fromMillis(millis(at), { zone })
  return here.hour * 60 + here.minute
}

/** From 21:00 to 09:00 is over midnight; from 09:00 to 09:00 is the whole day. Pure. */
export const isOnDuty = ({ from, to }: Hours, minute: number): boolean =>
  from < to ? from <= minute && minute < to : minute >= from || minute < to
