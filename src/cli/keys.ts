import { type Command, Option } from 'commander'
import type { Client, Row } from './client.ts'
import { countOption, pick } from './given.ts'
import type { Io } from './io.ts'
import type { Column } from './print.ts'
import { talk } from './tell.ts'

const keyColumns: readonly Column[] = [
  ['NAME', 'name'],
  ['KEY', ({ prefix }) => (prefix === undefined ? '' : `${prefix}…`)],
  ['REACHES', ({ tenant }) => tenant ?? 'everything'],
  ['ACCESS', 'access'],
  ['STATE', 'state'],
  ['EXPIRES', 'expiresAt'],
  ['LAST USED', 'lastUsedAt'],
  ['ID', 'id'],
]

const auditColumns: readonly Column[] = [
  ['AT', 'at'],
  ['KEY', 'keyName'],
  ['DID', 'operation'],
  ['TO', 'target'],
  ['WISH', 'wish'],
  ['BEFORE', 'before'],
  ['AFTER', 'after'],
]

const ofTenant = ['--tenant <handle>', 'one that reaches this business alone; left out: everything'] as const

/** A tenant's keys where a tenant is named; a tenant's own key sees no others. */
const keysOf = (tenant: string | undefined): string =>
  tenant === undefined ? '/keys' : `/tenants/${encodeURIComponent(tenant)}/keys`

export function keyCommands(program: Command, io: Io): void {
  const key = program.command('key').description('who may call the admin API, and how far')
  key
    .command('add')
    .description('make a key; its text is shown this once')
    .requiredOption('--name <name>', 'who or what uses it')
    .addOption(new Option('--access <access>', 'read (looks only) or write').choices(['read', 'write']).default('read'))
    .option('--days <count>', 'it ends by itself after so many days (default: never)', countOption)
    .option(...ofTenant)
    .action(async ({ name, access, days, tenant }, command: Command) => {
      const talking = talk(io, command)
      madeKey(talking, await talking.client.one('POST', keysOf(tenant), { name, access, days }))
    })
  key
    .command('list')
    .description('list the keys; their texts are known to their holders alone')
    .option('--tenant <handle>', 'of this business alone')
    .action(async ({ tenant }, command: Command) => {
      const { client, rows } = talk(io, command)
      rows(keyColumns, await client.list(keysOf(tenant)))
    })
  key
    .command('rotate')
    .description('make a key in place of another, which ends at once or after some hours')
    .argument('<key>', 'id, name or first characters')
    .option('--grace-hours <count>', 'how long the old one still works (default: it ends at once)', countOption)
    .option('--days <count>', 'the new one ends by itself after so many days (default: as the old one)', countOption)
    .option('--tenant <handle>', 'of this business')
    .action(async (named: string, { graceHours, days, tenant }, command: Command) => {
      const talking = talk(io, command)
      const path = await pathOf(talking.client, keysOf(tenant), named)
      madeKey(talking, await talking.client.one('POST', `${path}/rotate`, { graceHours, days }))
    })
  key
    .command('revoke')
    .description('end a key now and for good')
    .argument('<key>', 'id, name or first characters')
    .option('--tenant <handle>', 'of this business')
    .action(async (named: string, { tenant }, command: Command) => {
      const { client, row } = talk(io, command)
      const path = await pathOf(client, keysOf(tenant), named)
      row(keyColumns, await client.one('POST', `${path}/revoke`))
    })
  program
    .command('audit')
    .description('list who changed what, the newest first')
    .option('--tenant <handle>', 'in this business alone')
    .option('--limit <count>', 'how many', countOption, 50)
    .action(async ({ tenant, limit }, command: Command) => {
      const { client, rows } = talk(io, command)
      const path = tenant === undefined ? '/audit' : `/tenants/${encodeURIComponent(tenant)}/audit`
      rows(auditColumns, await client.upTo(path, limit))
    })
}

function madeKey({ row, note }: Pick<ReturnType<typeof talk>, 'row' | 'note'>, made: Row): void {
  row([...keyColumns, ['TEXT', 'key']], made)
  note(
    '\nThe text is shown this once. Use it as REDRESS_KEY; where it takes the place of the first key, in data/admin.key too.\n',
  )
}

/** Of several with one name, the one that still works. */
async function pathOf(client: Client, path: string, named: string): Promise<string> {
  const keys = await client.list(path)
  const valid = keys.filter(({ state }) => state === 'valid')
  const by = ['name', 'id', 'prefix'] as const
  const found = valid.some((one) => by.some((field) => one[field] === named.replace(/…$/, ''))) ? valid : keys
  return `${path}/${pick(found, named.replace(/…$/, ''), by).id}`
}
