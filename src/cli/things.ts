import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { Row } from './client.ts'
import { Ended, exits } from './exit.ts'
import {
  capGiven,
  capOption,
  changesGiven,
  inYuan,
  opened,
  pick,
  secretsGiven,
  settingsGiven,
  several,
  yuanOption,
} from './given.ts'
import type { Io } from './io.ts'
import { type Column, table } from './print.ts'
import { talk, whose } from './tell.ts'

const secretOption = [
  '--secret <name=value>',
  'again for each; name=@file or name=- keep it off the command line',
] as const
const settingOption = [
  '--setting <name=value>',
  'again for each; the value may be JSON, but an id of digits stays text',
] as const

const tenantColumns: readonly Column[] = [
  ['HANDLE', 'handle'],
  ['NAME', 'name'],
  ['ZONE', 'zone'],
  ['LANGUAGE', 'language'],
  ['SECOND PERSON FROM ¥', ({ secondPersonFrom }) => inYuan(secondPersonFrom)],
  ['REFUND EACH ¥', ({ refundEach }) => inYuan(refundEach)],
  ['REFUND DAY ¥', ({ refundDay }) => inYuan(refundDay)],
  ['REFUNDER EACH ¥', ({ refunderEach }) => inYuan(refunderEach)],
  ['REFUNDER DAY ¥', ({ refunderDay }) => inYuan(refunderDay)],
  ['REMIND', ({ reminding }) => remindingText(reminding as Row)],
  ['ID', 'id'],
]

function remindingText({ percent, hours, quiet, digestHour }: Row): string {
  const parts = [
    (percent as readonly number[]).map((each) => `${each}%`).join(' '),
    (hours as readonly number[]).map((each) => `${each}h`).join(' '),
    quiet === null ? '' : `quiet ${quiet}`,
    digestHour === null ? '' : `digest ${digestHour}:00`,
  ]
  return parts.filter(Boolean).join(', ')
}

/** `2,6`; `none` = an empty list. */
function numbers(text: string): readonly number[] {
  const words = text === 'none' ? [] : text.split(/[\s,，]+/)
  if (words.some((word) => !/^\d{1,3}$/.test(word))) throw new InvalidArgumentError('give whole numbers, such as 2,6')
  return words.map(Number)
}

const noneOr =
  <Value>(read: (text: string) => Value) =>
  (text: string): Value | 'none' =>
    text === 'none' ? text : read(text)

function fullHour(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError('give a full hour, such as 10, or none')
  return Number(text)
}

/** Commander itself makes a null into an empty text. */
const nullable = <Value>(given: Value | 'none' | undefined): Value | null | undefined =>
  given === 'none' ? null : given

