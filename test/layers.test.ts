import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { against, cycle, importsOf, target } from './support/layers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = ['src', 'bots', 'config', 'migrations', 'sandbox'].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`),
)
const sources = new Map(files.sort().map((file) => [file, readFileSync(root + file, 'utf8')]))

describe('every file keeps the line of docs/house.md', () => {
  test.each([...sources.keys()])('%s', (file) => {
    expect(against(file, sources.get(file) ?? '')).toEqual([])
  })
})

test('no files import each other in a ring', () => {
  const graph = new Map(
    [...sources].map(([file, source]) => [file, importsOf(source).flatMap(({ from }) => target(file, from) ?? [])]),
  )
  expect(cycle(graph)).toBeUndefined()
})

test('a name that an import gives is a file that is there', () => {
  const missing = [...sources].flatMap(([file, source]) =>
    importsOf(source)
      .map(({ from }) => target(file, from))
      .filter((to) => to?.endsWith('.ts') && !sources.has(to))
      .map((to) => `${file} → ${to}`),
  )
  expect(missing).toEqual([])
})

describe('what breaks the line is caught', () => {
  const planted: readonly (readonly [file: string, source: string, says: string])[] = [
    ['src/core/x.ts', "import { a } from '../storage/open.ts'", 'src/storage is further up'],
    ['src/complaints/x.ts', "import type { A } from '../engine/engine.ts'", 'src/engine is further up'],
    ['src/storage/x.ts', "import { a } from '../platforms/platform.ts'", 'src/storage and src/platforms never meet'],
    ['src/admin/x.ts', "import { a } from '../web/case.ts'", 'src/admin and src/web never meet'],
    ['src/chat/x.ts', "import { a } from '../../bots/telegram/index.ts'", 'only main.ts and cli.ts'],
    ['src/chat/x.ts', "import { a } from '../../config/config.ts'", 'only main.ts and cli.ts'],
    ['src/notify/x.ts', "export { a } from '../chat/chat.ts'", 'src/chat is further up'],
    ['src/notify/x.ts', "export * from\n  '../chat/chat.ts'", 'src/chat is further up'],
    ['src/notify/x.ts', "import '../chat/chat.ts'", 'src/chat is further up'],
    ['src/notify/x.ts', "const a = await import('../chat/chat.ts')", 'src/chat is further up'],
    ['src/notify/x.ts', "import {\n  // of chat\n  a,\n} from '../chat/chat.ts'", 'src/chat is further up'],
    ['src/app.ts', "import { a } from './main.ts'", 'nobody imports the process'],
    ['bots/telegram/x.ts', "import { a } from '../wecom/index.ts'", 'a bot knows chat and core only'],
    ['bots/telegram/x.ts', "import { a } from '../../src/storage/open.ts'", 'a bot knows chat and core only'],
    ['sandbox/x.ts', "import { a } from '../src/core/seal.ts'", 'the sandbox has its own code'],
    ['config/x.ts', "import { a } from '../src/core/words.ts'", 'config imports none of our folders'],
    ['migrations/x.ts', "import { a } from '../src/storage/tables.ts'", 'migrations import none of our folders'],
    ['src/app.ts', "const a = await import('../sandbox/index.ts')", 'names the sandbox'],
    ['src/cli.ts', "import { a } from '../sandbox/index.ts'", 'names the sandbox'],
    ['src/cli.ts', "import { a } from './cli/demo.ts'", 'imported dynamically'],
    ['src/inbox/x.ts', "import { sql } from 'kysely'", 'belongs to src/storage/, migrations/'],
    ['src/storage/jobs.ts', "import Sqlite from 'better-sqlite3'", 'belongs to src/storage/open.ts'],
    ['src/platforms/alipay/x.ts', "const a = await import('undici')", 'belongs to src/core/'],
    ['src/notify/x.ts', "import { a } from 'tencentcloud-sdk-nodejs/x.js'", 'belongs to src/notify/sms/'],
    ['src/core/x.ts', "import leftPad from 'left-pad'", 'a package without an owner'],
    ['src/actions/x.ts', 'const now = Date.now()', 'time is handed in'],
    ['src/actions/x.ts', 'const now = new Date()', 'time is handed in'],
    ['src/actions/x.ts', 'const lot = Math.random()', 'randomness is handed in'],
    ['src/actions/x.ts', 'setTimeout(() => {}, 5)', 'timers are handed in'],
    ['src/actions/x.ts', 'const home = process.env.HOME', 'config/ alone'],
  ]
  test.each(planted)('%s: %s', (file, source, says) => {
    expect(against(file, source).join()).toContain(says)
  })

  const innocent: readonly (readonly [file: string, source: string])[] = [
    ['src/chat/x.ts', "import { a } from '../notify/channel.ts'"],
    ['src/cli.ts', "const { demo } = await import('./cli/demo.ts')"],
    ['src/cli/demo.ts', "const { a } = await import('../../sandbox/index.ts')"],
    ['src/main.ts', "import { a } from '../config/config.ts'"],
    ['bots/telegram/x.ts', "import { a } from '../../src/chat/chat.ts'"],
    ['src/core/x.ts', "// import { a } from '../storage/open.ts', Date.now()"],
    ['src/core/x.ts', "const say = 'never call Date.now() here'"],
    ['src/core/x.ts', "/* import '../chat/chat.ts' */ const a = new Date(5)"],
    ['src/core/x.ts', "const link = 'https://example.com' // from '../chat/chat.ts'"],
    ['src/core/clock.ts', 'const now = Date.now()'],
    ['config/config.ts', 'const home = process.env.HOME'],
  ]
  test.each(innocent)('%s is let be: %s', (file, source) => {
    expect(against(file, source)).toEqual([])
  })

  test('a ring', () => {
    const ring = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['a']],
    ])
    expect(cycle(ring)).toBe('a → b → d → a')
    expect(
      cycle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
        ]),
      ),
    ).toBeUndefined()
  })
})
