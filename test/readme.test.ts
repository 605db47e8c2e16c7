import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'

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
