import { expect, test } from 'vitest'
import { asId } from '../../src/core/words.ts'
import { ring } from '../../src/notify/fan-out.ts'
import { createBindRequest } from '../../src/storage/bind-requests.ts'
import { changeChannel, findChannel, type StoredChannel } from '../../src/storage/channels.ts'
import { deadLetters, pendingAt, reviveDeliveries } from '../../src/storage/deliveries.ts'
import { listDispatches, startDispatch } from '../../src/storage/dispatches.ts'
import { listRecipients } from '../../src/storage/recipients.ts'
import { type ChannelWorld, channelWorld, code } from '../support/channels.ts'
import { group } from '../support/world.ts'

const minute = 60_000
const hour = 60 * minute
const [li, chen] = ['li@example.com', 'chen@example.com']

const states = async (w: ChannelWorld, kind: string) =>
  (
    await w.storage.reads.db
      .selectFrom('delivery')
      .select(['state', 'error'])
      .where('destination', '>=', `${kind}:`)
      .where('destination', '<', `${kind};`)
      .orderBy('created_at')
      .execute()
  ).map(({ state, error }) => (error === null || state === 'sent' ? state : `${state}: ${error}`))
const now = async (w: ChannelWorld, { id }: StoredChannel) => {
  const channel = await findChannel(w.storage.reads, id)
  if (!channel) throw new Error('no channel')
  return channel
}
/** What the group reads beside the cards. */
const lines = (w: ChannelWorld) =>
  w.chat.sent.flatMap(({ chat, say }) => (chat === group && say.text ? [say.text] : []))
const says = (w: ChannelWorld, id: number, content: string) => w.wechat.move(id, { kind: 'message', content })
const received = (w: ChannelWorld) => w.outside.mail.mails().map(({ receivers, subject }) => [...receivers, subject])

test('a complaint and what follows within two minutes is one mail to each; all mails of it are one thread', async () => {
  const w = await channelWorld()
  await w.add('email', { to: [li, chen] })
  const complaint = await w.complain({ text: '没有收到货，电话 13812345678' })
  expect(received(w)).toEqual([])
  await says(w, complaint.id, '快点回复 <b>')
  await w.pass(3 * minute)
  const mails = w.outside.mail.mails()
  expect(mails.map(({ receivers }) => receivers).sort()).toEqual([[chen], [li]])
  const [first] = mails
  expect(first?.text).toContain('快点回复 <b>')
  expect(first?.text).toContain('138****5678')
  expect(first?.html).toContain('快点回复 &lt;b&gt;')
  expect(first?.text).not.toContain('13812345678')
  await says(w, complaint.id, '还有')
  await w.pass(3 * minute)
  const [, , third] = w.outside.mail.mails()
  expect(third?.subject).toBe(first?.subject)
  expect(third?.references).toEqual(first?.references)
  expect(third?.messageId).not.toBe(first?.messageId)
  expect(await states(w, 'email')).toEqual(Array(6).fill('sent'))
})

test('with a dead mail server the group, the service account and the SMS go on; the mail goes when it is back', async () => {
  const w = await channelWorld({ timeout: 200 })
  const { outside } = w
  const openid = outside.official.person('wx00112233445566ff', '小李').openid
  outside.official.follow(openid)
  const { channel } = await w.add('email', { to: [li, chen] })
  await w.add('official-account', { to: [openid] })
  await w.add('sms', { to: ['+8613800000000'] })
  const dead = outside.mail.misbehave({ on: 'data', how: 'hang', times: 1_000 })
  await w.complain({ text: '没有收到货' })
  await w.pass(6 * minute, 30_000)
  expect(w.chat.cards(group).length).toBe(1)
  expect(outside.official.shown(openid).map(({ lines }) => lines.map(([, text]) => text))).toEqual([
    ['#1', expect.any(String), expect.any(String), expect.stringMatching(/^¥/), '待我方处理'],
  ])
  expect(outside.sms.messages().map(({ text }) => text)).toEqual([
    expect.stringMatching(/^【小店】您有1笔新投诉（小程序，尾号/),
  ])
  expect(outside.mail.mails()).toEqual([])
  // One of the two was tried, and then the server was left alone for a while.
  expect((await now(w, channel)).failures).toBeGreaterThan(0)
  expect((await now(w, channel)).held?.why).toContain('没有收到回应')
  // A second complaint is shown although the mail still hangs.
  await w.complain({ text: '第二单' })
  expect(w.chat.cards(group).length).toBe(2)
  dead.stop()
  dead.release()
  await w.pass(2 * hour, 10 * minute)
  expect(received(w).length).toBe(4)
  expect((await now(w, channel)).held).toBeUndefined()
})

