import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { InputError, OutsideError, told } from '../../src/core/errors.ts'
import { createLogger, silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { Secret } from '../../src/core/seal.ts'

function logged(level?: string) {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { logger: createLogger({ destination, ...(level ? { level } : {}) }), lines }
}

const names = ['secret', 'token', 'aesKey', 'access_token', 'authorization', 'phone', 'openid', 'cookie']

describe('a log line', () => {
  test('is one JSON object with a level, a time, the fields and a sentence', () => {
    const { logger, lines } = logged()
    logger.info({ complaint: 'cmp_1' }, 'read')
    expect(lines.length).toBe(1)
    const line = JSON.parse(lines[0] ?? '')
    expect(line).toMatchObject({ level: 30, complaint: 'cmp_1', msg: 'read' })
    expect(Date.parse(line.time)).toBeGreaterThan(0)
    expect([line.pid, line.hostname]).toEqual([undefined, undefined])
  })
  test.each(names)('never holds what is called %s, at the top, one deeper or two deeper', (name) => {
    const { logger, lines } = logged()
    logger.warn({ [name]: 'CANARY' }, 'x')
    logger.warn({ a: { [name]: 'CANARY', kept: 'KEPT' } }, 'x')
    logger.error({ a: { b: { [name]: 'CANARY', kept: 'KEPT' } } }, 'x')
    logger.child({ [name]: 'CANARY', a: { [name]: 'CANARY' } }).error({ kept: 'KEPT' }, 'x')
    expect(lines.length).toBe(4)
    expect(lines.join()).not.toContain('CANARY')
    expect(lines.filter((line) => line.includes('KEPT')).length).toBe(3)
  })
  test('never holds a Secret, however deep and whatever it is called', () => {
    const { logger, lines } = logged()
    const value = new Secret('CANARY')
    logger.error({ a: { b: { c: { d: [value] } } }, value }, 'x')
    logger.child({ value }).info({}, 'x')
    expect(lines.join()).not.toContain('CANARY')
    expect(lines.join()).toContain('[secret]')
  })
  test('stays unwritten below the level', () => {
    const { logger, lines } = logged('warn')
    logger.debug({}, 'x')
    logger.info({}, 'x')
    logger.warn({}, 'x')
    logger.error({}, 'x')
    expect(lines.map((line) => JSON.parse(line).level)).toEqual([40, 50])
  })
  test('silence is silent, and so are its children', () => {
    const child = silent.child({})
    for (const level of ['debug', 'info', 'warn', 'error'] as const) expect(child[level]({}, 'x')).toBeUndefined()
  })
})

describe('errors', () => {
  test('of the outside world say what kind of trouble, their code, and how long to wait', () => {
    const cause = new Error('socket')
    const error = new OutsideError('busy', 'slow down', { code: '45009', wait: 0, cause })
    expect([error.trouble, error.code, error.wait, error.cause]).toEqual(['busy', '45009', 0, cause])
    const bare = new OutsideError('refused', 'no')
    expect([bare.code, bare.wait, 'cause' in bare]).toEqual(['', undefined, false])
  })
  test('of input name every field and its fix', () => {
    const error = new InputError([
      { field: 'appid', fix: 'begins with wx' },
      { field: 'token', fix: '3 to 32 letters' },
    ])
    expect(error.message).toBe('appid: begins with wx; token: 3 to 32 letters')
    expect(error.problems.length).toBe(2)
  })
  test('are told in one line, whatever was thrown', () => {
    expect([told(new OutsideError('refused', 'no')), told('x'), told(undefined), told(new TypeError('t'))]).toEqual([
      'OutsideError: no',
      'x',
      'undefined',
      'TypeError: t',
    ])
  })
})

describe('metrics', () => {
  test('count each outcome by its labels, per app', async () => {
    const [metrics, other] = [createMetrics(), createMetrics()]
    metrics.callback('wechat-mini', 'new')
    metrics.callback('wechat-mini', 'new')
    metrics.callback('wechat-mini', 'signature')
    metrics.acted('respond', 'done')
    metrics.delivered('room', 'posted')
    metrics.heard('accepted')
    metrics.shown(0.2)
    const text = await metrics.text()
    for (const line of [
      'redress_callbacks_total{platform="wechat-mini",outcome="new"} 2',
      'redress_callbacks_total{platform="wechat-mini",outcome="signature"} 1',
      'redress_actions_total{kind="respond",state="done"} 1',
      'redress_chat_inputs_total{outcome="accepted"} 1',
      'redress_callback_to_card_seconds_bucket{le="0.1"} 0',
      'redress_callback_to_card_seconds_bucket{le="0.25"} 1',
      'process_cpu_seconds_total',
    ])
      expect(text).toContain(line)
    expect(text).toContain('redress_deliveries_total{channel="room",outcome="posted"} 1')
    expect(metrics.contentType).toMatch(/^text\/plain/)
    expect(await other.text()).not.toContain('outcome="new"')
  })
})
