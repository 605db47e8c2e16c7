import type { Command } from 'commander'
import { qrText } from '../core/qr.ts'
import { changesGiven, pick, secretsGiven, settingsGiven, several } from './given.ts'
import type { Io } from './io.ts'
import type { Column } from './print.ts'
import { type Talk, talk, whose } from './tell.ts'

const listed = (value: unknown) => (Array.isArray(value) ? value.join(', ') : '')
const whyOf = (value: unknown) =>
  typeof value === 'object' && value !== null && 'why' in value ? value.why : undefined

const channelColumns: readonly Column[] = [
  ['NAME', 'name'],
  ['KIND', 'kind'],
  ['ENABLED', 'enabled'],
  ['ACCOUNTS', ({ accounts }) => listed(accounts)],
  ['STOPPED', ({ stopped }) => whyOf(stopped)],
  ['HELD', ({ held }) => whyOf(held)],
  ['CALLBACK', 'callbackUrl'],
  ['ID', 'id'],
]
const outcomeColumns: readonly Column[] = [
  ['RECIPIENT', 'label'],
  ['OUTCOME', 'outcome'],
  ['WHY', 'why'],
]
const logColumns: readonly Column[] = [
  ['AT', 'at'],
  ['RECIPIENT', 'label'],
  ['STATE', 'state'],
  ['FACTS', 'facts'],
  ['TEST', 'test'],
  ['WHY', 'error'],
  ['REFERENCE', 'reference'],
]
const recipientColumns: readonly Column[] = [
  ['LABEL', 'label'],
  ['ADDRESS', 'address'],
  ['WANTS', ({ wants }) => listed(wants)],
  ['ENABLED', 'enabled'],
  ['OFF', 'offWhy'],
  ['ID', 'id'],
]
const letterColumns: readonly Column[] = [
  ['AT', 'at'],
  ['CHANNEL', 'channel'],
  ['RECIPIENT', 'recipient'],
  ['WHY', 'error'],
  ['ID', 'id'],
]

const secretOption = [
  '--secret <name=value>',
  'again for each; name=@file or name=- keep it off the command line',
] as const
const settingOption = [
  '--setting <name=value>',
  'again for each; the value may be JSON, but an id of digits stays text; name=null takes it out',
] as const
const accountOption = [
  '--account <account>',
  'only what is about this account; again for more; all = no limit',
] as const
const under = ['--channel <channel>', 'through which channel: name or id'] as const
const wantOption = [
  '--want <what>',
  'new, user, turn, outcome, deadline, closed, notice or digest; again for more',
] as const

export function channelCommands(program: Command, io: Io): void {
  const channel = program.command('channel').description('ways to people beside the chats: mail, official account, SMS')
  channel
    .command('add')
    .description('add a mailbox, a service account or an SMS application')
    .option(...whose)
    .requiredOption('--kind <kind>', 'email, official-account or sms')
    .requiredOption('--name <name>', 'as people call it')
    .option(...secretOption, several)
    .option(...settingOption, several)
    .option('--settings <@file.json>', 'settings from a file')
    .option(...accountOption, several)
    .action(async ({ kind, name, secret, account, ...given }, command: Command) => {
      const talking = talk(io, command)
      const wish = {
        ...{ kind, name, settings: await settingsGiven(io, given), secrets: await secretsGiven(io, secret) },
        ...(account === undefined ? {} : { accounts: await accountIds(talking, account) }),
      }
      talking.row(channelColumns, await talking.client.one('POST', `${await talking.tenant()}/channels`, wish))
    })
  channel
    .command('update')
    .description('change a channel; what is not named stays, and one that had stopped goes on')
    .argument('<channel>', 'name or id')
    .option(...whose)
    .option('--name <name>', 'as people call it')
    .option(...secretOption, several)
    .option(...settingOption, several)
    .option('--settings <@file.json>', 'settings from a file')
    .option(...accountOption, several)
    .action(async (named: string, { name, secret, account, setting, settings }, command: Command) => {
      changesGiven({ name, secret, account, setting, settings })
      const talking = talk(io, command)
      const change = {
        name,
        ...(setting || settings ? { settings: await settingsGiven(io, { setting, settings }) } : {}),
        ...(secret ? { secrets: await secretsGiven(io, secret) } : {}),
        ...(account === undefined ? {} : { accounts: await accountIds(talking, account) }),
      }
      talking.row(channelColumns, await talking.client.one('PATCH', await pathOf(talking, named), change))
    })
  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    channel
      .command(verb)
      .description(enabled ? 'switch a channel on, also one that has stopped' : 'switch a channel off')
      .argument('<channel>', 'name or id')
      .option(...whose)
      .action(async (named: string, _, command: Command) => {
        const talking = talk(io, command)
        talking.row(channelColumns, await talking.client.one('PATCH', await pathOf(talking, named), { enabled }))
      })
  channel
    .command('list')
    .description('list the channels of a business')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(channelColumns, await client.list(`${await tenant()}/channels`))
    })
  channel
    .command('remove')
    .description('remove a channel and its recipients')
    .argument('<channel>', 'name or id')
    .option(...whose)
    .action(async (named: string, _, command: Command) => {
      const talking = talk(io, command)
      await talking.client.remove(await pathOf(talking, named))
      talking.note('removed\n')
    })
  channel
    .command('test')
    .description('send a test message now, and say what became of it')
    .argument('<channel>', 'name or id')
    .option(...whose)
    .option('--recipient <recipient>', 'to one alone: label or id')
    .action(async (named: string, { recipient }, command: Command) => {
      const talking = talk(io, command)
      const path = await pathOf(talking, named)
      const wish = recipient === undefined ? {} : { recipient: (await recipientOf(talking, path, recipient)).id }
      const { items } = await talking.client.one('POST', `${path}/test`, wish)
      talking.rows(outcomeColumns, Array.isArray(items) ? items : [])
    })
  channel
    .command('log')
    .description('what a channel has sent or tried to send, the newest first')
    .argument('<channel>', 'name or id')
    .option(...whose)
    .option('--limit <count>', 'how many', '50')
    .action(async (named: string, { limit }, command: Command) => {
      const talking = talk(io, command)
      const path = await pathOf(talking, named)
      talking.rows(logColumns, await talking.client.list(`${path}/log?limit=${encodeURIComponent(limit)}`))
    })
}

