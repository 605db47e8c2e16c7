import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeBot, visit } from './stage.ts'

const bot = makeBot({ panes: [{ title: '顾客', url: 'http://127.0.0.1:4321/shop?x=1' }] })
let page: Awaited<ReturnType<typeof visit>>

beforeAll(async () => {
  await bot.start(async () => ({}))
  page = await visit(bot)
})
afterAll(() => bot.stop())

/** fetch sets Host itself; a hostile page's browser sends another one. */
const asked = (options: { host?: string; path?: string; method?: string; headers?: Record<string, string> }) =>
  new Promise<number>((resolve, reject) => {
    const { port, host } = new URL(page.origin)
    const headers = { host: options.host ?? host, cookie: page.cookie, ...options.headers }
    const { path = '/api/people', method = 'GET' } = options
    const asking = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asking.on('error', reject)
    asking.end()
  })

describe('the door', () => {
  test('the address with the key gives a cookie that scripts and other sites cannot use, and leads to the page', () => {
    expect(page.first.status).toBe(303)
    expect(page.first.headers.get('location')).toBe('/')
    expect(page.first.headers.get('set-cookie')).toMatch(
      /^redress_chat_\d+=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
  })

  test.each([
    ['/', '请打开服务启动时给出的完整地址'],
    ['/?key=wrong', '请打开服务启动时给出的完整地址'],
    ['/api/people', 'Open the whole address'],
    ['/api/people?key=x', 'Open the whole address'],
    ['/page/main.js', '请打开服务启动时给出的完整地址'],
  ])('without the secret %s is refused in plain words', async (path, words) => {
    const response = await fetch(page.origin + path, { redirect: 'manual' })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain(words)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('every start has another secret', async () => {
    const other = makeBot()
    await other.start(async () => ({}))
    const first = new URL(other.address).searchParams.get('key')
    await other.stop()
    await other.start(async () => ({}))
    expect(new URL(other.address).searchParams.get('key')).not.toBe(first)
    await other.stop()
    expect(other.address).toBe('')
  })

  test('a name that merely resolves to this machine is refused', async () => {
    const { port } = new URL(page.origin)
    expect(await asked({})).toBe(200)
    expect(await asked({ host: `localhost:${port}` })).toBe(200)
    expect(await asked({ host: `evil.example:${port}` })).toBe(403)
    expect(await asked({ host: '127.0.0.1' })).toBe(403)
  })

  test('another origin is refused, and a post without one', async () => {
    const post = { method: 'POST', path: '/api/say' }
    expect(await asked({ headers: { origin: 'http://127.0.0.1:1' } })).toBe(403)
    expect(await asked({ ...post, headers: { origin: 'null' } })).toBe(403)
    expect(await asked({ ...post })).toBe(403)
    expect(await asked({ ...post, headers: { origin: page.origin } })).toBe(400)
  })

  test('the page runs its own files and frames the panes, nothing else', async () => {
    const response = await page.get('/')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain('frame-src http://127.0.0.1:4321;')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).not.toMatch(/<script>|style=|onclick/)
  })

  test('what is not there is said to be not there', async () => {
    expect((await page.get('/nothing')).status).toBe(404)
    expect((await page.get('/api/nothing?as=li')).status).toBe(404)
    expect((await page.get('/%E0%A4%A')).status).toBe(404)
    expect(await asked({ method: 'DELETE', headers: { origin: page.origin } })).toBe(405)
  })
})
