import { describe, expect, test } from 'vitest'
import { fieldNames, letterOf, testLetter } from '../../src/notify/letter.ts'
import { at, complaint, reader, told } from './told.ts'

const one = (more: Parameters<typeof told>[0] = {}, as = reader) =>
  letterOf({ complaints: [told(more)], notices: [] }, as)

describe('a letter about one complaint', () => {
  test('holds what a person needs to act, in text and in HTML', () => {
    const { subject, text, html } = one({ lines: ['#128 用户：快一点'] })
    expect(subject).toBe('【投诉】微信支付 尾号610000 #128')
    for (const words of [
      '待处理',
      '未收到商品',
      '¥19.90',
      '2026-03-01 23:00 (还剩 3 小时)',
      'S-1',
      '张** ·5678',
      '快一点',
      '/show 128',
    ]) {
      expect(text).toContain(words)
      expect(html).toContain(words)
    }
  })
  test('is in the language of the business', () => {
    const { subject, text } = one({}, { ...reader, language: 'en' as 'zh-CN' })
    expect(subject).toBe('[Complaint] WeChatPay …610000 #128')
    expect(text).toContain('Due: 2026-03-01 23:00 (3 h left)')
  })
  test('has one subject, whatever has become of the complaint', () => {
    const closed = complaint({ phase: 'closed', label: '已完结', moves: [] })
    expect(one({ complaint: closed, fresh: false }).subject).toBe(one().subject)
  })
  test('gives away no phone number and no name, whoever wrote them', () => {
    const { text, html, fields } = one({
      complaint: complaint({ text: '打 13812345678 找我', reason: '电话13812345678没人接' }),
      lines: ['用户：我的电话13812345678'],
    })
    for (const said of [text, html, ...Object.values(fields)]) {
      expect(said).not.toContain('13812345678')
      expect(said).not.toContain('张三丰')
    }
    expect(text).toContain('打 138****5678 找我')
    // A number within a longer one is none of a phone.
    expect(one({ complaint: complaint({ outTradeNo: '2026138123456780001' }) }).text).toContain('2026138123456780001')
  })
  test('is HTML in which nothing that people wrote is markup', () => {
    const nasty = `<script>alert("1")</script> & '<img src=x onerror=1>`
    const { html } = one({
      complaint: complaint({ text: nasty, reason: nasty, product: nasty, label: nasty }),
      account: nasty,
      lines: [nasty],
    })
    expect(html).not.toMatch(/<script|<img|onerror=1>/)
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;&lt;img')
    expect(html).not.toMatch(/<style|position:|float:|flex|url\(|<form|<svg/)
  })
  test('stays below 100 KB, whatever is written into it', () => {
    const long = '"'.repeat(50_000)
    const huge = complaint({ text: long, reason: long, product: long, label: long, outTradeNo: long })
    const { html } = one({ complaint: huge, account: long, turn: long, lines: Array<string>(500).fill(long) })
    expect(Buffer.byteLength(html)).toBeLessThan(100 * 1024)
    expect(Buffer.byteLength(html)).toBeGreaterThan(50 * 1024)
  })
  test('keeps line breaks of the customer in its own row', () => {
    expect(one({ complaint: complaint({ text: '一\n二' }) }).html).toContain('一<br>二')
  })
})

test('several complaints are one letter: how many, the most urgent first in the fields', () => {
  const later = complaint({ running: 129, source: 'wechat-mini', number: '555666777', moves: [] })
  const { subject, text, fields } = letterOf({ complaints: [told(), told({ complaint: later })], notices: [] }, reader)
  expect(subject).toBe('【投诉】2 单待看')
  expect(text).toMatch(/#128 · 小店.*\n- #129 · 小店/)
  expect(fields).toMatchObject({ count: '2', platform: '多个平台', tail: '610000', dueClock: '23:00' })
})

test('notices alone are a letter of their own', () => {
  const { subject, text, fields } = letterOf({ complaints: [], notices: ['通道已停止'] }, reader)
  expect(subject).toBe('【投诉】系统通知')
  expect(text).toContain('- 通道已停止')
  expect(fields).toMatchObject({ event: '通道已停止', number: '', count: '' })
})

test('when it is due is said in six letters', () => {
  const due = (ms: number) =>
    one({ complaint: complaint({ moves: [{ kind: 'respond', owed: true, due: at(ms), takes: {} }] }) }).fields.dueClock
  expect([due(3_600_000), due(30 * 3_600_000), due(-1)]).toEqual(['21:00', '03-03', '已超时'])
  expect(one({ complaint: complaint({ moves: [] }) }).fields.dueClock).toBe('')
})

test('a test letter fills every field, so that any template can be tried', () => {
  const { fields } = testLetter('邮箱', reader)
  expect(Object.keys(fields).sort()).toEqual([...fieldNames].sort())
  expect(Object.values(fields).filter((value) => value === '')).toEqual([])
})
