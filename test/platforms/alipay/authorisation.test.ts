import { afterEach, describe, expect, test } from 'vitest'
import {
  cancelledIn,
  exchange,
  grantIn,
  invitationLinks,
  queryGrant,
} from '../../../src/platforms/alipay/authorisation.ts'
import { readNotice } from '../../../src/platforms/alipay/notify.ts'
import type { Verdict } from '../../../src/platforms/platform.ts'
import { appId, type Played, pid, played } from './played.ts'
import { account, failureOf, no, ok, platformOn } from './support.ts'

const open: Played[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
const state = Buffer.from('ten_1.abcdef').toString('base64')
const redirectUrl = 'https://redress.example.com/authorised'
const noticeOf = (verdict: Verdict | undefined) => readNotice(verdict?.verdict === 'genuine' ? verdict.told : '{}')

describe('an invitation', () => {
  const links = invitationLinks({ appId, redirectUrl, state })
  test('says who asks, and brings the merchant back with our word', () => {
    const url = new URL(links.browser)
    expect(url.origin + url.pathname).toBe('https://b.alipay.com/page/message/tasksDetail')
    expect(JSON.parse(url.searchParams.get('bizData') ?? '')).toEqual({
      platformCode: 'O',
      taskType: 'INTERFACE_AUTH',
      agentOpParam: {
        redirectUri: redirectUrl,
        appTypes: ['MOBILEAPP', 'WEBAPP', 'PUBLICAPP', 'TINYAPP', 'BASEAPP'],
        isvAppId: appId,
        state,
      },
    })
  })
  test('opens in Alipay’s app', () => {
    expect(links.phone).toMatch(
      /^alipays:\/\/platformapi\/startapp\?appId=2021003130652097&page=pages%2Fauthorize%2Findex%3FbizData%3D%257B/,
    )
  })
  test.each(['', 'with blanks', 'a-b_c', 'x'.repeat(101)])('takes no state such as %j', (odd) => {
    expect(() => invitationLinks({ appId, redirectUrl, state: odd })).toThrow(RangeError)
  })
})

test.each(['browser', 'phone'] as const)(
  'a merchant agrees to the link for a %s: code, grant, message',
  async (which) => {
    const world = await played()
    open.push(world)
    const { sandbox, platform, seat, heard } = world
    sandbox.setApp(appId, { redirectUri: redirectUrl })
    const links = invitationLinks({ appId, redirectUrl, state, host: 'http://127.0.0.1:1' })
    const { code, redirect } = await sandbox.consent(links[which], pid)
    expect(new URL(redirect).searchParams.get('state')).toBe(state)
    await sandbox.idle()
    const told = heard.map(noticeOf).findLast(({ event }) => event === 'open_app_auth_notify')
    const [grant] = await exchange(platform.client, seat.account, code)
    expect(grant?.outsideId).toBe(pid)
    const valid = sandbox.grants().find((one) => one.state === 'valid')
    expect([grant?.token.reveal(), grant?.authAppId]).toEqual([valid?.token, valid?.authAppId])
    expect(told && grantIn(told)?.token.reveal()).toBe(valid?.token)
    expect(JSON.stringify(grant)).not.toContain(valid?.token)
    // A code works once.
    expect(await failureOf(exchange(platform.client, seat.account, code))).toMatchObject({ name: 'OutsideError' })
    if (!grant) throw new Error('no grant')
    expect(await queryGrant(platform.client, seat.account, grant.token)).toMatchObject({
      valid: true,
      lacks: [],
    })
  },
)

test('a merchant takes it back: the message says who', async () => {
  const world = await played()
  open.push(world)
  await world.sandbox.revoke(appId, pid)
  await world.sandbox.idle()
  const told = world.heard.map(noticeOf).find(({ event }) => event === 'alipay.open.auth.appauth.cancelled')
  const grant = world.sandbox.grants().find((one) => one.pid === pid)
  const cancelled = (told && cancelledIn(told)) ?? []
  expect(cancelled.length).toBeGreaterThan(0)
  for (const one of cancelled) expect([{ outsideId: pid }, { authAppId: grant?.authAppId }]).toContainEqual(one)
})

test('several apps of one consent are several grants', async () => {
  const one = (nr: number) => ({
    app_auth_token: `t${nr}`,
    app_refresh_token: `r${nr}`,
    auth_app_id: `a${nr}`,
    user_id: pid,
  })
  const { platform } = platformOn(() => ok({ ...one(1), tokens: [one(1), one(2), { user_id: pid }] }))
  const grants = await exchange(platform.client, account(), 'P1')
  expect(
    grants.map(({ authAppId, token, refreshToken }) => [authAppId, token.reveal(), refreshToken?.reveal()]),
  ).toEqual([
    ['a1', 't1', 'r1'],
    ['a2', 't2', 'r2'],
  ])
})

test('no grant is made of an answer without a token, or of a refusal', async () => {
  const asked = (answer: object) => failureOf(exchange(platformOn(() => answer).platform.client, account(), 'P1'))
  expect(await asked(ok({ user_id: pid }))).toMatchObject({ trouble: 'unknown' })
  expect(await asked(no('AUTH_CODE_NOT_VALID'))).toMatchObject({ trouble: 'refused', code: 'AUTH_CODE_NOT_VALID' })
})

test('what an account would call and was not let is named', async () => {
  const some = ['alipay.security.risk.complaint.info.query']
  const { platform } = platformOn(() => ok({ status: 'valid', auth_methods: some }))
  const { client } = platform
  const token = (
    await exchange(
      platformOn(() => ok({ app_auth_token: 't', auth_app_id: 'a', user_id: 'u' })).platform.client,
      account(),
      'P',
    )
  )[0]?.token
  if (!token) throw new Error('no token')
  const grant = await queryGrant(client, account({ settings: { sources: ['risk'] } }), token)
  expect(grant.lacks).toEqual(
    ['info.batchquery', 'process.finish', 'reply.send', 'file.upload'].map(
      (call) => `alipay.security.risk.complaint.${call}`,
    ),
  )
  const more = await queryGrant(client, account({ settings: { sources: ['trade'], refunds: true } }), token)
  expect(more.lacks).toHaveLength(9)
})

test('a message of authorisation is read wherever it says it', () => {
  const told = { app_auth_token: 't', auth_app_id: 'a', user_id: pid }
  const notice = { event: 'open_app_auth_notify', with: {}, about: {} }
  for (const one of [{ about: { detail: told } }, { about: told }, { with: told }])
    expect(grantIn({ ...notice, ...one })?.token.reveal()).toBe('t')
  expect(grantIn({ ...notice, about: { detail: 'x' } })).toBeUndefined()
  expect(grantIn({ ...notice, event: 'alipay.open.auth.appauth.cancelled', about: told })).toBeUndefined()
  expect(cancelledIn({ ...notice, about: told })).toBeUndefined()
})
