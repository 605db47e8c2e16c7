import { describe, expect, test } from 'vitest'
import { pictureHash } from '../../src/core/picture.ts'
import { actionsOf } from '../../src/storage/actions.ts'
import { listComplaints } from '../../src/storage/complaints.ts'
import { group, type World } from '../support/world.ts'
import { cardId, chen, li, picture, pictures, pressOn, readAgain, withComplaint, words } from './people.ts'

const accepted = '已收到，正在提交平台：#1 补充凭证'
const two = '（附图 2 张）'

/** What arrived on the platform by us: act, text, how many pictures. */
const arrived = (w: World) =>
  w.wechat
    .ledger()
    .filter(({ by }) => by === 'merchant')
    .map(({ what, text, media }) => [what, text, media?.length ?? 0].filter((part) => part !== undefined).join(' '))

const mediaOf = (w: World) =>
  w.wechat
    .ledger()
    .filter(({ by }) => by === 'merchant')
    .flatMap(({ media }) => media?.map(({ sha256 }) => sha256) ?? [])

async function actions(w: World) {
  const [complaint] = await listComplaints(w.storage.reads, { tenant: w.tenant.id, which: 'all', limit: 1 })
  return complaint ? actionsOf(w.storage.reads, complaint.id, 10) : []
}

describe('evidence', () => {
  test('is shown before it goes, to its author alone, and goes once however often it is submitted', async () => {
    const w = await withComplaint('evidence')
    const shots = await pictures(2)
    const draft = await w.chat.say(li, group, '/补凭证 1 物流签收记录', { pictures: shots })
    expect(draft.onlyFor).toEqual([li.id])
    expect(draft.card).toMatchObject({
      title: '#1 提交前请核对',
      lines: [
        { label: '说明', text: '物流签收记录' },
        { label: '图片', text: '2 张（最多 4 张）' },
      ],
    })
    expect(draft.card?.buttons.map(({ label }) => label)).toEqual(['确认提交', '放弃'])
    await w.settle()
    expect(arrived(w)).toEqual([])

    const [first, second] = await Promise.all([
      pressOn(w, li, draft.card, '确认提交'),
      pressOn(w, li, draft.card, '确认提交'),
    ])
    expect([words(first), words(second)].sort()).toEqual(
      [accepted + two, '处理中：补充凭证由 小李 提交，请等结果'].sort(),
    )
    expect(first.fresh).toMatchObject({ buttons: [] })
    await w.settle()
    expect(words(await pressOn(w, li, draft.card, '确认提交'))).toBe('已经提交过了：补充凭证 · 小李')
    await w.settle()
    expect([arrived(w), (await actions(w)).length]).toEqual([['evidence 物流签收记录 2'], 1])
    expect(mediaOf(w).sort()).toEqual(shots.map(({ bytes }) => pictureHash(bytes)).sort())
  })
  test('can be discarded: nothing goes, the pictures are forgotten', async () => {
    const w = await withComplaint('evidence')
    const draft = await w.chat.say(li, group, '/evidence 1 x', { pictures: await pictures(3) })
    expect(words(await pressOn(w, li, draft.card, '放弃'))).toBe('已放弃，没有提交')
    const again = await w.chat.say(li, group, '/evidence 1 y')
    expect(again.card?.lines[1]?.text).toBe('0 张（最多 4 张）')
    await w.settle()
    expect(arrived(w)).toEqual([])
  })
  test('that has gone does not go again with the next', async () => {
    const w = await withComplaint('evidence')
    await pressOn(
      w,
      li,
      (await w.chat.say(li, group, '/evidence 1 x', { pictures: await pictures(2) })).card,
      '确认提交',
    )
    await w.settle()
    await w.wechat.set(w.wechat.complaints()[0]?.id ?? 0, { status: 106 })
    await readAgain(w)
    const next = await w.chat.say(li, group, '/evidence 1 y')
    expect(next.card?.lines[1]?.text).toBe('0 张（最多 4 张）')
  })
  test('may come in several messages: what was laid ready goes along', async () => {
    const w = await withComplaint('evidence')
    await w.chat.say(li, group, '', { pictures: [await picture('png', 1)], replyTo: cardId(w) })
    const draft = await w.chat.say(li, group, '见附图', { pictures: [await picture('png', 2)], replyTo: cardId(w) })
    expect(draft.card?.lines.map(({ text }) => text)).toEqual(['见附图', '2 张（最多 4 张）'])
    await pressOn(w, li, draft.card, '确认提交')
    await w.settle()
    expect(arrived(w)).toEqual(['evidence 见附图 2'])
  })
  test('by button: the words and pictures that were asked for', async () => {
    const w = await withComplaint('evidence')
    const { ask } = await w.chat.pressLabel(li, group, '#1', '补充凭证')
    expect(ask?.prompt).toBe('#1 补充凭证：请写说明并附图（最多 4 张）')
    const draft = await w.chat.say(li, group, '签收记录', { pictures: await pictures(1) })
    await pressOn(w, li, draft.card, '确认提交')
    await w.settle()
    expect(arrived(w)).toEqual(['evidence 签收记录 1'])
  })
  test('without words or pictures is refused; with words alone or a picture alone it goes', async () => {
    const w = await withComplaint('evidence')
    expect(words(await w.chat.say(li, group, '/evidence 1'))).toBe('还缺内容：请写说明，或附图片')
    expect((await w.chat.say(li, group, '/evidence 1 x')).card).toBeDefined()
    expect((await w.chat.say(li, group, '/evidence 1', { pictures: await pictures(1) })).card?.lines[0]?.text).toBe(
      '（无）',
    )
  })
  test('that is too long or has too many pictures is refused with both figures', async () => {
    const w = await withComplaint('evidence')
    expect(words(await w.chat.say(li, group, `/evidence 1 ${'字'.repeat(501)}`))).toBe(
      '太长了：501 字，最多 500 字；请删短后重发',
    )
    expect(words(await w.chat.say(li, group, '/evidence 1 x', { pictures: await pictures(5) }))).toBe(
      '图片太多：5 张，最多 4 张；请去掉几张后重发',
    )
  })
  test('after too many pictures, fewer are taken', async () => {
    const w = await withComplaint('evidence')
    const shots = await pictures(5)
    await w.chat.say(li, group, '/evidence 1 x', { pictures: shots })
    const again = await w.chat.say(li, group, '/evidence 1 x', { pictures: shots.slice(0, 3) })
    expect(again.card?.lines[1]?.text).toBe('3 张（最多 4 张）')
  })
  test('where none is asked for is refused, and nothing is drafted', async () => {
    const w = await withComplaint('answer')
    const answer = await w.chat.say(li, group, '/evidence 1 x')
    expect(words(answer)).toBe('#1 现在不能做这一步（待处理）；请看最新卡片上的按钮')
    expect(answer.card).toBeUndefined()
  })
  test('where none is asked for keeps no pictures either', async () => {
    const w = await withComplaint('answer')
    await w.chat.say(li, group, '/evidence 1 x', { pictures: await pictures(2) })
    expect(await w.storage.reads.db.selectFrom('staged').selectAll().execute()).toEqual([])
  })
})