test('a wrong authorisation code stops the mailbox at the first refusal, and the admins are told; a good one lets what waits go', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('email', { to: [li, chen], secrets: { password: 'loginpassword' } })
  await w.complain()
  await w.pass(30 * minute, 10 * minute)
  expect(
    w.outside.mail
      .steps()
      .filter(({ on }) => on === 'auth')
      .map(({ code: said }) => said),
  ).toEqual([535])
  expect((await now(w, channel)).stopped?.why).toContain('授权码')
  expect(lines(w).filter((line) => line.includes('已停止发送'))).toEqual([expect.stringMatching(/「email」.*授权码/)])
  await w.storage.transaction((tx) => changeChannel(tx, w.tenant.id, channel.id, { secrets: { password: code } }))
  await w.pass(2 * hour, 10 * minute)
  expect(
    received(w)
      .map(([to]) => to)
      .sort(),
  ).toEqual([chen, li])
})

test('a recipient who does not exist is switched off and told of; the others are told', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('email', { to: [li, chen] })
  w.outside.mail.receiver(li, false)
  await w.complain()
  await w.pass(5 * minute, 30_000)
  expect(received(w).map(([to]) => to)).toEqual([chen])
  const people = await listRecipients(w.storage.reads, channel.id)
  expect(people.map(({ label, enabled, offWhy }) => [label, enabled, offWhy?.slice(0, 6)]).sort()).toEqual([
    [chen, true, undefined],
    [li, false, '收件人不存在'],
  ])
  expect(lines(w).filter((line) => line.includes('已停用'))).toEqual([expect.stringContaining(li)])
  expect(await states(w, 'email')).toEqual(
    expect.arrayContaining(['sent', expect.stringMatching(/^dead: 收件人不存在/)]),
  )
  // Nobody waits for them any more.
  await w.complain({ text: '第二单' })
  await w.pass(5 * minute, 30_000)
  expect(received(w).map(([to]) => to)).toEqual([chen, chen])
})

test('what is put off goes later, what is refused for good is a dead letter and goes when a person wants it', async () => {
  const w = await channelWorld()
  await w.add('email', { to: [li] })
  w.outside.mail.misbehave({ on: 'data', how: 'refused', as: 'DT:SPM-soft' })
  await w.complain()
  await w.pass(3 * minute, 30_000)
  expect(await states(w, 'email')).toEqual([expect.stringMatching(/^waiting: 内容被判为垃圾邮件/)])
  await w.pass(3 * minute, 30_000)
  expect(await states(w, 'email')).toEqual(['sent'])
  w.outside.mail.misbehave({ on: 'data', how: 'refused', as: 'DT:SPM', times: 2 })
  await w.complain({ text: '第二单' })
  await w.pass(5 * minute, 30_000)
  expect((await states(w, 'email'))[1]).toMatch(/^waiting: 内容被判为垃圾邮件/)
  // Once more after ten minutes; then never again by itself.
  await w.pass(hour, 10 * minute)
  expect((await states(w, 'email'))[1]).toMatch(/^dead: 内容被判为垃圾邮件/)
  const [letter] = await deadLetters(w.storage.reads, w.tenant.id, 9)
  await w.storage.transaction(async (tx) => {
    await ring(w.engine, tx, await reviveDeliveries(tx, w.tenant.id, [letter?.id ?? asId('')]))
  })
  await w.pass(5 * minute, 30_000)
  expect(await states(w, 'email')).toEqual(['sent', 'sent'])
  // Taken for spam once: nothing but text.
  expect(w.outside.mail.mails().map(({ html }) => html !== undefined)).toEqual([true, false])
})