export function tenantCommands(program: Command, io: Io): void {
  const tenant = program.command('tenant').description('businesses: everything else belongs to one')
  tenant
    .command('create')
    .description('add a business')
    .requiredOption('--handle <handle>', 'short name: a–z, 0–9 and -')
    .requiredOption('--name <name>', 'as people call it')
    .option('--zone <zone>', 'whose days are its days (default: Asia/Shanghai)')
    .option('--language <language>', 'zh-CN or en (default: zh-CN)')
    .option('--second-person-from <yuan>', 'refunds from here on need a second person (default: 200)', yuanOption)
    .option('--refund-each <yuan>', 'most for one refund (default: no cap but the members’ own)', yuanOption)
    .option('--refund-day <yuan>', 'most for all refunds of a day (default: no cap but the members’ own)', yuanOption)
    .option('--refunder-each <yuan>', 'the same of each refunder without caps of their own', yuanOption)
    .option('--refunder-day <yuan>', 'the same for all of their refunds of a day', yuanOption)
    .action(async (options, command: Command) => {
      const { handle, name, zone, language, secondPersonFrom, refundEach, refundDay, refunderEach, refunderDay } =
        options
      const { client, row } = talk(io, command)
      const caps = { secondPersonFrom, refundEach, refundDay, refunderEach, refunderDay }
      const wish = { handle, name, zone, language, ...caps }
      row(tenantColumns, await client.one('POST', '/tenants', wish))
    })
  tenant
    .command('update')
    .description('change what may be refunded and when people are told; what is not named stays')
    .argument('<tenant>', 'handle or id')
    .option('--second-person-from <yuan>', 'refunds from here on need a second person', yuanOption)
    .option('--refund-each <yuan>', 'most for one refund; none = no cap but the members’ own', capOption)
    .option('--refund-day <yuan>', 'most for all refunds of a day; none = no cap but the members’ own', capOption)
    .option('--refunder-each <yuan>', 'of each refunder without caps of their own; none = no such cap', capOption)
    .option('--refunder-day <yuan>', 'all of their refunds of a day; none = no such cap', capOption)
    .option('--remind-percent <list>', 'remind when so much of the time is over, such as 50,80,95', numbers)
    .option('--remind-hours <list>', 'and so many hours before the end, such as 2,6; none = at no such hour', numbers)
    .option('--quiet <hours>', 'no reminders then, unless a deadline is near: 22:00-08:00; none = at any hour')
    .option('--digest-hour <hour>', 'the full hour of the daily digest; none = no digest', noneOr(fullHour))
    .action(async (named: string, options, command: Command) => {
      const { secondPersonFrom, refundEach, refundDay, refunderEach, refunderDay } = options
      const caps = {
        refundEach: capGiven(refundEach),
        refundDay: capGiven(refundDay),
        refunderEach: capGiven(refunderEach),
        refunderDay: capGiven(refunderDay),
      }
      const reminding = {
        percent: options.remindPercent,
        hours: options.remindHours,
        quiet: nullable(options.quiet),
        digestHour: nullable(options.digestHour),
      }
      const told = Object.values(reminding).some((value) => value !== undefined) ? { reminding } : {}
      const change = changesGiven({ secondPersonFrom, ...caps, ...told })
      const { client, row } = talk(io, command)
      row(tenantColumns, await client.one('PATCH', `/tenants/${encodeURIComponent(named)}`, change))
    })
  tenant
    .command('list')
    .description('list the businesses')
    .action(async (_, command: Command) => {
      const { client, rows } = talk(io, command)
      rows(tenantColumns, await client.list('/tenants'))
    })
  fileCommands(tenant, io)
}

const needColumns: readonly Column[] = [
  ['WHAT', 'what'],
  ['NAME', 'name'],
  ['NEEDS', 'needs'],
]

function fileCommands(tenant: Command, io: Io): void {
  tenant
    .command('export')
    .description('write all that a business is set up from as JSON, without secrets, addresses and complaints')
    .argument('[tenant]', 'handle or id; may be left out where there is only one')
    .action(async (named: string | undefined, _, command: Command) => {
      const { client, tenant: only } = talk(io, command)
      const path = named === undefined ? await only() : `/tenants/${encodeURIComponent(named)}`
      io.out(`${JSON.stringify(await client.one('GET', `${path}/export`), undefined, 2)}\n`)
    })
  tenant
    .command('import')
    .description('say what an exported business would come to here; with --apply set it up')
    .argument('<file>', 'as redress tenant export wrote it; - reads it from standard input')
    .option('--handle <handle>', 'in place of the one in the file')
    .option('--name <name>', 'in place of the one in the file')
    .option('--apply', 'do it; all or nothing')
    .action(async (path: string, { handle, name, apply = false }, command: Command) => {
      const { client, row, note } = talk(io, command)
      const file = jsonIn(path === '-' ? await io.stdin() : await opened(io, path))
      const done = await client.one('POST', '/tenants/import', { file, handle, name, apply })
      row(
        [
          ['HANDLE', 'handle'],
          ['NAME', 'name'],
          ['APPLIED', 'applied'],
          ['MADE', 'made'],
          ['ID', 'id'],
        ],
        done,
      )
      const needs = Array.isArray(done.needs) ? done.needs : []
      if (needs.length > 0) note(`\n${table(needColumns, needs)}\n`)
      if (!apply) note('\nnothing was made; --apply makes it\n')
    })
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Ended(exits.usage, 'this is no JSON: give what redress tenant export wrote')
  }
}

