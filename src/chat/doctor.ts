import { atLeast } from '../complaints/member.ts'
import type { Both, Finding } from '../platforms/platform.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'

/** A chat may give five seconds for an answer. */
const patience = 4_000
/** Characters: Telegram takes 4096, and nobody reads more. */
const longest = 3_000

const worst = ['bad', 'warn', 'ok'] as const
const marks: Readonly<Record<Finding['level'], string>> = { ok: '✓', warn: '!', bad: '✗' }

/** `/doctor`: to an admin alone all that is not well, and how to mend it; in a group how much of that there is. */
export async function doctor(context: Context): Promise<Answer> {
  const { parts, room, member, tenant } = context
  if (!atLeast(member, 'admin')) return refusal(context, 'no.role', { role: say(context, 'role.admin') })
  const findings = (await parts.checkUp?.(tenant, patience)) ?? []
  const [bad = 0, warn = 0, ok = 0] = worst.map((level) => findings.filter((one) => one.level === level).length)
  const command = `redress doctor --tenant ${tenant.handle}`
  const title = say(context, 'doctor.title', { bad, warn, ok })
  // In a group everybody would read of keys and people what is an admin's to know.
  if (!room.alone || room.member !== member.id)
    return answerTo(context, [title, say(context, 'doctor.alone', { example: '/doctor', command })].join('\n'))
  const lines = worst
    .filter((level) => level !== 'ok')
    .flatMap((level) => findings.filter((one) => one.level === level))
    .map((one) => lineOf(one, room.language === 'en' ? 'en' : 'zh'))
  const shown = fitting(lines)
  const left = lines.length - shown.length
  return answerTo(
    context,
    [
      title,
      ...shown,
      ...(left > 0 ? [say(context, 'doctor.more', { n: left, command })] : []),
      say(context, 'doctor.machine'),
    ].join('\n'),
  )
}

const lineOf = ({ level, what, fix }: Finding, tongue: keyof Both): string =>
  [`${marks[level]} ${what[tongue]}`, ...(fix ? [`  → ${fix[tongue]}`] : [])].join('\n')

/** As many as go into one message, the worst first. */
function fitting(lines: readonly string[]): readonly string[] {
  let size = 0
  return lines.filter((line) => {
    size += line.length + 1
    return size <= longest
  })
}
