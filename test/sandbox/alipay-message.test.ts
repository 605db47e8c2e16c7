import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bookshop, cafe, certIsv, formOf, isv, openWorld, signedBy, type World } from './alipay-world.ts'

let world: World
let token: string
beforeEach(async () => {
  world = await openWorld()
  token = (await world.alipay.authorise(isv, cafe.pid)).token
  await world.alipay.idle()
  world.received.length = 0
})
afterEach(() => world.close())

const minute = 60_000
const complain = async () => {
  const made = await world.alipay.complainTrade({ pid: cafe.pid })
  await world.alipay.idle()
  return made
}
const one = (index = 0) => {
  const received = world.received[index]
  if (!received) throw new Error('nothing was heard')
  return received
}
const said = (name: string, index = 0) => formOf(one(index)).get(name)?.toString()

describe('a message about a trade complaint', () => {
  test('is a signed form that names the complaint and nothing else', async () => {
    const { id } = await complain()
    expect(one()).toMatchObject({ method: 'POST', url: '/alipay' })
    const form = formOf(one())
    expect([...form.keys()].sort()).toEqual(
      [
        'app_id',
        'biz_content',
        'charset',
        'msg_method',
        'notify_id',
        'sign',
        'sign_type',
        'utc_timestamp',
        'version',
      ].sort(),
    )
    expect(said('msg_method')).toBe('alipay.merchant.tradecomplain.changed')
    expect(said('app_id')).toBe(isv)
    expect(JSON.parse(said('biz_content') ?? '')).toEqual({ complain_event_id: id })
    expect(said('utc_timestamp')).toBe(String(world.clock.now()))
    expect([signedBy(world, one(), 'V1'), signedBy(world, one(), 'V2')]).toEqual([true, false])
  })

  test('may be signed by the other rule, be a GET, and be in UTF-8', async () => {
    world.alipay.setRules({ pushRule: 'V2', pushBy: 'GET', pushCharset: 'UTF-8' })
    await complain()
    expect(one().method).toBe('GET')
    expect(said('charset')).toBe('UTF-8')
    expect([signedBy(world, one(), 'V1'), signedBy(world, one(), 'V2')]).toEqual([false, true])
  })

  test('comes with every change, the merchant’s own acts unless the rules say no', async () => {
    const { id } = await complain()
    const flat = { complain_event_id: id, feedback_code: '05', feedback_content: '好' }
    await world.exec('alipay.merchant.tradecomplain.feedback.submit', { token, flat })
    await world.alipay.moveTrade(id, { kind: 'confirm' })
    await world.alipay.idle()
    expect(world.received).toHaveLength(3)
    world.alipay.setRules({ pushOwnActs: false })
    const other = await complain()
    await world.exec('alipay.merchant.tradecomplain.feedback.submit', {
      token,
      flat: { ...flat, complain_event_id: other.id },
    })
    await world.alipay.idle()
    expect(world.received).toHaveLength(4)
  })

  test('goes to apps with the merchant’s consent that have subscribed, and to no other', async () => {
    await world.alipay.complainTrade({ pid: bookshop.pid })
    await world.alipay.idle()
    expect(world.received).toHaveLength(0)
    const topic = { auth_type: 'app_auth', auth_token: token, topic: 'alipay.merchant.tradecomplain.changed' }
    await world.exec('alipay.open.app.message.topic.unsubscribe', { biz: topic })
    await complain()
    expect(world.received).toHaveLength(0)
    await world.exec('alipay.open.app.message.topic.subscribe', { biz: { ...topic, comm_type: 'HTTP' } })
    await complain()
    expect(world.received).toHaveLength(1)
  })

  test('is told again at its hours with the same bytes until it hears success', async () => {
    world.answering = () => ({ status: 200, body: 'fail' })
    await complain()
    for (const minutes of [2, 10, 10, 60, 120, 360]) {
      const before = world.received.length
      await world.pass(minutes * minute - 1)
      expect(world.received).toHaveLength(before)
      await world.pass(1)
      expect(world.received).toHaveLength(before + 1)
    }
    expect(new Set(world.received.map(({ body }) => body)).size).toBe(1)
    world.answering = () => ({ status: 200, body: 'SUCCESS' })
    await world.pass(15 * 60 * minute)
    expect(world.received).toHaveLength(8)
    expect(world.alipay.waitingMessages()).toBe(0)
    expect(
      world.alipay
        .ledger()
        .filter(({ what, source }) => what === 'push' && source === 'trade')
        .map(({ attempt, answer }) => [attempt, answer]),
    ).toEqual([...[1, 2, 3, 4, 5, 6, 7].map((attempt) => [attempt, '200 fail']), [8, '200 SUCCESS']])
  })

  test.each([
    { status: 500, body: 'success' },
    { status: 200, body: '{"code":"success"}' },
    { status: 302, body: 'success' },
  ])('is given up after eight tries when it hears %j', async (answer) => {
    world.answering = () => answer
    await complain()
    for (let tries = 0; tries < 10; tries++) await world.pass(15 * 60 * minute)
    expect(world.received).toHaveLength(8)
    expect(world.alipay.ledger().at(-1)).toMatchObject({ what: 'push-given-up', attempt: 8 })
  })

  test('in certificate mode is signed by the certificate’s key; its number is signed with it or added after', async () => {
    world.alipay.setApp(isv, { gatewayUrl: `${world.hears}/old` })
    world.alipay.setApp(certIsv, { gatewayUrl: `${world.hears}/alipay` })
    await world.alipay.authorise(certIsv, bookshop.pid)
    await world.alipay.idle()
    world.received.length = 0
    world.alipay.rotateCertificate()
    const sn = world.alipay.credentials(certIsv).alipayCertSn
    world.alipay.setRules({ pushCertSn: 'signed' })
    await world.alipay.complainTrade({ pid: bookshop.pid })
    await world.alipay.idle()
    expect(said('alipay_cert_sn')).toBe(sn)
    expect(signedBy(world, one(), 'V1', certIsv)).toBe(true)
    expect(signedBy(world, one(), 'V1', isv)).toBe(false)
    world.alipay.setRules({ pushCertSn: 'added' })
    await world.alipay.complainTrade({ pid: bookshop.pid })
    await world.alipay.idle()
    expect(said('alipay_cert_sn', 1)).toBe(sn)
    expect(signedBy(world, one(1), 'V1', certIsv)).toBe(false)
  })
})

