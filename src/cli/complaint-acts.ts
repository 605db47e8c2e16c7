import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { fen, fenFromYuan, yuan } from '../core/words.ts'
import type { Row } from './client.ts'
import { Ended, exits } from './exit.ts'
import { countOption, inYuan, several } from './given.ts'
import type { Io } from './io.ts'
import type { Column } from './print.ts'
import { optionsOf, type Talk, talk, whose } from './tell.ts'

interface Given {
  readonly text?: string
  readonly picture?: readonly string[]
  readonly ifVersion?: number
  readonly tenant?: string
}

const actionColumns: readonly Column[] = [
  ['ACTION', ({ kind, stance, verdict }) => [kind, stance ?? verdict].filter(Boolean).join(' ')],
  ['STATE', 'state'],
  ['AMOUNT ¥', ({ amount }) => inYuan(amount)],
  ['ORDER', 'order'],
  ['MEMBER', 'member'],
  ['BY', ({ by }) => (by as Row | undefined)?.name],
  ['ASKED', 'requestedAt'],
  ['ENDED', 'settledAt'],
  ['MESSAGE', 'message'],
  ['ID', 'id'],
]
const refundableColumns: readonly Column[] = [
  ['ORDER', 'order'],
  ['PAID ¥', ({ total }) => inYuan(total)],
  ['GIVEN BACK ¥', ({ settled }) => inYuan(settled)],
  ['ON ITS WAY ¥', ({ underway }) => inYuan(underway)],
  ['LEFT ¥', ({ left }) => inYuan(left)],
  ['OTHER REFUNDS', 'others'],
]

const number = ['<number>', 'of the complaint here, such as 128'] as const
const textOption = ['--text <words>', 'what is said; - reads it from standard input'] as const
const pictureOption = ['--picture <file>', 'a picture that goes along; again for more'] as const

function versionOption(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('give the version that complaint show --json says')
  return Number(text)
}

/** Everything that can be done to a complaint. */
export function complaintActs(complaint: Command, io: Io): void {
  const act = (name: string, description: string) =>
    complaint
      .command(name)
      .description(description)
      .argument(...number)
      .option(...whose)
      .option('--if-version <version>', 'only if it has not changed since', versionOption)
  const said = (name: string, description: string) =>
    act(name, description)
      .option(...textOption)
      .option(...pictureOption, several)

  for (const [name, stance, description] of [
    ['reply', 'talk', 'answer the customer, without a yes or a no'],
    ['agree', 'agree', 'agree with the customer'],
    ['refuse', 'refuse', 'refuse what the customer wants'],
  ] as const)
    said(name, description).action((of: string, given: Given, command: Command) =>
      speak(io, command, of, { kind: 'respond', stance, ...given }),
    )
  said('evidence', 'bring evidence: words, pictures or both').action((of: string, given: Given, command: Command) =>
    speak(io, command, of, { kind: 'add-evidence', ...given }),
  )
  said('appeal', 'appeal against the platform’s judgement').action((of: string, given: Given, command: Command) =>
    speak(io, command, of, { kind: 'appeal', ...given }),
  )
  said('proof', 'prove that money went back')
    .addOption(
      new Option('--received <answer>', 'whether the goods came back, where it is asked').choices(['yes', 'no']),
    )
    .action((of: string, { received, ...given }: Given & { readonly received?: string }, command: Command) =>
      speak(io, command, of, {
        ...{ kind: 'prove-refund', ...given },
        ...(received === undefined ? {} : { received: received === 'yes' }),
      }),
    )
  said('finish', 'say that it is settled')
    .option('--choice <code>', 'how, where the platform wants to know: complaint show --json names the codes')
    .action((of: string, given: Given & { readonly choice?: string }, command: Command) =>
      speak(io, command, of, { kind: 'finish', ...given }),
    )
  said('reject', 'say no to the refund that is asked for; --text says why').action(
    (of: string, given: Given, command: Command) =>
      speak(io, command, of, { kind: 'decide-refund', verdict: 'reject', ...given }),
  )
  moneyCommands(io, { act, said })
  insideCommands(io, act)
  lookCommands(complaint, io)
}

interface Makers {
  readonly act: (name: string, description: string) => Command
  readonly said: (name: string, description: string) => Command
}

interface MoneyGiven extends Given {
  readonly order?: string
  readonly reason?: string
  readonly others?: true
  readonly yes?: true
  readonly key?: string
}

