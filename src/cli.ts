#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Config } from '../config/config.ts'
import { clientOf } from '../config/env.ts'
import { environment, loadConfig, type Wanted } from '../config/load.ts'
import { examine } from './admin/doctor.ts'
import { Ended, exits } from './cli/exit.ts'
import type { Installation, Io, Service } from './cli/io.ts'
import { run } from './cli/run.ts'
import { readKey } from './core/key-file.ts'
import { createLogger } from './core/logger.ts'
import { version } from './core/version.ts'
import { adminKeyName, bringUpToDate, type Data, openData, serve } from './main.ts'

const io: Io = {
  out: (words) => void process.stdout.write(words),
  err: (words) => void process.stderr.write(words),
  stdin: () => text(process.stdin),
  file: (path) => readFile(path, 'utf8'),
  bytes: (path) => readFile(path),
  installation,
}

function installation(file: string | undefined): Installation {
  const config = configOf({ file })
  return {
    language: config.language,
    service: () => serviceOf(config),
    start: () => serve(config),
    migrate: () => withData(config, false, bringUpToDate),
    examine: () =>
      withData(config, true, ({ database, platforms, channelKinds, checks }) =>
        examine(checks, {
          storage: database,
          platforms,
          channelKinds,
          ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
        }),
      ),
    async demo({ language, ...beside }) {
      const { runDemo } = await import('./cli/demo.ts')
      const config = configOf({ file, base: 'demo' })
      return runDemo({ ...config, language: language ?? config.language }, beside)
    },
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
