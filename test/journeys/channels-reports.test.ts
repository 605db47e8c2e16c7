import { expect, test } from 'vitest'
import { asId } from '../../src/core/words.ts'
import { ring } from '../../src/notify/fan-out.ts'
import { changeChannel, type StoredChannel } from '../../src/storage/channels.ts'
import { deadLetters, reviveDeliveries } from '../../src/storage/deliveries.ts'
import { listDispatches } from '../../src/storage/dispatches.ts'
import { listRecipients } from '../../src/storage/recipients.ts'
import { appid, type ChannelWorld, channelWorld, code, mailbox } from '../support/channels.ts'
import { group, people } from '../support/world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const number = '+8613800000000'

const lines = (w: ChannelWorld) =>
  w.chat.sent.flatMap(({ chat, say }) => (chat === group && say.text ? [say.text] : []))
const log = async (w: ChannelWorld, { id }: StoredChannel) =>
  (await listDispatches(w.storage.reads, id, 9)).map(({ state, error }) => [state, error])
const dead = async (w: ChannelWorld) => (await deadLetters(w.storage.reads, w.tenant.id, 9)).map(({ error }) => error)
const retry = (w: ChannelWorld) =>
  w.storage.transaction(async (tx) => {
    const letters = await deadLetters(tx, w.tenant.id, 9)
    const ids = letters.map(({ id }) => id)
    await ring(w.engine, tx, await reviveDeliveries(tx, w.tenant.id, ids))
  })
const now = { settings: { mergeSeconds: 0 } }

test('an SMS that the carrier does not deliver is a dead letter; tried again by hand it is known to be there', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('sms', { to: [number], ...now })
  w.outside.sms.misbehave({ on: 'status', how: 'failed', word: 'MN:0001' })
  await w.complain()
  await w.pass(15_000)
  expect(await log(w, channel)).toEqual([['sent', undefined]])
  await w.pass(2 * minute, minute)
  const why = expect.stringMatching(/核对号码.* \| .*check the number.*\[MN:0001\]$/)
  expect(await log(w, channel)).toEqual([['failed', why]])
  expect(await dead(w)).toEqual([why])
  await w.pass(2 * hour, 30 * minute)
  expect(w.outside.sms.messages().length).toBe(1)
  await retry(w)
  await w.pass(3 * minute, minute)
  expect(w.outside.sms.messages().map(({ state }) => state)).toEqual(['failed', 'delivered'])
  expect(await log(w, channel)).toEqual([
    ['delivered', undefined],
    ['failed', why],
  ])
  expect(await dead(w)).toEqual([])
  // What did not arrive has used up their limit of two a day all the same.
  await w.complain({ text: '第二单' })
  await w.pass(hour, 10 * minute)
  expect(w.outside.sms.messages().length).toBe(2)
})

test('a phone that is off is asked after less and less often, and no more after three days', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('sms', { to: [number], ...now })
  w.outside.sms.setRules({ deliveryMs: 10 * day })
  await w.complain()
  const pulls = () => w.outside.sms.calls().filter(({ on }) => on === 'pull').length
  await w.pass(10 * minute, minute)
  expect(pulls()).toBeGreaterThan(5)
  await w.pass(80 * hour, 2 * hour)
  const asked = pulls()
  expect(asked).toBeLessThan(60)
  await w.pass(8 * hour, 2 * hour)
  expect(pulls()).toBe(asked)
  expect(await log(w, channel)).toEqual([['sent', undefined]])
})

test('where nobody says what became of messages, they go all the same, and it is asked again', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('sms', { to: [number], ...now })
  w.outside.sms.misbehave({ on: 'pull', how: 'error', code: 'InternalError.OtherError', times: 3 })
  await w.complain()
  await w.pass(3 * minute, minute)
  expect(await log(w, channel)).toEqual([['sent', undefined]])
  await w.pass(3 * minute, minute)
  expect(await log(w, channel)).toEqual([['delivered', undefined]])
})

test('an SMS whose answer was lost is no dead letter once it is known to have arrived', async () => {
  const w = await channelWorld({ timeout: 500 })
  const { channel } = await w.add('sms', { to: [number], ...now })
  w.outside.sms.setRules({ sessionPulled: true })
  w.outside.sms.misbehave({ on: 'send', how: 'lost-answer' })
  await w.complain()
  await w.pass(3 * minute, 30_000)
  expect(w.outside.sms.messages().length).toBe(1)
  expect(await log(w, channel)).toEqual([['delivered', undefined]])
  expect(await dead(w)).toEqual([])
})

test.each([
  ['success', 'delivered', true],
  ['failed:user block', 'failed', false],
  ['failed: system failed', 'failed', true],
])('a template message of which WeChat says %s: %s', async (status, state, stillOn) => {
  const w = await channelWorld()
  const { official } = w.outside
  const { openid } = official.person(appid, '小李')
  official.follow(openid)
  const { channel } = await w.add('official-account', { to: [openid], ...now })
  w.outside.pushes.url = `${w.url}/hooks/official/${channel.id}`
  if (status !== 'success') official.misbehave({ on: 'finish', how: 'status', status })
  await w.complain()
  await w.pass(minute)
  expect((await log(w, channel)).map(([is]) => is)).toEqual([state])
  expect((await listRecipients(w.storage.reads, channel.id)).map(({ enabled }) => enabled)).toEqual([stillOn])
  expect(await dead(w)).toEqual(state === 'failed' ? [expect.stringContaining(`[${status}]`)] : [])
  expect(lines(w).filter((line) => line.includes('已停用')).length).toBe(stillOn ? 0 : 1)
  if (!stillOn || state === 'delivered') return
  await retry(w)
  await w.pass(minute)
  expect((await log(w, channel)).map(([is]) => is)).toEqual(['delivered', 'failed'])
  expect(await dead(w)).toEqual([])
})

