import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { accessSync, chownSync, constants, mkdtempSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests may create databases; null when there is no PostgreSQL here. */
    pgUrl: string | null
  }
}

interface Account {
  readonly uid: number
  readonly gid: number
}

/** A PostgreSQL of our own for the run, gone with it. TEST_DATABASE_URL names another; REQUIRE_PG=1 makes its absence a failure. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.TEST_DATABASE_URL
  if (given) {
    project.provide('pgUrl', given)
    return
  }
  const server = await startPostgres()
  if (!server) {
    if (process.env.REQUIRE_PG === '1')
      throw new Error('REQUIRE_PG=1, and no initdb and postgres were found (set PG_BIN)')
    console.warn('\nNo PostgreSQL found: the tests run on SQLite alone.\n')
    project.provide('pgUrl', null)
    return
  }
  project.provide('pgUrl', server.url)
  return server.stop
}

/** @returns undefined where there is none */
export async function startPostgres(): Promise<{ readonly url: string; stop(): Promise<void> } | undefined> {
  const bin = findBinaries()
  return bin === undefined ? undefined : startServer(bin)
}

function findBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = list(debian).sort((a, b) => Number(b) - Number(a))
  const places = [
    ...(process.env.PG_BIN ? [process.env.PG_BIN] : []),
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
    '/opt/homebrew/opt/postgresql@16/bin',
  ]
  return places.find((place) => runs(join(place, 'initdb')) && runs(join(place, 'postgres')))
}

async function startServer(bin: string) {
  const folder = mkdtempSync(join(tmpdir(), 'redress-pg-'))
  const account = unprivileged()
  if (account) chownSync(folder, account.uid, account.gid)
  const env = { ...process.env, LC_ALL: 'C', HOME: folder }
  const data = join(folder, 'data')
  const initdb = ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']
  // A Chinese order of text: a comparison that forgot its collation fails here, not at a user's.
  execFileSync(join(bin, 'initdb'), [...initdb, '--locale-provider=icu', '--icu-locale=zh'], {
    ...account,
    env,
    cwd: '/',
    stdio: 'pipe',
  })
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'full_page_writes=off', 'max_connections=200']
  const postgres = [
    join(bin, 'postgres'),
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    folder,
    ...settings.flatMap((setting) => ['-c', setting]),
  ]
  const dog = spawn('/bin/sh', ['-c', watchdog, 'pg-watchdog', folder, ...postgres], {
    ...account,
    env,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const url = `postgres://test@127.0.0.1:${port}/postgres`
  await ready(url, dog)
  const stop = async () => {
    const gone = new Promise((resolve) => dog.once('exit', resolve))
    dog.stdin?.end()
    await gone
  }
  return { url, stop }
}

// Its input ends when this process does, however it does; then the server and the folder go too.
const watchdog = 'd=$1; shift; "$@" </dev/null & p=$!; cat >/dev/null; kill -INT $p 2>/dev/null; wait $p; rm -rf "$d"'

async function ready(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client(url)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (server.exitCode !== null || tries > 200) throw new Error('PostgreSQL did not start', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody'])
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // no such account
    }
  throw new Error('running as root, and neither postgres nor nobody is an account here')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