const accountColumns: readonly Column[] = [
  ['NAME', 'name'],
  ['PLATFORM', 'platform'],
  ['OUTSIDE ID', 'outsideId'],
  ['ENABLED', 'enabled'],
  ['ID', 'id'],
  ['CALLBACK', 'callbackUrl'],
]

export function accountCommands(program: Command, io: Io): void {
  const account = program.command('account').description('credentials of a platform')
  account
    .command('add')
    .description('add an account; says what to type into the platform’s console')
    .option(...whose)
    .requiredOption('--platform <platform>', 'such as wechat-mini')
    .requiredOption('--id <id>', 'as the platform knows it: AppID …')
    .requiredOption('--name <name>', 'as people call it')
    .option(...secretOption, several)
    .option(...settingOption, several)
    .option('--settings <@file.json>', 'settings from a file')
    .option('--disabled', 'add it switched off')
    .action(async (options, command: Command) => {
      const { client, tenant, row, note } = talk(io, command)
      const made = await client.one('POST', `${await tenant()}/accounts`, {
        platform: options.platform,
        outsideId: options.id,
        name: options.name,
        enabled: options.disabled !== true,
        settings: await settingsGiven(io, options),
        secrets: await secretsGiven(io, options.secret),
      })
      row(accountColumns, made)
      note(consoleText(made.setUp))
    })
  account
    .command('update')
    .description('change an account; what is not named stays')
    .argument('<account>', 'id, outside id or name')
    .option(...whose)
    .option('--name <name>', 'as people call it')
    .option(...secretOption, several)
    .option(settingOption[0], `${settingOption[1]}; name=null takes it out`, several)
    .option('--settings <@file.json>', 'settings from a file')
    .action(async (named: string, options, command: Command) => {
      const { name, secret, setting, settings } = options
      changesGiven({ name, secret, setting, settings })
      const { client, tenant, row } = talk(io, command)
      const path = `${await tenant()}/accounts`
      const { id } = pick(await client.list(path), named, ['name', 'outsideId', 'id'])
      const change = {
        name,
        ...(setting || settings ? { settings: await settingsGiven(io, options) } : {}),
        ...(secret ? { secrets: await secretsGiven(io, secret) } : {}),
      }
      row(accountColumns, await client.one('PATCH', `${path}/${id}`, change))
    })
  account
    .command('list')
    .description('list the accounts of a business')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(accountColumns, await client.list(`${await tenant()}/accounts`))
    })
  account
    .command('score')
    .description('how the platform rates an account: score, violations, guarantee')
    .argument('<account>', 'id, outside id or name')
    .option(...whose)
    .option('--now', 'ask the platform now')
    .action(async (named: string, { now }, command: Command) => {
      const { client, tenant, row, note } = talk(io, command)
      const path = `${await tenant()}/accounts`
      const { id } = pick(await client.list(path), named, ['name', 'outsideId', 'id'])
      const rated = await client.one('GET', `${path}/${id}/score${now ? '?now=true' : ''}`)
      row(scoreColumns, rated)
      const penalties = Array.isArray(rated.penalties) ? rated.penalties : []
      if (penalties.length > 0) note(`\n${table(penaltyColumns, penalties)}\n`)
    })
  account
    .command('address')
    .description('have the platform call back here, whoever is registered there now (WeChat Pay)')
    .argument('<account>', 'id, outside id or name')
    .option(...whose)
    .action(async (named: string, _, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const path = `${await tenant()}/accounts`
      const { id } = pick(await client.list(path), named, ['name', 'outsideId', 'id'])
      row(addressColumns, await client.one('POST', `${path}/${id}/address`))
    })
  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    account
      .command(verb)
      .description(enabled ? 'switch an account on; its open complaints are shown' : 'switch an account off')
      .argument('<account>', 'id, outside id or name')
      .option(...whose)
      .action(async (named: string, _, command: Command) => {
        const { client, tenant, row } = talk(io, command)
        const path = `${await tenant()}/accounts`
        const { id } = pick(await client.list(path), named, ['name', 'outsideId', 'id'])
        row(accountColumns, await client.one('PATCH', `${path}/${id}`, { enabled }))
      })
}

