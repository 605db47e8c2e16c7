import type { Command } from 'commander'
import type { Finding, Report } from '../admin/doctor.ts'
import { Ended, exits } from './exit.ts'
import type { Io } from './io.ts'
import { installationOf, optionsOf, talk } from './tell.ts'

const marks: Readonly<Record<Finding['level'], string>> = { ok: '✓', warn: '!', bad: '✗' }

/** What the process itself does; only these open the database. */
export function processCommands(program: Command, io: Io, end: (exit: number) => void): void {
  program
    .command('start')
    .description('run the service until it is told to stop')
    .action(async (_, command: Command) => end(await installationOf(io, command).start()))
  program
    .command('migrate')
    .description('bring the database up to date; the service must not be running')
    .action(async (_, command: Command) => {
      const done = await installationOf(io, command).migrate()
      if (optionsOf(command).json) io.out(`${JSON.stringify({ migrations: done })}\n`)
      else io.out(done.length > 0 ? `done: ${done.join(', ')}\n` : 'nothing to do\n')
    })
  program
    .command('demo')
    .description('try everything against a made-up WeChat, with no account and no key')
    .option('--lang <language>', 'zh-CN or en (default: as configured)')
    .option('--telegram', 'the same complaints in a made-up Telegram group too')
    .option('--wecom', 'the same complaints in a made-up WeCom group too')
    .action(async ({ lang, telegram = false, wecom = false }, command: Command) => {
      const language = languageOf(lang)
      end(await installationOf(io, command).demo({ ...(language ? { language } : {}), telegram, wecom }))
    })
  program
    .command('doctor')
    .description('examine the installation; each finding says how to mend it')
    .option('--offline', 'without the service, by opening its database')
    .action(async ({ offline }, command: Command) => {
      const installation = installationOf(io, command)
      const report = offline ? await installation.examine() : await asked(io, command)
      io.out(
        optionsOf(command).json
          ? `${JSON.stringify(report, undefined, 2)}\n`
          : reportText(report, installation.language),
      )
      end(report.healthy ? exits.done : exits.failed)
    })
}

function languageOf(lang: string | undefined): 'zh-CN' | 'en' | undefined {
  if (lang === undefined || lang === 'en' || lang === 'zh-CN') return lang
  if (lang === 'zh') return 'zh-CN'
  throw new Ended(exits.usage, 'the command is wrong:', [{ field: '--lang', fix: 'zh-CN or en' }])
}

async function asked(io: Io, command: Command): Promise<Report> {
  const told = await talk(io, command).client.one('GET', '/doctor')
  if (isReport(told)) return told
  throw new Ended(
    exits.failed,
    'the service answered in a way that this program does not know: are both of one version?',
  )
}

const isReport = (told: object): told is Report =>
  'healthy' in told && 'findings' in told && Array.isArray(told.findings)

function reportText({ findings }: Report, language: 'zh-CN' | 'en'): string {
  const tongue = language === 'en' ? 'en' : 'zh'
  return findings
    .flatMap(({ level, what, fix }) => [`${marks[level]} ${what[tongue]}`, ...(fix ? [`    → ${fix[tongue]}`] : [])])
    .map((line) => `${line}\n`)
    .join('')
}
