import { describe, expect, test } from 'vitest'
import type { Misbehaviour } from '../../sandbox/alipay/index.ts'
import { type Logger, silent } from '../../src/core/logger.ts'
import type { AlipayWish } from '../support/alipay.ts'
import { type AlipayWorld, group, world } from '../support/world.ts'

const minute = 60_000

/** What every message was answered, its way of being spoiled first. */
const answers = (w: AlipayWorld) =>
  w.alipay.did('push').map(({ how, answer }) => [how, answer].filter(Boolean).join(' '))
const callbacks = (w: AlipayWorld) => w.storage.reads.db.selectFrom('callback').select(['state', 'event']).execute()
const calls = (w: AlipayWorld) => w.alipay.sandbox.calls().length
const changed = 'alipay.merchant.tradecomplain.changed'

async function counted(w: AlipayWorld, outcome: string): Promise<number> {
  const line = `redress_callbacks_total{platform="alipay",outcome="${outcome}"} `
  const found = (await w.metrics.text()).split('\n').find((one) => one.startsWith(line))
  return Number(found?.slice(line.length) ?? 0)
}

/** Everything that was logged at this level or worse. */
function heard() {
  const said: string[] = []
  const note = (_: object, message?: string) => void said.push(message ?? '')
  const logger: Logger = { ...silent, warn: note, error: note }
  return { logger, said }
}

const byKey = (['POST', 'GET'] as const).flatMap((pushBy) =>
  (['V1', 'V2'] as const).flatMap((pushRule) =>
    (['GBK', 'UTF-8'] as const).map(
      (pushCharset) => ({ apps: ['key'], rules: { pushBy, pushRule, pushCharset } }) as const,
    ),
  ),
)
const byCertificate = (['absent', 'signed', 'added'] as const).flatMap((pushCertSn) =>
  (['V1', 'V2'] as const).map((pushRule) => ({ apps: ['certificate'], rules: { pushRule, pushCertSn } }) as const),
)

describe('a message as Alipay may send it', () => {
  test.each<AlipayWish>([...byKey, ...byCertificate])('%j: its complaint becomes a card', async (wish) => {
    const w = await world({ alipay: wish })
    // Chinese letters within what is signed.
    w.alipay.sandbox.misbehave({ on: 'push', how: 'extra-field' })
    await w.alipay.trade({ text: '一直不发货' })
    expect(answers(w)).toEqual(['extra-field 200 success'])
    expect(await callbacks(w)).toEqual([{ state: 'drained', event: changed }])
    expect(w.chat.card(group, '#1').card).toMatchObject({
      title: expect.stringContaining('待商家处理'),
      quote: '一直不发货',
    })
  })
})

describe('a message that is not believed', () => {
  const forgeries: readonly (readonly [trouble: Misbehaviour, why: string])[] = [
    [{ on: 'push', how: 'forged', fault: 'key' }, 'signature'],
    [{ on: 'push', how: 'forged', fault: 'signature' }, 'signature'],
    [{ on: 'push', how: 'tampered' }, 'signature'],
    [{ on: 'push', how: 'forged', fault: 'missing' }, 'malformed'],
    // Right by the old rule, which we do not take.
    [{ on: 'push', how: 'forged', fault: 'sha1' }, 'wrong-mode'],
    [{ on: 'push', how: 'sign-type', signType: 'RSA3' }, 'wrong-mode'],
    [{ on: 'push', how: 'wrong-app' }, 'wrong-account'],
  ]

  test.each(forgeries)('%j: it fails, is counted and forgotten', async (trouble, why) => {
    const { logger, said } = heard()
    const w = await world({ alipay: true, logger })
    w.alipay.sandbox.misbehave(trouble)
    await w.alipay.trade()
    expect(answers(w)).toEqual([`${trouble.how} 200 fail`])
    expect([await counted(w, why), await counted(w, 'new')]).toEqual([1, 0])
    expect(await callbacks(w)).toEqual([])
    expect(said).toEqual(['a callback was refused'])
    expect([w.chat.posts.length, calls(w)]).toEqual([0, 0])
    // All tries are as bad; eight in 25 hours.
    await w.pass(13 * minute, minute)
    expect([await counted(w, why), await counted(w, 'new')]).toEqual([3, 0])
  })

  test('what is too large is not read', async () => {
    const w = await world({ alipay: true })
    const [app] = w.alipay.apps
    const answer = await fetch(`${w.url}/hooks/${app?.account}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `biz_content=${'9'.repeat(300 * 1024)}`,
    }).catch(() => undefined)
    expect(answer?.status ?? 413).toBe(413)
    expect(await callbacks(w)).toEqual([])
    // Within what a request may be, and beyond what a message is.
    const large = await fetch(`${w.url}/hooks/${app?.account}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `app_id=${app?.appId}&sign_type=RSA2&sign=AAAA&biz_content=${'9'.repeat(100 * 1024)}`,
    })
    expect(await large.text()).toBe('fail')
    expect([await counted(w, 'malformed'), (await callbacks(w)).length]).toEqual([1, 0])
  })

  test('one that was meant for another app of ours is no message of this one', async () => {
    const w = await world({ alipay: { apps: ['key', 'certificate'] } })
    const [first, second] = w.alipay.apps
    w.alipay.sandbox.setApp(first?.appId ?? '', { gatewayUrl: `https://redress.example/hooks/${second?.account}` })
    await w.alipay.trade()
    expect(answers(w)).toEqual(['200 fail'])
    expect(await counted(w, 'wrong-account')).toBe(1)
    expect(w.chat.posts).toEqual([])
  })
})

