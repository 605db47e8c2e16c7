import { describe, expect, test } from 'vitest'
import type { Member } from '../../src/complaints/member.ts'
import { fen } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { createMember } from '../../src/storage/members.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { group, type World } from '../support/world.ts'
import { cardId, chen, li, wang, withComplaint, words } from './people.ts'

type New = Pick<Member, 'handle' | 'name'> & Partial<Member>

const hire = (w: World, member: New) =>
  w.storage.transaction((tx) => createMember(tx, { tenant: w.tenant.id, role: 'agent', enabled: true, ...member }))

/** Who handles it, as the card says. */
const holder = (w: World, number = 1) =>
  w.chat.card(group, `#${number}`).card.lines.find(({ label }) => label === '处理人')?.text

async function given(w: World) {
  const complaint = await findRunning(w.storage.reads, w.tenant.id, 1)
  const facts = complaint ? await factsOf(w.storage.reads, complaint.id, 50) : []
  return facts.flatMap(({ fact }) => (fact.kind === 'assigned' ? [`${fact.by.name} → ${fact.to.name}`] : []))
}

describe('/assign', () => {
  test.each(['/assign 1 @li', '／指派　１　＠ｌｉ', '/转交 #1 小李', '/assign 1 LI', '/assign 1 @ li '])(
    '%s gives it to that member: the card names them, and a line tells the room',
    async (said) => {
      const w = await withComplaint()
      expect(words(await w.chat.say(chen, group, said))).toBe('#1 已指派给 小李')
      await w.settle()
      expect([holder(w), await given(w)]).toEqual(['小李', ['阿陈 → 小李']])
      expect(w.chat.texts(group)).toEqual(['#1 由 阿陈 指派给 小李'])
    },
  )
  test('in answer to the card the number may be left out', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(chen, group, '/assign @li', { replyTo: cardId(w) }))).toBe('#1 已指派给 小李')
    await w.settle()
    expect(holder(w)).toBe('小李')
  })
  test('the member has it: it is among theirs, and theirs to release', async () => {
    const w = await withComplaint()
    await w.chat.say(chen, group, '/assign 1 @li')
    expect((await w.chat.say(li, group, '/list mine')).card?.lines.length).toBe(1)
    expect(words(await w.chat.say(li, group, '/release 1'))).toBe('#1 已放回，大家都可以认领')
    await w.settle()
    expect(holder(w)).toBeUndefined()
  })
  test('from somebody else goes on to a third; the same again says so and is told once', async () => {
    const w = await withComplaint()
    await hire(w, { handle: 'zhou', name: '老周' })
    await w.chat.say(li, group, '/claim 1')
    expect(words(await w.chat.say(chen, group, '/assign 1 @zhou'))).toBe('#1 已指派给 老周')
    expect(words(await w.chat.say(chen, group, '/assign 1 @zhou'))).toBe('#1 已指派给 老周')
    await w.settle()
    expect([holder(w), await given(w)]).toEqual(['老周', ['阿陈 → 老周']])
  })
  test('to oneself is a claim; held by somebody else, it is taken over aloud', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/assign 1 @li'))).toBe('#1 由你处理')
    await w.settle()
    expect([holder(w), await given(w), w.chat.texts(group)]).toEqual(['小李', [], ['#1 由 小李 认领']])
    expect(words(await w.chat.say(chen, group, '/assign 1 @chen'))).toBe('#1 由你处理')
    await w.settle()
    expect([holder(w), await given(w)]).toEqual(['阿陈', ['阿陈 → 阿陈']])
    expect(w.chat.texts(group)).toContain('#1 由 阿陈 指派给 阿陈')
  })
  test('two at once leave one holder, whom card and newest line name', async () => {
    const w = await withComplaint()
    await Promise.all([w.chat.say(chen, group, '/assign 1 @li'), w.chat.say(li, group, '/assign 1 @chen')])
    await w.settle()
    const [newest] = await given(w)
    expect(newest?.endsWith(`→ ${holder(w)}`)).toBe(true)
    expect(
      w.chat
        .texts(group)
        .at(-1)
        ?.endsWith(`指派给 ${holder(w)}`),
    ).toBe(true)
  })
})

describe('nobody gets it', () => {
  const able = '@chen（阿陈） @li（小李）'

  test('where nobody is named: it says who there is', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/assign 1'))).toBe(`把 #1 指派给谁？${able}；例：/assign 1 @chen`)
    expect(words(await w.chat.say(li, group, '/assign 1 @'))).toContain('指派给谁')
  })
  test.each([
    ['somebody unknown', '@nobody', 'nobody'],
    ['a viewer', '@wang', 'wang'],
    ['a viewer by name', '小王', '小王'],
    ['somebody who has left', '@gone', 'gone'],
    ['somebody of another business', '@theirs', 'theirs'],
    ['half a name', '@l', 'l'],
  ])('%s', async (_, to, word) => {
    const w = await withComplaint()
    await hire(w, { handle: 'gone', name: '离职', enabled: false })
    await w.storage.transaction(async (tx) => {
      const of = { zone: 'Asia/Shanghai', language: 'zh-CN', secondPersonFrom: fen(1) } as const
      const other = await createTenant(tx, { handle: 'other', name: '别家', ...of })
      if (!other) throw new Error('no tenant')
      await createMember(tx, { tenant: other.id, handle: 'theirs', name: '别人', role: 'admin', enabled: true })
    })
    expect(words(await w.chat.say(chen, group, `/assign 1 ${to}`))).toBe(
      `没有唯一的可处理成员叫「${word}」；可选：${able}`,
    )
    await w.settle()
    expect([holder(w), await given(w), w.chat.texts(group)]).toEqual([undefined, [], []])
  })
  test('a name that two bear; by the handle each is reached, also where it is the other’s name', async () => {
    const w = await withComplaint()
    await hire(w, { handle: 'li2', name: '小李' })
    await hire(w, { handle: 'ann', name: 'Li2' })
    expect(words(await w.chat.say(chen, group, '/assign 1 小李'))).toContain('@li（小李） @li2（小李）')
    expect(words(await w.chat.say(chen, group, '/assign 1 @li2'))).toBe('#1 已指派给 小李')
    await w.settle()
    expect(holder(w)).toBe('小李')
    await w.chat.say(li, group, '/release 1')
    expect(words(await w.chat.say(li, group, '/release 1'))).toContain('由 小李 认领')
  })
  test('a name with full-width letters is found as it reads', async () => {
    const w = await withComplaint()
    await hire(w, { handle: 'a1', name: 'Ａｎｎ Ｌｉ' })
    expect(words(await w.chat.say(chen, group, '/assign 1 ann li'))).toBe('#1 已指派给 Ａｎｎ Ｌｉ')
  })
  test('by a viewer', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(wang, group, '/assign 1 @li'))).toContain('需要「客服」')
    await w.settle()
    expect([holder(w), await given(w)]).toEqual([undefined, []])
  })
  test('of a number that is not there', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(chen, group, '/assign 7 @li'))).toContain('没有找到投诉 #7')
    expect(words(await w.chat.say(chen, group, '/assign @li'))).toContain('要说明是哪一单')
  })
})

test('in English', async () => {
  const w = await withComplaint('answer', { language: 'en' })
  expect(words(await w.chat.say(chen, group, '/assign 1 @li'))).toBe('#1 is given to 小李')
  await w.settle()
  expect(w.chat.texts(group)).toEqual(['#1 given to 小李 by 阿陈'])
})
