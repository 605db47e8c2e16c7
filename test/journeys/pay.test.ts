import { expect, test, vi } from 'vitest'
import type { Misbehaviour } from '../../sandbox/wechat-pay/index.ts'
import { callbackAddressCheck } from '../../src/admin/checks/callback-address.ts'
import { examine } from '../../src/admin/doctor.ts'
import type { Logger } from '../../src/core/logger.ts'
import { silent } from '../../src/core/logger.ts'
import { registry } from '../../src/platforms/registry.ts'
import { publicUrl } from '../support/public-url.ts'
import { group, type PayWorld, people, world } from '../support/world.ts'

const { li } = people
const minute = 60_000
const hour = 60 * minute
const pay = ['青禾优选']

const first = (w: PayWorld) => {
  const [merchant] = w.pay.merchants
  if (!merchant) throw new Error('no merchant')
  return merchant
}
const withheld = (w: PayWorld, times = 99) => w.pay.sandbox.misbehave({ on: 'push', how: 'withheld', times })
const registered = (w: PayWorld) => w.pay.sandbox.notifyUrl(first(w).mchid)
const calls = (w: PayWorld, on: string) => w.pay.sandbox.calls().filter((call) => call.on === on).length
const answers = (w: PayWorld) =>
  w.pay.did('push').map(({ how, answer }) => [how, answer?.slice(0, 3)].filter(Boolean).join(' '))
const callbacks = (w: PayWorld) => w.storage.reads.db.selectFrom('callback').select(['state', 'event']).execute()

