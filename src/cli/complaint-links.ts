import type { Command } from 'commander'
import type { Io } from './io.ts'
import type { Column } from './print.ts'
import { talk, whose } from './tell.ts'

const columns: readonly Column[] = [
  ['KIND', 'kind'],
  ['FOR', 'for'],
  ['OPENED', 'opened'],
  ['TAKEN BACK', 'takenBack'],
  ['EXPIRES', 'expiresAt'],
  ['ID', 'id'],
]
const number = ['<number>', 'of the complaint here, such as 128'] as const

/** Who can come to the page of a complaint, and an end to that. */
export function complaintLinks(complaint: Command, io: Io): void {
  complaint
    .command('links')
    .description('list the links that open the page of a complaint, without what opens it')
    .argument(...number)
    .option(...whose)
    .action(async (of: string, _, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(columns, await client.list(pathIn(await tenant(), of)))
    })
  complaint
    .command('revoke-links')
    .description('take links back: all of a complaint, or one of them; who is in by it is out')
    .argument(...number)
    .argument('[link]', 'the id of one of them')
    .option(...whose)
    .action(async (of: string, id: string | undefined, _, command: Command) => {
      const { client, tenant, note } = talk(io, command)
      const path = pathIn(await tenant(), of)
      await client.remove(id === undefined ? path : `${path}/${encodeURIComponent(id)}`)
      note('taken back\n')
    })
}

const pathIn = (tenant: string, of: string): string =>
  `${tenant}/complaints/${encodeURIComponent(of.replace(/^#/, ''))}/links`
