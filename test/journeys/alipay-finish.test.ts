import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { FeedbackCode, ProcessCode } from '../../sandbox/alipay/index.ts'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { request } from '../../src/actions/request.ts'
import type { ActionOf } from '../../src/complaints/action.ts'
import type { Picture } from '../../src/core/picture.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { pressOn, words } from '../chat/people.ts'
import type { AlipayWish } from '../support/alipay.ts'
import { type AlipayWorld, group, people, world } from '../support/world.ts'

// How a complaint is ended, from the chat to Alipay's books; every way to say it is for the chat's own tests.

const minute = 60_000
const finish = 'alipay.security.risk.complaint.process.finish'
const feedback = 'alipay.merchant.tradecomplain.feedback.submit'

const card = (w: AlipayWorld) => w.chat.card(group, '#1 ').card
const said = (w: AlipayWorld) => w.chat.texts(group).join('\n')
const calls = (w: AlipayWorld, on: string) =>
  w.alipay.sandbox.calls().filter((call) => call.on === on && call.how !== 'late')
const photo = (n: number): Picture => ({ type: 'image/png', bytes: parcelPhoto(n) })
const hashed = ({ bytes }: Picture) => createHash('sha256').update(bytes).digest('hex')

async function risk(rules: AlipayWish['rules'] = {}): Promise<AlipayWorld> {
  const w = await world({ alipay: { rules: { riskMessage: 'method', ...rules } } })
  await w.alipay.risk({ text: '自动续费', amount: 1990 })
  return w
}

async function trade(settings: object = { refunds: true }): Promise<AlipayWorld> {
  const w = await world({ alipay: { settings: { ...settings } } })
  await w.alipay.trade({ text: '一直不发货', amount: 1990 })
  return w
}

interface End {
  readonly choice: string
  readonly text?: string
  readonly pictures?: readonly Picture[]
}

/** As people do it: said in one line, looked at, sent. @returns what they read at the button */
async function ended(w: AlipayWorld, { choice, text = '', pictures = [] }: End): Promise<string> {
  const look = await w.chat.say(people.li, group, `/finish 1 ${choice} ${text}`.trim(), { pictures })
  const sent = await pressOn(w, people.li, look.card, '确认提交')
  await w.settle()
  return words(sent)
}
const taken = '已收到，正在提交平台：#1 完结'

let nth = 0
/** What no button and no command would wish. @returns why it is refused */
async function wished(w: AlipayWorld, said: Omit<ActionOf<'finish'>, 'kind'>) {
  const complaint = await findRunning(w.storage.reads, w.tenant.id, 1)
  if (!complaint) throw new Error('no #1')
  nth += 1
  const requested = await request(w, {
    ...{ tenant: w.tenant.id, complaint: complaint.id, key: `finish ${nth}` },
    action: { kind: 'finish', ...said },
    by: { name: '小李', via: 'chat' },
    member: { role: 'agent' },
  })
  await w.settle()
  return requested.outcome === 'refused' ? requested.why.why : requested.outcome
}

