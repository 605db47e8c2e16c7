import type { Command } from 'commander'
import { Ended, exits } from './exit.ts'
import type { Io } from './io.ts'
import { installationOf, optionsOf } from './tell.ts'

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
}

/** `--lang`. @throws Ended for what it cannot be */
export function languageOf(lang: string | undefined): 'zh-CN' | 'en' | undefined {
  if (lang === undefined || lang === 'en' || lang === 'zh-CN') return lang
  if (lang === 'zh') return 'zh-CN'
  throw new Ended(exits.usage, 'the command is wrong:', [{ field: '--lang', fix: 'zh-CN or en' }])
}