describe('a message about a consent', () => {
  test('tells the code and the token, and is signed by V1 whatever the rules say', async () => {
    world.alipay.setRules({ pushRule: 'V2' })
    const grant = await world.alipay.authorise(isv, bookshop.pid)
    await world.alipay.idle()
    expect(said('notify_type')).toBe('open_app_auth_notify')
    expect(said('status')).toBe('execute_auth')
    const { detail } = JSON.parse(said('biz_content') ?? '')
    expect(detail).toMatchObject({ app_auth_token: grant.token, user_id: bookshop.pid, auth_app_id: bookshop.appId })
    expect(signedBy(world, one(), 'V1')).toBe(true)
  })

  test('that is taken back names app and merchant; silently nothing is told', async () => {
    await world.alipay.revoke(isv, cafe.pid)
    await world.alipay.idle()
    expect(said('msg_method')).toBe('alipay.open.auth.appauth.cancelled')
    expect(JSON.parse(said('biz_content') ?? '')).toEqual({ auth_app_id: cafe.appId, user_id: cafe.pid })
    await world.alipay.authorise(isv, cafe.pid)
    await world.alipay.idle()
    await world.alipay.revoke(isv, cafe.pid, { silent: true })
    await world.alipay.idle()
    expect(world.received).toHaveLength(2)
  })
})

describe('the RiskGO desk', () => {
  test('tells nobody, as far as is known', async () => {
    await world.alipay.complainRisk({ pid: cafe.pid })
    await world.alipay.idle()
    expect(world.received).toHaveLength(0)
  })
  test('may be played to tell, by msg_method or in the old form with Chinese in GBK', async () => {
    world.alipay.setRules({ riskMessage: 'method' })
    const { id } = await world.alipay.complainRisk({ pid: cafe.pid })
    await world.alipay.idle()
    expect(said('msg_method')).toMatch(/^alipay\.security\.risk\.complaint/)
    expect(JSON.parse(said('biz_content') ?? '')).toEqual({ complain_id: String(id) })
    world.alipay.setRules({ riskMessage: 'service' })
    await world.alipay.complainRisk({ pid: cafe.pid, text: '中文投诉' })
    await world.alipay.idle()
    expect(said('service', 1)).toBe('alipay.riskgo.risk.push')
    // "中文投诉" in GBK.
    expect(formOf(one(1)).get('complainText')?.toString('hex')).toBe('d6d0cec4cdb6cbdf')
    expect(signedBy(world, one(1), 'V1')).toBe(true)
  })
})

test('any other message can be said, signed well', async () => {
  await world.alipay.say(isv, { method: 'alipay.new.thing', biz: { a: 1 } })
  await world.alipay.say(isv, { service: 'alipay.service.check', fields: { biz_content: '<XML/>' } })
  await world.alipay.idle()
  expect(said('msg_method')).toBe('alipay.new.thing')
  expect(said('service', 1)).toBe('alipay.service.check')
  expect(world.received.map((received) => signedBy(world, received, 'V1'))).toEqual([true, true])
})