test('a storm of complaints keeps within what a free mailbox may send, and all of it arrives in time', async () => {
  const w = await channelWorld()
  await w.add('email', { to: [li], settings: { perHour: 5, perDay: 8, mergeSeconds: 0 } })
  for (let n = 0; n < 10; n++) await w.complain({ text: `第 ${n} 单` })
  await w.pass(2 * minute)
  expect(received(w).length).toBe(5)
  const times = w.outside.mail.mails().map(({ at }) => at)
  for (const [index, at] of times.entries())
    if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(6_000)
  await w.pass(hour, minute)
  expect(received(w).length).toBe(8)
  await w.pass(4 * hour, 30 * minute)
  // It is after midnight in Shanghai.
  expect(received(w).length).toBe(10)
})

test('one number hears of ten complaints by one message, and of no more than two messages a day', async () => {
  const w = await channelWorld()
  await w.add('sms', { to: ['+8613800000000'], wants: ['new', 'turn', 'user'] })
  for (let n = 0; n < 10; n++) await w.complain({ text: `第 ${n} 单` })
  await w.pass(6 * minute, 30_000)
  const messages = () => w.outside.sms.messages().map(({ params }) => params)
  expect(messages()).toEqual([
    ['10', '小程序', expect.stringMatching(/^\d{1,6}$/), expect.stringMatching(/^\d\d-\d\d$/)],
  ])
  for (let n = 0; n < 4; n++) {
    await w.complain({ text: `又一单 ${n}` })
    await w.pass(10 * minute, 5 * minute)
  }
  expect(messages().map(([count]) => count)).toEqual(['10', '1'])
  // At eight in the morning what was kept back is told, together.
  await w.pass(11 * hour, hour)
  expect(messages().map(([count]) => count)).toEqual(['10', '1'])
  await w.pass(2 * hour, 20 * minute)
  expect(messages().map(([count]) => count)).toEqual(['10', '1', '3'])
})

test('an SMS whose answer is lost after the effect is never sent twice, not even by another start', async () => {
  const w = await channelWorld({ timeout: 500 })
  await w.add('sms', { to: ['+8613800000000'] })
  w.outside.sms.misbehave({ on: 'send', how: 'lost-answer' })
  await w.complain()
  await w.pass(10 * minute, minute)
  await w.restart()
  await w.pass(2 * hour, 15 * minute)
  expect(w.outside.sms.messages().length).toBe(1)
  expect(await states(w, 'sms')).toEqual([expect.stringMatching(/^dead: 短信提交后没有得到回应/)])
})

test.each([
  ['FailedOperation.InsufficientBalanceInSmsPackage', '余额不足'],
  ['AuthFailure.SignatureFailure', 'SecretKey 不对'],
])('SMS: %s stops the channel and is told in the group', async (problem, words) => {
  const w = await channelWorld()
  const { channel } = await w.add('sms', { to: ['+8613800000000'] })
  const wrong = problem.startsWith('Auth')
    ? ({ on: 'send', how: 'error', code: problem } as const)
    : ({ on: 'number', how: 'code', code: problem } as const)
  w.outside.sms.misbehave(wrong)
  await w.complain()
  await w.pass(10 * minute, 5 * minute)
  expect((await now(w, channel)).stopped?.why).toContain(words)
  expect(lines(w).filter((line) => line.includes(words)).length).toBe(1)
  expect(w.outside.sms.messages()).toEqual([])
  await w.storage.transaction((tx) => changeChannel(tx, w.tenant.id, channel.id, { enabled: true }))
  await w.pass(70 * minute, 10 * minute)
  expect(w.outside.sms.messages().length).toBe(1)
})

