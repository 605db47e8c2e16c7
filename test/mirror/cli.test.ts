import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Command } from 'commander'
import { expect, onTestFinished, test } from 'vitest'
import { programOf } from '../../src/cli/run.ts'
import { redress } from '../cli/support.ts'

const silent = {
  out: () => {},
  err: () => {},
  stdin: async () => '',
  file: async () => '',
  bytes: async () => Buffer.alloc(0),
}
const program = programOf({ ...silent, installation: () => Promise.reject() as never }, '1.2.3', () => {})

interface Leaf {
  readonly name: string
  readonly command: Command
}
const leaves = (command: Command, path: readonly string[] = []): readonly Leaf[] =>
  command.commands.flatMap((one) => {
    const here = [...path, one.name()]
    return one.commands.length > 0 ? leaves(one, here) : [{ name: here.join(' '), command: one }]
  })

const isOfTenant = ({ command }: Leaf) => command.options.some(({ long }) => long === '--tenant')
const commands = leaves(program)

/** Whatever is not told which business it is about: the installation's own, and what names the business itself. */
const without = [
  ...['start', 'migrate', 'demo', 'init', 'backup', 'restore', 'rotate-master', 'reseal', 'replay job'],
  ...['tenant create', 'tenant update', 'tenant list', 'tenant export', 'tenant import'],
]

const words = (line: string): readonly string[] =>
  [...line.replace(/ [>|] .*/, '').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

/** Writes down what is asked, and has none of it. */
async function recorder() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(404, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ title: 'Not found', status: 404, detail: 'There is no such tenant.' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve(undefined))))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

test('every command that is about a business takes the way through that business', async () => {
  const { url, asked } = await recorder()
  const wrong: string[] = []
  for (const { name, command } of commands.filter(isOfTenant)) {
    const { out } = await redress({}, ...name.split(' '), '--help')
    const [, example = ''] = /\nExample:\n {2}(.+)\n/.exec(out) ?? []
    // Nobody can be asked here.
    const sure = command.options.some(({ long }) => long === '--yes') ? ['--yes'] : []
    const given = [...words(example).slice(1), ...sure]
    const told = given.includes('--tenant') ? given : [...given, '--tenant', 'other']
    const named = told[told.indexOf('--tenant') + 1]
    const before = asked.length
    const files = new Proxy({}, { get: () => '{}' })
    const { exit } = await redress({ url, key: 'k', stdin: '13812345678', files }, ...told)
    const requests = asked.slice(before)
    if (exit === 0 || requests.length === 0) wrong.push(`${name}: ${exit}, asked ${requests.length}`)
    // A key may be asked for of the whole installation, and of one business by its own path.
    for (const request of requests)
      if (!request.includes(` /admin/v1/tenants/${named}/`) && !request.endsWith(` /admin/v1/tenants/${named}`))
        wrong.push(`${name}: ${request}`)
  }
  expect(wrong).toEqual([])
  expect(commands.flatMap((leaf) => (isOfTenant(leaf) ? [] : leaf.name)).sort()).toEqual([...without].sort())
})
