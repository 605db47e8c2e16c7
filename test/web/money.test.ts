import { describe, expect, test } from 'vitest'
import { arrive, li, paidBack, withOrder, zhou } from '../chat/pay-people.ts'
import { alone } from '../support/chat.ts'
import { enter, formsOf, labels } from './support.ts'

describe('money by a member’s own link', () => {
  test('goes after the same look as in the chat, once, within the same caps', async () => {
    const w = await withOrder()
    const page = await enter(w, zhou)
    expect(page.now.words).toMatch(/可退金额 \d+ · 已付 ¥19\.90 · 已退 ¥0\.00 · 在途 ¥0\.00 · 可退 ¥19\.90/)
    const offered = await page.press('退款')
    expect(labels(offered).slice(0, 3)).toEqual(['全额退 ¥19.90', '退部分', '取消'])
    await page.press('退部分')
    const looked = await page.press('提交', { text: '5 少发一件' })
    expect(looked.words).toContain('#1 退款 ¥5.00：请核对')
    expect(looked.words).toContain('伍元整')
    expect(paidBack(w)).toEqual([])
    const form = formsOf(looked.html).find(({ label }) => label === '确认退款 ¥5.00')?.fields ?? {}
    await Promise.all([page.browser.post(page.address, form), page.browser.post(page.address, form)])
    await arrive(w)
    expect(paidBack(w)).toEqual([500])
    expect((await page.look()).words).toContain('已退 ¥5.00')
  })

  test('is not offered to whoever may not give any, and not taken from a form that says so', async () => {
    const w = await withOrder()
    const [rich, poor] = [await enter(w, zhou), await enter(w, li)]
    expect(labels(poor.now)).not.toContain('退款')
    expect(poor.now.words).not.toContain('可退金额')
    const theirs = formsOf(rich.now.html).find(({ label }) => label === '退款')?.fields ?? {}
    const said = await poor.browser.post(poor.address, {
      ...theirs,
      nonce: formsOf(poor.now.html)[0]?.fields.nonce ?? '',
    })
    expect(said.words).toContain('刚刚有变化，请再看一次')
    const confirm = await rich.press('退款')
    const token = formsOf(confirm.html).find(({ label }) => label === '全额退 ¥19.90')?.fields.token ?? ''
    const nonce = formsOf(said.html)[0]?.fields.nonce ?? ''
    const stolen = await poor.browser.post(poor.address, { nonce, do: 'press', token })
    expect(stolen.html).toContain('said alert')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })

  test('one that two people are needed for goes to the group', async () => {
    const w = await withOrder({ amount: 30_000 })
    const page = await enter(w, zhou)
    await page.press('退款')
    const said = await page.press('全额退 ¥300.00')
    const last = labels(said).includes('确认退款 ¥300.00') ? await page.press('确认退款 ¥300.00') : said
    expect(last.words).toMatch(/#1 .*第二人|请在群里/)
    expect(w.chat.cards(alone(zhou))).toEqual([])
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
})