describe('a risk complaint', () => {
  test.each<readonly [ProcessCode, string]>([
    ['CONSENSUS_WITH_CLIENT', '已联系到用户，协商一致'],
    ['REFUND', '已退款，用户无异议'],
    ['RECTIFICATION_NO_REFUND', '不涉及退款，已整改'],
    ['SUBMIT_PROOF_NOT_CONTACTED', '已提交证明材料'],
    // The platform's own spelling.
    ['ORTHER', '其他'],
  ])('is ended with %s, words and pictures', async (choice, label) => {
    const w = await risk()
    const pictures = [photo(1), photo(2)]
    expect(await ended(w, { choice, text: '已电话联系', pictures })).toBe(`${taken}（附图 2 张）`)
    expect(w.alipay.deeds()).toEqual([`finish ${choice} 已电话联系`])
    expect(w.alipay.did('finish').map(({ media }) => media?.map(({ sha256 }) => sha256))).toEqual([
      pictures.map(hashed),
    ])
    expect(w.alipay.sandbox.riskComplaints().map(({ status, remark }) => [status, remark])).toEqual([
      ['PROCESSED', '已电话联系'],
    ])
    expect(said(w)).toContain('#1 完结已提交 · 小李')
    expect(said(w)).toContain('#1 已结束：处理完成')
    expect(card(w).title).toMatch(/ · 处理完成$/)
    const detail = await w.chat.pressLabel(people.li, group, '#1 ', '详情')
    expect(JSON.stringify(detail.card)).toContain(label)
  })

  test('without a word it is taken; with none of these results, or without one, it is not asked for', async () => {
    const w = await risk()
    for (const said of [{ choice: 'OTHER' }, { choice: 'UNKNOWN' }, {}])
      expect(await wished(w, said)).toBe('unknown-choice')
    expect(await wished(w, { choice: 'ORTHER', text: '字'.repeat(201) })).toBe('text-too-long')
    expect(calls(w, finish)).toEqual([])
    expect(await ended(w, { choice: 'ORTHER' })).toBe(taken)
    expect(w.alipay.deeds()).toEqual(['finish ORTHER'])
  })

  test.each(['false', 'error'] as const)(
    'in another state by then, refused (%s): a failure, told, and no more than once',
    async (finishRefused) => {
      const w = await risk({ finishRefused })
      const [complaint] = w.alipay.sandbox.riskComplaints()
      await w.alipay.sandbox.moveRisk(complaint?.id ?? 0, { kind: 'withdraw' })
      await ended(w, { choice: 'ORTHER' })
      await w.pass(5 * minute, minute)
      expect(w.alipay.deeds()).toEqual([])
      expect(said(w)).toContain('#1 完结未成功 · 小李')
      expect(said(w)).not.toContain('完结已提交')
      expect(card(w).title).toMatch(/ · 用户撤诉$/)
    },
  )

  test('a success that says no is a no, although nothing has changed', async () => {
    const w = await risk({ finishFrom: [] })
    await ended(w, { choice: 'ORTHER' })
    await w.pass(5 * minute, minute)
    expect([w.alipay.deeds(), calls(w, finish).length]).toEqual([[], 1])
    expect(calls(w, finish).map(({ code }) => code)).toEqual(['10000'])
    expect(said(w)).toContain('#1 完结未成功 · 小李：支付宝没有完成处理')
    expect(card(w).title).toMatch(/ · 待处理$/)
  })

  test('one that is late is ended late', async () => {
    const w = await risk()
    const [complaint] = w.alipay.sandbox.riskComplaints()
    await w.alipay.sandbox.moveRisk(complaint?.id ?? 0, { kind: 'overdue' })
    await w.pass(61 * minute, 2 * minute)
    expect(card(w).title).toMatch(/ · 超时未处理$/)
    await ended(w, { choice: 'CONSENSUS_WITH_CLIENT' })
    expect(w.alipay.deeds()).toEqual(['finish CONSENSUS_WITH_CLIENT'])
    expect(said(w)).toContain('#1 已结束：超时处理完成')
  })

  test.each([
    ['the answer is lost', { how: 'lost-answer' }],
    ['the request is lost', { how: 'lost-request' }],
    ['20000, done', { how: 'unknown-error', effect: true }],
    ['20000, not done', { how: 'unknown-error' }],
    ['no signature', { how: 'unverifiable', fault: 'missing' }],
    ['another key', { how: 'unverifiable', fault: 'key' }],
    ['changed', { how: 'tampered' }],
    ['an HTML page, not done', { how: 'html', status: 502 }],
    ['half a minute later', { how: 'late-effect', ms: 30_000 }],
    ['too many calls', { how: 'call-limited', times: 2 }],
  ] as const)('%s: it is looked for, and ended once', async (_, trouble) => {
    const w = await risk()
    w.alipay.sandbox.misbehave({ on: finish, ...trouble })
    await ended(w, { choice: 'CONSENSUS_WITH_CLIENT', text: '已电话联系' })
    await w.pass(5 * minute, 5_000)
    expect(w.alipay.deeds()).toEqual(['finish CONSENSUS_WITH_CLIENT 已电话联系'])
    expect(w.chat.texts(group).filter((text) => text === '#1 完结已提交 · 小李')).toHaveLength(1)
  })

  test('a picture that Alipay does not take is said, and nothing is ended', async () => {
    const w = await risk()
    const on = 'alipay.security.risk.complaint.file.upload'
    w.alipay.sandbox.misbehave({ on, how: 'refused', subCode: 'PARAM_ILLEGAL', message: '图片无法识别' })
    await ended(w, { choice: 'ORTHER', pictures: [photo(1)] })
    expect(w.alipay.deeds()).toEqual([])
    expect(said(w)).toContain('#1 完结未成功 · 小李：PARAM_ILLEGAL 参数不被接受 [图片无法识别]')
    await ended(w, { choice: 'ORTHER', pictures: [photo(1)] })
    expect(w.alipay.deeds()).toEqual(['finish ORTHER'])
  })
})

