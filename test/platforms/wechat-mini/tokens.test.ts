import { describe, expect, test } from 'vitest'
import { manualClock } from '../../../src/core/clock.ts'
import { OutsideError } from '../../../src/core/errors.ts'
import { silent } from '../../../src/core/logger.ts'
import { Secret } from '../../../src/core/seal.ts'
import { asId, instant } from '../../../src/core/words.ts'
import type { Tokens } from '../../../src/platforms/platform.ts'
import { tokenSource } from '../../../src/platforms/wechat-mini/tokens.ts'
import { account, appid, memoryTokens, type Script, scripted, start } from './support.ts'

const minute = 60_000

function source(script: Script, tokens: Tokens = memoryTokens(), jitter = 0) {
  const clock = manualClock(start)
  const transport = scripted(script)
  const random = (size: number) => Buffer.alloc(size, jitter)
  const from = tokenSource({ transport, clock, logger: silent, baseUrl: 'https://api.weixin.qq.com', random, tokens })
  const bodies = () => transport.asked.map((one) => JSON.parse(one.body.toString()))
  return { from, clock, transport, bodies, tokens }
}

/** As stable_token behaves: normal mode repeats its token until five minutes before the end; force gives another. */
function stable(lives = 7200) {
  let count = 1
  const script: Script = ({ body }) => {
    if (JSON.parse(body.toString()).force_refresh) count++
    return { access_token: `T${count}`, expires_in: lives }
  }
  return { script, next: () => count++ }
}

describe('getting a token', () => {
  test('asks in normal mode, once, and remembers', async () => {
    const { from, bodies, transport } = source(stable().script)
    expect([await from.get(account()), await from.get(account())]).toEqual(['T1', 'T1'])
    expect(bodies()).toEqual([{ grant_type: 'client_credential', appid, secret: 's3cret-of-the-app' }])
    expect(transport.asked[0]).toMatchObject({ method: 'POST', path: '/cgi-bin/stable_token' })
    expect(transport.asked[0]?.url).not.toContain('s3cret')
  })
  test('twenty at once make one call', async () => {
    const { from, transport } = source(stable().script)
    const got = await Promise.all(Array.from({ length: 20 }, () => from.get(account())))
    expect(new Set(got)).toEqual(new Set(['T1']))
    expect(transport.asked.length).toBe(1)
  })
  test('two accounts do not share', async () => {
    const { from, transport } = source(({ body }) => ({
      access_token: `of ${JSON.parse(body.toString()).appid}`,
      expires_in: 7200,
    }))
    const other = account({ id: asId('acc_2'), outsideId: 'wx2222222222222222' })
    expect(await Promise.all([from.get(account()), from.get(other)])).toEqual([`of ${appid}`, 'of wx2222222222222222'])
    expect(transport.asked.length).toBe(2)
  })
  test('a failure is shared too, and the next one asks again', async () => {
    let fail = true
    const { from, transport } = source(() => (fail ? { errcode: 40125, errmsg: 'invalid appsecret' } : undefined))
    const got = await Promise.allSettled([from.get(account()), from.get(account())])
    expect(got.map((one) => one.status)).toEqual(['rejected', 'rejected'])
    expect(transport.asked.length).toBe(1)
    fail = false
    expect(await from.get(account())).toBe('TOKEN1')
  })
  test.each([
    [0, 115],
    [255, 114],
  ])('asks again when five minutes and the jitter %d are left, not before', async (jitter, good) => {
    const { from, clock, transport } = source(stable().script, memoryTokens(), jitter)
    await from.get(account())
    clock.advance((good - 1) * minute + 59_000)
    await from.get(account())
    expect(transport.asked.length).toBe(1)
    clock.advance(1_000)
    await from.get(account())
    expect(transport.asked.length).toBe(2)
  })
  test('a token that comes with little life left is not asked for at every call', async () => {
    const { from, clock, transport } = source(stable(300).script)
    await from.get(account())
    clock.advance(29_000)
    await from.get(account())
    expect(transport.asked.length).toBe(1)
    clock.advance(1_000)
    await from.get(account())
    expect(transport.asked.length).toBe(2)
  })
  test('one that another process has stored is used', async () => {
    const tokens = memoryTokens()
    await tokens.write(asId('acc_1'), { value: new Secret('THEIRS'), until: instant(start + 60 * minute) }, 0)
    const { from, transport } = source(stable().script, tokens)
    expect(await from.get(account())).toBe('THEIRS')
    expect(transport.asked.length).toBe(0)
  })
  test('one that is stored but near its end is not; the new one is stored for the others', async () => {
    const tokens = memoryTokens()
    await tokens.write(asId('acc_1'), { value: new Secret('OLD'), until: instant(start + 4 * minute) }, 0)
    const { from } = source(stable().script, tokens)
    expect(await from.get(account())).toBe('T1')
    expect(tokens.held.get('acc_1')?.value.reveal()).toBe('T1')
    expect(tokens.held.get('acc_1')?.until).toBe(instant(start + 7200_000))
  })
  test('who loses the race to store uses what stands', async () => {
    const tokens = memoryTokens()
    const { from } = source(async () => {
      await tokens.write(asId('acc_1'), { value: new Secret('FASTER'), until: instant(start + 100 * minute) }, 0)
      return { access_token: 'SLOWER', expires_in: 7200 }
    }, tokens)
    expect([await from.get(account()), await from.get(account())]).toEqual(['FASTER', 'FASTER'])
    expect(tokens.writes).toBe(1)
  })
  test('while WeChat does not answer, a token that still lives is used', async () => {
    let down = false
    const { from, clock } = source(() => (down ? new OutsideError('unknown', 'x') : undefined))
    await from.get(account())
    down = true
    clock.advance(117 * minute)
    expect(await from.get(account())).toBe('TOKEN1')
    clock.advance(3 * minute)
    await expect(from.get(account())).rejects.toMatchObject({ trouble: 'unreachable' })
  })
  test.each([
    [new OutsideError('unknown', 'cut'), 'unreachable', ''],
    [new OutsideError('unreachable', 'refused'), 'unreachable', ''],
    [{ status: 502, headers: {}, body: Buffer.from('x') }, 'unreachable', 'HTTP 502'],
    ['<html>', 'unreachable', ''],
    [{ access_token: '', expires_in: 7200 }, 'unreachable', ''],
    [{ access_token: 'T' }, 'unreachable', ''],
    [{ errcode: -1, errmsg: 'system error' }, 'busy', '-1'],
    [{ errcode: 40001, errmsg: 'invalid credential' }, 'forbidden', '40001'],
    [
      { errcode: 40164, errmsg: 'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 66-77-88aa' },
      'forbidden',
      '40164',
    ],
  ])('%j is trouble of the kind %s, never unknown: nothing was done', async (answer, trouble, code) => {
    const { from } = source(() => answer)
    const error: unknown = await from.get(account()).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(OutsideError)
    expect(error).toMatchObject(code === '' ? { trouble } : { trouble, code })
    expect(String(error)).not.toContain('s3cret')
  })
  test('without an AppSecret it says so', async () => {
    const { from, transport } = source(stable().script)
    await expect(from.get(account({ secrets: {} }))).rejects.toMatchObject({ trouble: 'forbidden' })
    expect(transport.asked.length).toBe(0)
  })
})

