import { createVerify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Misbehaviour } from '../../sandbox/alipay/index.ts'
import { bookshop, cafe, certIsv, formOf, isv, openWorld, signedBy, type World } from './alipay-world.ts'

let world: World
let token: string
let tradeNo: string
beforeEach(async () => {
  world = await openWorld()
  token = (await world.alipay.authorise(isv, cafe.pid)).token
  tradeNo = (await world.alipay.trade({ pid: cafe.pid, total: 1990 })).tradeNo
  await world.alipay.idle()
  world.received.length = 0
})
afterEach(() => world.close())

const refund = (number = 'r1') =>
  world.exec('alipay.trade.refund', {
    token,
    biz: { trade_no: tradeNo, refund_amount: '5.00', out_request_no: number },
  })
const returned = () => world.alipay.money()[0]?.returned
const misbehave = (script: object) =>
  world.alipay.misbehave({ on: 'alipay.trade.refund', ...script } as unknown as Misbehaviour)
const lastCall = () => world.alipay.calls().at(-1)

describe('an answer that never comes', () => {
  test('after the effect, before it, or with the effect later', async () => {
    misbehave({ how: 'lost-answer' })
    await expect(refund()).rejects.toThrow()
    expect([returned(), lastCall()?.ran]).toEqual([500, 'yes'])
    expect((await refund()).inner.fund_change).toBe('N')

    misbehave({ how: 'lost-request' })
    await expect(refund('r2')).rejects.toThrow()
    expect([returned(), lastCall()?.ran]).toEqual([500, 'no'])

    misbehave({ how: 'late-effect', ms: 5000 })
    await expect(refund('r2')).rejects.toThrow()
    expect([returned(), lastCall()?.ran]).toEqual([500, 'later'])
    await world.pass(5000)
    expect([returned(), lastCall()?.how]).toEqual([1000, 'late'])
  })

  test('until it is let go', async () => {
    const handle = misbehave({ how: 'hang', effect: true })
    const answer = refund()
    await expect.poll(() => handle.waiting).toBe(1)
    expect(returned()).toBe(500)
    handle.release()
    expect((await answer).inner.fund_change).toBe('Y')
  })

  test('until its time', async () => {
    misbehave({ how: 'slow', ms: 3000 })
    const answer = refund()
    await expect.poll(() => world.alipay.misbehaviours()[0]?.happened).toBe(1)
    expect(returned()).toBe(0)
    world.clock.advance(3000)
    expect((await answer).inner.fund_change).toBe('Y')
  })
})

describe('an answer that says no', () => {
  test.each([
    [{ how: 'unknown-error' }, '20000', 'isp.unknow-error', 0],
    [{ how: 'unknown-error', effect: true }, '20000', 'isp.unknow-error', 500],
    [{ how: 'call-limited' }, '40005', 'isv.app-call-limited', 0],
    [{ how: 'refused', subCode: 'ACQ.DISCORDANT_REPEAT_REQUEST' }, '40004', 'ACQ.DISCORDANT_REPEAT_REQUEST', 0],
    [{ how: 'refused', subCode: 'ACQ.SYSTEM_ERROR', effect: true }, '40004', 'ACQ.SYSTEM_ERROR', 500],
    [{ how: 'refused', subCode: 'invalid-app-auth-token' }, '20001', 'aop.invalid-app-auth-token', 0],
    [{ how: 'refused', subCode: 'AQC.SYSTEM_ERROR', code: '20000' }, '20000', 'AQC.SYSTEM_ERROR', 0],
  ])('%j', async (script, code, subCode, sum) => {
    misbehave(script)
    const { inner, genuine } = await refund()
    expect([inner.code, inner.sub_code, genuine]).toEqual([code, subCode, true])
    expect(returned()).toBe(sum)
  })

  test('under error_response, well signed', async () => {
    misbehave({ how: 'error-response' })
    expect(await refund()).toMatchObject({ name: 'error_response', genuine: true, inner: { code: '20000' } })
  })

  test('as the front server’s page', async () => {
    misbehave({ how: 'html', status: 502, effect: true })
    const answer = await refund()
    expect(answer).toMatchObject({ status: 502, type: 'text/html' })
    expect(answer.text).toContain('<html>')
    expect(returned()).toBe(500)
  })
})

