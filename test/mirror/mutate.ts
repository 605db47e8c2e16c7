/**
 * Takes one condition on the tenant after the other out of src/storage, in a copy, and says which of them the mirror misses.
 *
 *     npx tsx test/mirror/mutate.ts            all of them, judged by the functions' own cases
 *     npx tsx test/mirror/mutate.ts routes     those that are missed once more, each by all tests of this folder
 *
 * The copy is made once: each condition has a switch in it, so that a process that is up judges all of them.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../..', import.meta.url).pathname
const copied = ['src', 'test', 'migrations', 'bots', 'sandbox', 'config', 'package.json', 'tsconfig.json']

interface Mutant {
  readonly nr: number
  readonly file: string
  readonly within: string
  readonly line: number
  readonly text: string
}

const off = (nr: number) => `(globalThis as { mutant?: number }).mutant === ${nr}`

/** What is a condition, and how it is written with its switch. */
const shapes: readonly (readonly [RegExp, (whole: string, nr: number) => string])[] = [
  [/\.where\('(?:\w+\.)?tenant', '(?:=|is)', [^()]*\)/, (whole, nr) => `.$if(!(${off(nr)}), (is) => is${whole})`],
  [/\.where\('id', '=', tenant\)/, (whole, nr) => `.$if(!(${off(nr)}), (is) => is${whole})`],
  [/on\.onRef\('theirs\.tenant', '=', 'mine\.tenant'\)/, (whole, nr) => `(${off(nr)} ? on : ${whole})`],
  [/\w+\?\.tenant === tenant \?/, (whole, nr) => `${off(nr)} || ${whole}`],
  [/merchant\.tenant !== under\.tenant/, (whole, nr) => `!(${off(nr)}) && ${whole}`],
  [
    /tenant = \$\{tenant\} and running/,
    (_, nr) => `\${${off(nr)} ? sql\`1 = 1\` : sql\`tenant = \${tenant}\`} and running`,
  ],
  [
    /tenant <> \(select tenant from complaint where id = \$\{complaint\}\)/,
    (whole, nr) => `\${${off(nr)} ? sql\`1 = 0\` : sql\`${whole}\`}`,
  ],
]

/** Puts switches into a file. */
function switched(file: string, text: string, from: number): { readonly text: string; readonly mutants: Mutant[] } {
  const mutants: Mutant[] = []
  let within = ''
  const lines = text.split('\n').map((line, at) => {
    const [, made, kept] = /^(?:export )?(?:(?:async )?function (\w+)|const (\w+) =)/.exec(line) ?? []
    within = made ?? kept ?? within
    let done = line
    for (const [shape, write] of shapes) {
      const [whole] = shape.exec(line) ?? []
      if (whole === undefined) continue
      const nr = from + mutants.length
      mutants.push({ nr, file, within, line: at + 1, text: line.trim() })
      done = done.replace(whole, () => write(whole, nr))
    }
    return done
  })
  return { text: lines.join('\n'), mutants }
}

function copy(): { readonly folder: string; readonly mutants: readonly Mutant[] } {
  const folder = mkdtempSync(join(tmpdir(), 'redress-mirror-'))
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const mutants: Mutant[] = []
  const storage = join(folder, 'src/storage')
  for (const file of readdirSync(storage).filter((name) => name.endsWith('.ts') && name !== 'tables.ts')) {
    const path = join(storage, file)
    const done = switched(file, readFileSync(path, 'utf8'), mutants.length + 1)
    writeFileSync(path, done.text)
    mutants.push(...done.mutants)
  }
  writeFileSync(join(folder, 'mutants.json'), JSON.stringify(mutants))
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `import { defineConfig } from 'vitest/config'
export default defineConfig({ test: { include: ['test/mirror/**/*.test.ts'], pool: 'forks', testTimeout: 3_000_000, hookTimeout: 60_000, setupFiles: ['./mutant.ts'] } })`,
  )
  writeFileSync(join(folder, 'mutant.ts'), 'Object.assign(globalThis, { mutant: Number(process.env.MUTANT ?? 0) })\n')
  writeFileSync(
    join(folder, 'test/mirror/mutants.test.ts'),
    `import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { functions } from './functions.ts'
import { judgeIn } from './judge.ts'
import { mirror } from './world.ts'
test('mutants', async () => {
  const judge = await judgeIn(await mirror())
  expect(await judge()).toEqual([])
  const told = []
  for (const mutant of JSON.parse(readFileSync('mutants.json', 'utf8'))) {
    Object.assign(globalThis, { mutant: mutant.nr })
    const own = mutant.file.replace('.ts', '') + '.' + mutant.within
    let wrong = functions[own] ? await judge([own]) : []
    if (wrong.length === 0) wrong = await judge(Object.keys(functions).filter((name) => name !== own))
    Object.assign(globalThis, { mutant: 0 })
    told.push({ ...mutant, by: wrong[0] })
    writeFileSync('told.json', JSON.stringify(told))
  }
})
`,
  )
  return { folder, mutants }
}

const run = (folder: string, words: readonly string[], mutant = 0) =>
  spawnSync('npx', ['vitest', 'run', ...words], {
    ...{ cwd: folder, encoding: 'utf8', timeout: 3_000_000 },
    env: { ...process.env, MUTANT: String(mutant) },
  })

const { folder, mutants } = copy()
try {
  const judged = run(folder, ['test/mirror/mutants.test.ts'])
  if (judged.status !== 0) throw new Error(judged.stdout + judged.stderr)
  type Judged = Mutant & { readonly by?: string }
  const told: readonly Judged[] = JSON.parse(readFileSync(join(folder, 'told.json'), 'utf8'))
  const missed = told.filter(({ by }) => by === undefined)
  console.log(`by their own cases: ${told.length - missed.length} of ${mutants.length}`)
  let left = missed.length
  for (const { nr, file, within, line, text } of missed) {
    const all = process.argv.includes('routes')
    const caught = all && run(folder, ['--bail', '1', '--exclude', '**/mutants.test.ts'], nr).status !== 0
    if (caught) left -= 1
    console.log(`${caught ? 'caught by the others' : 'missed'}: ${file}:${line} ${within}: ${text}`)
  }
  console.log(`caught ${mutants.length - left} of ${mutants.length}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
