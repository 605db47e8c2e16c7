import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../config/load.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'redress-config-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** The fields of what is wrong, in a file of this text and this environment. */
function wrongIn(text: string | Buffer, env: Record<string, string> = {}): readonly string[] {
  const file = join(folder(), 'mine.yaml')
  writeFileSync(file, text)
  return (loadConfig({ file, env }).faults ?? []).map(({ field }) => field).sort()
}

test('a file that was named must be there, and be one', () => {
  const place = folder()
  const [gone, inner] = [join(place, 'gone.yaml'), join(place, 'inner')]
  mkdirSync(inner)
  for (const wanted of [{ file: gone, env: {} }, { env: { REDRESS_CONFIG: gone } }])
    expect(loadConfig(wanted).faults).toEqual([{ field: gone, fix: 'there is no such file' }])
  expect(loadConfig({ file: inner, env: {} }).faults).toEqual([
    { field: inner, fix: expect.stringContaining('cannot be read') },
  ])
})

test('what the environment does not say is as it is by itself, and what it says in vain is named', () => {
  expect(loadConfig({ base: 'default', env: {} }).faults).toBeUndefined()
  expect(
    wrongIn('', { REDRESS_MASTER_KEY: 'short', REDRESS_LISTEN_PORT: 'http', REDRESS_DATABSE_URL: 'postgres://x' }),
  ).toEqual(['REDRESS_DATABSE_URL', 'REDRESS_LISTEN_PORT', 'REDRESS_MASTER_KEY'])
})

test('faults of the file, of its names, of its values and of the environment are told together', () => {
  const text =
    'listn: 1\nlisten: { prot: 1, port: -1 }\nlanguage: fr\nbodyLimit: [1]\nkeep: { personDays: 0.5 }\n__proto__: { a: 1 }'
  const found = wrongIn(text, { REDRESS_LOG_LEVEL: 'loud', REDRESS_NOTHING: '1' })
  expect(found).toEqual([
    'REDRESS_LOG_LEVEL',
    'REDRESS_NOTHING',
    '__proto__',
    'bodyLimit (mine.yaml)',
    'keep.personDays (mine.yaml)',
    'language (mine.yaml)',
    'listen.port (mine.yaml)',
    'listen.prot (mine.yaml)',
    'listn (mine.yaml)',
  ])
})

test.each([
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
  ['tabs for indents', 'listen:\n\tport: 80'],
  [
    'aliases that grow without end',
    `a: &a [x]\n${[...'bcdefghij'].map((name, at) => `${name}: &${name} [${'*a,'.repeat(9)}*${'abcdefghij'[at]}]`).join('\n')}`,
  ],
  ['another document behind it', 'data: a\n---\ndata: b'],
  ['an alias of nothing', 'data: *nobody'],
])('%s: refused, and never thrown', (_, text) => {
  expect(wrongIn(text).length).toBeGreaterThan(0)
})
