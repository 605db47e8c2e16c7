#!/usr/bin/env node
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Config } from '../config/config.ts'
import { clientOf, tongueOf } from '../config/env.ts'
import { environment, loadConfig, type Wanted } from '../config/load.ts'
import { migrations } from '../migrations/index.ts'
import { examine, examineTenant } from './admin/doctor.ts'
import { terminalAsks } from './cli/asks.ts'
import { Ended, exits } from './cli/exit.ts'
import type { Installation, Io, Service } from './cli/io.ts'
import { run } from './cli/run.ts'
import { systemClock } from './core/clock.ts'
import { readKey } from './core/key-file.ts'
import { createLogger } from './core/logger.ts'
import { version } from './core/version.ts'
import { instant } from './core/words.ts'
import { adminKeyName, bringUpToDate, type Data, openData, serve } from './main.ts'
import { holdKeys } from './storage/data-keys.ts'
import { bytesOf, masterKey } from './storage/master-key.ts'
import { holdPostgres } from './storage/open.ts'
import { reseal } from './storage/reseal.ts'
import { type Restored, restoreFolder } from './storage/restore.ts'
import { rotateMaster } from './storage/rotate.ts'
import { findTenant } from './storage/tenants.ts'

const io: Io = {
  out: (words) => void process.stdout.write(words),
  err: (words) => void process.stderr.write(words),
  stdin: () => text(process.stdin),
  file: (path) => readFile(path, 'utf8'),
  bytes: (path) => readFile(path),
  asks: () => terminalAsks(process.stdin, process.stderr),
  installation,
}

function installation(file: string | undefined): Installation {
  const config = configOf({ file })
  const tongue = tongueOf(environment())
  return {
    language: config.language,
    ...(tongue === undefined ? {} : { tongue }),
    service: () => serviceOf(config),
    start: () => serve(config),
    migrate: () => withData(config, false, bringUpToDate),
    examine: (handle) =>
      withData(config, true, async ({ database, platforms, channelKinds, checks }) => {
        await holdKeys(database)
        const { publicUrl } = config
        const parts = { storage: database, platforms, channelKinds, ...(publicUrl === undefined ? {} : { publicUrl }) }
        if (handle === undefined) return examine(checks, parts)
        const tenant = await findTenant(database.reads, handle)
        if (tenant) return examineTenant(checks, parts, { tenant })
        throw new Ended(exits.failed, `there is no tenant ${handle}: redress tenant list shows them`)
      }),
    restore: async (from) => restore(config, from),
    rotateMaster: (keyFile) =>
      alone(config, ({ database, folder }) => rotateMaster(database, folder, nextKey(config, keyFile))),
    reseal: (said) => alone(config, ({ database }) => reseal(database, said)),
    async demo({ language, ...beside }) {
      const { runDemo } = await import('./cli/demo.ts')
      const config = configOf({ file, base: 'demo' })
      return runDemo({ ...config, language: language ?? config.language }, beside)
    },
  }
}

function restore(config: Config, file: string): Restored {
  const { data: folder, database, masterKey: given } = config
  if (database.url !== undefined)
    throw new Ended(exits.usage, 'the data is in PostgreSQL: restore it by pg_restore, as docs/operation.md shows')
  const master = given === undefined ? masterKey(folder, true).key : Buffer.from(given, 'base64')
  const now = instant(systemClock.now())
  return restoreFolder({ folder, file, master, random: randomBytes, known: Object.keys(migrations), now })
}

function nextKey({ masterKey: given }: Config, keyFile: string | undefined): Buffer | undefined {
  if (given === undefined && keyFile === undefined) return undefined
  if (given !== undefined && keyFile !== undefined) return bytesOf(readKey(keyFile) ?? '', keyFile)
  throw new Ended(
    exits.usage,
    given === undefined
      ? '--key-file is for a master key that REDRESS_MASTER_KEY gives; here it is a file of the data folder'
      : 'REDRESS_MASTER_KEY gives the master key: write the new one into a file (openssl rand -base64 32) and name it by --key-file',
  )
}

/** With the database up to date, its keys open, and nobody else at work. */
async function alone<Result>(config: Config, work: (data: Data) => Promise<Result>): Promise<Result> {
  const { url } = config.database
  const held = url === undefined ? undefined : await holdPostgres(url)
  try {
    return await withData(config, true, async (data) => {
      await bringUpToDate(data)
      return work(data)
    })
  } finally {
    await held?.release()
  }
}

function configOf(wanted: Wanted): Config {
  const read = loadConfig(wanted)
  if (read.faults) throw new Ended(exits.config, 'the configuration is wrong:', read.faults)
  return read.config
}

function serviceOf({ listen, data }: Config): Service {
  const told = clientOf(environment())
  if (told.faults.length > 0) throw new Ended(exits.config, 'the environment is wrong:', told.faults)
  if (told.url && /^http:\/\/(?!127\.|localhost[:/]|\[::1\])/.test(`${told.url}/`))
    io.err('warning: REDRESS_URL is not https, so that the admin key can be read on its way\n')
  const host = /^(0\.0\.0\.0|::)$/.test(listen.host) ? '127.0.0.1' : listen.host
  const here = `http://${host.includes(':') ? `[${host}]` : host}:${listen.port}`
  const path = join(data, adminKeyName)
  // The key of this machine's service is nobody else's to see.
  const key = told.key ?? (told.url === undefined ? readKey(path) : undefined)
  if (key !== undefined) return { url: told.url ?? here, key }
  const fix =
    told.url === undefined
      ? `set it, or run this where the service keeps its data: there is no ${path}`
      : 'set it to a key of that service (the first one is in admin.key of its data folder)'
  throw new Ended(exits.config, 'there is no admin key:', [{ field: 'REDRESS_KEY', fix }])
}

async function withData<Result>(
  config: Config,
  existing: boolean,
  work: (data: Data) => Promise<Result>,
): Promise<Result> {
  const data = openData(config, { logger: createLogger({ level: config.log.level }), existing })
  try {
    return await work(data)
  } finally {
    await data.close()
  }
}

process.exitCode = await run(io, version(), process.argv.slice(2))