const withMoney = (command: Command) =>
  command
    .option('--order <number>', 'which order; may be left out where there is only one')
    .option('--reason <words>', 'the customer reads it beside the money')
    .option('--others', 'go on although the platform shows refunds that were not made from here')
    .option('--yes', 'do not ask; needed where nobody sits at a terminal')
    .option('--key <key>', 'of this very wish: given again after a lost answer, money goes once (default: a new one)')

function moneyCommands(io: Io, { act, said }: Makers): void {
  withMoney(act('refund', 'give money back'))
    .argument('<amount>', 'in yuan, such as 19.90; all = whatever is left')
    .action(async (of: string, amount: string, given: MoneyGiven, command: Command) => {
      const talking = talk(io, command)
      const path = await pathOf(talking, of)
      const money = await moneyOf(talking, path, { amount, given })
      const { ifVersion } = given
      await pay(talking, {
        command,
        path,
        of,
        given,
        wish: { kind: 'refund', ...money, ifVersion },
        amount: money.amount,
        said: amount,
      })
    })
  withMoney(said('approve', 'say yes to the refund that is asked for'))
    .option('--day <count>', 'working days until the money comes (default: today)', countOption)
    .option('--refund <amount>', 'and give it back at once: yuan, or all')
    .action(
      async (of: string, given: MoneyGiven & { readonly day?: number; readonly refund?: string }, command: Command) => {
        const { day, refund } = given
        if (refund === undefined) {
          const stray = (['order', 'reason', 'others', 'key'] as const).filter((name) => given[name] !== undefined)
          if (stray.length > 0)
            throw new Ended(
              exits.usage,
              `--${stray.join(', --')}: only with --refund, which gives the money back at once`,
            )
          return speak(io, command, of, { kind: 'decide-refund', verdict: 'approve', day, ...wordsIn(given) })
        }
        const talking = talk(io, command)
        const path = await pathOf(talking, of)
        const money = await moneyOf(talking, path, { amount: refund, given })
        const wish = { kind: 'decide-refund', verdict: 'approve', day, refund: money, ...(await words(talking, given)) }
        await pay(talking, { command, path, of, given, wish, amount: money.amount, said: refund })
      },
    )
}

const wordsIn = ({ text, picture, ifVersion }: Given): Given => ({
  ...(text === undefined ? {} : { text }),
  ...(picture === undefined ? {} : { picture }),
  ...(ifVersion === undefined ? {} : { ifVersion }),
})

function insideCommands(io: Io, act: Makers['act']): void {
  act('note', 'keep a note for the team')
    .requiredOption(...textOption)
    .action((of: string, given: Given, command: Command) => speak(io, command, of, { kind: 'note', ...given }))
  for (const [name, description] of [
    ['claim', 'take it for a member, unless somebody else has it'],
    ['assign', 'give it to a member, whoever has it now'],
  ] as const)
    act(name, description)
      .requiredOption('--member <member>', 'handle or id')
      .action((of: string, given: Given & { readonly member: string }, command: Command) =>
        speak(io, command, of, { kind: name, ...given }),
      )
  act('release', 'make it free for everybody to claim').action((of: string, given: Given, command: Command) =>
    speak(io, command, of, { kind: 'release', ...given }),
  )
}

function lookCommands(complaint: Command, io: Io): void {
  complaint
    .command('actions')
    .description('list what was done to a complaint, and what became of it')
    .argument(...number)
    .argument('[action]', 'the id of one of them')
    .option(...whose)
    .action(async (of: string, id: string | undefined, _, command: Command) => {
      const talking = talk(io, command)
      const path = `${await pathOf(talking, of)}/actions`
      if (id === undefined) return talking.rows(actionColumns, await talking.client.list(path))
      talking.row(actionColumns, await talking.client.one('GET', `${path}/${encodeURIComponent(id)}`))
    })
  complaint
    .command('withdraw')
    .description('take an action back that was asked for here and has not gone out')
    .argument(...number)
    .argument('<action>', 'its id')
    .option(...whose)
    .action(async (of: string, id: string, _, command: Command) => {
      const talking = talk(io, command)
      const path = `${await pathOf(talking, of)}/actions/${encodeURIComponent(id)}/withdraw`
      talking.row(actionColumns, await talking.client.one('POST', path))
    })
  complaint
    .command('refundable')
    .description('ask whoever was paid what may still be given back')
    .argument(...number)
    .option(...whose)
    .action(async (of: string, _, command: Command) => {
      const talking = talk(io, command)
      talking.rows(refundableColumns, await talking.client.list(`${await pathOf(talking, of)}/refundable`))
    })
}

