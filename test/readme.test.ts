import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('..', import.meta.url))
const shell = promisify(execFile)
const blocks = (text: string, kind: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '')

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** `npx redress` as it is after a build, from the sources. */
const redress = `node --import ${join(root, 'node_modules/tsx/dist/esm/index.mjs')} ${join(root, 'src/cli.ts')}`

describe.each(['README.md', 'README.zh-CN.md'])('%s', (name) => {
  const readme = readFileSync(join(root, name), 'utf8')

  test('sets a business up in an empty folder by just the commands it shows', { timeout: 90_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'redress-readme-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const env = { ...process.env, REDRESS_LISTEN_PORT: String(await freePort()), NO_COLOR: '1' }
    const service = spawn('sh', ['-c', `exec ${redress} start`], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void service.kill('SIGKILL'))
    await new Promise((resolve) => service.stdout.once('data', resolve))

    writeFileSync(join(folder, 'app-secret.txt'), '0123456789abcdef0123456789abcdef')
    writeFileSync(join(folder, 'token.txt'), 'RedressToken1')
    writeFileSync(join(folder, 'aes-key.txt'), 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ')
    writeFileSync(join(folder, 'chat.json'), blocks(readme, 'json')[0] ?? '')
    const walk = blocks(readme, 'sh').find((block) => block.includes('redress tenant create')) ?? ''
    const lines = walk.replaceAll('\\\n', ' ').trim().split('\n')
    expect(lines.length).toBeGreaterThan(5)

    const said: string[] = []
    for (const line of lines) {
      // `doctor` answers 1 while something is to be mended: nobody has sent the codes yet.
      const run = shell('sh', ['-c', line.replace('npx redress', redress)], { cwd: folder, env })
      const { stdout } = await run.catch((error) => {
        if (line.endsWith('doctor') && error.code === 1) return error
        throw error
      })
      said.push(stdout)
    }
    const all = said.join('')
    expect(all).toMatch(/\/hooks\/acc_/)
    expect(all.match(/\/bind [A-Z2-9]{10}/g)).toHaveLength(2)
    expect(all).not.toContain('0123456789abcdef0123456789abcdef')
    const ended = new Promise((resolve) => service.once('exit', resolve))
    service.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('names only files and scripts that are there', () => {
    const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
    for (const [, script] of readme.matchAll(/npm run (\w+)/g)) expect(scripts).toHaveProperty(script ?? '')
    for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(() => readFileSync(join(root, path ?? '')), path).not.toThrow(/ENOENT/)
  })
})

/** What a document shows, as it runs from the sources, at ports that are free. */
function fromSources(text: string, ports: { readonly played: number; readonly service: number }): string {
  return text
    .replaceAll('npx redress', redress)
    .replaceAll('npx tsx sandbox', `node --import ${join(root, 'node_modules/tsx/dist/esm/index.mjs')} ${root}sandbox`)
    .replaceAll('8091', String(ports.played))
    .replaceAll('8080', String(ports.service))
}

describe.each(['docs/quick-start.md', 'docs/quick-start.zh-CN.md'])('%s', (name) => {
  const walk = blocks(readFileSync(join(root, name), 'utf8'), 'sh')

  test.each([
    ['the command line', 'redress init'],
    ['the API', 'curl'],
  ])('gets to a Telegram room by %s, as it is written', { timeout: 120_000 }, async (_, means) => {
    const folder = mkdtempSync(join(tmpdir(), 'redress-quick-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const ports = { played: await freePort(), service: await freePort() }
    const env = { ...process.env, REDRESS_LISTEN_PORT: String(ports.service), NO_COLOR: '1' }
    const block = (holds: string) => fromSources(walk.find((each) => each.includes(holds)) ?? '', ports).trim()
    const begin = async (line: string) => {
      const child = spawn('sh', ['-c', line.replace(/(^|\s)node /, '$1exec node ')], { cwd: folder, env })
      onTestFinished(() => void child.kill('SIGKILL'))
      await new Promise((resolve) => child.stdout.once('data', resolve))
    }
    await begin(block('telegram/play.ts'))
    await begin(block('redress start'))

    const { stdout } = await shell('sh', ['-ec', block(means)], { cwd: folder, env })
    expect(stdout).not.toContain(readFileSync(join(folder, 'telegram-token.txt'), 'utf8').trim())
    const [alone = '', group = ''] = stdout.match(/\/bind [A-Z2-9]{10}/g) ?? []
    await sendCodes(`http://127.0.0.1:${ports.played}/sandbox/api`, { alone, group })

    const [list = '', doctor = ''] = block('room list').split('\n')
    await expect
      .poll(async () => (await shell('sh', ['-c', list], { cwd: folder, env })).stdout, { timeout: 20_000 })
      .toContain('投诉处理群')
    const examined = await shell('sh', ['-c', doctor], { cwd: folder, env }).catch((error) => error)
    expect(examined.stdout).toContain('1 名成员均已绑定')
  })

  test('names only files that are there', () => {
    const text = readFileSync(join(root, name), 'utf8')
    for (const [, path] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
      expect(() => readFileSync(join(root, 'docs', path ?? '')), path).not.toThrow()
  })
})

const played = z.object({
  persons: z.array(z.object({ id: z.number(), first_name: z.string() })),
  chats: z.array(z.object({ key: z.string(), title: z.string().optional() })),
})

/** As 阿陈 would in the played Telegram: one code alone with the bot, the other in the group. */
async function sendCodes(api: string, codes: { readonly alone: string; readonly group: string }): Promise<void> {
  const { persons, chats } = played.parse(await (await fetch(`${api}/state`)).json())
  const person = persons.find(({ first_name }) => first_name === '阿陈')?.id
  const group = chats.find(({ title }) => title === '投诉处理群')?.key ?? ''
  for (const [chat, text] of [
    [`42:${person}`, codes.alone],
    [group, codes.group],
  ] as const)
    await fetch(`${api}/chats/${encodeURIComponent(chat)}/say`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person, text }),
    })
}
