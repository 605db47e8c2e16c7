import { InvalidArgumentError } from 'commander'
import { fen, fenFromYuan, yuan } from '../core/words.ts'
import type { Row } from './client.ts'
import { Ended, exits } from './exit.ts'
import type { Io } from './io.ts'

/** `--x a --x b` → [a, b] */
export const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** ¥ as a person writes them. */
export const yuanOption = (text: string): number => amountIn(text, 'give an amount in yuan, such as 200 or 19.90')

function amountIn(text: string, fix: string): number {
  const amount = fenFromYuan(text)
  if (amount === undefined) throw new InvalidArgumentError(fix)
  return amount
}

/** ¥ as a person reads them; what is no amount is left out. */
export const inYuan = (amount: unknown): string => (typeof amount === 'number' ? yuan(fen(amount)) : '')

/** As `yuanOption`, or `none`: there is no cap any more. */
export const capOption = (text: string): number | 'none' =>
  text === 'none' ? text : amountIn(text, 'give an amount in yuan, such as 200 or 19.90, or none')

/** As the API says it. Commander itself makes a null into an empty text. */
export const capGiven = (given: number | 'none' | undefined): number | null | undefined =>
  given === 'none' ? null : given

/** How many, at least one. */
export function countOption(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('give a whole number from 1 on')
  return Number(text)
}

/** What a change names, and only that. @throws Ended when it names nothing */
export function changesGiven<Change extends object>(change: Change): Change {
  if (Object.values(change).some((value) => value !== undefined)) return change
  throw new Ended(exits.usage, 'nothing is changed: name what is to be, as --help shows')
}

/** `name=value`, `name=@file`, `name=-` (standard input). Values on the command line can be read by others on this machine. */
export async function secretsGiven(io: Io, given: readonly string[] = []): Promise<Record<string, string>> {
  const pairs = given.map((text) => pair(text, '--secret'))
  if (pairs.filter(([, value]) => value === '-').length > 1)
    throw new Ended(exits.usage, 'only one --secret can come from standard input')
  const plain = pairs.filter(([, value]) => value !== '-' && !value.startsWith('@')).map(([name]) => name)
  if (plain.length > 0)
    io.err(
      `warning: ${plain.join(', ')} stood on the command line, where others on this machine and the shell's history can see it; better name=@file or name=-\n`,
    )
  const secrets: Record<string, string> = {}
  for (const [name, value] of pairs) secrets[name] = await secretOf(io, value)
  return secrets
}

async function secretOf(io: Io, value: string): Promise<string> {
  if (value === '-') return ended(await io.stdin())
  return value.startsWith('@') ? ended(await opened(io, value.slice(1))) : value
}

/** `name=value`, the value as JSON where it is some, but an id of digits as text; on top of `--settings @file.json`. */
export async function settingsGiven(
  io: Io,
  given: { readonly setting?: readonly string[]; readonly settings?: string },
): Promise<Record<string, unknown>> {
  const base = given.settings === undefined ? {} : objectOf(await opened(io, given.settings.replace(/^@/, '')))
  const pairs = (given.setting ?? []).map((text) => pair(text, '--setting'))
  return { ...base, ...Object.fromEntries(pairs.map(([name, value]) => [name, settingOf(value)])) }
}

/** The one that a person means by any of its names. */
export function pick(rows: readonly Row[], named: string, by: readonly string[]): Row {
  const found = rows.filter((row) => by.some((field) => row[field] === named))
  const [first] = found
  if (first && found.length === 1) return first
  const known = rows.map((row) => by.map((field) => row[field]).find((name) => typeof name === 'string'))
  throw new Ended(
    exits.failed,
    first ? `${named} names several: give the id` : `there is no ${named}; there are: ${known.join(', ') || 'none'}`,
  )
}

/** The only account, where none was named. */
export function only(rows: readonly Row[]): Row {
  const [first] = rows
  if (first && rows.length === 1) return first
  const names = rows.map(({ name }) => String(name)).join(', ')
  throw new Ended(exits.usage, first ? `say which account: --account ${names}` : 'there is no account yet')
}

function pair(text: string, option: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined || value === '')
    // Without the text: it may be a secret.
    throw new Ended(exits.usage, `${option} takes name=value, such as ${option} token=@token.txt`)
  return [name, value]
}

/** @throws Ended when it cannot be read */
export const opened = (io: Io, path: string): Promise<string> =>
  io.file(path).catch(() => {
    throw new Ended(exits.usage, `the file ${path} cannot be read`)
  })

const ended = (text: string) => text.replace(/\r?\n$/, '')

function objectOf(text: string): Record<string, unknown> {
  const value = jsonOr(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new Ended(exits.usage, '--settings takes a file with a JSON object')
}

/** A mchid, a serial: longer than anything that is counted here, and as a number it would not come through unharmed. */
const digitsOfAnId = /^[\dEe.+-]{7,}$/

const settingOf = (text: string): unknown => (digitsOfAnId.test(text) ? text : jsonOr(text))

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
