import { type Command, InvalidArgumentError } from 'commander'
import { qrText } from '../core/qr.ts'
import { changesGiven, only, pick } from './given.ts'
import type { Io } from './io.ts'
import type { Column } from './print.ts'
import { type Talk, talk, whose } from './tell.ts'

const merchantColumns: readonly Column[] = [
  ['NAME', 'name'],
  ['COMPANY', 'company'],
  ['OUTSIDE ID', 'outsideId'],
  ['ENABLED', 'enabled'],
  ['ON', 'on'],
  ['AUTO REFUND', 'autoRefund'],
  ['AUTHORISED', ({ authorised, revokedAt }) => (revokedAt === undefined ? authorised : 'taken back')],
  ['LACKS', ({ lacks }) => (Array.isArray(lacks) ? lacks.join(', ') : '')],
  ['ID', 'id'],
]

const linkColumns: readonly Column[] = [
  ['BROWSER', 'browser'],
  ['PHONE', 'phone'],
  ['PLAIN', 'plain'],
  ['EXPIRES', 'expiresAt'],
]

const waitingColumns: readonly Column[] = [
  ['OUTSIDE ID', 'outsideId'],
  ['AUTH APP', 'authAppId'],
  ['SINCE', 'createdAt'],
  ['EXPIRES', 'expiresAt'],
]

const which = ['--account <account>', 'under which account; may be left out where there is only one'] as const

export function merchantCommands(program: Command, io: Io): void {
  const merchant = program.command('merchant').description('businesses that stand under an account')
  merchant
    .command('add')
    .description('name a sub-merchant of a WeChat Pay service provider')
    .option(...whose)
    .option(...which)
    .requiredOption('--id <id>', 'as the platform knows it: the sub_mchid')
    .requiredOption('--name <name>', 'as people call it')
    .option('--company <name>', 'the company behind it')
    .option('--disabled', 'add it switched off')
    .action(async ({ account, id: outsideId, name, company, disabled }, command: Command) => {
      const talking = talk(io, command)
      const wish = { outsideId, name, company, enabled: disabled !== true }
      talking.row(merchantColumns, await talking.client.one('POST', await pathOf(talking, account), wish))
    })
  merchant
    .command('update')
    .description('change a merchant; what is not named stays')
    .argument('<merchant>', 'id, outside id or name')
    .option(...whose)
    .option(...which)
    .option('--name <name>', 'as people call it')
    .option('--company <name>', 'the company behind it')
    .option('--enabled <yes|no>', 'whether anything is posted, notified, automated for it', yesOrNo)
    .option('--auto-refund <yes|no>', 'whether rules may refund for it, where its account lets them', yesOrNo)
    .action(async (named: string, { account, name, company, enabled, autoRefund }, command: Command) => {
      const change = changesGiven({ name, company, enabled, autoRefund })
      const talking = talk(io, command)
      const path = await pathOf(talking, account)
      const { id } = pick(await talking.client.list(path), named, ['name', 'outsideId', 'id'])
      talking.row(merchantColumns, await talking.client.one('PATCH', `${path}/${id}`, change))
    })
  merchant
    .command('list')
    .description('list the merchants under an account')
    .option(...whose)
    .option(...which)
    .action(async ({ account }, command: Command) => {
      const talking = talk(io, command)
      talking.rows(merchantColumns, await talking.client.list(await pathOf(talking, account)))
    })
  authorisationCommands(merchant, io)
}

function authorisationCommands(merchant: Command, io: Io): void {
  merchant
    .command('authorize')
    .description('links and a QR code by which one merchant authorises an account: used once, for 15 minutes')
    .argument('[account]', 'id, outside id or name; may be left out where there is only one')
    .option(...whose)
    .action(async (account: string | undefined, _: unknown, command: Command) => {
      const talking = talk(io, command)
      const links = await talking.client.one('POST', `${await accountPath(talking, account)}/authorization-links`)
      talking.row(linkColumns, links)
      if (typeof links.phone === 'string') talking.note(`\n${qrText(links.phone)}\n`)
    })
  merchant
    .command('waiting')
    .description('list merchants that have authorised an account without a link of ours')
    .option(...whose)
    .option(...which)
    .action(async ({ account }, command: Command) => {
      const talking = talk(io, command)
      const path = await accountPath(talking, account)
      talking.rows(waitingColumns, await talking.client.list(`${path}/waiting-authorizations`))
    })
  merchant
    .command('claim')
    .description('say that a merchant which waits is yours')
    .argument('<code>', 'the code that the merchant was given, or its outside id')
    .option(...whose)
    .option(...which)
    .action(async (named: string, { account }, command: Command) => {
      const talking = talk(io, command)
      const path = await accountPath(talking, account)
      const waiting = await talking.client.list(`${path}/waiting-authorizations`)
      const by = waiting.some(({ outsideId }) => outsideId === named) ? { outsideId: named } : { code: named }
      talking.row(merchantColumns, await talking.client.one('POST', `${path}/merchants/claim`, by))
    })
}

const pathOf = async (talking: Talk, named: string | undefined): Promise<string> =>
  `${await accountPath(talking, named)}/merchants`

async function accountPath({ client, tenant }: Talk, named: string | undefined): Promise<string> {
  const path = `${await tenant()}/accounts`
  const accounts = await client.list(path)
  const { id } = named === undefined ? only(accounts) : pick(accounts, named, ['name', 'outsideId', 'id'])
  return `${path}/${id}`
}

function yesOrNo(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('yes or no')
  return text === 'yes'
}
