import type { Command } from 'commander'
import type { Found, Report } from '../admin/doctor.ts'
import { Ended, exits } from './exit.ts'
import type { Io } from './io.ts'
import { cell } from './print.ts'
import { languageOf } from './process.ts'
import { installationOf, optionsOf, talk } from './tell.ts'

interface Options {
  readonly offline?: boolean
  readonly lang?: string
}

/** Ends with 1 where something is bad; what is only said as a warning is no failure. */
export function doctorCommand(program: Command, io: Io, end: (exit: number) => void): void {
  program
    .command('doctor')
    .description('examine the installation; each finding says how to mend it')
    .option('--tenant <handle>', 'one tenant alone; all that a key of a tenant may ask')
    .option('--offline', 'without the service, by opening its database')
    .option('--lang <language>', 'zh-CN or en (default: as LANG says, else as configured)')
    .addHelpText('after', '\nExit codes: 0 nothing is broken (there may be warnings, !), 1 something is (✗).')
    .action(async ({ offline, lang }: Options, command: Command) => {
      const installation = installationOf(io, command)
      const { json, tenant } = optionsOf(command)
      const language = languageOf(lang) ?? installation.tongue ?? installation.language
      const report = offline ? await installation.examine(tenant) : await asked(io, command)
      io.out(json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report, language))
      end(report.healthy ? exits.done : exits.failed)
    })
}

async function asked(io: Io, command: Command): Promise<Report> {
  const { tenant } = optionsOf(command)
  const path = tenant === undefined ? '/doctor' : `/tenants/${encodeURIComponent(tenant)}/doctor`
  const told = await talk(io, command).client.one('GET', path)
  if (isReport(told)) return told
  throw new Ended(
    exits.failed,
    'the service answered in a way that this program does not know: are both of one version?',
  )
}

const isReport = (told: object): told is Report =>
  'healthy' in told && 'findings' in told && Array.isArray(told.findings)

const levels = ['bad', 'warn', 'ok'] as const
const marks: Readonly<Record<Found['level'], string>> = { ok: '✓', warn: '!', bad: '✗' }

/** What is broken first. Lines are not broken, so that a command in one can be copied in one piece. */
function reportText({ findings }: Report, language: 'zh-CN' | 'en'): string {
  const tongue = language === 'en' ? 'en' : 'zh'
  const parts = levels.flatMap((level) => {
    const lines = findings.filter((one) => one.level === level).map((one) => lineOf(one, tongue))
    return lines.length > 0 ? [lines.join('')] : []
  })
  return `${parts.join('\n')}\n${summary(findings, tongue)}\n`
}

const lineOf = ({ level, what, fix }: Found, tongue: 'zh' | 'en'): string =>
  [`${marks[level]} ${cell(what[tongue])}\n`, ...(fix ? [`    → ${cell(fix[tongue])}\n`] : [])].join('')

function summary(findings: readonly Found[], tongue: 'zh' | 'en'): string {
  const [bad, warn, ok] = levels.map((level) => findings.filter((one) => one.level === level).length)
  return tongue === 'zh' ? `故障 ${bad}，提醒 ${warn}，正常 ${ok}` : `broken: ${bad}, warnings: ${warn}, well: ${ok}`
}
