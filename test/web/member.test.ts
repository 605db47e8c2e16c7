import { describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { alone } from '../support/chat.ts'
import { group, people, world } from '../support/world.ts'
import { addressIn, enter, formsOf, labels, surfer } from './support.ts'

const { li, chen, wang } = people
const photo = (at = 0) => new Blob([new Uint8Array(parcelPhoto(at))], { type: 'image/png' })

describe('a member’s own link', () => {
  test('is given in a private chat alone, and opens once by a press; whoever only fetches it changes nothing', async () => {
    const w = await world()
    await w.complain({ text: '杯子碎了', amount: 1990 })
    expect(await w.chat.say(li, group, '/link 1')).toMatchObject({
      text: '处理页的链接只发给本人：请在与机器人的私聊中发送 /link 1',
      onlyFor: [li.id],
    })
    const link = addressIn(await w.chat.say(li, alone(li), '/link 1'))
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/case\/[\w-]+\.[\w-]{22}$/)
    const preview = surfer(w)
    for (let at = 0; at < 3; at++) {
      const looked = await preview.get(link)
      expect(looked.status).toBe(200)
      expect(looked.words).not.toContain('杯子')
      expect(looked.headers.get('set-cookie')).toBeNull()
    }
    const browser = surfer(w)
    const opened = await browser.post(link)
    expect(opened.status).toBe(303)
    expect(opened.headers.get('set-cookie')).toMatch(
      /^redress_case=[\w-]{32}; Max-Age=3600; Path=\/case\/own\/[\w-]+; Expires=.*; HttpOnly; SameSite=Strict$/,
    )
    const address = new URL(opened.headers.get('location') ?? '', link).href
    expect((await browser.get(address)).words).toContain('杯子碎了')
    // Used once, for whoever comes later, by whichever way.
    expect((await surfer(w).post(link)).status).toBe(410)
    expect((await surfer(w).get(link)).status).toBe(410)
    expect((await surfer(w).get(address)).status).toBe(410)
  })

  test('two who open it at once: one is in', async () => {
    const w = await world()
    await w.complain()
    const link = addressIn(await w.chat.say(li, alone(li), '/link 1'))
    const opened = await Promise.all(Array.from({ length: 5 }, () => surfer(w).post(link)))
    expect(opened.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410])
  })

  test('runs out after fifteen minutes, and what it opened after an hour', async () => {
    const w = await world()
    await w.complain()
    const late = addressIn(await w.chat.say(li, alone(li), '/link 1'))
    const page = await enter(w, li)
    w.clock.advance(15 * 60_000)
    expect((await surfer(w).get(late)).status).toBe(410)
    expect((await surfer(w).post(late)).status).toBe(410)
    expect((await page.look()).status).toBe(200)
    w.clock.advance(45 * 60_000)
    expect((await page.look()).status).toBe(410)
  })

  test('shows the case as the card does, with the moves of that person', async () => {
    const w = await world()
    await w.complain({ text: '杯子碎了', amount: 1990 })
    const page = await enter(w, li)
    const card = w.chat.card(group, '#1').card
    for (const { text } of card.lines) expect(page.now.words).toContain(text)
    expect(labels(page.now).slice(0, 4)).toEqual(['同意和解', '拒绝和解', '认领', '记下'])
    const viewer = await enter(w, wang)
    expect(labels(viewer.now)).toEqual([])
    expect(viewer.now.words).toContain('现在没有要你做的')
  })
})