test('SMS: a number at its limit waits, one on the black list is switched off', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('sms', { to: ['+8613800000000', '+8613900000000'] })
  w.outside.sms.misbehave({
    on: 'number',
    how: 'code',
    code: 'LimitExceeded.PhoneNumberThirtySecondLimit',
    phone: '+8613800000000',
  })
  w.outside.sms.phone('+8613900000000', 'blacklisted')
  await w.complain()
  await w.pass(8 * minute, 30_000)
  expect(w.outside.sms.messages().map(({ phone }) => phone)).toEqual(['+8613800000000'])
  const people = await listRecipients(w.storage.reads, channel.id)
  expect(people.map(({ label, enabled }) => [label, enabled]).sort()).toEqual([
    ['+8613800000000', true],
    ['+8613900000000', false],
  ])
})

test('a template message whose answer is lost is shown once; one who has left is switched off', async () => {
  const w = await channelWorld({ timeout: 500 })
  const { official } = w.outside
  const [stays, leaves] = ['小李', '阿陈'].map((name) => official.person('wx00112233445566ff', name).openid)
  for (const openid of [stays, leaves]) official.follow(openid ?? '')
  const { channel } = await w.add('official-account', {
    to: [stays ?? '', leaves ?? ''],
    settings: { mergeSeconds: 0 },
  })
  official.misbehave({ on: 'send', how: 'lost-answer' })
  official.unfollow(leaves ?? '')
  await w.complain()
  await w.pass(8 * minute, 30_000)
  expect(official.shown(stays).filter(({ kind }) => kind === 'template').length).toBe(1)
  expect((await states(w, 'official-account')).sort()).toEqual([expect.stringMatching(/^dead: 43004/), 'sent'])
  const people = await listRecipients(w.storage.reads, channel.id)
  expect(new Map(people.map(({ label, enabled }) => [label, enabled]))).toEqual(
    new Map([
      [stays, true],
      [leaves, false],
    ]),
  )
})

test.each([
  [47003, 'dead', undefined],
  [45009, 'waiting', 'held'],
  [40037, 'waiting', 'stopped'],
] as const)('a template message refused with %i: %s', async (errcode, state, channelIs) => {
  const w = await channelWorld()
  const { official } = w.outside
  const { openid } = official.person('wx00112233445566ff', '小李')
  official.follow(openid)
  const { channel } = await w.add('official-account', { to: [openid] })
  official.misbehave({ on: 'send', how: 'errcode', errcode, errmsg: 'argument invalid! data.thing2.value is too long' })
  await w.complain()
  await w.pass(5 * minute, 30_000)
  expect(await states(w, 'official-account')).toEqual([expect.stringMatching(new RegExp(`^${state}`))])
  const { held, stopped } = await now(w, channel)
  expect({ held: held !== undefined, stopped: stopped !== undefined }).toEqual({
    held: channelIs === 'held',
    stopped: channelIs === 'stopped',
  })
  if (errcode === 47003) expect((await states(w, 'official-account'))[0]).toContain('thing2')
  if (errcode === 45009) {
    // Tomorrow there is another quota.
    await w.pass(5 * hour, 30 * minute)
    expect(await states(w, 'official-account')).toEqual(['sent'])
  }
})

test('a token that WeChat no longer takes is renewed, and the message goes', async () => {
  const w = await channelWorld()
  const { official } = w.outside
  const { openid } = official.person('wx00112233445566ff', '小李')
  official.follow(openid)
  await w.add('official-account', { to: [openid] })
  official.misbehave({ on: 'send', how: 'token', errcode: 40001 })
  await w.complain()
  await w.pass(5 * minute, 30_000)
  expect(await states(w, 'official-account')).toEqual(['sent'])
})

