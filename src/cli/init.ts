import type { Command } from 'commander'
import type { Problem } from '../core/errors.ts'
import type { Client, Row } from './client.ts'
import { Ended, exits } from './exit.ts'
import { secretsGiven, settingsGiven, several } from './given.ts'
import type { Asks, Io } from './io.ts'
import { installationOf, optionsOf, type Talk, talk } from './tell.ts'

interface Given {
  readonly handle?: string
  readonly name?: string
  readonly zone?: string
  readonly language?: string
  readonly chat?: string
  readonly botName?: string
  readonly secret?: readonly string[]
  readonly setting?: readonly string[]
  readonly settings?: string
  readonly member?: string
  readonly memberName?: string
}

/** From nothing to a business with a chat: what is there already is kept, so that it may run again. */
export function initCommand(program: Command, io: Io): void {
  program
    .command('init')
    .description('set up a business, its chat and its first admin; asks for what is not given')
    .option('--handle <handle>', 'short name of the business: a–z, 0–9 and -')
    .option('--name <name>', 'of the business, as people call it')
    .option('--zone <zone>', 'whose days are its days (default: Asia/Shanghai)')
    .option('--language <language>', 'zh-CN or en (default: as configured)')
    .option('--chat <kind>', 'telegram, wecom or browser')
    .option('--bot-name <name>', 'of the chat connection (default: the kind)')
    .option('--secret <name=value>', 'telegram: token; wecom: botId, secret; name=@file or name=- keep it off', several)
    .option('--setting <name=value>', 'of the chat connection, such as proxy=http://127.0.0.1:7890', several)
    .option('--settings <@file.json>', 'settings of the chat connection from a file')
    .option('--member <handle>', 'the first person, who is made an admin')
    .option('--member-name <name>', 'as people call them (default: the handle)')
    .action(async (given: Given, command: Command) => {
      const talking = talk(io, command)
      const asks = optionsOf(command).json ? undefined : io.asks?.()
      const { language } = installationOf(io, command)
      try {
        tell(talking, await setUp({ io, client: talking.client, asks, given, language, last: new Map() }))
      } finally {
        asks?.close()
      }
    })
}

interface Desk {
  readonly io: Io
  readonly client: Client
  readonly asks: Asks | undefined
  readonly given: Given
  readonly language: string
  /** What was answered so far, by option: offered when it has to be asked again. */
  readonly last: Map<string, string>
}

interface Made {
  readonly tenant: Row
  readonly member: Row
  readonly bot: Row
  readonly alone: Row
  readonly group: Row
}

async function setUp(desk: Desk): Promise<Made> {
  const { client } = desk
  if (!desk.asks) complete(desk.given, await client.list('/tenants'))
  const tenant = await until(desk, (again) => theTenant(desk, again))
  const path = `/tenants/${encodeURIComponent(String(tenant.handle))}`
  const member = await until(desk, (again) => theMember(desk, path, again))
  const bot = await until(desk, (again) => theBot(desk, { path, tenant, member }, again))
  const alone = await client.one('POST', `${path}/members/${member.id}/bind-code`)
  const group = await client.one('POST', `${path}/room-codes`, {})
  return { tenant, member, bot, alone, group }
}

/** Where nobody can be asked, all that is missing is said at once, before anything is made. @throws Ended */
function complete(given: Given, tenants: readonly Row[]): void {
  const known = tenants.some(({ handle }) => handle === given.handle)
  const missing: readonly (readonly [unknown, Problem])[] = [
    [given.handle, { field: '--handle', fix: 'give a short name of the business, such as shop' }],
    [given.name ?? (known || undefined), { field: '--name', fix: 'give the name of the business' }],
    [kinds.find((kind) => kind === given.chat), { field: '--chat', fix: 'telegram, wecom or browser' }],
    [given.member, { field: '--member', fix: 'give a short name of the first admin, such as li' }],
  ]
  const problems = missing.filter(([value]) => value === undefined).map(([, problem]) => problem)
  if (problems.length > 0) throw new Ended(exits.usage, 'the command is wrong:', problems)
}

/** A refusal that names fields is told, and the questions come once more. @throws Ended */
async function until<Answer>(desk: Desk, step: (again: boolean) => Promise<Answer>): Promise<Answer> {
  for (let again = false; ; again = true)
    try {
      return await step(again)
    } catch (error) {
      if (!desk.asks || !(error instanceof Ended) || error.problems.length === 0) throw error
      desk.io.err(error.problems.map(({ field, fix }) => `  ✗ ${field}: ${fix}\n`).join(''))
    }
}

interface Question {
  readonly option: string
  readonly say: string
  readonly given: string | undefined
  readonly fallback: string
  readonly hidden?: boolean
}

async function answer({ asks, last }: Desk, question: Question, again: boolean): Promise<string> {
  const { option, say, given, hidden = false } = question
  if (given !== undefined && !again) return given
  const fallback = hidden ? '' : (last.get(option) ?? given ?? question.fallback)
  if (!asks) return fallback
  const said = (await asks.ask(`${say}${fallback && ` [${fallback}]`}: `, { hidden })).trim() || fallback
  last.set(option, said)
  return said
}

async function theTenant(desk: Desk, again: boolean): Promise<Row> {
  const { client, given, io } = desk
  const ask = (option: keyof Given & string, say: string, fallback: string) =>
    answer(desk, { option, say, given: textOf(given[option]), fallback }, again)
  const handle = await ask('handle', '商家简称，小写字母和数字 | short name of the business', 'shop')
  const there = (await client.list('/tenants')).find((tenant) => tenant.handle === handle)
  if (there) return kept(io, `tenant ${handle}`, there)
  const name = await ask('name', '商家名称 | its name', handle)
  const zone = await ask('zone', '时区 | time zone', 'Asia/Shanghai')
  const language = await ask('language', '语言 zh-CN / en | language', desk.language)
  return client.one('POST', '/tenants', { handle, name, zone, language })
}