describe('the confirm', () => {
  test('is its author’s alone', async () => {
    const w = await withComplaint('evidence')
    const draft = await w.chat.say(li, group, '/evidence 1 x')
    for (const label of ['确认提交', '放弃'])
      expect(await pressOn(w, chen, draft.card, label)).toEqual({
        toast: '这个按钮只给发起的人；请自己发起一次',
        alert: true,
      })
    await w.settle()
    expect(arrived(w)).toEqual([])
  })
  test('runs out after ten minutes', async () => {
    const w = await withComplaint('evidence')
    const draft = await w.chat.say(li, group, '/evidence 1 x')
    w.clock.step(600_000)
    const answer = await pressOn(w, li, draft.card, '确认提交')
    expect(answer).toMatchObject({ toast: '这个按钮已过期；请用最新卡片重新操作', alert: true })
    await w.settle()
    expect(arrived(w)).toEqual([])
  })
  test('is out of date when somebody else was faster', async () => {
    const w = await withComplaint('evidence')
    const mine = await w.chat.say(li, group, '/evidence 1 我的')
    const theirs = await w.chat.say(chen, group, '/evidence 1 他的')
    expect(words(await pressOn(w, chen, theirs.card, '确认提交'))).toBe(accepted)
    expect(words(await pressOn(w, li, mine.card, '确认提交'))).toBe('处理中：补充凭证由 阿陈 提交，请等结果')
    await w.settle()
    const late = words(await pressOn(w, li, mine.card, '确认提交'))
    expect(late).toMatch(/^(刚刚有变化|#1 现在不能做这一步)/)
    await w.settle()
    expect(arrived(w)).toEqual(['evidence 他的 0'])
  })
})

describe('photos in answer to a card that waits for an answer', () => {
  test('are laid ready and go along with what is said next, then are gone', async () => {
    const w = await withComplaint()
    const shots = await pictures(2)
    const kept = await w.chat.say(li, group, '', { pictures: shots, replyTo: cardId(w) })
    expect(words(kept)).toBe('#1 已收 2 张图片；同意或拒绝时会一并提交')
    await w.settle()
    expect(arrived(w)).toEqual([])
    await w.chat.say(li, group, '/同意 1 见附图')
    await w.settle()
    expect(arrived(w)).toEqual(['respond 见附图 2'])
    expect(mediaOf(w).sort()).toEqual(shots.map(({ bytes }) => pictureHash(bytes)).sort())
  })
  test('can be discarded', async () => {
    const w = await withComplaint()
    const kept = await w.chat.say(li, group, '', { pictures: await pictures(2), replyTo: cardId(w) })
    expect(kept.onlyFor).toEqual([li.id])
    expect(words(await pressOn(w, li, kept.card, '放弃'))).toBe('已放弃，没有提交')
    expect(words(await w.chat.say(li, group, '/同意 1 好的'))).toBe('已收到，正在提交平台：#1 同意和解')
    await w.settle()
    expect(arrived(w)).toEqual(['respond 好的 0'])
  })
  test('that came with words: the words are not sent, and it is said how to', async () => {
    const w = await withComplaint()
    const kept = await w.chat.say(li, group, '我们同意', { pictures: await pictures(1), replyTo: cardId(w) })
    expect(kept.card?.note).toBe('附带的文字没有提交；要提交请发送 /agree 1 … · /refuse 1 …')
    await w.settle()
    expect(arrived(w)).toEqual([])
  })
  test('more than the platform takes: as many as there is room for, and the rest is named', async () => {
    const w = await withComplaint()
    const shots = await pictures(6)
    await w.chat.say(li, group, '', { pictures: shots.slice(0, 3), replyTo: cardId(w) })
    w.clock.advance(1_000)
    const kept = await w.chat.say(li, group, '', { pictures: shots.slice(2), replyTo: cardId(w) })
    expect([words(kept), kept.card?.note]).toEqual([
      '#1 已收 4 张图片；同意或拒绝时会一并提交',
      '有 2 张没有收下，最多 4 张；要换请先按放弃，再重发',
    ])
    expect(words(await w.chat.say(li, group, '/同意 1 见附图'))).toContain('（附图 4 张）')
    await w.settle()
    expect(mediaOf(w)).toEqual(shots.slice(0, 4).map(({ bytes }) => pictureHash(bytes)))
  })
  test('go along with nobody else’s words', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '', { pictures: await pictures(1), replyTo: cardId(w) })
    await w.chat.say(chen, group, '/同意 1 好的')
    await w.settle()
    expect(arrived(w)).toEqual(['respond 好的 0'])
  })
  test('come with the words to a question, too', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '拒绝和解')
    await w.chat.say(li, group, '见附图', { pictures: await pictures(1) })
    await w.settle()
    expect(arrived(w)).toEqual(['respond 见附图 1'])
  })
  test('wait with the question while its words are mended', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '拒绝和解')
    const shots = await pictures(2)
    const long = await w.chat.say(li, group, '字'.repeat(501), { pictures: shots })
    expect([long.card?.title, long.ask?.prompt]).toEqual([
      '#1 已收 2 张图片；下一步会一并提交，不要请按放弃',
      expect.stringContaining('#1 拒绝和解'),
    ])
    expect(words(await w.chat.say(li, group, '见附图'))).toBe('已收到，正在提交平台：#1 拒绝和解（附图 2 张）')
    await w.settle()
    expect(arrived(w)).toEqual(['respond 见附图 2'])
  })
  test('too many with the words to a question: asked once more, none is kept', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '拒绝和解')
    const shots = await pictures(5)
    const many = await w.chat.say(li, group, '见附图', { pictures: shots })
    expect([words(many), many.card, many.ask?.pictures]).toEqual([
      '图片太多：5 张，最多 4 张；请去掉几张后重发',
      undefined,
      true,
    ])
    await w.chat.say(li, group, '见附图', { pictures: shots.slice(0, 1) })
    await w.settle()
    expect(arrived(w)).toEqual(['respond 见附图 1'])
  })
  test('in answer to nothing are nobody’s affair', async () => {
    const w = await withComplaint()
    expect(await w.chat.say(li, group, '', { pictures: await pictures(1) })).toEqual({})
  })
})

