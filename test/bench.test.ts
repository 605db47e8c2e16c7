import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Only that they come to an end and say what they should: how fast this machine is today is no test. */
function bench(...names: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bench/index.ts', ...names, '--quick'],
    { cwd: root, encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
  return stdout
}

test('the benches of taking in pushes print their ratios and their gates, and the one of lists what it compares', () => {
  const said = bench('ingest', 'pay-ingest', 'alipay-ingest', 'pay-list')
  expect(said).toMatch(/^machine: node v\d+.* verifies\/s, \d+ fsyncs\/s$/m)
  expect(said.match(/^Redress, callback \+ job .*÷ raw [\d.]+ .* µs of processor each$/gm)).toHaveLength(3)
  expect(said).toMatch(/^listed and compared .*\/s · \d+ µs of our processor each$/m)
  const found = said.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Said] : []))
  const taken = ['ingest ÷ Express baseline', 'ingest ÷ verify only', 'all replayed ÷ all new']
  expect(found.map(({ bench: name, gates }) => [name, Object.keys(gates)])).toEqual([
    ['ingest', taken],
    ['pay-ingest', taken],
    ['alipay-ingest', taken],
    ['pay-list', ['compared in a second ÷ what may be listed']],
  ])
}, 60_000)

interface Said {
  readonly bench: string
  readonly gates: Record<string, number | null>
}

test('the bench of polling asks everybody, and says how old the oldest poll was', () => {
  const said = bench('polling')
  expect(said).toMatch(/^400 merchants, \d+ times faster than life$/m)
  for (const which of ['active', 'idle'])
    expect(said).toMatch(new RegExp(`^oldest poll of the ${which}, p99 ÷ its target: .*gate at most [\\d.]+: `, 'm'))
}, 120_000)

test('the bench of a month loses nobody, doubles nothing and misses no deadline', () => {
  const said = bench('month')
  expect(said).toMatch(/^20 complaints in 0.05 days: 20 complaints, /m)
  expect(said).toMatch(/^verdict: 0 missed or said twice, 0 done twice, 0 never seen$/m)
}, 120_000)

test('the benches of the API and of a start ask both databases everything, and say how long it took', () => {
  const said = bench('api', 'start')
  expect(
    said.match(/^(?:open|due|all|detail|facts|search)\b.*: p50 [\d.]+ → [\d.]+ \(× [\d.]+\) · p99 /gm),
  ).toHaveLength(24)
  for (const database of ['SQLite', 'PostgreSQL'])
    expect(said).toMatch(new RegExp(`^${database}, p99: many ÷ few: .*gate at most 1.5: `, 'm'))
  expect(said.match(/^ready after, .*: \d+ ms /gm)).toHaveLength(3)
}, 300_000)

test('the bench of cards prints how long one takes', () => {
  expect(bench('card')).toMatch(/^push → card, one at a time: .*p50 [\d.]+ .*p99 [\d.]+ /m)
}, 60_000)

test('the bench of chats presses in both, and says how long the answers took', () => {
  const said = bench('chats')
  for (const chat of ['Telegram', 'WeCom'])
    expect(said).toMatch(new RegExp(`^${chat}: press → answer p50 [\\d.]+ .*; 0 too late$`, 'm'))
}, 60_000)
