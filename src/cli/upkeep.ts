import type { Command } from 'commander'
import { Ended, exits } from './exit.ts'
import { countOption } from './given.ts'
import type { Io } from './io.ts'
import { installationOf, optionsOf, talk, whose } from './tell.ts'

/** What keeps an installation in order. */
export function upkeepCommands(program: Command, io: Io): void {
  backupCommands(program, io)
  replayCommands(program, io)
  keyCommands(program, io)
  program
    .command('erase')
    .description('delete who a person is from all closed complaints of a tenant')
    .requiredOption('--phone <number>', 'of the person; - reads it from standard input')
    .option(...whose)
    .action(async ({ phone }: { readonly phone: string }, command: Command) => {
      const { client, tenant, row, note } = talk(io, command)
      const number = phone === '-' ? (await io.stdin()).trim() : phone
      const erased = await client.one('POST', `${await tenant()}/erase`, { phone: number })
      row(
        [
          ['COMPLAINTS', 'complaints'],
          ['STILL OPEN', 'open'],
          ['CALLBACKS', 'callbacks'],
          ['PICTURES', 'pictures'],
        ],
        erased,
      )
      if (Number(erased.open) > 0)
        note('complaints that are open keep their data until they are closed: run it again then\n')
      note('refunds and order numbers stay; so does what was posted into chats, and what older backups hold\n')
    })
}

function backupCommands(program: Command, io: Io): void {
  program
    .command('backup')
    .description('have the service write a backup of its SQLite database into backups/ of the data folder')
    .option('--keep <n>', 'delete the oldest ones, so that so many stay', countOption)
    .action(async ({ keep }: { readonly keep?: number }, command: Command) => {
      const { client, row, note } = talk(io, command)
      row(
        [
          ['FILE', 'file'],
          ['BYTES', 'bytes'],
          ['AT', 'at'],
        ],
        await client.one('POST', '/backups', keep === undefined ? {} : { keep }),
      )
      note('the master key is not in it: keep master.key in another place, without it the backup cannot be used\n')
    })
  program
    .command('restore')
    .description('put a backup in the place of the database; the service must not be running')
    .argument('<file>', 'as redress backup wrote it')
    .action(async (file: string, _, command: Command) => {
      const { kept } = await installationOf(io, command).restore(file)
      if (optionsOf(command).json) io.out(`${JSON.stringify(kept === undefined ? {} : { kept })}\n`)
      else io.out(`restored; ${kept === undefined ? 'there was no database before' : `the one before is ${kept}`}\n`)
    })
}

function replayCommands(program: Command, io: Io): void {
  const replay = program.command('replay').description('have something that is stored worked on again')
  replay
    .command('callback')
    .description('a stored callback, as if it had just come')
    .argument('[id]', 'its id; without one, those of which nothing could be made are listed')
    .option(...whose)
    .action(async (id: string | undefined, _, command: Command) => {
      const { client, tenant, rows, row } = talk(io, command)
      const path = `${await tenant()}/callbacks`
      if (id !== undefined)
        return row([['REPLAYED', 'id']], await client.one('POST', `${path}/${encodeURIComponent(id)}/replay`))
      rows(
        [
          ['ID', 'id'],
          ['EVENT', 'event'],
          ['NUMBER', 'number'],
          ['RECEIVED', 'receivedAt'],
        ],
        await client.list(`${path}/parked`),
      )
    })
  replay
    .command('job')
    .description('a job that waits to be tried again, now')
    .argument('[queue]', 'without one, those that have failed are listed')
    .argument('[key]', 'as the list shows it')
    .action(async (queue: string | undefined, key: string | undefined, _, command: Command) => {
      const { client, rows, row } = talk(io, command)
      if (queue !== undefined && key === undefined)
        throw new Ended(exits.usage, 'name the job too: redress replay job QUEUE KEY')
      if (queue !== undefined && key !== undefined)
        return row(
          [
            ['QUEUE', 'queue'],
            ['REPLAYED', 'key'],
          ],
          await client.one('POST', `/jobs/${encodeURIComponent(queue)}/${encodeURIComponent(key)}/replay`),
        )
      rows(
        [
          ['QUEUE', 'queue'],
          ['KEY', 'key'],
          ['TRIES', 'attempts'],
          ['NEXT', 'runAt'],
          ['ERROR', 'error'],
        ],
        await client.list('/jobs'),
      )
    })
}

function keyCommands(program: Command, io: Io): void {
  program
    .command('rotate-master')
    .description('change the master key; the service must not be running')
    .option('--key-file <file>', 'holds the new one as base64, where REDRESS_MASTER_KEY gives the present one')
    .action(async ({ keyFile }: { readonly keyFile?: string }, command: Command) => {
      const { keys, old } = await installationOf(io, command).rotateMaster(keyFile)
      if (optionsOf(command).json) return io.out(`${JSON.stringify({ keys, ...(old === undefined ? {} : { old }) })}\n`)
      io.out(`${keys} keys are wrapped by the new master key\n`)
      io.out(
        old === undefined
          ? 'set REDRESS_MASTER_KEY to it before the next start\n'
          : `the old one is ${old}: backups made before now need it, nothing else does\n`,
      )
    })
  program
    .command('reseal')
    .description('give every tenant a new key and seal everything by it; the service must not be running')
    .action(async (_, command: Command) => {
      const json = optionsOf(command).json === true
      const done = await installationOf(io, command).reseal((where, values) => {
        if (!json) io.err(`${where}: ${values}\n`)
      })
      io.out(
        json ? `${JSON.stringify(done)}\n` : `${done.values} values sealed anew, ${done.dropped} old keys dropped\n`,
      )
    })
}