describe('an answer that cannot be believed', () => {
  test.each(['missing', 'signature', 'key', 'sha1'])('its signature is %s, and the money has moved', async (fault) => {
    misbehave({ how: 'unverifiable', fault })
    const answer = await refund()
    expect(answer.genuine).toBe(false)
    expect(answer.outer.sign === undefined).toBe(fault === 'missing')
    expect(returned()).toBe(500)
    expect((await refund()).genuine).toBe(true)
  })

  test('in SHA-1 it would verify by the old rule', async () => {
    misbehave({ how: 'unverifiable', fault: 'sha1' })
    const { text, outer } = await refund()
    const raw = /^\{"[a-z_]+":(.*),"sign"/.exec(text)?.[1] ?? ''
    const key = Buffer.from(world.alipay.credentials(isv).alipayPublicKey, 'base64')
    const by = createVerify('RSA-SHA1').update(raw)
    expect(by.verify({ key, format: 'der', type: 'spki' }, String(outer.sign), 'base64')).toBe(true)
  })

  test('it was changed on the way, cut off, or is another method’s', async () => {
    misbehave({ how: 'tampered' })
    const changed = await refund()
    expect(changed.genuine).toBe(false)
    expect(changed.inner.code).toBe('10000')
    misbehave({ how: 'malformed' })
    expect((await refund()).outer).toEqual({})
    misbehave({ how: 'wrong-key' })
    expect(await refund()).toMatchObject({ name: 'alipay_system_oauth_token_response', genuine: true })
  })

  test('v3: signature headers missing or wrong, an HTML page', async () => {
    const biz = { trade_no: tradeNo, refund_amount: '5.00', out_request_no: 'r1' }
    const ask = () => world.v3('POST', '/v3/alipay/trade/refund', { token, biz })
    misbehave({ how: 'unverifiable', fault: 'missing' })
    expect((await ask()).headers.get('alipay-signature')).toBeNull()
    misbehave({ how: 'tampered' })
    expect((await ask()).genuine).toBe(false)
    misbehave({ how: 'html', status: 502 })
    expect((await ask()).status).toBe(502)
    expect((await ask()).genuine).toBe(true)
  })
})

test('a script meets the calls that it names, as often as it says', async () => {
  const handle = misbehave({ how: 'call-limited', on: 'any', times: 2, pid: cafe.pid })
  const theirs = (await world.alipay.authorise(isv, bookshop.pid)).token
  const list = (who: string) => world.exec('alipay.security.risk.complaint.info.batchquery', { token: who, biz: {} })
  expect((await list(theirs)).inner.code).toBe('10000')
  expect((await list(token)).inner.code).toBe('40005')
  expect((await refund()).inner.code).toBe('40005')
  expect((await refund()).inner.code).toBe('10000')
  expect([handle.happened, handle.left]).toEqual([2, 0])
})

test('a limit counts by the minute, and says so at the door', async () => {
  world.alipay.setLimits({ 'alipay.trade.refund': { perMinute: 1 } })
  expect((await refund()).inner.code).toBe('10000')
  expect((await refund('r2')).inner).toMatchObject({ code: '40005', sub_code: 'isv.app-call-limited' })
  expect(lastCall()).toMatchObject({ how: 'limit', ran: 'no' })
  world.clock.advance(60_000)
  expect((await refund('r2')).inner.code).toBe('10000')
})

describe('answers of another shape', () => {
  const ask = async () => {
    const { inner, genuine, text } = await world.exec('alipay.security.risk.complaint.info.batchquery', {
      token,
      biz: {},
    })
    const [row] = inner.complaint_list as { id: number; status: string; complaint_trade_info_list: { id: unknown }[] }[]
    return { row, genuine, text }
  }
  test('once by a script, or from now on', async () => {
    await world.alipay.complainRisk({ pid: cafe.pid, photos: [] })
    const on = 'alipay.security.risk.complaint.info.batchquery'
    misbehave({ on, how: 'shape', quirks: { status: 'NEVER_SEEN', rowIds: 'number' } })
    const odd = await ask()
    expect([odd.row?.status, typeof odd.row?.complaint_trade_info_list[0]?.id]).toEqual(['NEVER_SEEN', 'number'])
    expect(odd.genuine).toBe(true)
    expect((await ask()).row?.status).toBe('WAIT_PROCESS')
    world.alipay.setQuirks({ hugeIds: true, blanks: true })
    const huge = await ask()
    expect(huge.row?.id).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
    expect(huge.text).toContain('_response": {')
  })
  test('a slash is escaped, so that only the raw text verifies', async () => {
    const { id } = await world.alipay.complainRisk({ pid: cafe.pid })
    const asked = await world.exec('alipay.security.risk.complaint.info.query', {
      token,
      biz: { complain_id: String(id) },
    })
    expect(asked.text).toContain('https:\\/\\/b.alipay.com')
    expect(asked.genuine).toBe(true)
    world.alipay.setQuirks({ alwaysCertSn: true })
    const named = await world.exec('alipay.security.risk.complaint.info.query', {
      token,
      biz: { complain_id: String(id) },
    })
    expect(named.outer.alipay_cert_sn).toBe(world.alipay.credentials(certIsv).alipayCertSn)
    expect(named.genuine).toBe(true)
  })
})

describe('a message', () => {
  const push = (script: object) => world.alipay.misbehave({ on: 'push', ...script } as unknown as Misbehaviour)
  const complain = async () => {
    const made = await world.alipay.complainTrade({ pid: cafe.pid })
    await world.alipay.idle()
    return made.id
  }
  const heard = (name: string) => world.received.map((one) => formOf(one).get(name)?.toString())
  const told = () => heard('biz_content').map((text) => JSON.parse(text ?? '{}').complain_event_id)

  test('comes twice with one number, or with two', async () => {
    push({ how: 'duplicate' })
    await complain()
    expect(new Set(heard('notify_id')).size).toBe(1)
    push({ how: 'twin' })
    await complain()
    expect(world.received).toHaveLength(4)
    expect(new Set(heard('notify_id')).size).toBe(3)
    expect(new Set(told()).size).toBe(2)
  })

  test('waits for the next one, comes late, comes again much later, or never', async () => {
    push({ how: 'reorder' })
    const first = await complain()
    expect(world.received).toHaveLength(0)
    const second = await complain()
    expect(told()).toEqual([second, first])
    push({ how: 'slow', ms: 60_000 })
    const third = await complain()
    await world.pass(59_999)
    expect(told()).not.toContain(third)
    await world.pass(1)
    expect(told()).toContain(third)
    push({ how: 'replay', ms: 3_600_000 })
    const fourth = await complain()
    world.answering = () => ({ status: 200, body: 'fail' })
    await world.pass(3_600_000)
    await world.pass(86_400_000)
    expect(told().filter((id) => id === fourth)).toHaveLength(2)
    push({ how: 'withheld' })
    const fifth = await complain()
    await world.pass(86_400_000)
    expect(told()).not.toContain(fifth)
    expect(world.alipay.ledger().at(-1)).toMatchObject({ what: 'push-withheld', complaint: fifth })
  })

  const forged: readonly (readonly [string, object])[] = [
    ['without a signature', { how: 'forged', fault: 'missing' }],
    ['signed over other bytes', { how: 'forged', fault: 'signature' }],
    ['signed by a stranger', { how: 'forged', fault: 'key' }],
    ['signed in SHA-1', { how: 'forged', fault: 'sha1' }],
    ['changed after signing', { how: 'tampered' }],
  ]
  test.each(forged)('%s', async (_, script) => {
    push(script)
    await complain()
    const [one] = world.received
    if (!one) throw new Error('nothing was heard')
    expect([signedBy(world, one, 'V1'), signedBy(world, one, 'V2')]).toEqual([false, false])
  })

  test('in SHA-1 says so, and is right by the old rule', async () => {
    push({ how: 'forged', fault: 'sha1' })
    await complain()
    const form = formOf(world.received[0] ?? { method: '', url: '', headers: {}, body: '' })
    expect(form.get('sign_type')?.toString()).toBe('RSA')
    const names = [...form.keys()].filter((name) => !name.startsWith('sign')).sort()
    const key = Buffer.from(world.alipay.credentials(isv).alipayPublicKey, 'base64')
    const by = createVerify('RSA-SHA1').update(names.map((name) => `${name}=${form.get(name)}`).join('&'))
    expect(by.verify({ key, format: 'der', type: 'spki' }, form.get('sign')?.toString() ?? '', 'base64')).toBe(true)
  })

  const odd: readonly (readonly [object, string, string | RegExp])[] = [
    [{ how: 'wrong-app' }, 'app_id', '2021999999999999'],
    [{ how: 'unknown-method' }, 'msg_method', 'alipay.something.never.seen'],
    [{ how: 'sign-type', signType: 'MD5' }, 'sign_type', 'MD5'],
    [{ how: 'malformed' }, 'biz_content', /\d$/],
  ]
  test.each(odd)('%j, well signed', async (script, name, value) => {
    push(script)
    await complain()
    const [one] = world.received
    if (!one) throw new Error('nothing was heard')
    expect(heard(name)[0]).toMatch(value)
    expect(signedBy(world, one, 'V1')).toBe(true)
  })

  test('with a Chinese field in GBK bytes, well signed', async () => {
    push({ how: 'extra-field' })
    await complain()
    const [one] = world.received
    if (!one) throw new Error('nothing was heard')
    expect(formOf(one).get('biz_content')?.toString('hex')).toContain('d6d0cec4')
    expect(signedBy(world, one, 'V1')).toBe(true)
  })
})