test('whoever scans the code is bound, greeted, told, and switched off when they leave', async () => {
  const w = await channelWorld()
  const { official } = w.outside
  const { channel } = await w.add('official-account', { to: [] })
  w.outside.pushes.url = `${w.url}/hooks/official/${channel.id}`
  expect(await official.verifyUrl('wx00112233445566ff')).toBe(true)
  const kind = w.outside.kindsOn(w.storage).find((each) => each.kind === 'official-account')
  const invite = async (label: string) => {
    const request = { tenant: w.tenant.id, channel: channel.id, label, wants: ['new'] }
    const { code: scene } = await w.storage.transaction((tx) => createBindRequest(tx, request))
    return (await kind?.invite?.(channel, scene, 600))?.url ?? ''
  }
  const scan = async (name: string, url: string) => {
    const { openid } = official.person('wx00112233445566ff', name)
    official.scan(openid, url)
    await official.idle()
    await w.pass(minute)
    return openid
  }
  const people = async () =>
    (await listRecipients(w.storage.reads, channel.id)).map(({ label, enabled }) => [label, enabled])
  const url = await invite('小李')
  const openid = await scan('小李', url)
  expect(await people()).toEqual([['小李', true]])
  expect(official.shown(openid).filter(({ kind: what }) => what === 'template').length).toBe(1)
  // The code was for one.
  await scan('路人', url)
  expect(await people()).toEqual([['小李', true]])
  const late = await invite('阿陈')
  w.clock.advance(11 * minute)
  await scan('阿陈', late)
  expect(await people()).toEqual([['小李', true]])
  // What is not signed binds nobody.
  official.misbehave({ on: 'push', how: 'bad-signature', times: 9 })
  await scan('阿陈', await invite('阿陈'))
  expect(await people()).toEqual([['小李', true]])
  await w.complain()
  await w.pass(5 * minute, 30_000)
  expect(official.shown(openid).filter(({ kind: what }) => what === 'template').length).toBe(2)
  for (const script of official.misbehaviours()) script.stop()
  official.unfollow(openid)
  await official.idle()
  await w.settle()
  expect(await people()).toEqual([['小李', false]])
})

test('a channel that is limited to accounts, and one that is off, tell nothing else; the log says what went', async () => {
  const w = await channelWorld({ others: ['分店'] })
  const [other] = w.others
  if (!other) throw new Error('no other')
  const { channel } = await w.add('email', { to: [li] })
  await w.storage.transaction((tx) => changeChannel(tx, w.tenant.id, channel.id, { accounts: [other.account] }))
  await w.complain()
  await w.complain({ appid: other.program.appid, text: '分店的' })
  await w.pass(5 * minute, 30_000)
  expect(w.outside.mail.mails().map(({ text }) => text?.includes('分店的'))).toEqual([true])
  const log = await listDispatches(w.storage.reads, channel.id, 9)
  expect(log.map(({ state, test: tested, deliveries }) => [state, tested, deliveries.length])).toEqual([
    ['sent', false, 1],
  ])
  await w.complain({ appid: other.program.appid, text: '第二单' })
  await w.storage.transaction((tx) => changeChannel(tx, w.tenant.id, channel.id, { enabled: false }))
  await w.complain({ appid: other.program.appid, text: '第三单' })
  await w.pass(10 * minute, minute)
  expect(received(w).length).toBe(1)
  expect(await states(w, 'email')).toEqual(['sent', expect.stringMatching(/^dropped: the channel is switched off/)])
})

