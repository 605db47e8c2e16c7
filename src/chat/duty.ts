import { hoursIn, hoursText } from '../complaints/hours.ts'
import { atLeast, type Member, roleFor } from '../complaints/member.ts'
import { type Duty, listDuty, setDuty } from '../storage/duty.ts'
import { listMembers } from '../storage/members.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'

/** `/duty` shows who is on duty when; `/duty @li @wang 09:00-21:00` says who is from now on; `/duty off` ends it. */
export async function duty(context: Context, { rest }: { readonly rest: string }): Promise<Answer> {
  const { member, parts, tenant } = context
  const members = await listMembers(parts.storage.reads, tenant.id)
  if (rest.trim() === '')
    return answerTo(context, shown(context, await listDuty(parts.storage.reads, tenant.id), members))
  if (!atLeast(member, 'admin')) return refusal(context, 'no.role', { role: say(context, 'role.admin') })
  const asked = /^(off|取消|无)$/i.test(rest.trim()) ? [] : dutiesIn(rest, members)
  if (typeof asked === 'string')
    return refusal(context, 'duty.how', { what: asked, example: '/duty @li @wang 09:00-21:00' })
  await parts.storage.transaction((tx) => setDuty(tx, tenant.id, asked))
  return answerTo(context, shown(context, asked, members))
}

function shown(context: Context, duties: readonly Duty[], members: readonly Member[]): string {
  const lines = duties.flatMap((duty) => {
    const name = members.find(({ id }) => id === duty.member)?.name
    return name === undefined ? [] : [`${hoursText(duty)} ${name}`]
  })
  return lines.length === 0
    ? say(context, 'duty.nobody', { example: '/duty @li @wang 09:00-21:00' })
    : [say(context, 'duty.title'), ...lines].join('\n')
}

/** Several people, each group of them followed by its hours; without hours, all day. @returns what is not understood */
function dutiesIn(words: string, members: readonly Member[]): readonly Duty[] | string {
  const plain = words.normalize('NFKC').replace(/\s*([-–~至])\s*/g, '$1')
  const found: Duty[] = []
  let waiting: Duty['member'][] = []
  for (const word of plain.split(/[\s,，、]+/).filter(Boolean)) {
    const hours = hoursIn(word)
    if (hours) {
      if (waiting.length === 0) return word
      found.push(...waiting.map((member) => ({ member, ...hours })))
      waiting = []
      continue
    }
    const member = memberCalled(word, members)
    if (!member) return word
    waiting.push(member)
  }
  const all = [...found, ...waiting.map((member) => ({ member, from: 0, to: 0 }))]
  return new Set(all.map(({ member }) => member)).size < all.length ? words : all
}

function memberCalled(word: string, members: readonly Member[]): Duty['member'] | undefined {
  const name = word.replace(/^@/, '').toLowerCase()
  const able = members.filter((member) => member.enabled && atLeast(member, roleFor('claim')))
  const called = able.filter((member) => member.name.toLowerCase() === name)
  return (able.find(({ handle }) => handle.toLowerCase() === name) ?? (called.length === 1 ? called[0] : undefined))?.id
}