/** Without money: nothing is asked. */
async function speak(io: Io, command: Command, of: string, wish: Row & Given): Promise<void> {
  const talking = talk(io, command)
  const { text: _, picture: __, tenant: ___, ...rest } = wish
  const path = await pathOf(talking, of)
  const body = { ...rest, ...(await words(talking, wish)) }
  talking.row(actionColumns, await talking.client.one('POST', `${path}/actions`, body))
}

async function words({ io, client, tenant }: Talk, { text, picture = [], ifVersion }: Given): Promise<Row> {
  const hashes: unknown[] = []
  for (const file of picture) {
    const bytes = await io.bytes(file).catch(() => {
      throw new Ended(exits.usage, `the file ${file} cannot be read`)
    })
    hashes.push((await client.one('POST', `${await tenant()}/pictures`, { base64: bytes.toString('base64') })).hash)
  }
  return {
    ...(text === undefined ? {} : { text: text === '-' ? (await io.stdin()).trim() : text }),
    ...(hashes.length > 0 ? { pictures: hashes } : {}),
    ...(ifVersion === undefined ? {} : { ifVersion }),
  }
}

interface Money {
  readonly order?: string
  readonly amount: number
  readonly reason?: string
  readonly confirm: { readonly amount: number; readonly others?: true }
}

async function moneyOf(
  { client }: Talk,
  path: string,
  { amount: said, given }: { readonly amount: string; readonly given: MoneyGiven },
): Promise<Money> {
  const { order, reason, others } = given
  const amount = said === 'all' ? leftOf(await client.list(`${path}/refundable`), order) : inFen(said)
  return {
    ...{ amount, confirm: { amount, ...(others ? { others } : {}) } },
    ...(order === undefined ? {} : { order }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function inFen(said: string): number {
  const amount = fenFromYuan(said)
  if (amount === undefined || amount <= 0)
    throw new Ended(exits.usage, `${said} is no amount: give yuan, such as 19.90, or all`)
  return amount
}

function leftOf(orders: readonly Row[], order: string | undefined): number {
  const [one, ...more] = order === undefined ? orders : orders.filter((each) => each.order === order)
  const names = orders.map((each) => each.order).join(', ')
  if (!one) throw new Ended(exits.failed, orders.length > 0 ? `there is no such order: ${names}` : 'there is no order')
  if (more.length > 0) throw new Ended(exits.usage, `say which order: --order ${names}`)
  if (!Number(one.left)) throw new Ended(exits.failed, 'nothing is left of this order')
  return Number(one.left)
}

interface Paying {
  readonly command: Command
  readonly path: string
  readonly of: string
  readonly given: MoneyGiven
  readonly wish: Row
  readonly amount: number
  /** As it was typed. */
  readonly said: string
}

/** Somebody says yes first; an answer that was lost can be asked for again. */
async function pay(talking: Talk, { command, path, of, given, wish, amount, said }: Paying): Promise<void> {
  const much = yuan(fen(amount))
  const words = `refund ¥${much} of complaint #${of.replace(/^#/, '')}`
  if (!given.yes) await agreed(talking.io, command, words)
  const key = given.key ?? randomUUID()
  try {
    talking.row(actionColumns, await talking.client.one('POST', `${path}/actions`, wish, { 'idempotency-key': key }))
  } catch (error) {
    if (error instanceof Ended && error.exit === exits.unavailable)
      throw new Ended(
        error.exit,
        // Meanwhile nothing may be left of the order: all would be another wish.
        `${error.message}\nwhether money goes is not known: give the same command again with --key ${key}${said === 'all' ? `, and ${much} in place of all` : ''}`,
        error.problems,
      )
    throw error
  }
}

/** @throws Ended where nobody does */
async function agreed(io: Io, command: Command, words: string): Promise<void> {
  const asks = optionsOf(command).json ? undefined : io.asks?.()
  if (!asks) throw new Ended(exits.usage, `to ${words} give --yes: nobody can be asked here`)
  try {
    const answer = await asks.ask(`${words}? yes/no: `)
    if (!/^(y|yes|是)$/i.test(answer.trim())) throw new Ended(exits.failed, 'nothing was done')
  } finally {
    asks.close()
  }
}

const pathOf = async ({ tenant }: Talk, of: string): Promise<string> =>
  `${await tenant()}/complaints/${encodeURIComponent(of.replace(/^#/, ''))}`
