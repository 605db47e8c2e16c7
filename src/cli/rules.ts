import { type Command, InvalidArgumentError } from 'commander'
import type { Row } from './client.ts'
import { Ended, exits } from './exit.ts'
import { changesGiven, inYuan, pick, several, yuanOption } from './given.ts'
import type { Io } from './io.ts'
import type { Column } from './print.ts'
import { type Talk, talk, whose } from './tell.ts'

const ruleColumns: readonly Column[] = [
  ['NO', 'position'],
  ['NAME', 'name'],
  ['MODE', 'mode'],
  ['ACT', ({ act }) => actText(act as Row)],
  ['WHEN', ({ when }) => whenText(when as Row)],
  ['ACCOUNTS', ({ accounts }) => (Array.isArray(accounts) && accounts.length > 0 ? accounts.join(', ') : 'all')],
  ['DELAY', ({ delaySeconds }) => `${delaySeconds} s`],
  ['CAPS', ({ caps }) => capsText(caps as Row | undefined)],
  ['ID', 'id'],
]

const triedColumns: readonly Column[] = [
  ['NO', ({ running }) => `#${running}`],
  ['REASON', 'reason'],
  ['WOULD', ({ outcome, says }) => (outcome === 'act' ? 'act' : outcome === 'would' ? `wait: ${says}` : `no: ${says}`)],
  ['YUAN', ({ amount }) => (amount === undefined ? '' : inYuan(amount))],
  ['WORDS', 'text'],
]

const breakerColumns: readonly Column[] = [
  ['LIMIT', ({ limit }) => `${limit} an hour, or three times the normal hour`],
  ['TRIPPED', ({ tripped }) => (tripped ? trippedText(tripped as Row) : 'no')],
  ['RESET', 'resetAt'],
]

const trippedText = ({ at, count, limit }: Row) => `since ${at}: ${count} refunds within an hour, of ${limit}`

function actText({ kind, stance, template, text, orders, choice, reason, pictures }: Row): string {
  const words = [stance, orders, choice, template, text, reason].filter(Boolean).join(' · ')
  const count = Array.isArray(pictures) && pictures.length > 0 ? ` (${pictures.length} pictures)` : ''
  return `${kind}${words ? ` · ${words}` : ''}${count}`
}

const whenText = (when: Row): string =>
  Object.entries(when)
    .map(([name, wanted]) => `${name} ${Array.isArray(wanted) ? wanted.join('/') : rangeText(name, wanted as Row)}`)
    .join(', ') || 'always'

function rangeText(name: string, { from, to }: Row): string {
  const shown = (value: unknown) => (name === 'shown' || name === 'paid' ? inYuan(value) : (value ?? ''))
  return `${shown(from)}–${shown(to)}`
}

const capsText = (caps: Row | undefined): string =>
  caps ? `each ${inYuan(caps.each)}, day ${inYuan(caps.day)}, customer ${inYuan(caps.payerDay)}` : ''

/** `10-50`, `-50`, `10-`. */
const range =
  (value: (text: string) => number) =>
  (text: string): object | 'all' => {
    if (text === 'all') return text
    const [, from, to] = /^([^-]*)-([^-]*)$/.exec(text) ?? []
    if (from === undefined || to === undefined || (from === '' && to === ''))
      throw new InvalidArgumentError('give two ends such as 10-50, or one: 10- or -50')
    return { ...(from === '' ? {} : { from: value(from) }), ...(to === '' ? {} : { to: value(to) }) }
  }

function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('give whole numbers')
  return Number(text)
}

const acts = ['respond', 'refund', 'finish', 'note'] as const

/** The options of `add` and `update`; `all` takes a condition away. */
function withOptions(command: Command): Command {
  return command
    .option(...whose)
    .option('--act <act>', `what it does: ${acts.join(', ')}`)
    .option('--stance <stance>', 'respond: agree, refuse or talk')
    .option('--text <words>', 'the words, with variables such as {order}; of a refund: the reason, which the user sees')
    .option('--template <template>', 'respond: the words of this template, by name or id')
    .option('--picture <file>', 'respond: send this picture along; again for more', several)
    .option('--orders <which>', 'refund: only (nothing where there are several) or every')
    .option('--choice <code>', 'finish: the code of the platform')
    .option('--account <account>', 'only complaints of this one, by name or id; again for more; all = every', several)
    .option('--shown <range>', 'only where the complaint shows such an amount in yuan, such as 0-50', range(yuanOption))
    .option('--paid <range>', 'only where the orders cost so much in yuan', range(yuanOption))
    .option('--nth <range>', "which of the customer's complaints: 2- is the second and all after it", range(whole))
    .option('--hours <range>', 'only from this full hour to that, such as 22-8', range(whole))
    .option('--reason <part>', 'only where the reason has this in it; again for more', several)
    .option('--has <words>', 'only where the customer wrote this; again for more', several)
    .option('--lacks <words>', 'only where the customer did not write this; again for more', several)
    .option('--source <source>', 'wechat-mini, wechat-pay, alipay-risk or alipay-trade; again for more', several)
    .option('--phase <phase>', 'ours, theirs, platform, remedy or closed; again for more', several)
    .option('--owed <move>', 'only while the platform waits for this, such as respond; again for more', several)
    .option('--delay <seconds>', 'how long people may stop it (default: 60)', Number)
    .option('--each <yuan>', 'refund: most for one (default: 50)', yuanOption)
    .option('--day <yuan>', 'refund: most for all of this rule in a day (default: 500)', yuanOption)
    .option('--payer-day <yuan>', 'refund: most of all rules for one customer in a day (default: 50)', yuanOption)
}

