import { describe, expect, test } from 'vitest'
import { OutsideError } from '../../../src/core/errors.ts'
import { instant } from '../../../src/core/words.ts'
import { errorCodes, failure } from '../../../src/platforms/wechat-mini/errors.ts'
import { account, appid, detail, platformOn, type Script, start } from './support.ts'

const seat = { account: account() }
const path = '/wxaapi/minishop/complaintOrderDetail'
const on = (answer: Script) => platformOn((asked) => (asked.path === path ? answer(asked) : undefined))

describe('asking for a complaint', () => {
  test('is a GET with the token and the complaint number in the query', async () => {
    const { platform, transport } = on(() => detail())
    await platform.fetch(seat, '2157')
    expect(transport.asked[1]).toMatchObject({ method: 'GET', path, body: Buffer.alloc(0) })
    expect(Object.fromEntries(transport.asked[1]?.query ?? [])).toEqual({
      access_token: 'TOKEN1',
      complaintOrderId: '2157',
    })
    expect(transport.asked[1]?.url.startsWith('https://api.weixin.qq.com/wxaapi/')).toBe(true)
  })
  test('is dated by the question, not by the answer', async () => {
    const { platform, clock } = on(() => {
      clock.advance(9_000)
      return detail()
    })
    expect((await platform.fetch(seat, '2157')).asOf).toBe(instant(start))
  })
  test.each(['', '0', '02157', '2157a', '9007199254740993', '-1', '1e3', ' 1', 'payorder'])(
    'for the number %j is refused without asking',
    async (number) => {
      const { platform, transport } = on(() => detail())
      await expect(platform.fetch(seat, number)).rejects.toMatchObject({ trouble: 'refused' })
      expect(transport.paths()).not.toContain(path)
    },
  )
  test.each([40001, 40014, 42001])('after %d fetches a token and asks once more', async (errcode) => {
    let count = 0
    const { platform, transport } = platformOn((asked) => {
      if (asked.path === '/cgi-bin/stable_token') return { access_token: `T${++count}`, expires_in: 7200 }
      return asked.query.get('access_token') === 'T1' ? { errcode, errmsg: 'x' } : detail()
    })
    expect((await platform.fetch(seat, '2157')).number).toBe('2157')
    expect(transport.paths()).toEqual(['/cgi-bin/stable_token', path, '/cgi-bin/stable_token', path])
  })
  test('after a second refusal of the token it gives up: two questions, no loop', async () => {
    let count = 0
    const { platform, transport } = platformOn((asked) =>
      asked.path === path ? { errcode: 40001, errmsg: 'x' } : { access_token: `T${++count}`, expires_in: 7200 },
    )
    await expect(platform.fetch(seat, '2157')).rejects.toMatchObject({ trouble: 'forbidden', code: '40001' })
    expect(transport.paths().filter((one) => one === path).length).toBe(2)
  })
  test('"busy" is asked three times in all, then a person is told to check the number', async () => {
    const { platform, transport } = on(() => ({ errcode: -1, errmsg: 'system error' }))
    const error: unknown = await platform.fetch(seat, '2157').catch((caught: unknown) => caught)
    expect(error).toMatchObject({ trouble: 'busy', code: '-1', message: expect.stringContaining('核对投诉单号') })
    expect(transport.paths().filter((one) => one === path).length).toBe(3)
  })
  test('"busy" once is nothing', async () => {
    let first = true
    const { platform } = on(() => {
      const answer = first ? { errcode: -1 } : detail()
      first = false
      return answer
    })
    expect((await platform.fetch(seat, '2157')).number).toBe('2157')
  })
  const http = (status: number, body = '{}') => ({ status, headers: {}, body: Buffer.from(body) })
  test.each([
    [http(500), 'unreachable'],
    [http(502, '<html>'), 'unreachable'],
    [http(404), 'unreachable'],
    [http(302), 'unreachable'],
    [http(429), 'busy'],
    [http(200, '{"errcode":0'), 'unreachable'],
    [http(200, '[]'), 'unreachable'],
    [http(200, ''), 'unreachable'],
    [new OutsideError('unknown', 'cut off after sending'), 'unreachable'],
    [new OutsideError('unreachable', 'connection refused'), 'unreachable'],
    [{ errcode: 48001, errmsg: 'api unauthorized' }, 'forbidden'],
    [{ errcode: 45009, errmsg: 'reach max api daily quota limit' }, 'busy'],
    [{ errcode: '40164', errmsg: 'invalid ip 203.0.113.9' }, 'forbidden'],
    [{ errcode: 99999, errmsg: 'something new' }, 'refused'],
  ])('the answer %j is %s; a question may always be asked again', async (answer, trouble) => {
    const { platform } = on(() => answer)
    await expect(platform.fetch(seat, '2157')).rejects.toMatchObject({ trouble })
  })
  test('a bug of ours is not dressed up as an outage', async () => {
    const { platform } = on(() => new TypeError('ours'))
    await expect(platform.fetch(seat, '2157')).rejects.toThrow(TypeError)
  })
  test('no message and no field of any failure holds the token or the secret', async () => {
    for (const answer of [
      http(500),
      new OutsideError('unknown', 'x'),
      { errcode: 40164, errmsg: `bad token ${'TOKEN1'.padEnd(136, 'x')}` },
      { errcode: 99999, errmsg: `bad token ${'TOKEN1'.padEnd(136, 'x')}` },
    ]) {
      const { platform } = on(() => answer)
      const error: unknown = await platform.fetch(seat, '2157').catch((caught: unknown) => caught)
      if (!(error instanceof OutsideError)) throw new Error('no failure')
      const all = `${error.message} ${error.stack} ${JSON.stringify(error)} ${error.code}`
      expect(all).not.toMatch(/TOKEN1|s3cret/)
    }
  })
  test('the base URL is a setting', async () => {
    const { platform, transport } = platformOn((asked) => (asked.path === path ? detail() : undefined), {
      baseUrl: 'http://127.0.0.1:9/',
    })
    await platform.fetch(seat, '2157')
    expect(transport.asked.map((one) => new URL(one.url).origin)).toEqual(['http://127.0.0.1:9', 'http://127.0.0.1:9'])
  })
})