describe('a picture', () => {
  test('of a type that the platform does not take arrives as JPEG', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    await w.chat.say(li, group, '见附图', { pictures: [await picture('webp')] })
    await w.settle()
    const [hash] = mediaOf(w)
    expect(
      w.wechat
        .picture(hash ?? '')
        ?.subarray(0, 3)
        .toString('hex'),
    ).toBe('ffd8ff')
  })
  test('that is a text in truth is refused, and nothing is sent without it', async () => {
    const w = await withComplaint()
    const fake = { type: 'image/png', bytes: Buffer.from('not a picture') } as const
    const answer = await w.chat.say(li, group, '/同意 1 见附图', { pictures: [fake] })
    expect(words(answer)).toContain('有图片用不了')
    await w.settle()
    expect(arrived(w)).toEqual([])
  })
  test('that did not reach us is missed, and nothing is sent without it', async () => {
    const w = await withComplaint()
    const answer = await w.chat.say(li, group, '/同意 1 见附图', { pictures: await pictures(1), lost: 2 })
    expect(words(answer)).toBe('有 2 张图片没有收到，请重发')
    expect(answer.card).toMatchObject({
      title: '#1 已收 1 张图片；下一步会一并提交，不要请按放弃',
      buttons: [{ label: '放弃' }],
    })
    await w.settle()
    expect(arrived(w)).toEqual([])
  })
  test('that is broken is said to be broken, not too big', async () => {
    const w = await withComplaint()
    const fake = { type: 'image/png', bytes: Buffer.from('not a picture') } as const
    expect(words(await w.chat.say(li, group, '/同意 1 见附图', { pictures: [fake] }))).not.toContain('MB')
  })
  test('that was laid ready long ago does not go along with today’s words', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '', { pictures: await pictures(1), replyTo: cardId(w) })
    w.clock.step(24 * 3_600_000)
    await w.chat.say(li, group, '/同意 1 好的')
    await w.settle()
    expect(arrived(w)).toEqual(['respond 好的 0'])
  })
  test('that was laid ready is forgotten when the case is closed', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '', { pictures: await pictures(1), replyTo: cardId(w) })
    await w.wechat.set(w.wechat.complaints()[0]?.id ?? 0, { status: 205, push: true })
    await w.settle()
    expect(await w.storage.reads.db.selectFrom('staged').selectAll().execute()).toEqual([])
  })
  test('of a message that is heard twice is laid ready once', async () => {
    const w = await withComplaint()
    const shots = await pictures(1)
    await w.chat.say(li, group, '/同意 1 好的', { pictures: shots, id: 'same' })
    await w.chat.say(li, group, '/同意 1 好的', { pictures: shots, id: 'same' })
    await w.settle()
    const rows = await w.storage.reads.db.selectFrom('staged').selectAll().execute()
    expect([arrived(w), rows]).toEqual([['respond 好的 1'], []])
  })
})