describe('a move on the page', () => {
  test('is asked for, written, and done once: the platform sees it once, however often it is sent', async () => {
    const w = await world()
    await w.complain({ text: '杯子碎了', amount: 1990 })
    const page = await enter(w, li)
    const asked = await page.press('同意和解')
    expect(asked.words).toContain('#1 同意和解：请写给用户的说明')
    expect(w.effects()).toEqual([])
    const form = formsOf(asked.html).find(({ label }) => label === '提交')?.fields ?? {}
    const send = () => page.browser.post(page.address, { ...form, text: '马上补发', pictures: [photo()] })
    const twice = await Promise.all([send(), send(), send()])
    await w.settle()
    expect(w.effects()).toEqual(['respond agree 马上补发'])
    expect(twice.filter(({ words }) => words.includes('已收到，正在提交平台：#1 同意和解（附图 1 张）')).length).toBe(1)
    expect(twice.filter(({ words }) => words.includes('这一步已经提交过了')).length).toBe(2)
    const after = await page.look()
    expect(after.words).toContain('同意和解已提交 · 小李')
    // Told in the group as if it had been done there.
    expect(w.chat.texts(group)).toContain('#1 同意和解已提交 · 小李')
  })

  test('too many words come back to be mended, with what was typed', async () => {
    const w = await world()
    await w.complain()
    const page = await enter(w, li)
    await page.press('拒绝和解')
    const long = '长'.repeat(501)
    const again = await page.press('提交', { text: long })
    expect(again.words).toContain('太长了：501 字，最多 500 字')
    expect(again.html).toContain(`>${long}</textarea>`)
    await page.press('提交', { text: '已按约定发货' })
    expect(w.effects()).toEqual(['respond refuse 已按约定发货'])
  })

  test('evidence is looked at before it goes', async () => {
    const w = await world()
    await w.complain()
    await w.wechat.set(w.wechat.complaints()[0]?.id ?? 0, { status: 106, push: true })
    await w.settle()
    const page = await enter(w, li)
    await page.press('补充凭证')
    const shown = await page.press('提交', { text: '签收记录', pictures: [photo(0), photo(1)] })
    expect(shown.words).toContain('#1 提交前请核对')
    expect(shown.words).toContain('✓ 图片 2/')
    const before = w.effects().length
    await page.press('确认提交')
    expect(w.effects().slice(before)).toEqual(['evidence 签收记录'])
  })

  test('on a case that has changed since is not done: the page comes back as it is now', async () => {
    const w = await world()
    await w.complain()
    const page = await enter(w, li)
    const other = await enter(w, chen)
    await other.press('同意和解')
    await other.press('提交', { text: '同意' })
    const late = await page.press('拒绝和解')
    expect(late.words).toContain('刚刚有变化，请再看一次')
    expect(labels(late)).not.toContain('拒绝和解')
    expect(w.effects()).toEqual(['respond agree 同意'])
  })

  test('words are the answer to the page’s question alone, whatever was asked in the chat since', async () => {
    const w = await world()
    await w.complain({ text: '一' })
    await w.complain({ text: '二' })
    const page = await enter(w, li)
    await page.press('同意和解')
    await w.chat.hang(w.bot.id, alone(li), await w.chat.say(li, alone(li), '/show 2'))
    await w.chat.pressLabel(li, alone(li), '#2', '拒绝和解')
    const said = await page.press('提交', { text: '给第一单的话' })
    expect(said.words).toContain('刚刚有变化，请再看一次')
    expect(w.effects()).toEqual([])
  })

  test('a button of another complaint of the same chat is none of this page’s', async () => {
    const w = await world()
    await w.complain()
    await w.complain()
    const page = await enter(w, li)
    const other = await w.chat.say(li, alone(li), '/show 2')
    const token = other.card?.buttons.find(({ label }) => label === '认领')?.token ?? ''
    const said = await page.press('认领', { do: 'press', token })
    expect(said.words).toContain('刚刚有变化，请再看一次')
    expect(w.chat.card(group, '#2').card.lines.map(({ text }) => text)).not.toContain('小李')
  })

  test('claim, note and release', async () => {
    const w = await world()
    await w.complain()
    const page = await enter(w, li)
    await page.press('认领')
    await page.press('记下', { text: '已电话联系 <b>用户</b>' })
    expect(page.now.words).toContain('已记下')
    await page.look()
    expect(page.now.words).toContain('处理人 小李')
    expect(page.now.html).toContain('已电话联系 &#60;b&#62;用户')
    await page.press('放回')
    expect((await page.look()).words).not.toContain('处理人 小李')
  })

  test('is refused to whoever may do it no longer, at once', async () => {
    const w = await world()
    await w.complain()
    const page = await enter(w, li)
    const asked = await page.press('同意和解')
    const form = formsOf(asked.html).find(({ label }) => label === '提交')?.fields ?? {}
    await w.storage.transaction((tx) =>
      tx.db.updateTable('member').set({ role: 'viewer' }).where('handle', '=', 'li').execute(),
    )
    const said = await page.browser.post(page.address, { ...form, text: '好' })
    expect(said.words).toContain('你的角色不能做这件事')
    expect(labels(said)).toEqual([])
    await w.storage.transaction((tx) =>
      tx.db.updateTable('member').set({ enabled: 0 }).where('handle', '=', 'li').execute(),
    )
    expect((await page.look()).status).toBe(410)
    expect((await page.browser.post(page.address, form)).status).toBe(410)
    await w.settle()
    expect(w.effects()).toEqual([])
  })

  test('is refused to whoever is no longer that person in the chat', async () => {
    const w = await world()
    await w.complain()
    const page = await enter(w, li)
    const unopened = addressIn(await w.chat.say(li, alone(li), '/link 1'))
    await w.storage.transaction((tx) => tx.db.deleteFrom('identity').where('user', '=', li.id).execute())
    expect((await page.press('认领')).status).toBe(410)
    expect((await surfer(w).post(unopened)).status).toBe(410)
    expect(w.chat.card(group, '#1').card.lines.map(({ text }) => text)).not.toContain('小李')
  })

  test('a nonce of another page, of nobody, or none does nothing', async () => {
    const w = await world()
    await w.complain()
    const [page, other] = [await enter(w, li), await enter(w, chen)]
    const theirs = formsOf(other.now.html)[0]?.fields.nonce ?? ''
    for (const nonce of [theirs, 'x.y', '', `${theirs}x`]) {
      const said = await page.press('认领', { nonce })
      expect(said.words).toContain('这一步已经提交过了')
      await page.look()
    }
    expect((await page.look()).words).not.toContain('处理人 小李')
  })
})
