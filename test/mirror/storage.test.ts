import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { functions, unseen } from './functions.ts'
import { judgeIn } from './judge.ts'
import { mirror } from './world.ts'

const folder = new URL('../../src/storage/', import.meta.url)
const condition =
  /where\('(?:\w+\.)?tenant'|where\('id', '=', (?:\w+\.)?tenant\b|onRef\('(?:\w+\.)?tenant'|tenant = \$\{|\.tenant [!=]==|tenant <> /

/** `file.function` of everything that asks whose a row is. */
function asking(): readonly string[] {
  const found = new Set<string>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'tables.ts')) {
    let within = ''
    for (const line of readFileSync(new URL(file, folder), 'utf8').split('\n')) {
      const [, made, kept] = /^(?:export )?(?:(?:async )?function (\w+)|const (\w+) =)/.exec(line) ?? []
      within = made ?? kept ?? within
      if (condition.test(line)) found.add(`${file.replace('.ts', '')}.${within}`)
    }
  }
  return [...found].sort()
}

test('every function of storage/ that asks whose a row is has a case', () => {
  expect([...Object.keys(functions), ...Object.keys(unseen)].sort()).toEqual(asking())
})

test('what one business is told and does is the same whether its ghost is there or not, and the ghost feels nothing', {
  timeout: 120_000,
}, async () => {
  const judge = await judgeIn(await mirror())
  expect(await judge()).toEqual([])
})