const addressColumns: readonly Column[] = [
  ['ADDRESS', 'url'],
  ['BEFORE', 'before'],
]
const scoreColumns: readonly Column[] = [
  ['SCORE', 'score'],
  ['GUARANTEE', ({ guarantee }) => guarantee],
  ['VIOLATIONS', ({ penalties }) => (Array.isArray(penalties) ? penalties.length : '')],
  ['READ', 'readAt'],
]
const penaltyColumns: readonly Column[] = [
  ['AT', 'at'],
  ['MINUS', 'minus'],
  ['STATE', 'label'],
  ['COMPLAINT', 'complaint'],
  ['WHAT', 'wording'],
]

const setUp = z.object({
  note: z.string().default(''),
  console: z.array(z.object({ field: z.string(), value: z.string() })),
})

function consoleText(said: unknown): string {
  const { note, console } = setUp.parse(said)
  const lines = console.map(({ field, value }) => `  ${field}: ${value}\n`)
  return ['\n在平台后台填写 | to type into the console:\n', ...lines, note && `${note}\n`].join('')
}

const botColumns: readonly Column[] = [
  ['NAME', 'name'],
  ['KIND', 'kind'],
  ['ENABLED', 'enabled'],
  ['RUNNING', 'running'],
  ['PAGE', 'address'],
  ['ID', 'id'],
]

export function botCommands(program: Command, io: Io): void {
  const bot = program.command('bot').description('chat connections')
  bot
    .command('add')
    .description('add a chat connection and start it')
    .option(...whose)
    .requiredOption('--kind <kind>', 'such as browser')
    .requiredOption('--name <name>', 'as people call it')
    .option(...secretOption, several)
    .option(...settingOption, several)
    .option('--settings <@file.json>', 'settings from a file')
    .action(async (options, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      const made = await client.one('POST', `${await tenant()}/bots`, {
        kind: options.kind,
        name: options.name,
        settings: await settingsGiven(io, options),
        secrets: await secretsGiven(io, options.secret),
      })
      row(botColumns, made)
      if (made.running !== true) io.err('warning: it is not running yet; the log of the service says why\n')
    })
  bot
    .command('update')
    .description('change a chat connection; what is not named stays, and it goes on with the new at once')
    .argument('<bot>', 'id or name')
    .option(...whose)
    .option('--name <name>', 'as people call it')
    .option(...secretOption, several)
    .option(settingOption[0], `${settingOption[1]}; name=null takes it out`, several)
    .option('--settings <@file.json>', 'settings from a file')
    .action(async (named: string, options, command: Command) => {
      const { name, secret, setting, settings } = options
      changesGiven({ name, secret, setting, settings })
      const { client, tenant, row } = talk(io, command)
      const path = `${await tenant()}/bots`
      const { id } = pick(await client.list(path), named, ['name', 'id'])
      const change = {
        name,
        ...(setting || settings ? { settings: await settingsGiven(io, options) } : {}),
        ...(secret ? { secrets: await secretsGiven(io, secret) } : {}),
      }
      const changed = await client.one('PATCH', `${path}/${id}`, change)
      row(botColumns, changed)
      if (changed.enabled === true && changed.running !== true)
        io.err('warning: it is not running; the log of the service says why\n')
    })
  bot
    .command('remove')
    .description('remove a chat connection that no group is bound to any more')
    .argument('<bot>', 'id or name')
    .option(...whose)
    .action(async (named: string, _, command: Command) => {
      const { client, tenant, note } = talk(io, command)
      const path = `${await tenant()}/bots`
      const { id } = pick(await client.list(path), named, ['name', 'id'])
      await client.remove(`${path}/${id}`)
      note('removed\n')
    })
  bot
    .command('list')
    .description('list the chat connections of a business')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(botColumns, await client.list(`${await tenant()}/bots`))
    })
  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    bot
      .command(verb)
      .description(enabled ? 'start a chat connection' : 'stop a chat connection')
      .argument('<bot>', 'id or name')
      .option(...whose)
      .action(async (named: string, _, command: Command) => {
        const { client, tenant, row } = talk(io, command)
        const path = `${await tenant()}/bots`
        const { id } = pick(await client.list(path), named, ['name', 'id'])
        row(botColumns, await client.one('PATCH', `${path}/${id}`, { enabled }))
      })
}