test('what nobody signed, and what is about a message of somebody else, changes no message', async () => {
  const w = await channelWorld()
  const { official } = w.outside
  const { openid } = official.person(appid, '小李')
  official.follow(openid)
  const { channel } = await w.add('official-account', { to: [openid], ...now })
  w.outside.pushes.url = `${w.url}/hooks/official/${channel.id}`
  official.misbehave({ on: 'finish', how: 'status', status: 'failed:user block' })
  official.misbehave({ on: 'push', how: 'bad-signature', times: 9 })
  await w.complain()
  await w.pass(minute)
  expect(await log(w, channel)).toEqual([['sent', undefined]])
  expect(await dead(w)).toEqual([])
})

test('/test sends a test message and says in the room what became of it, with what to do next', async () => {
  const w = await channelWorld({ timeout: 300 })
  const says = async (text: string, who: keyof typeof people = 'chen') =>
    (await w.chat.say(people[who], group, text)).text
  expect(await says('/test')).toContain('redress channel add')
  await w.add('email', { to: ['li@example.com'], name: '邮箱' })
  expect(await says('/test', 'li')).toContain('管理员')
  expect(await says('/测试')).toContain('邮箱 → li@example.com')
  await w.settle()
  expect(lines(w).at(-1)).toBe('测试消息 · 邮箱\n✅ li@example.com：已发出')
  expect(w.outside.mail.mails().map(({ subject }) => subject)).toEqual(['【投诉】测试消息'])
  await w.add('sms', { to: [number], name: '短信', secrets: { secretKey: 'wrongsecretkey0123456789' } })
  expect(await says('/test')).toContain('邮箱 / 短信')
  expect(await says('/test 鸽子')).toContain('没有叫「鸽子」的通道或接收人')
  await says(`/test 短信 ${number}`)
  await w.settle()
  expect(lines(w).at(-1)).toMatch(
    /^测试消息 · 短信\n❌ \+8613800000000：没有发出。SecretKey 不对.*\n改好后：.*\/测试 短信/,
  )
  // A server that hangs keeps nobody waiting: the outcome comes when it is there.
  w.outside.mail.misbehave({ on: 'data', how: 'hang', times: 9 })
  expect(await says('/test li@example.com')).toContain('正在发送')
  await w.complain()
  expect(w.chat.cards(group).length).toBe(1)
  await w.pass(minute)
  expect(lines(w).at(-1)).toMatch(/❓ li@example\.com：不确定是否已发出。[\s\S]*再发一次 \/测试 邮箱/)
})

test('the authorisation code of 163 is spoken of once, fifteen days before it ends; another one begins anew', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('email', { to: ['li@example.com'], name: '邮箱', wants: ['notice'] })
  const said = () => lines(w).filter((line) => line.includes('授权码将在'))
  await w.pass(164 * day, 41 * day)
  expect(said()).toEqual([])
  await w.pass(2 * day, day)
  expect(said()).toEqual([expect.stringMatching(/「邮箱」的授权码将在 08-28 到期.*redress channel update 邮箱/)])
  await w.restart()
  await w.pass(3 * day, day)
  expect(said().length).toBe(1)
  expect(w.outside.mail.mails().map(({ text }) => text?.includes('授权码将在'))).toEqual([true])
  const kind = w.outside.kindsOn(w.storage).find((each) => each.kind === 'email')
  const inspect = async () => {
    const [found] = await w.storage.reads.db.selectFrom('channel').select('secrets_at').execute()
    return (await kind?.inspect({ ...channel, secretsAt: asId(found?.secrets_at ?? '') as never }))?.map(
      ({ what }) => what.zh,
    )
  }
  expect(await inspect()).toEqual(['邮箱：邮箱可以登录', expect.stringMatching(/授权码还有 1[0-4] 天到期/)])
  const change = (password: string) =>
    w.storage.transaction((tx) => changeChannel(tx, w.tenant.id, channel.id, { secrets: { password } }))
  // The same one again is as old as it was.
  await change(code)
  expect((await inspect())?.length).toBe(2)
  w.outside.mail.account({ user: mailbox, code: 'NEWCODENEWCODENE' })
  await change('NEWCODENEWCODENE')
  expect((await inspect())?.length).toBe(1)
  await w.pass(164 * day, 41 * day)
  expect(said().length).toBe(1)
  await w.pass(2 * day, day)
  expect(said().length).toBe(2)
})

test('the log forgets what is over for ninety days; what was given up stays until somebody decides', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('email', { to: ['li@example.com'], wants: ['new'], ...now })
  w.outside.mail.misbehave({ on: 'data', how: 'refused', as: 'DT:SPM', times: 2 })
  await w.complain()
  await w.pass(hour, 10 * minute)
  expect((await dead(w)).length).toBe(1)
  await w.pass(89 * day, 89 * day)
  expect((await log(w, channel)).length).toBe(2)
  await w.pass(2 * day, day)
  expect(await log(w, channel)).toEqual([])
  expect((await dead(w)).length).toBe(1)
  await retry(w)
  await w.pass(10 * minute, 5 * minute)
  expect(await dead(w)).toEqual([])
  expect(w.outside.mail.mails().length).toBe(1)
})