export function recipientCommands(program: Command, io: Io): void {
  const recipient = program.command('recipient').description('who is told through a channel, and of what')
  recipient
    .command('add')
    .description('add a mail address, an openid or a phone number')
    .option(...whose)
    .requiredOption(...under)
    .requiredOption('--address <address>', 'a mail address, an openid, a phone number')
    .requiredOption('--label <name>', 'as people call them')
    .option(...wantOption, several)
    .action(async ({ channel, address, label, want }, command: Command) => {
      const talking = talk(io, command)
      const path = `${await pathOf(talking, channel)}/recipients`
      talking.row(recipientColumns, await talking.client.one('POST', path, { address, label, wants: want }))
    })
  recipient
    .command('bind')
    .description('show a QR code: whoever scans it within ten minutes is told by the official account')
    .option(...whose)
    .requiredOption(...under)
    .requiredOption('--label <name>', 'as people call them')
    .option(...wantOption, several)
    .action(async ({ channel, label, want }, command: Command) => {
      const talking = talk(io, command)
      const path = `${await pathOf(talking, channel)}/bind-requests`
      const invited = await talking.client.one('POST', path, { label, wants: want })
      talking.row(invitationColumns, invited)
      talking.note(`\n${qrText(String(invited.url))}\n`)
    })
  recipient
    .command('update')
    .description('change a recipient; what is not named stays')
    .argument('<recipient>', 'label or id')
    .option(...whose)
    .requiredOption(...under)
    .option('--address <address>', 'a mail address, an openid, a phone number')
    .option('--label <name>', 'as people call them')
    .option(...wantOption, several)
    .action(async (named: string, { channel, address, label, want }, command: Command) => {
      const change = changesGiven({ address, label, wants: want })
      await changed(talk(io, command), { channel, named }, change)
    })
  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    recipient
      .command(verb)
      .description(enabled ? 'tell them again' : 'tell them nothing more')
      .argument('<recipient>', 'label or id')
      .option(...whose)
      .requiredOption(...under)
      .action((named: string, { channel }, command: Command) =>
        changed(talk(io, command), { channel, named }, { enabled }),
      )
  recipient
    .command('list')
    .description('list who is told through a channel; addresses are masked')
    .option(...whose)
    .requiredOption(...under)
    .action(async ({ channel }, command: Command) => {
      const talking = talk(io, command)
      talking.rows(recipientColumns, await talking.client.list(`${await pathOf(talking, channel)}/recipients`))
    })
  recipient
    .command('remove')
    .description('remove a recipient')
    .argument('<recipient>', 'label or id')
    .option(...whose)
    .requiredOption(...under)
    .action(async (named: string, { channel }, command: Command) => {
      const talking = talk(io, command)
      const path = await pathOf(talking, channel)
      const { id } = await recipientOf(talking, path, named)
      await talking.client.remove(`${path}/recipients/${id}`)
      talking.note('removed\n')
    })
}

export function letterCommands(program: Command, io: Io): void {
  const letter = program.command('letter').description('messages that reached nobody')
  letter
    .command('list')
    .description('list what was given up, and why')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(letterColumns, await client.upTo(`${await tenant()}/dead-letters`, 500))
    })
  letter
    .command('retry')
    .description('try them again: those that are named, or all')
    .argument('[ids...]', 'as redress letter list shows them')
    .option(...whose)
    .action(async (ids: readonly string[], _, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const wish = ids.length > 0 ? { ids } : {}
      row([['RETRIED', 'retried']], await client.one('POST', `${await tenant()}/dead-letters/retry`, wish))
    })
  letter
    .command('dismiss')
    .description('list them no more; they are never tried again')
    .argument('<ids...>', 'as redress letter list shows them')
    .option(...whose)
    .action(async (ids: readonly string[], _, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      row([['DISMISSED', 'dismissed']], await client.one('POST', `${await tenant()}/dead-letters/dismiss`, { ids }))
    })
}

const invitationColumns: readonly Column[] = [
  ['PICTURE', 'image'],
  ['ADDRESS', 'url'],
  ['GOOD UNTIL', 'expiresAt'],
]

async function pathOf({ client, tenant }: Talk, named: string): Promise<string> {
  const path = `${await tenant()}/channels`
  const { id } = pick(await client.list(path), named, ['name', 'id'])
  return `${path}/${id}`
}

const recipientOf = async ({ client }: Talk, path: string, named: string) =>
  pick(await client.list(`${path}/recipients`), named, ['label', 'id'])

async function changed(
  talking: Talk,
  { channel, named }: { readonly channel: string; readonly named: string },
  change: object,
): Promise<void> {
  const path = await pathOf(talking, channel)
  const { id } = await recipientOf(talking, path, named)
  talking.row(recipientColumns, await talking.client.one('PATCH', `${path}/recipients/${id}`, change))
}

async function accountIds({ client, tenant }: Talk, named: readonly string[]): Promise<readonly unknown[] | null> {
  if (named.length === 1 && named[0] === 'all') return null
  const accounts = await client.list(`${await tenant()}/accounts`)
  return named.map((one) => pick(accounts, one, ['name', 'outsideId', 'id']).id)
}
