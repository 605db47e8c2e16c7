import type { Command } from 'commander'
import { type Client, createClient, type Row } from './client.ts'
import { Ended, exits } from './exit.ts'
import type { Installation, Io } from './io.ts'
import { type Column, sheet, table } from './print.ts'

/** What every command gets: the service, the answers' way out, and the options that stand everywhere. */
export interface Talk {
  readonly io: Io
  readonly client: Client
  /** The path of the tenant that is meant. */
  tenant(): Promise<string>
  rows(columns: readonly Column[], rows: readonly Row[]): void
  row(columns: readonly Column[], row: Row): void
  /** For a person only: with --json nothing but JSON is said. */
  note(text: string): void
}

export function talk(io: Io, command: Command): Talk {
  const options = optionsOf(command)
  const client = createClient(installationOf(io, command).service())
  const json = (value: unknown) => io.out(`${JSON.stringify(value, undefined, 2)}\n`)
  return {
    io,
    client,
    tenant: async () => `/tenants/${encodeURIComponent(options.tenant ?? (await onlyTenant(client)))}`,
    rows: (columns, rows) =>
      options.json ? json(rows) : io.out(rows.length > 0 ? `${table(columns, rows)}\n` : 'none\n'),
    row: (columns, row) => (options.json ? json(row) : io.out(`${sheet(columns, row)}\n`)),
    note: (text) => void (options.json || io.out(text)),
  }
}

/** The option of all that is a tenant's. */
export const whose = ['--tenant <handle>', 'whose; may be left out where there is only one'] as const

export interface Everywhere {
  readonly json?: boolean
  readonly config?: string
  readonly tenant?: string
}

export const optionsOf = (command: Command): Everywhere => command.optsWithGlobals<Everywhere>()
export const installationOf = (io: Io, command: Command): Installation => io.installation(optionsOf(command).config)

async function onlyTenant(client: Client): Promise<string> {
  const handles = (await client.list('/tenants')).map((tenant) => String(tenant.handle))
  const [only] = handles
  if (only !== undefined && handles.length === 1) return only
  throw only === undefined
    ? new Ended(exits.failed, 'there is no tenant yet: redress tenant create --handle shop --name "…"')
    : new Ended(exits.usage, `say which tenant: --tenant ${handles.join(' | --tenant ')}`)
}