export function ruleCommands(program: Command, io: Io): void {
  const rule = program.command('rule').description('what is done by itself, when, and how much at most')
  withOptions(rule.command('add').description('add a rule; it is off until it is enabled'))
    .requiredOption('--name <name>', 'under which it acts: at most 20 characters')
    .option('--on', 'enable it at once')
    .action(async (given: Given, command: Command) => {
      const there = talk(io, command)
      const path = await there.tenant()
      const wish = await wishOf(there, path, given, { when: {}, act: {} })
      if (!('act' in wish)) throw new Ended(exits.usage, `say what it does: --act ${acts.join(' | ')}`)
      const made = await there.client.one('POST', `${path}/rules`, {
        name: given.name,
        mode: given.on ? 'on' : 'off',
        ...wish,
      })
      there.row(ruleColumns, made)
      if (!given.on) there.note(`\nIt is off; redress rule enable ${given.name} switches it on.\n`)
      there.note(openNote(made))
    })
  withOptions(rule.command('update').description('change a rule; what is not named stays'))
    .argument('<rule>', 'name or id')
    .option('--name <name>', 'under which it acts: at most 20 characters')
    .option('--position <place>', 'where it stands: 1 is the first', Number)
    .action(async (named: string, given: Given, command: Command) => {
      const there = talk(io, command)
      const path = await there.tenant()
      const before = pick(await there.client.list(`${path}/rules`), named, ['name', 'id'])
      const { name, position } = given
      const change = changesGiven({ name, position, ...(await wishOf(there, path, given, before)) })
      there.row(ruleColumns, await there.client.one('PATCH', `${path}/rules/${before.id}`, change))
    })
  rule
    .command('list')
    .description('list the rules of a business; the first that fits acts')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, rows } = talk(io, command)
      rows(ruleColumns, await client.list(`${await tenant()}/rules`))
    })
  for (const [word, mode, what] of [
    ['enable', 'on', 'switch a rule on'],
    ['disable', 'off', 'switch a rule off; what it was about to do is not done'],
  ] as const)
    rule
      .command(word)
      .description(what)
      .argument('<rule>', 'name or id')
      .option(...whose)
      .action(async (named: string, _, command: Command) => {
        const { client, tenant, row, note } = talk(io, command)
        const path = `${await tenant()}/rules`
        const { id } = pick(await client.list(path), named, ['name', 'id'])
        const made = await client.one('PATCH', `${path}/${id}`, { mode })
        row(ruleColumns, made)
        note(openNote(made))
      })
  rule
    .command('try')
    .description('what a rule would do about the complaints that are open now; nothing is done')
    .argument('<rule>', 'name or id; it may be off')
    .option('--all', 'also those that it does not fit, and why')
    .option(...whose)
    .action(async (named: string, { all }: { readonly all?: true }, command: Command) => {
      const { client, tenant, rows, note } = talk(io, command)
      const path = `${await tenant()}/rules`
      const { id } = pick(await client.list(path), named, ['name', 'id'])
      const { items, fit, more } = await client.one('GET', `${path}/${id}/try`)
      const tried = items as readonly Row[]
      rows(triedColumns, all ? tried : tried.filter(({ outcome }) => outcome !== 'skip'))
      note(`\nIt would act on ${fit} of ${tried.length}${more ? ', and more are open' : ''}; nothing was done.\n`)
    })
  rule
    .command('remove')
    .description('remove a rule; what it was about to do is not done')
    .argument('<rule>', 'name or id')
    .option(...whose)
    .action(async (named: string, _, command: Command) => {
      const { client, tenant, note } = talk(io, command)
      const path = `${await tenant()}/rules`
      const { id } = pick(await client.list(path), named, ['name', 'id'])
      await client.remove(`${path}/${id}`)
      note('removed\n')
    })
  breakerCommands(program, io)
}

/** Nothing is said about what it leaves alone when there is nothing. */
const openNote = ({ openFitting: open, name }: Row): string =>
  typeof open === 'number' && open > 0
    ? `\nIt leaves alone what is open already; of that ${open} would fit: redress rule try ${name} shows them.\n`
    : ''