describe('a message that says nothing new', () => {
  test('the same one twice at once is one', async () => {
    const w = await world({ alipay: true })
    w.alipay.sandbox.misbehave({ on: 'push', how: 'duplicate' })
    await w.alipay.trade()
    expect(answers(w)).toEqual(['duplicate 200 success', 'duplicate 200 success'])
    expect([await counted(w, 'new'), await counted(w, 'duplicate')]).toEqual([1, 1])
    expect(w.chat.cards(group)).toHaveLength(1)
  })

  test('the very same bytes after a day are one, too', async () => {
    const w = await world({ alipay: true })
    w.alipay.sandbox.misbehave({ on: 'push', how: 'replay', ms: 24 * 60 * minute })
    await w.alipay.trade()
    w.clock.step(24 * 60 * minute)
    await w.alipay.sandbox.advance()
    await w.settle()
    expect([await counted(w, 'new'), await counted(w, 'duplicate')]).toEqual([1, 1])
    expect(await callbacks(w)).toHaveLength(1)
    expect(w.chat.cards(group)).toHaveLength(1)
  })

  test('the same content under another number is read again, and is no second card', async () => {
    const w = await world({ alipay: true })
    w.alipay.sandbox.misbehave({ on: 'push', how: 'twin' })
    await w.alipay.trade()
    expect(await counted(w, 'new')).toBe(2)
    expect(w.chat.cards(group)).toHaveLength(1)
  })

  test('of two in the wrong order the state at Alipay is what stands there', async () => {
    const w = await world({ alipay: true })
    w.alipay.sandbox.misbehave({ on: 'push', how: 'reorder' })
    const { id } = await w.alipay.trade()
    expect(w.chat.posts).toEqual([])
    await w.alipay.sandbox.moveTrade(id, { kind: 'cancel' })
    await w.settle()
    expect(w.chat.cards(group)).toHaveLength(1)
    expect(w.chat.card(group, '#1').card.title).toContain('投诉已撤销')
  })

  test('of something else it is taken and let be', async () => {
    const w = await world({ alipay: true })
    w.alipay.sandbox.misbehave({ on: 'push', how: 'unknown-method' })
    await w.alipay.trade()
    await w.alipay.sandbox.say(w.alipay.apps[0]?.appId ?? '', {
      method: 'alipay.open.app.audited',
      biz: { 说明: '好' },
    })
    await w.settle()
    expect(answers(w)).toEqual(['unknown-method 200 success', '200 success'])
    expect([await counted(w, 'ignored'), await counted(w, 'new')]).toEqual([2, 0])
    expect(w.chat.posts).toEqual([])
    expect(calls(w)).toBe(0)
  })

  test.each([
    ['risk', 'trade'],
    ['trade', 'risk'],
  ] as const)('of %s, where the account hears only %s, it is taken and let be', async (told, heard) => {
    const w = await world({ alipay: { settings: { sources: [heard] }, rules: { riskMessage: 'method' } } })
    await w.settle()
    const before = calls(w)
    await w.alipay[told]()
    expect(answers(w)).toEqual(['200 success'])
    expect([await counted(w, 'ignored'), await counted(w, 'new')]).toEqual([1, 0])
    expect([w.chat.posts.length, calls(w)]).toEqual([0, before])
  })

  test('one that names nothing is taken, and asks for nothing', async () => {
    const w = await world({ alipay: true })
    w.alipay.sandbox.misbehave({ on: 'push', how: 'malformed' })
    await w.alipay.trade()
    expect(answers(w)).toEqual(['malformed 200 success'])
    expect([w.chat.posts.length, calls(w)]).toEqual([0, 0])
  })
})

test('signed with a certificate that we do not have: refused and named in the log, until the account has it', async () => {
  const { logger, said } = heard()
  const w = await world({ alipay: { apps: ['certificate'], rules: { pushCertSn: 'signed' } }, logger })
  const [app] = w.alipay.apps
  if (!app) throw new Error('no app')
  w.alipay.sandbox.rotateCertificate()
  await w.alipay.trade({ text: '一直不发货' })
  expect([answers(w), await counted(w, 'unknown-key')]).toEqual([['200 fail'], 1])
  expect(said).toContain('Alipay signs with a new certificate: download it and update the account')
  const { alipayCertificate } = w.alipay.sandbox.credentials(app.appId)
  await w.alipay.admin('PATCH', `/tenants/${app.tenant}/accounts/${app.account}`, { secrets: { alipayCertificate } })
  await w.pass(3 * minute, minute)
  expect(answers(w).at(-1)).toBe('200 success')
  expect(w.chat.card(group, '#1').card.quote).toBe('一直不发货')
})

test('one that finds nobody at home is told again, and is the same', async () => {
  const w = await world({ alipay: true })
  await w.restart(async () => {
    await w.alipay.sandbox.complainTrade({ pid: w.alipay.merchants[0]?.pid ?? '', text: '停机时' })
    await w.alipay.sandbox.idle()
  })
  expect(w.chat.posts).toEqual([])
  await w.pass(3 * minute)
  expect(answers(w).at(-1)).toBe('200 success')
  expect(w.chat.cards(group).map(({ quote }) => quote)).toEqual(['停机时'])
})
