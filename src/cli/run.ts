import { Command, CommanderError } from 'commander'
import { told } from '../core/errors.ts'
import { SetUpError } from '../core/set-up.ts'
import { channelCommands, letterCommands, recipientCommands } from './channels.ts'
import { doctorCommand } from './doctor.ts'
import { dutyCommands } from './duty.ts'
import { showExamples } from './examples.ts'
import { Ended, exits } from './exit.ts'
import { initCommand } from './init.ts'
import type { Io } from './io.ts'
import { keyCommands } from './keys.ts'
import { merchantCommands } from './merchants.ts'
import { complaintCommands, memberCommands, roomCommands } from './people.ts'
import { processCommands } from './process.ts'
import { ruleCommands } from './rules.ts'
import { templateCommands } from './templates.ts'
import { accountCommands, botCommands, tenantCommands } from './things.ts'
import { upkeepCommands } from './upkeep.ts'

/** @returns the process's exit code. */
export async function run(io: Io, version: string, words: readonly string[]): Promise<number> {
  let exit: number = exits.done
  try {
    await programOf(io, version, (code) => {
      exit = code
    }).parseAsync(words, { from: 'user' })
    return exit
  } catch (error) {
    return exitOf(io, error)
  }
}

/** All of it, with every command that there is. */
export function programOf(io: Io, version: string, end: (exit: number) => void): Command {
  const program = new Command('redress')
    .description('Handle payment complaints from your team’s group chat.')
    .version(version)
    .option('--json', 'answers as JSON')
    .option('--config <file>', 'settings in this file (default: REDRESS_CONFIG, else ./redress.yaml if there is one)')
    .showHelpAfterError('(redress --help says more)')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride()
    .addHelpText(
      'after',
      `
Everything but start, migrate, restore, rotate-master, reseal, demo and doctor --offline speaks to a running service:
  REDRESS_URL   where it is (default: as listen says, on this machine)
  REDRESS_KEY   its admin key (default: admin.key of the local data folder)
Exit codes: 0 done, 1 failed, 2 wrong usage, 69 the service does not answer, 78 wrong configuration.`,
    )
  processCommands(program, io, end)
  doctorCommand(program, io, end)
  for (const add of [
    initCommand,
    tenantCommands,
    accountCommands,
    merchantCommands,
    botCommands,
    memberCommands,
    dutyCommands,
    roomCommands,
    channelCommands,
    recipientCommands,
    letterCommands,
    templateCommands,
    ruleCommands,
    complaintCommands,
    keyCommands,
    upkeepCommands,
  ])
    add(program, io)
  showExamples(program)
  return program
}

function exitOf(io: Io, error: unknown): number {
  // Help that was asked for ends well; help because nothing was asked does not.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exits.done : exits.usage
  if (error instanceof Ended) {
    io.err(`${[error.message, ...error.problems.map(({ field, fix }) => `  ${field}: ${fix}`)].join('\n')}\n`)
    return error.exit
  }
  io.err(`${error instanceof Error ? error.message : told(error)}\n`)
  return error instanceof SetUpError ? exits.config : exits.failed
}
