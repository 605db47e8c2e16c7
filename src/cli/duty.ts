import type { Command } from 'commander'
import { hoursIn } from '../complaints/hours.ts'
import { Ended, exits } from './exit.ts'
import type { Io } from './io.ts'
import type { Column } from './print.ts'
import { talk, whose } from './tell.ts'

const dutyColumns: readonly Column[] = [
  ['HOURS', 'hours'],
  ['HANDLE', 'member'],
  ['NAME', 'name'],
]

interface Wish {
  readonly member: string
  readonly hours?: string
}

export function dutyCommands(program: Command, io: Io): void {
  const duty = program.command('duty').description('who is told first of what comes due')
  const change = async (command: Command, duties: readonly Wish[]) => {
    const { client, tenant, rows } = talk(io, command)
    const path = `${await tenant()}/duty`
    await client.one('PATCH', path, { duties })
    rows(dutyColumns, await client.list(path))
  }
  duty
    .command('show')
    .description('show who is on duty when')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(dutyColumns, await client.list(`${await tenant()}/duty`))
    })
  duty
    .command('set')
    .description('say who is on duty, in place of whoever was: li wang 09:00-21:00 chen 21:00-09:00')
    .argument('<words...>', 'handles, each group of them followed by its hours; without hours, all day')
    .option(...whose)
    .action((words: readonly string[], _, command: Command) => change(command, dutiesIn(words)))
  duty
    .command('clear')
    .description('nobody is on duty')
    .option(...whose)
    .action((_, command: Command) => change(command, []))
}

function dutiesIn(words: readonly string[]): readonly Wish[] {
  const found: Wish[] = []
  let waiting: string[] = []
  for (const word of words) {
    if (!hoursIn(word)) {
      waiting.push(word)
      continue
    }
    if (waiting.length === 0) throw new Ended(exits.usage, `say whose hours ${word} are: li ${word}`)
    found.push(...waiting.map((member) => ({ member, hours: word })))
    waiting = []
  }
  return [...found, ...waiting.map((member) => ({ member }))]
}