describe('what an errcode means', () => {
  const meanings: [number, string][] = [
    [-1, 'busy'],
    [1, 'refused'],
    [2, 'refused'],
    [309, 'moved'],
    [1002, 'moved'],
    [10001, 'refused'],
    [40001, 'forbidden'],
    [40014, 'forbidden'],
    [42001, 'forbidden'],
    [41001, 'forbidden'],
    [40002, 'refused'],
    [40004, 'refused'],
    [40007, 'refused'],
    [40013, 'forbidden'],
    [40125, 'forbidden'],
    [40164, 'forbidden'],
    [40243, 'forbidden'],
    [41002, 'forbidden'],
    [41004, 'forbidden'],
    [43002, 'refused'],
    [44002, 'refused'],
    [45009, 'busy'],
    [45011, 'busy'],
    [47001, 'refused'],
    [48001, 'forbidden'],
    [48004, 'forbidden'],
    [50002, 'forbidden'],
    [50004, 'forbidden'],
    [50007, 'forbidden'],
    [89503, 'forbidden'],
    [89506, 'forbidden'],
    [89507, 'forbidden'],
  ]
  test('the table here names every code that the code names', () => {
    expect(meanings.map(([code]) => code).sort()).toEqual([...errorCodes].sort())
  })
  test.each(meanings)('%d is %s, said in both languages', (code, trouble) => {
    const error = failure(code, 'their words')
    expect([error.trouble, error.code]).toEqual([trouble, String(code)])
    expect(error.message).toMatch(new RegExp(`^${code} .*[一-鿿].* \\| .*[a-z]{3}`))
  })
  test('40164 names the address and where to allow it, and keeps the id of the request', () => {
    const said = failure(
      40164,
      'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 6621aa00-11112222-33334444',
    ).message
    expect(said).toBe(
      '40164 IP 203.0.113.9 不在白名单：请到 微信公众平台 → 开发管理 → 开发设置 → IP白名单 添加 | IP 203.0.113.9 is not in the allow list: add it in the console under IP白名单 (rid: 6621aa00-11112222-33334444)',
    )
  })
  test('10001 and codes that nobody knows show what WeChat said', () => {
    expect(failure(10001, '内容或者图片不能为空 rid: 6621aa00-1-2').message).toContain(
      '[内容或者图片不能为空] (rid: 6621aa00-1-2)',
    )
    expect(failure(77777, 'new trouble').message).toContain('[new trouble]')
    expect(failure(1, 'order not exist').message).not.toContain('order not exist')
  })
  test('40001 means a wrong AppSecret where the token itself is asked for', () => {
    expect(failure(40001, '', 'token').message).toContain('AppSecret 不对')
    expect(failure(40001, '', 'call').message).toContain('access_token 无效')
  })
})

describe('a picture of theirs', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(20)])
  const answer = (status: number, body: Buffer) => ({ status, headers: {}, body })
  test('is fetched from where they said, without the token', async () => {
    const { platform, transport } = platformOn(() => answer(200, png))
    expect(await platform.picture(seat, 'https://cdn.example/a.jpg?x=1')).toEqual({ type: 'image/png', bytes: png })
    expect(transport.asked.map((one) => one.url)).toEqual(['https://cdn.example/a.jpg?x=1'])
  })
  test('at an http address is asked for by https', async () => {
    const { platform, transport } = platformOn(() => answer(200, png))
    await platform.picture(seat, 'http://mmbiz.qpic.cn/a')
    expect(transport.asked.map((one) => one.url)).toEqual(['https://mmbiz.qpic.cn/a'])
  })
  test('at the configured base URL may be plain http', async () => {
    const { platform, transport } = platformOn(() => answer(200, png), {
      baseUrl: 'http://127.0.0.1:9',
      pictureHosts: ['10.0.0.5:81'],
    })
    await platform.picture(seat, 'http://127.0.0.1:9/a')
    await platform.picture(seat, 'http://10.0.0.5:81/a')
    expect(transport.asked.map((one) => one.url)).toEqual(['http://127.0.0.1:9/a', 'http://10.0.0.5:81/a'])
    await expect(platform.picture(seat, 'http://127.0.0.1:10/a')).rejects.toMatchObject({ trouble: 'refused' })
  })
  test.each([
    ['MEDIA_ID', png, 200, 'refused'],
    ['ftp://a/b', png, 200, 'refused'],
    ['file:///etc/passwd', png, 200, 'refused'],
    ['https://user:pass@a/b', png, 200, 'refused'],
    ['https://a/b', Buffer.from('<html>'), 200, 'refused'],
    ['https://a/b', png, 302, 'refused'],
    ['https://a/b', png, 404, 'refused'],
    ['https://a/b', png, 503, 'unreachable'],
  ])('%s is not taken when it is not one', async (reference, body, status, trouble) => {
    const { platform } = platformOn(() => answer(status, body))
    await expect(platform.picture(seat, reference)).rejects.toMatchObject({ trouble })
  })
})

test('the name and the scope are the account’s', async () => {
  const { platform } = on(() => detail())
  expect([platform.name, (await platform.fetch(seat, '2157')).scope]).toEqual(['wechat-mini', appid])
})