describe('a token that was refused', () => {
  test('is replaced by what normal mode gives when that is another one', async () => {
    const server = stable()
    const { from, bodies } = source(server.script)
    await from.get(account())
    server.next()
    expect(await from.renew(account(), 'T1')).toBe('T2')
    expect(await from.get(account())).toBe('T2')
    expect(bodies().map((body) => body.force_refresh)).toEqual([undefined, undefined])
  })
  test('is forced when normal mode insists on it', async () => {
    const { from, bodies, tokens } = source(stable().script)
    await from.get(account())
    expect(await from.renew(account(), 'T1')).toBe('T2')
    expect(bodies().map((body) => body.force_refresh)).toEqual([undefined, undefined, true])
    expect((await tokens.read(asId('acc_1')))?.value.reveal()).toBe('T2')
  })
  test('by many at once is renewed once; who comes late gets the new one', async () => {
    const { from, bodies } = source(stable().script)
    await from.get(account())
    expect(await Promise.all(Array.from({ length: 10 }, () => from.renew(account(), 'T1')))).toEqual(
      Array(10).fill('T2'),
    )
    expect(await from.renew(account(), 'T1')).toBe('T2')
    expect(bodies().length).toBe(3)
  })
  test('is not asked for again when another process has stored a new one', async () => {
    const tokens = memoryTokens()
    const { from, transport } = source(stable().script, tokens)
    await from.get(account())
    await tokens.write(asId('acc_1'), { value: new Secret('NEWER'), until: instant(start + 90 * minute) }, 1)
    expect(await from.renew(account(), 'T1')).toBe('NEWER')
    expect(transport.asked.length).toBe(1)
  })
  test('is forced at most every 30 seconds and 20 times a day', async () => {
    const { from, clock, bodies } = source(stable().script)
    let token = await from.get(account())
    token = await from.renew(account(), token)
    clock.advance(29_999)
    await expect(from.renew(account(), token)).rejects.toMatchObject({ trouble: 'busy', code: '40001', wait: 1 })
    for (let n = 2; n <= 20; n++) {
      clock.advance(30_000)
      token = await from.renew(account(), token)
    }
    expect(token).toBe('T21')
    clock.advance(30_000)
    await expect(from.renew(account(), token)).rejects.toMatchObject({ trouble: 'busy' })
    expect(bodies().filter((body) => body.force_refresh).length).toBe(20)
    clock.advance(24 * 60 * minute)
    expect(await from.renew(account(), token)).toBe('T22')
  })
  test('is not handed out again when nothing better can be had', async () => {
    let down = false
    const { from } = source(() => (down ? new OutsideError('unreachable', 'x') : undefined))
    await from.get(account())
    down = true
    await expect(from.renew(account(), 'TOKEN1')).rejects.toMatchObject({ trouble: 'unreachable' })
  })
})