test('while more mail servers hang than there are places for deliveries, the group and the SMS wait for none of them', async () => {
  const w = await channelWorld({ timeout: 60_000 })
  const dead = w.outside.mail.misbehave({ on: 'connect', how: 'hang', times: 1_000 })
  for (let n = 0; n < 12; n++) await w.add('email', { to: [li], name: `mail ${n}`, settings: { mergeSeconds: 0 } })
  await w.add('sms', { to: ['+8613800000000'], settings: { mergeSeconds: 0 } })
  await w.wechat.complain({ appid: w.program.appid })
  const until = async (there: () => boolean) => {
    for (let tries = 0; tries < 200 && !there(); tries++) {
      w.clock.advance(20)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(there()).toBe(true)
  }
  // Nothing is settled here: that would wait for the mail.
  await until(() => dead.waiting >= 8)
  await until(() => w.chat.cards(group).length === 1 && w.outside.sms.messages().length === 1)
  await w.wechat.complain({ appid: w.program.appid, text: '第二单' })
  await until(() => w.chat.cards(group).length === 2)
  expect(dead.waiting).toBeGreaterThanOrEqual(8)
  expect(w.outside.mail.mails()).toEqual([])
  dead.stop()
  dead.release()
  await w.pass(5 * minute, 30_000)
  expect(w.outside.mail.mails().length).toBe(24)
})

test.each([
  ['email', li, 'sent', 1],
  ['sms', '+8613800000000', 'dead: 发送途中程序中断', 0],
] as const)('%s: what a process had begun to send when it died: %s', async (kind, to, state, arrived) => {
  const w = await channelWorld()
  const { channel, people } = await w.add(kind, { to: [to] })
  await w.complain()
  const waiting = await pendingAt(w.storage.reads, `${kind}:${channel.id}`, 9)
  expect(waiting.length).toBe(1)
  // As far as the one that died had come.
  await w.storage.transaction((tx) =>
    startDispatch(tx, {
      ...{ tenant: w.tenant.id, channel: channel.id, recipient: people[0] ?? asId('') },
      deliveries: waiting.map(({ id }) => id),
    }),
  )
  await w.restart()
  await w.pass(10 * minute, minute)
  expect(await states(w, kind)).toEqual([expect.stringMatching(new RegExp(`^${state}`))])
  expect(w.outside.mail.mails().length + w.outside.sms.messages().length).toBe(arrived)
  const log = await listDispatches(w.storage.reads, channel.id, 9)
  expect(log.map((one) => one.state)).toEqual(arrived === 1 ? ['sent', 'unknown'] : ['unknown'])
})

test('a channel that never comes back: what waited for a day and a half is given up, with the reason, and can be tried again', async () => {
  const w = await channelWorld()
  await w.add('email', { to: [li], secrets: { password: 'loginpassword' } })
  await w.complain()
  await w.pass(35 * 60 * minute, 5 * hour)
  expect(await states(w, 'email')).toEqual(['waiting'])
  await w.pass(3 * 60 * minute, hour)
  expect(await states(w, 'email')).toEqual([expect.stringMatching(/^dead: .*授权码/)])
})

test('what nobody signed learns nothing at the service account’s address, and too much is not read', async () => {
  const w = await channelWorld()
  const { channel } = await w.add('official-account', { to: [] })
  const post = async (path: string, body: string) => {
    const answer = await fetch(`${w.url}/hooks/official/${path}`, { method: 'POST', body })
    return [answer.status, await answer.text()]
  }
  const event = '<xml><FromUserName>o1</FromUserName><Event>SCAN</Event><EventKey>b_x</EventKey></xml>'
  expect(await post(channel.id, event)).toEqual([403, 'refused'])
  expect(await post(channel.id, '')).toEqual([403, 'refused'])
  expect(await post('chn_unknown', event)).toEqual([404, 'no such address'])
  expect(await post(channel.id, 'x'.repeat(300_000))).toEqual([413, 'too large'])
  const { channel: mail } = await w.add('email', { to: [] })
  expect(await post(mail.id, event)).toEqual([404, 'no such address'])
})
