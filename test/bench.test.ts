import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Only that they come to an end and say what they should: how fast this machine is today is no test. */
function bench(name: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bench/index.ts', name, '--quick'],
    { cwd: root, encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
  return stdout
}

test('the bench of taking in pushes prints its ratios and its gates', () => {
  const said = bench('ingest')
  expect(said).toMatch(/^machine: node v\d+.* verifies\/s, \d+ fsyncs\/s$/m)
  expect(said).toMatch(/^Redress, callback \+ job .*÷ raw [\d.]+ .* µs of processor each$/m)
  const last = JSON.parse(said.trim().split('\n').at(-1) ?? '') as { gates: Record<string, number | null> }
  expect(Object.keys(last.gates)).toEqual([
    'ingest ÷ Express baseline',
    'ingest ÷ verify only',
    'all replayed ÷ all new',
  ])
}, 60_000)

test('the bench of cards prints how long one takes', () => {
  expect(bench('card')).toMatch(/^push → card, one at a time: .*p50 [\d.]+ .*p99 [\d.]+ /m)
}, 60_000)
