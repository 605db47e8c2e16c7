import { describe, expect, test } from 'vitest'
import { fen } from '../../src/core/words.ts'
import { createBindCode } from '../../src/storage/bind-codes.ts'
import { createBot } from '../../src/storage/bots.ts'
import { changeMember, createMember, listMembers } from '../../src/storage/members.ts'
import { listRooms } from '../../src/storage/rooms.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { alone } from '../support/chat.ts'
import { group, type World, world } from '../support/world.ts'
import { chen, li, picture, stranger, wang, withComplaint, words } from './people.ts'

const notBound = '你还没有绑定身份，不能操作。请向管理员要一个绑定码，私聊我发送 /bind 绑定码'

describe('somebody who is not bound', () => {
  test('gets a pointer for a press or a command, nothing for talk, and changes nothing', async () => {
    const w = await withComplaint()
    expect(await w.chat.pressLabel(stranger, group, '#1', '同意和解')).toEqual({ toast: notBound, alert: true })
    for (const label of ['拒绝和解', '认领', '详情'])
      expect((await w.chat.pressLabel(stranger, group, '#1', label)).toast).toBe(notBound)
    for (const said of ['/list', '/同意 1 好的', '/evidence 1 x', '/note 1 x', '/claim 1', '/nothing'])
      expect(await w.chat.say(stranger, group, said)).toEqual({ text: notBound, onlyFor: [stranger.id] })
    expect(await w.chat.say(stranger, group, '大家好')).toEqual({})
    expect(
      await w.chat.say(stranger, group, '', { pictures: [await picture()], replyTo: w.chat.card(group, '#1').id }),
    ).toEqual({})
    await w.settle()
    expect([w.effects(), w.chat.card(group, '#1').edits]).toEqual([[], 0])
  })
  test('is told in private who they are to us, and how to be bound', async () => {
    const w = await world()
    expect((await w.chat.say(stranger, alone(stranger), '你好')).text).toBe(notBound)
    expect((await w.chat.say(stranger, alone(stranger), '/whoami')).text).toContain('u-x')
    expect((await w.chat.say(stranger, alone(stranger), '/help')).text).toContain('/bind')
  })
})

describe('a viewer', () => {
  test('looks at everything and does nothing', async () => {
    const w = await withComplaint()
    expect((await w.chat.say(wang, group, '/list')).card?.lines.length).toBe(1)
    expect((await w.chat.pressLabel(wang, group, '#1', '详情')).card?.title).toBe('#1 详情')
    const no = '你的角色不能做这件事，需要「客服」；请找管理员调整'
    for (const label of ['同意和解', '拒绝和解', '认领'])
      expect(await w.chat.pressLabel(wang, group, '#1', label)).toMatchObject({ toast: no, alert: true })
    for (const said of ['/agree 1 好的', '/refuse 1 不', '/claim 1', '/note 1 x'])
      expect((await w.chat.say(wang, group, said)).text).toBe(no)
    expect(
      (await w.chat.say(wang, group, 'x', { pictures: [await picture()], replyTo: w.chat.card(group, '#1').id })).text,
    ).toBe(no)
    await w.settle()
    expect(w.effects()).toEqual([])
  })
})