async function counted(w: PayWorld, outcome: string): Promise<number> {
  const line = `redress_callbacks_total{platform="wechat-pay",outcome="${outcome}"} `
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

test('a complaint is pushed, proved, written down, read with its history, and becomes a card', async () => {
  const w = await world({ pay })
  await w.pay.complain({ text: '苹果烂了 <六个>', amount: 1990, type: 'REFUND' })
  expect(answers(w)).toEqual(['200'])
  expect(await counted(w, 'new')).toBe(1)
  expect(await callbacks(w)).toEqual([{ state: 'drained', event: 'COMPLAINT.CREATE CREATE_COMPLAINT' }])
  expect([calls(w, 'detail'), calls(w, 'history')]).toEqual([1, 1])
  const { card } = w.chat.card(group, '#1')
  expect(card).toMatchObject({ title: '#1 青禾优选 · 待处理', quote: '苹果烂了 <六个>' })
  expect(card.lines).toContainEqual({ label: '投诉所示金额', text: '¥19.90' })
  expect(card.due).toBe('2026-03-02T12:00:00.000Z')
  expect(card.buttons.map(({ label }) => label)).toContain('回复')
})

test('what the user says next changes the card that hangs there', async () => {
  const w = await world({ pay })
  const { id } = await w.pay.complain({ text: '没有发货' })
  await w.pay.sandbox.move(id, { kind: 'message', text: '还在吗？三天了' })
  await w.settle()
  const hung = w.chat.posts.filter(({ say }) => say.card)
  expect(hung).toHaveLength(1)
  expect(hung[0]?.edits).toBeGreaterThan(0)
  expect(w.chat.texts(group).join('\n')).toContain('还在吗？三天了')
})

test('a reply goes out once and stands in the history there', async () => {
  const w = await world({ pay })
  const { id } = await w.pay.complain({ text: '没有发货' })
  const asked = await w.chat.pressLabel(li, group, '#1', '回复')
  expect(asked.ask?.prompt).toMatch(/^#1 .*请写内容/)
  await w.chat.say(li, group, '已为您加急，今天发出')
  await w.settle()
  await w.pass(2 * minute)
  expect(w.pay.did('reply').map(({ text }) => text)).toEqual(['已为您加急，今天发出'])
  expect(calls(w, 'reply')).toBe(1)
  const history = w.pay.sandbox.complaint(id)?.history ?? []
  expect(history.filter(({ type }) => type === 'MERCHANT_RESPONSE').map(({ text }) => text)).toEqual([
    '已为您加急，今天发出',
  ])
  expect(w.chat.card(group, '#1').card.title).toBe('#1 青禾优选 · 处理中')
  expect(w.chat.texts(group)).toContain('#1 回复已提交 · 小李')
})

test('a reply whose answer was lost is looked for, not said twice', async () => {
  const w = await world({ pay })
  await w.pay.complain()
  w.pay.sandbox.misbehave({ on: 'reply', how: 'lost-answer' })
  await w.chat.pressLabel(li, group, '#1', '回复')
  await w.chat.say(li, group, '马上处理')
  await w.settle()
  await w.pass(3 * minute)
  expect(w.pay.did('reply').map(({ text }) => text)).toEqual(['马上处理'])
  expect(w.chat.texts(group)).toContain('#1 回复已提交 · 小李')
})

const forgeries: readonly (readonly [trouble: Misbehaviour, why: string])[] = [
  [{ on: 'push', how: 'unverifiable', fault: 'signature' }, 'signature'],
  [{ on: 'push', how: 'unverifiable', fault: 'serial' }, 'unknown-key'],
  [{ on: 'push', how: 'unverifiable', fault: 'missing' }, 'malformed'],
  [{ on: 'push', how: 'stale-timestamp' }, 'late'],
  [{ on: 'push', how: 'probe' }, 'signature'],
]

test.each(forgeries)(
  'a callback with %j is refused, counted and forgotten; its true repetition is taken',
  async (trouble, why) => {
    const { logger, said } = heard()
    const w = await world({ pay, logger })
    w.pay.sandbox.misbehave(trouble)
    await w.pay.complain()
    expect(answers(w).map((answer) => answer.slice(-3))).toEqual(['401'])
    expect([await counted(w, why), await counted(w, 'new')]).toEqual([1, 0])
    expect(await callbacks(w)).toEqual([])
    expect(w.chat.posts).toEqual([])
    expect(said).toEqual(['a callback was refused'])
    await w.pass(minute)
    expect([await counted(w, why), await counted(w, 'new')]).toEqual([1, 1])
    expect(w.chat.cards(group)).toHaveLength(1)
  },
)

test.each([
  [299, 'duplicate'],
  [301, 'late'],
] as const)('the very same bytes again after %d s: %s', async (seconds, outcome) => {
  const w = await world({ pay })
  w.pay.sandbox.misbehave({ on: 'push', how: 'replay', ms: seconds * 1000 })
  await w.pay.complain()
  w.clock.step(seconds * 1000)
  await w.pay.sandbox.advance()
  await w.settle()
  expect([await counted(w, 'new'), await counted(w, outcome)]).toEqual([1, 1])
  expect(await callbacks(w)).toHaveLength(1)
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('the same callback twice at once is one', async () => {
  const w = await world({ pay })
  w.pay.sandbox.misbehave({ on: 'push', how: 'duplicate' })
  await w.pay.complain()
  expect(answers(w)).toEqual(['duplicate 200', 'duplicate 200'])
  expect([await counted(w, 'new'), await counted(w, 'duplicate')]).toEqual([1, 1])
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('a complaint that was never pushed is found in the list within five minutes', async () => {
  const w = await world({ pay })
  withheld(w)
  await w.pass(minute)
  await w.pay.complain({ text: '没有发货' })
  expect(w.chat.posts).toEqual([])
  await w.pass(5 * minute)
  expect(await callbacks(w)).toEqual([])
  expect(w.chat.card(group, '#1').card.quote).toBe('没有发货')
})

test('what changed without a push is seen in the list: a message, a complaint that goes on', async () => {
  const w = await world({ pay })
  const { id } = await w.pay.complain()
  withheld(w)
  await w.pass(6 * minute)
  await w.pay.sandbox.move(id, { kind: 'message', text: '有人吗' })
  await w.pass(5 * minute)
  expect(w.chat.texts(group).join()).toContain('有人吗')
  await w.pay.sandbox.set(id, { state: 'PROCESSED', incomingUserResponse: false })
  await w.pass(5 * minute)
  expect(w.chat.card(group, '#1').card.title).toContain('已处理完成')
  // Closed: nobody asks about it any more but the list.
  await w.pay.sandbox.move(id, { kind: 'continue', text: '没有解决' })
  await w.pass(5 * minute)
  expect(w.chat.card(group, '#1').card.title).toBe('#1 青禾优选 · 待处理')
})

test('what is known and at rest is not read again for being listed', async () => {
  const w = await world({ pay })
  const { id } = await w.pay.complain()
  await w.pay.sandbox.set(id, { state: 'PROCESSED', incomingUserResponse: false, push: 'MERCHANT_CONFIRM_COMPLETE' })
  await w.settle()
  const before = calls(w, 'detail')
  await w.pass(30 * minute)
  expect([calls(w, 'detail'), calls(w, 'list')]).toEqual([before, 6])
})

test('a list that cannot be read is tried again by the next round', async () => {
  const { logger, said } = heard()
  const w = await world({ pay, logger })
  withheld(w)
  await w.pay.complain()
  w.pay.sandbox.misbehave({ on: 'list', how: 'http', status: 403, code: 'NO_AUTH' })
  await w.pass(5 * minute)
  expect(said).toEqual(['complaints could not be listed'])
  expect(w.chat.posts).toEqual([])
  await w.pass(5 * minute)
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('a complaint that cannot be read is not asked for in every round', async () => {
  const w = await world({ pay })
  withheld(w)
  await w.pay.complain()
  w.pay.sandbox.misbehave({ on: 'detail', how: 'http', status: 403, code: 'NO_AUTH', times: 1 })
  await w.pass(55 * minute)
  expect(calls(w, 'detail')).toBe(1)
  expect(w.chat.texts(group)).toHaveLength(1)
  await w.pass(15 * minute)
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('an account whose list hangs delays no other', async () => {
  const w = await world({ pay: ['青禾优选', '云杉茶具'] })
  const [slow, other] = w.pay.merchants
  withheld(w)
  const trouble = w.pay.sandbox.misbehave({ on: 'list', how: 'hang', mchid: slow?.mchid ?? '', times: 99 })
  await w.pay.complain({ mchid: slow?.mchid ?? '' })
  await w.pay.complain({ mchid: other?.mchid ?? '' })
  w.clock.advance(5 * minute)
  await vi.waitFor(() => expect(w.chat.card(group, '#1').card.title).toContain('云杉茶具'), 5_000)
  expect(trouble.waiting).toBe(1)
  trouble.stop()
  trouble.release()
  await vi.waitFor(() => expect(w.chat.card(group, '#2').card.title).toContain('青禾优选'), 5_000)
})

test('where no callback address is registered, ours is within half an hour, once', async () => {
  const w = await world({ pay })
  const { account, address } = first(w)
  await w.pay.platform().notifyUrl.remove(account)
  await w.pass(2 * hour, minute)
  expect(registered(w)).toBe(address)
  expect(w.pay.did('notify-url').map(({ text }) => text)).toEqual([address, '', address])
})

test('an earlier address of ours is repaired', async () => {
  const w = await world({ pay })
  const { account, address } = first(w)
  await w.pay.platform().notifyUrl.keep(account, { url: `${publicUrl}:8443/hooks/acc_0`, replace: true })
  await w.pass(30 * minute, minute)
  expect(registered(w)).toBe(address)
})

test('an address of somebody else is left alone; the doctor says so, and the list brings the complaints', async () => {
  const { logger, said } = heard()
  const w = await world({ pay, logger })
  const { account, address } = first(w)
  const platforms = registry([w.pay.platform()])
  const doctor = async () =>
    (await examine([callbackAddressCheck], { storage: w.storage, platforms, publicUrl })).findings
  expect(await doctor()).toMatchObject([{ level: 'ok' }])
  await w.pay.platform().notifyUrl.keep(account, { url: 'https://elsewhere.example/pay', replace: true })
  await w.pass(hour, minute)
  expect(registered(w)).toBe('https://elsewhere.example/pay')
  expect(said).toContain('the platform calls back to somebody else')
  const [finding] = await doctor()
  expect(finding).toMatchObject({
    level: 'bad',
    what: { zh: expect.stringContaining('https://elsewhere.example/pay') },
  })
  expect(finding?.what.en).toContain(address)
  expect(finding?.fix?.zh).toContain('redress account address')
  // Said once, however many rounds find it.
  const lines = () => w.chat.posts.filter(({ say }) => say.text?.includes('https://elsewhere.example/pay')).length
  expect(lines()).toBe(1)
  await w.pay.complain({ text: '没有发货' })
  await w.pass(5 * minute)
  expect(w.chat.card(group, '#1').card.quote).toBe('没有发货')
  // As the doctor said.
  await w.pay.platform().notifyUrl.remove(account)
  expect(await doctor()).toMatchObject([{ level: 'warn', what: { zh: expect.stringContaining('还没有登记') } }])
  await w.pass(30 * minute, minute)
  expect(registered(w)).toBe(address)
})

test('where we are not reached by https nothing is registered, and the doctor says so', async () => {
  const w = await world({ pay })
  const found = async (url?: string) =>
    (
      await examine([callbackAddressCheck], {
        storage: w.storage,
        platforms: registry([w.pay.platform()]),
        ...(url === undefined ? {} : { publicUrl: url }),
      })
    ).findings
  expect(await found('http://redress.example')).toMatchObject([
    { level: 'warn', what: { en: expect.stringContaining('not https') } },
  ])
  expect(await found()).toEqual([])
})

test('a mini program and WeChat Pay beside each other share the group', async () => {
  const w = await world({ pay })
  await w.complain({ text: '破了' })
  await w.pay.complain({ text: '烂了' })
  expect(w.chat.cards(group).map(({ title }) => title)).toEqual(['#1 小店 · 待处理', '#2 青禾优选 · 待处理'])
})

test('after a restart in the middle nothing is lost', async () => {
  const w = await world({ pay })
  await w.restart(async () => {
    await w.pay.sandbox.complain({ mchid: first(w).mchid, text: '停机时' })
    await w.pay.sandbox.idle()
  })
  await w.pass(5 * minute)
  expect(w.chat.cards(group).map(({ quote }) => quote)).toEqual(['停机时'])
})

test('who is to be served at once has an urgent card', async () => {
  const w = await world({ pay })
  await w.pay.complain({ text: '充电宝还不回去', needImmediateService: true })
  const { card } = w.chat.card(group, '#1')
  expect(card.tone).toBe('urgent')
  expect(card.note).toContain('即时服务')
})