async function theMember(desk: Desk, path: string, again: boolean): Promise<Row> {
  const { client, given, io } = desk
  const ask = (option: 'member' | 'memberName', say: string, fallback: string) =>
    answer(desk, { option, say, given: given[option], fallback }, again)
  const handle = (await ask('member', '第一位管理员的账号名 | short name of the first admin', 'admin')).replace(
    /^@/,
    '',
  )
  const there = (await client.list(`${path}/members`)).find((member) => member.handle === handle)
  if (there) return kept(io, `member ${handle} (${there.role})`, there)
  const name = await ask('memberName', '姓名 | name', handle)
  return client.one('POST', `${path}/members`, { handle, name, role: 'admin' })
}

const kinds = ['telegram', 'wecom', 'browser'] as const
type Kind = (typeof kinds)[number]

/** What each kind cannot do without. */
const secretsOf: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  telegram: { token: 'BotFather 给的 token（不显示） | the token that BotFather showed (hidden)' },
  wecom: {
    botId: '智能机器人的 Bot ID（不显示） | Bot ID of the smart bot (hidden)',
    secret: '智能机器人的 Secret（不显示） | its Secret (hidden)',
  },
  browser: {},
}

interface Whose {
  readonly path: string
  readonly tenant: Row
  readonly member: Row
}

async function theBot(desk: Desk, whose: Whose, again: boolean): Promise<Row> {
  const { client, given, io } = desk
  const ask = (option: string, say: string, known: string | undefined, fallback: string) =>
    answer(desk, { option, say, given: known, fallback }, again)
  const said = await ask('chat', '群聊 telegram / wecom / browser | the chat', given.chat, 'telegram')
  const kind = kinds.find((each) => each === said)
  if (!kind) throw new Ended(exits.usage, 'the command is wrong:', [{ field: '--chat', fix: kinds.join(', ') }])
  const name = given.botName ?? kind
  const there = (await client.list(`${whose.path}/bots`)).find((bot) => bot.kind === kind && bot.name === name)
  if (there) return kept(io, `bot ${name}`, there)
  const secrets = await theSecrets(desk, kind, again)
  const settings = { ...(await ownSettings(desk, kind, whose)), ...(await settingsGiven(io, given)) }
  return client.one('POST', `${whose.path}/bots`, { kind, name, settings, secrets })
}

async function theSecrets(desk: Desk, kind: Kind, again: boolean): Promise<Record<string, string>> {
  const secrets = again ? {} : await secretsGiven(desk.io, desk.given.secret)
  for (const [option, say] of Object.entries(secretsOf[kind])) {
    const said = await answer(desk, { option, say, given: secrets[option], fallback: '', hidden: true }, again)
    // What is missing is named by the service, with where to find it.
    if (said !== '') secrets[option] = said
  }
  return secrets
}

async function ownSettings(desk: Desk, kind: Kind, { tenant, member }: Whose): Promise<Record<string, unknown>> {
  if (kind === 'telegram') return {}
  if (kind === 'wecom') {
    if (!desk.asks) return {}
    const say = '机器人在群里 @ 后显示的名称，可不填 | what stands after the @, may be empty'
    const name = await answer(desk, { option: 'botName', say, given: undefined, fallback: '' }, true)
    return name === '' ? {} : { name }
  }
  return {
    language: tenant.language,
    rooms: [{ chat: 'ops', title: String(tenant.name) }],
    people: [{ id: 'admin', name: String(member.name) }],
    ...((await anybody(desk)) ? { allowRealAccounts: true } : {}),
  }
}

/** Only a person at the terminal says so by a word; a script names the setting. */
async function anybody({ asks }: Desk): Promise<boolean> {
  if (!asks) return false
  const say =
    '谁打开这个网页，就能以任何人的身份操作真实店铺，允许吗 yes / no | whoever opens the page acts as anybody, for real shops: allow it'
  return /^(y|yes|是)$/i.test((await asks.ask(`${say} [no]: `)).trim())
}

function kept(io: Io, what: string, row: Row): Row {
  io.err(`already there, kept: ${what}\n`)
  return row
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

function tell({ io, row, note }: Talk, { tenant, member, bot, alone, group }: Made): void {
  row(
    [
      ['TENANT', () => `${tenant.handle} ${tenant.name}`],
      ['ADMIN', () => `${member.handle} ${member.name}`],
      ['BOT', () => `${bot.name}${bot.running === true ? '' : ', not running'}`],
      ['PAGE', () => bot.address],
    ],
    { tenant, member, bot, send: { alone, group } },
  )
  const at = bot.kind === 'wecom' ? '@机器人 ' : ''
  note(
    [
      '\n请发送，各用一次，24 小时内有效 | now send, each works once and for 24 hours:',
      `  1. ${member.name} 私聊机器人 | alone with the bot:  ${alone.say}`,
      `  2. 在群里 | in the group:  ${at}${group.say}`,
      '\n然后 | then:',
      `  redress room list --tenant ${tenant.handle}`,
      '  redress account add --help',
      '  redress doctor\n',
    ].join('\n'),
  )
  if (bot.running !== true) io.err('warning: the bot is not running yet; redress doctor says why\n')
}