describe('a trade complaint', () => {
  test.each<FeedbackCode>(['02', '03', '04', '05', '06', '194'])(
    'gets its feedback %s with words and pictures',
    async (choice) => {
      const w = await trade({ operator: '客服一组' })
      const pictures = [photo(3)]
      expect(await ended(w, { choice, text: '今天已经发出', pictures })).toBe(`${taken}（附图 1 张）`)
      expect(w.alipay.deeds()).toEqual([`feedback ${choice} 今天已经发出`])
      expect(w.alipay.did('feedback').map(({ media }) => media?.map(({ sha256 }) => sha256))).toEqual([
        pictures.map(hashed),
      ])
      expect(w.alipay.sandbox.tradeComplaints().map(({ feedback: given }) => given)).toEqual([
        { code: choice, text: '今天已经发出', operator: '客服一组' },
      ])
      expect(card(w).title).toMatch(/ · 商家已反馈$/)
      // Answered, and still to be talked about; not twice.
      expect(await wished(w, { choice, text: '再来一次' })).toBe('not-open')
      expect(calls(w, feedback)).toHaveLength(1)
    },
  )

  test('needs words, and one of its codes: the one that is gone is none', async () => {
    const w = await trade()
    expect(await wished(w, { choice: '03' })).toBe('words-missing')
    expect(await wished(w, { choice: '00', text: '好' })).toBe('unknown-choice')
    expect(await wished(w, { choice: '03', text: '字'.repeat(201) })).toBe('text-too-long')
    expect(calls(w, feedback)).toEqual([])
  })

  test('in another state by then: told, read again, not done', async () => {
    const w = await trade()
    const [complaint] = w.alipay.sandbox.tradeComplaints()
    w.alipay.sandbox.misbehave({ on: 'push', how: 'withheld' })
    await w.alipay.sandbox.moveTrade(complaint?.id ?? '', { kind: 'ask-platform' })
    await ended(w, { choice: '03', text: '今天已经发出' })
    await w.pass(3 * minute, 5_000)
    expect(calls(w, feedback).map(({ subCode }) => subCode)).toEqual(['STATUS_CHANGED'])
    expect(w.alipay.deeds()).toEqual([])
    expect(said(w)).toContain('#1 完结未成功 · 小李：STATUS_CHANGED 投诉已进入另一状态，当前不能这样处理')
    expect(card(w).title).toMatch(/ · 客服处理中$/)
  })

  test.each([
    ['SUBMIT_CONTENT_VIOLATION', '请换一种说法'],
    ['REFUND_FEEDBACK_FAILED', '退款反馈失败'],
    ['SECURITY_INTERCEPT', '被支付宝的安全策略拦截'],
    ['REFUND_ALREADY_SUCCEED', '已经退过款'],
  ])('%s is told in plain words', async (subCode, words) => {
    const w = await trade()
    w.alipay.sandbox.misbehave({ on: feedback, how: 'refused', subCode })
    await ended(w, { choice: '05', text: '已经售后' })
    await w.pass(minute, 5_000)
    expect(w.alipay.deeds()).toEqual([])
    expect(said(w)).toContain('#1 完结未成功 · 小李')
    expect(said(w)).toContain(words)
  })

  test.each([
    ['the answer is lost', { how: 'lost-answer' }],
    ['the request is lost', { how: 'lost-request' }],
    ['20000, not done', { how: 'unknown-error' }],
    ['no signature', { how: 'unverifiable', fault: 'missing' }],
    ['half a minute later', { how: 'late-effect', ms: 30_000 }],
  ] as const)('%s: it is looked for, and given once', async (_, trouble) => {
    const w = await trade()
    w.alipay.sandbox.misbehave({ on: feedback, ...trouble })
    await ended(w, { choice: '03', text: '今天已经发出' })
    await w.pass(5 * minute, 5_000)
    expect(w.alipay.deeds()).toEqual(['feedback 03 今天已经发出'])
    expect(w.chat.texts(group).filter((text) => text === '#1 完结已提交 · 小李')).toHaveLength(1)
  })
})
