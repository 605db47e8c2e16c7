import type { Command } from 'commander'
import type { Client } from './client.ts'
import { complaintActs } from './complaint-acts.ts'
import { complaintLinks } from './complaint-links.ts'
import { capGiven, capOption, changesGiven, countOption, inYuan, only, pick, several, yuanOption } from './given.ts'
import type { Io } from './io.ts'
import { type Column, table } from './print.ts'
import { talk, whose } from './tell.ts'

const memberColumns: readonly Column[] = [
  ['HANDLE', 'handle'],
  ['NAME', 'name'],
  ['ROLE', 'role'],
  ['ENABLED', 'enabled'],
  ['REFUND EACH ¥', ({ refundEach }) => inYuan(refundEach)],
  ['REFUND DAY ¥', ({ refundDay }) => inYuan(refundDay)],
  ['BOUND', ({ identities }) => (Array.isArray(identities) ? identities.map(({ realm }) => realm).join(', ') : '')],
  ['ID', 'id'],
]
const codeColumns: readonly Column[] = [
  ['SEND', 'say'],
  ['UNTIL', 'expiresAt'],
]

export function memberCommands(program: Command, io: Io): void {
  const member = program.command('member').description('people and what they may do')
  member
    .command('add')
    .description('add a person')
    .option(...whose)
    .requiredOption('--handle <handle>', 'what @handle names')
    .requiredOption('--name <name>', 'as people call them')
    .requiredOption('--role <role>', 'viewer, agent, refunder or admin')
    .option('--refund-each <yuan>', 'most for one refund', yuanOption)
    .option('--refund-day <yuan>', 'most for all refunds of a day', yuanOption)
    .action(async ({ handle, name, role, refundEach, refundDay }, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const wish = { handle, name, role, refundEach, refundDay }
      row(memberColumns, await client.one('POST', `${await tenant()}/members`, wish))
    })
  member
    .command('update')
    .description('change a person; what is not named stays')
    .argument('<member>', 'handle or id')
    .option(...whose)
    .option('--name <name>', 'as people call them')
    .option('--role <role>', 'viewer, agent, refunder or admin')
    .option('--refund-each <yuan>', 'most for one refund; none = the business’s rule alone', capOption)
    .option('--refund-day <yuan>', 'most for all refunds of a day; none = the business’s rule alone', capOption)
    .action(async (named: string, { name, role, refundEach, refundDay }, command: Command) => {
      const caps = { refundEach: capGiven(refundEach), refundDay: capGiven(refundDay) }
      const change = changesGiven({ name, role, ...caps })
      const { client, tenant, row } = talk(io, command)
      const path = `${await tenant()}/members`
      const { id } = pick(await client.list(path), named.replace(/^@/, ''), ['handle', 'id'])
      row(memberColumns, await client.one('PATCH', `${path}/${id}`, change))
    })
  member
    .command('list')
    .description('list the people of a business')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(memberColumns, await client.list(`${await tenant()}/members`))
    })
  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    member
      .command(verb)
      .description(enabled ? 'let a person in again' : 'let a person do nothing any more; what they did stays')
      .argument('<member>', 'handle or id')
      .option(...whose)
      .action(async (named: string, _, command: Command) => {
        const { client, tenant, row } = talk(io, command)
        const path = `${await tenant()}/members`
        const { id } = pick(await client.list(path), named.replace(/^@/, ''), ['handle', 'id'])
        row(memberColumns, await client.one('PATCH', `${path}/${id}`, { enabled }))
      })
  member
    .command('bind-code')
    .description('make a one-time code: the person sends it to the bot, alone with it')
    .argument('<member>', 'handle or id')
    .option(...whose)
    .action(async (named: string, _, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const path = `${await tenant()}/members`
      const { id } = pick(await client.list(path), named.replace(/^@/, ''), ['handle', 'id'])
      row(codeColumns, await client.one('POST', `${path}/${id}/bind-code`))
    })
}

const roomColumns: readonly Column[] = [
  ['TITLE', 'title'],
  ['ALONE', 'alone'],
  ['LANGUAGE', 'language'],
  ['ACCOUNTS', ({ accounts }) => (Array.isArray(accounts) ? accounts.join(', ') : 'all')],
  ['ID', 'id'],
]

