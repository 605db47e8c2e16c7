import { describe, expect, test } from 'vitest'
import { alone } from '../support/chat.ts'
import { group, type World } from '../support/world.ts'
import { chen, li, wang, withComplaint, words } from './people.ts'

const labels = (w: World, number: number) => w.chat.card(group, `#${number}`).card.buttons.map(({ label }) => label)

describe('/lang', () => {
  test.each(['/lang en', '/语言 英文', '/lang ＥＮ', '/language English'])(
    '%s of an admin: the group’s cards are drawn in English from then on',
    async (said) => {
      const w = await withComplaint()
      expect(await w.chat.say(chen, group, said)).toEqual({ text: 'From now on this room speaks English' })
      await w.complain()
      expect([labels(w, 2).slice(0, 2), labels(w, 1).slice(0, 2)]).toEqual([
        ['Agree', 'Refuse'],
        ['同意和解', '拒绝和解'],
      ])
      await w.chat.say(li, group, '/claim 1')
      await w.settle()
      expect(labels(w, 1)).toContain('Release')
      expect(w.chat.texts(group)).toEqual(['#1 claimed by 小李'])
      expect(words(await w.chat.say(li, group, '/nothing'))).toContain('No command')
    },
  )
  test.each(['zh', '中文', 'zh-CN', 'Chinese'])('and back by %s', async (word) => {
    const w = await withComplaint('answer', { language: 'en' })
    expect(words(await w.chat.say(chen, group, `/lang ${word}`))).toBe('好的，这里从现在起用中文')
    expect((await w.chat.say(li, group, '/show 1')).card?.buttons[0]?.label).toBe('同意和解')
  })
  test('a group’s is an admin’s to choose; nothing changes for anybody else', async () => {
    const w = await withComplaint()
    for (const who of [li, wang])
      expect(words(await w.chat.say(who, group, '/lang en'))).toBe(
        '你的角色不能做这件事，需要「管理员」；请找管理员调整',
      )
    expect((await w.chat.say(li, group, '/show 1')).card?.buttons[0]?.label).toBe('同意和解')
  })
  test('alone with the bot everybody chooses their own, and nobody else’s', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(wang, alone(wang), '/lang en'))).toBe('From now on this room speaks English')
    expect((await w.chat.say(wang, alone(wang), '/show 1')).card?.buttons[0]?.label).toBe('Agree')
    expect((await w.chat.say(li, alone(li), '/show 1')).card?.buttons[0]?.label).toBe('同意和解')
    expect((await w.chat.say(li, group, '/show 1')).card?.buttons[0]?.label).toBe('同意和解')
  })
  test('help speaks it too', async () => {
    const w = await withComplaint()
    await w.chat.say(chen, group, '/lang en')
    expect(words(await w.chat.say(li, group, '/help refund'))).toContain('/refund 128')
    expect(words(await w.chat.say(li, group, '/help'))).toMatch(/^[^\p{Script=Han}]+$/u)
  })
  test('a word that is no language changes nothing and says what there is; none says what it is now', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(chen, group, '/lang klingon'))).toBe('用法：/lang zh · /lang en')
    expect(words(await w.chat.say(chen, group, '/lang'))).toBe('现在是中文；/lang en 换成英文')
    expect((await w.chat.say(li, group, '/show 1')).card?.buttons[0]?.label).toBe('同意和解')
  })
})