describe('a group that is not bound', () => {
  test('points a member to the code, and knows no complaints', async () => {
    const w = await withComplaint()
    const no = '这个群还没有绑定。请管理员生成群绑定码，在这里发送 /bind 绑定码'
    expect((await w.chat.say(li, 'other', '/list')).text).toBe(no)
    expect((await w.chat.say(li, 'other', '/同意 1 好的')).text).toBe(no)
    const { token } = w.chat.card(group, '#1').card.buttons[0] ?? {}
    expect((await w.chat.press(li, 'other', w.chat.card(group, '#1').id, token ?? ('' as never))).toast).toBe(no)
    expect(await w.chat.say(li, 'other', '大家好')).toEqual({})
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('is bound by a group’s code, once, in the code’s language', async () => {
    const w = await world()
    const code = await codeFor(w, { purpose: 'room', tenant: w.tenant.id, language: 'en' })
    expect((await w.chat.say(stranger, 'new', `/bind ${code.toLowerCase()} `)).text).toBe(
      'This group is bound to "小店"; new complaints come here',
    )
    expect((await w.chat.say(stranger, 'new', `/bind ${code}`)).text).toBe('This group is bound already')
    expect((await w.chat.say(stranger, 'newer', `/bind ${code}`)).text).toContain('绑定码无效或已过期')
    await w.complain()
    expect(w.chat.card('new', '#1').card.buttons.map(({ label }) => label)).toContain('Agree')
    expect(w.chat.card(group, '#1').card.buttons.map(({ label }) => label)).toContain('同意和解')
  })
  test('shows from then on what is open already; the groups that show it hear nothing new', async () => {
    const w = await withComplaint()
    const { id } = await w.complain({ text: '已了结' })
    await w.wechat.set(id, { status: 205, push: true })
    await w.settle()
    const before = w.chat.sent.filter(({ chat }) => chat === group).length
    const code = await codeFor(w, { purpose: 'room', tenant: w.tenant.id, language: 'zh-CN' })
    await w.chat.say(li, 'new', `/bind ${code}`)
    await w.settle()
    expect(w.chat.cards('new').map((card) => card.title)).toEqual(['#1 小店 · 待处理'])
    expect(w.chat.sent.filter(({ chat }) => chat === group).length).toBe(before)
    expect((await w.chat.pressLabel(li, 'new', '#1', '同意和解')).ask).toBeDefined()
    const none = await codeFor(w, { purpose: 'room', tenant: w.tenant.id, language: 'zh-CN', accounts: [] })
    await w.chat.say(li, 'narrow', `/bind ${none}`)
    await w.settle()
    expect(w.chat.cards('narrow')).toEqual([])
  })
})

describe('a person is bound in private by a one-time code', () => {
  const bad = '绑定码无效或已过期（群绑定码请在群里发送）；请向管理员要新的个人绑定码'

  test('once; afterwards they may what their role allows', async () => {
    const w = await withComplaint()
    const code = await codeFor(w, { purpose: 'member', tenant: w.tenant.id, member: await newMember(w) })
    expect((await w.chat.say(stranger, alone(stranger), `/绑定 ${code}`)).text).toBe('已绑定：新人（客服）')
    expect(
      (await w.chat.say({ id: 'u-y', name: '又一人' }, alone({ id: 'u-y', name: '' }), `/bind ${code}`)).text,
    ).toBe(bad)
    expect((await w.chat.say(stranger, alone(stranger), '/whoami')).text).toBe(
      '你是 新人（@new），角色：客服，商家：小店',
    )
    expect((await w.chat.say(stranger, group, '/claim 1')).text).toBe('#1 由你处理')
  })
  test('not by a group’s code; a person’s code that was sent into a group is void: everybody has seen it', async () => {
    const w = await world()
    const forRoom = await codeFor(w, { purpose: 'room', tenant: w.tenant.id, language: 'zh-CN' })
    const forPerson = await codeFor(w, { purpose: 'member', tenant: w.tenant.id, member: await newMember(w) })
    expect((await w.chat.say(stranger, alone(stranger), `/bind ${forRoom}`)).text).toBe(bad)
    expect((await w.chat.say(stranger, 'new', `/bind ${forPerson}`)).text).toContain('发到群里即作废')
    expect((await w.chat.say(stranger, alone(stranger), `/bind ${forPerson}`)).text).toBe(bad)
    expect((await w.chat.say(stranger, 'new', `/bind ${forRoom}`)).text).toContain('本群已绑定')
  })
  test('not after a day, not with a wrong one, not without any', async () => {
    const w = await world()
    const code = await codeFor(w, { purpose: 'member', tenant: w.tenant.id, member: await newMember(w) })
    w.clock.step(24 * 3_600_000)
    expect((await w.chat.say(stranger, alone(stranger), `/bind ${code}`)).text).toBe(bad)
    expect((await w.chat.say(stranger, alone(stranger), '/bind AAAAAAAAAA')).text).toBe(bad)
    expect((await w.chat.say(stranger, alone(stranger), '/bind')).text).toBe('用法：/bind ABCDE23456')
  })
  test('not with another business’s code: nothing is told and nothing is bound', async () => {
    const w = await world()
    const code = await w.storage.transaction(async (tx) => {
      const other = await createTenant(tx, {
        handle: 'other',
        name: '别家',
        zone: 'Asia/Shanghai',
        language: 'zh-CN',
        secondPersonFrom: fen(1),
      })
      if (!other) throw new Error('no tenant')
      await createBot(tx, {
        tenant: other.id,
        kind: 'browser',
        name: 'theirs',
        enabled: false,
        settings: {},
        secrets: {},
      })
      const member = await createMember(tx, {
        tenant: other.id,
        handle: 'x',
        name: '别人',
        role: 'admin',
        enabled: true,
      })
      if (!member) throw new Error('no member')
      const room = await createBindCode(tx, { purpose: 'room', tenant: other.id, language: 'en' })
      const person = await createBindCode(tx, { purpose: 'member', tenant: other.id, member: member.id })
      return { room: room.code, person: person.code }
    })
    expect((await w.chat.say(stranger, alone(stranger), `/bind ${code.person}`)).text).toBe(bad)
    expect((await w.chat.say(stranger, 'new', `/bind ${code.room}`)).text).not.toContain('别家')
    expect((await listRooms(w.storage.reads, w.tenant.id)).map(({ chat }) => chat)).toEqual([group])
  })
})

describe('who someone is', () => {
  test('is looked up anew every time: a disabled member is nobody', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/whoami'))).toContain('@li')
    const member = (await listMembers(w.storage.reads, w.tenant.id)).find(({ handle }) => handle === 'li')
    if (!member) throw new Error('no member')
    await w.storage.transaction((tx) => changeMember(tx, w.tenant.id, member.id, { enabled: false }))
    expect((await w.chat.say(li, group, '/list')).text).toBe(notBound)
    expect((await w.chat.pressLabel(li, group, '#1', '同意和解')).toast).toBe(notBound)
  })
  test('a member may ask and act in private', async () => {
    const w = await withComplaint()
    expect((await w.chat.say(chen, alone(chen), '/list')).card?.lines.length).toBe(1)
    expect((await w.chat.say(chen, alone(chen), '/同意 1 马上处理')).text).toBe('已收到，正在提交平台：#1 同意和解')
    await w.settle()
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })
})

async function newMember(w: World) {
  const member = await w.storage.transaction((tx) =>
    createMember(tx, { tenant: w.tenant.id, handle: 'new', name: '新人', role: 'agent', enabled: true }),
  )
  expect((await listMembers(w.storage.reads, w.tenant.id)).length).toBe(4)
  if (!member) throw new Error('no member')
  return member.id
}

const codeFor = async (w: World, binding: Parameters<typeof createBindCode>[1]) =>
  (await w.storage.transaction((tx) => createBindCode(tx, binding))).code