export function roomCommands(program: Command, io: Io): void {
  const room = program.command('room').description('groups in which complaints are shown')
  room
    .command('code')
    .description('make a one-time code: sent in the group, it binds the group')
    .option(...whose)
    .option('--language <language>', 'zh-CN or en (default: the business’s own)')
    .option('--account <account>', 'show only this account there; again for more', several)
    .action(async ({ language, account: named }, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const path = await tenant()
      const accounts = await accountsNamed(client, path, named)
      row(codeColumns, await client.one('POST', `${path}/room-codes`, { language, accounts }))
    })
  room
    .command('add')
    .description('bind the group of a bot that only pushes, where nobody can send a code')
    .option(...whose)
    .requiredOption('--bot <bot>', 'name or id')
    .requiredOption('--title <title>', 'as people call the group')
    .option('--chat <id>', 'the chat’s own id of the group, where it has one')
    .option('--language <language>', 'zh-CN or en (default: the business’s own)')
    .option('--account <account>', 'show only this account there; again for more', several)
    .action(async ({ bot: named, title, chat, language, account }, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const path = await tenant()
      const bot = pick(await client.list(`${path}/bots`), named, ['name', 'id']).id
      const accounts = await accountsNamed(client, path, account)
      row(roomColumns, await client.one('POST', `${path}/rooms`, { bot, title, chat, language, accounts }))
    })
  room
    .command('list')
    .description('list the bound groups of a business')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(roomColumns, await client.list(`${await tenant()}/rooms`))
    })
  room
    .command('remove')
    .description('unbind a group')
    .argument('<room>', 'id or title')
    .option(...whose)
    .action(async (named: string, _, command: Command) => {
      const { client, tenant, note } = talk(io, command)
      const path = `${await tenant()}/rooms`
      const { id } = pick(await client.list(path), named, ['title', 'id'])
      await client.remove(`${path}/${id}`)
      note('removed\n')
    })
}

async function accountsNamed(client: Client, path: string, named?: readonly string[]) {
  const known = named ? await client.list(`${path}/accounts`) : []
  return named?.map((each) => pick(known, each, ['name', 'outsideId', 'id']).id)
}

const listColumns: readonly Column[] = [
  ['NO', ({ running }) => `#${running}`],
  ['PHASE', 'phase'],
  ['STATE', 'label'],
  ['DUE', 'due'],
  ['CUSTOMER', 'who'],
  ['REASON', 'reason'],
]
const complaintColumns: readonly Column[] = [
  ...listColumns,
  ['TEXT', 'text'],
  ['PLATFORM', 'platform'],
  ['NUMBER', 'number'],
  ['OPENED', 'openedAt'],
  ['ORDERS', ({ orders }) => (Array.isArray(orders) ? orders.join(', ') : '')],
  [
    'MOVES',
    ({ moves }) => (Array.isArray(moves) ? moves.map(({ kind, owed }) => (owed ? `${kind}!` : kind)).join(', ') : ''),
  ],
  ['VERSION', 'version'],
]
const factColumns: readonly Column[] = [
  ['AT', 'at'],
  ['FACT', 'kind'],
  ['', 'fact'],
]

export function complaintCommands(program: Command, io: Io): void {
  const complaint = program.command('complaint').description('look at complaints and answer them; people are masked')
  complaint
    .command('list')
    .description('list complaints, nearest deadline first')
    .option(...whose)
    .option('--which <which>', 'open, due or all', 'open')
    .option('--limit <count>', 'how many', countOption, 50)
    .action(async ({ which, limit }, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      const query = new URLSearchParams({ which })
      rows(listColumns, await client.upTo(`${await tenant()}/complaints?${query}`, limit))
    })
  complaint
    .command('show')
    .description('show a complaint and what happened')
    .argument('<number>', 'its number, such as 128')
    .option(...whose)
    .action(async (number: string, _, command: Command) => {
      const { client, tenant, row, note } = talk(io, command)
      const path = `${await tenant()}/complaints/${encodeURIComponent(number.replace(/^#/, ''))}`
      const shown = await client.one('GET', path)
      row(complaintColumns, shown)
      note(`\n${factsText(shown.facts)}\n`)
    })
  complaint
    .command('import')
    .description('fetch a complaint by the platform’s number, when its callback never came')
    .argument('<number>', 'the platform’s number of the complaint (投诉单号), not the order number')
    .option(...whose)
    .option('--account <account>', 'of which account; may be left out where there is only one')
    .action(async (number: string, { account: named }, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const path = `${await tenant()}/accounts`
      const accounts = await client.list(path)
      const { id } = named === undefined ? only(accounts) : pick(accounts, named, ['name', 'outsideId', 'id'])
      row(importColumns, await client.one('POST', `${path}/${id}/import`, { number }))
    })
  complaintActs(complaint, io)
  complaintLinks(complaint, io)
}

const importColumns: readonly Column[] = [
  ['NO', ({ running }) => `#${running}`],
  ['WAS', ({ outcome }) => (outcome === 'known' ? 'here already' : 'new')],
  ['STATE', 'label'],
]

const factsText = (facts: unknown): string => table(factColumns, Array.isArray(facts) ? facts : [])
