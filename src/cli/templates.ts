import type { Command } from 'commander'
import { changesGiven, pick, several } from './given.ts'
import type { Io } from './io.ts'
import type { Column } from './print.ts'
import { talk, whose } from './tell.ts'

const listed = (value: unknown) => (Array.isArray(value) && value.length > 0 ? value.join(', ') : 'all')

const templateColumns: readonly Column[] = [
  ['NO', 'position'],
  ['NAME', 'name'],
  ['FOR', (row) => listed(row.for)],
  ['REASONS', ({ reasons }) => listed(reasons)],
  ['PLATFORMS', ({ platforms }) => listed(platforms)],
  ['TEXT', 'text'],
  ['ID', 'id'],
]

const nameOption = ['--name <name>', 'what its button says: at most 20 characters'] as const
const textOption = ['--text <words>', 'with variables such as {order} {product} {amount} {shop}'] as const
const forOption = [
  '--for <act>',
  'agree, refuse, talk, add-evidence, prove-refund, appeal or reject; again for more',
] as const
const reasonOption = ['--reason <part>', 'only where the reason has this in it; again for more'] as const
const platformOption = ['--platform <platform>', 'wechat-mini, wechat-pay or alipay; again for more'] as const
const orAll = '; all = no limit'

export function templateCommands(program: Command, io: Io): void {
  const template = program.command('template').description('replies kept for later, with places to fill in')
  template
    .command('add')
    .description('add a template')
    .option(...whose)
    .requiredOption(...nameOption)
    .requiredOption(...textOption)
    .option(forOption[0], `${forOption[1]} (default: all)`, several)
    .option(reasonOption[0], `${reasonOption[1]} (default: any)`, several)
    .option(platformOption[0], `${platformOption[1]} (default: all)`, several)
    .action(async ({ name, text, for: acts, reason, platform }, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const wish = { name, text, for: limit(acts), reasons: limit(reason), platforms: limit(platform) }
      row(templateColumns, await client.one('POST', `${await tenant()}/templates`, wish))
    })
  template
    .command('update')
    .description('change a template; what is not named stays')
    .argument('<template>', 'name or id')
    .option(...whose)
    .option(...nameOption)
    .option(...textOption)
    .option(forOption[0], forOption[1] + orAll, several)
    .option(reasonOption[0], reasonOption[1] + orAll, several)
    .option(platformOption[0], platformOption[1] + orAll, several)
    .option('--position <place>', 'where it is offered: 1 is the first', Number)
    .action(async (named: string, { name, text, for: acts, reason, platform, position }, command: Command) => {
      const limits = { for: limit(acts), reasons: limit(reason), platforms: limit(platform) }
      const change = changesGiven({ name, text, ...limits, position })
      const { client, tenant, row } = talk(io, command)
      const path = `${await tenant()}/templates`
      const { id } = pick(await client.list(path), named, ['name', 'id'])
      row(templateColumns, await client.one('PATCH', `${path}/${id}`, change))
    })
  template
    .command('list')
    .description('list the templates of a business, in the order in which they are offered')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(templateColumns, await client.list(`${await tenant()}/templates`))
    })
  template
    .command('remove')
    .description('remove a template')
    .argument('<template>', 'name or id')
    .option(...whose)
    .action(async (named: string, _, command: Command) => {
      const { client, tenant, note } = talk(io, command)
      const path = `${await tenant()}/templates`
      const { id } = pick(await client.list(path), named, ['name', 'id'])
      await client.remove(`${path}/${id}`)
      note('removed\n')
    })
}

/** What it is limited to; `all` alone: to nothing. */
const limit = (given: readonly string[] | undefined): readonly string[] | undefined =>
  given?.length === 1 && given[0] === 'all' ? [] : given