function breakerCommands(program: Command, io: Io): void {
  const breaker = program.command('breaker').description('stops automatic refunds when there are too many')
  breaker
    .command('show')
    .description('whether automatic refunds have stopped')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      row(breakerColumns, await client.one('GET', `${await tenant()}/breaker`))
    })
  breaker
    .command('reset')
    .description('let automatic refunds go on, after you have looked into them')
    .option(...whose)
    .action(async (_, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      row(breakerColumns, await client.one('POST', `${await tenant()}/breaker/reset`, {}))
    })
  breaker
    .command('limit')
    .description('how many automatic refunds in an hour are always allowed')
    .argument('<count>', 'a number, or usual')
    .option(...whose)
    .action(async (count: string, _, command: Command) => {
      const { client, tenant, row } = talk(io, command)
      // What is no number would be said as null, which means another thing.
      if (count !== 'usual' && !/^\d{1,6}$/.test(count)) throw new Ended(exits.usage, 'give a whole number, or usual')
      const limit = count === 'usual' ? null : Number(count)
      row(breakerColumns, await client.one('PATCH', `${await tenant()}/breaker`, { limit }))
    })
}

/** As commander reads them. */
interface Given {
  readonly name?: string
  readonly on?: boolean
  readonly position?: number
  readonly act?: string
  readonly stance?: string
  readonly text?: string
  readonly template?: string
  readonly picture?: readonly string[]
  readonly orders?: string
  readonly choice?: string
  readonly account?: readonly string[]
  readonly shown?: object | 'all'
  readonly paid?: object | 'all'
  readonly nth?: object | 'all'
  readonly hours?: object | 'all'
  readonly reason?: readonly string[]
  readonly has?: readonly string[]
  readonly lacks?: readonly string[]
  readonly source?: readonly string[]
  readonly phase?: readonly string[]
  readonly owed?: readonly string[]
  readonly delay?: number
  readonly each?: number
  readonly day?: number
  readonly payerDay?: number
}

/** What was named, on top of what there was. */
async function wishOf(there: Talk, path: string, given: Given, before: Row): Promise<Row> {
  const act = await actOf(there, path, given, before.act as Row)
  const when = whenOf(given, before.when as Row)
  const { each, day, payerDay } = given
  const caps = named({ each, day, payerDay })
  return named({
    act,
    when,
    accounts: given.account && (await accountsOf(there, path, given.account)),
    delaySeconds: given.delay,
    caps: Object.keys(caps).length > 0 ? caps : undefined,
  })
}

const named = (fields: Row): Row =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
const isAll = (value: unknown): boolean =>
  value === 'all' || (Array.isArray(value) && value.length === 1 && value[0] === 'all')

function whenOf(given: Given, before: Row): Row | undefined {
  const { shown, paid, nth, hours, has, lacks, owed } = given
  const said = named({
    ...{ shown, paid, nth, hours, has, lacks, owed },
    reasons: given.reason,
    sources: given.source,
    phases: given.phase,
  })
  if (Object.keys(said).length === 0) return undefined
  return Object.fromEntries(Object.entries({ ...before, ...said }).filter(([, value]) => !isAll(value)))
}

async function accountsOf({ client }: Talk, path: string, given: readonly string[]): Promise<readonly unknown[]> {
  if (isAll(given)) return []
  const all = await client.list(`${path}/accounts`)
  return given.map((name) => pick(all, name, ['name', 'id', 'outsideId']).id)
}

async function actOf(there: Talk, path: string, given: Given, before: Row): Promise<Row | undefined> {
  const { stance, text, template, picture, orders, choice } = given
  const said = named({ stance, text, template, picture, orders, choice })
  if (given.act === undefined && Object.keys(said).length === 0) return undefined
  const kind = given.act ?? before.kind
  const old = kind === before.kind ? before : {}
  const refund = kind === 'refund' ? { reason: text } : { text }
  const other = template !== undefined ? ['text'] : text !== undefined ? ['template'] : []
  return named({
    ...Object.fromEntries(Object.entries(old).filter(([name]) => !other.includes(name))),
    kind,
    ...named({ stance, orders, choice, ...refund }),
    ...(template === undefined ? {} : { template: await templateOf(there, path, template) }),
    ...(picture ? { pictures: await picturesOf(there, path, picture) } : {}),
  })
}

const templateOf = async ({ client }: Talk, path: string, name: string): Promise<unknown> =>
  pick(await client.list(`${path}/templates`), name, ['name', 'id']).id

async function picturesOf({ client, io }: Talk, path: string, files: readonly string[]): Promise<readonly unknown[]> {
  const hashes: unknown[] = []
  for (const file of isAll(files) ? [] : files) {
    const bytes = await io.bytes(file).catch(() => {
      throw new Ended(exits.usage, `the file ${file} cannot be read`)
    })
    hashes.push((await client.one('POST', `${path}/pictures`, { base64: bytes.toString('base64') })).hash)
  }
  return hashes
}
