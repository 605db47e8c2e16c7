import { describe, expect, test } from 'vitest'
import type { Action, ActionKind } from '../../../src/complaints/action.ts'
import { instant } from '../../../src/core/words.ts'
import { deedFor } from '../../../src/platforms/deed.ts'
import type { Job } from '../../../src/platforms/platform.ts'
import {
  type Asked,
  account,
  complaint,
  done,
  hashOf,
  type JobBook,
  jobOf,
  mchid,
  merchant,
  metaOf,
  number,
  pageOf,
  platformOn,
  png,
  provider,
  refuse,
  root,
  type Script,
  said,
  start,
  step,
} from './support.ts'

const paths = {
  respond: `${root}/${number}/response`,
  'decide-refund': `${root}/${number}/update-refund-progress`,
  finish: `${root}/${number}/complete`,
}
const hour = 3_600_000
const uploadPath = '/v3/merchant-service/images/upload'

interface Outside {
  readonly act?: Script
  readonly complaint?: object
  readonly steps?: readonly object[]
  readonly upload?: Script
}

function outside(script: Outside) {
  let media = 0
  const made = platformOn((asked) => {
    if (asked.path === uploadPath) return script.upload?.(asked) ?? { media_id: `M${++media}` }
    if (asked.method === 'POST') return script.act?.(asked)
    if (asked.path === `${root}/${number}`) return complaint(script.complaint)
    return pageOf(script.steps ?? [], asked)
  })
  const deedOf = (action: Action, job: Job<ActionKind>) => {
    const deed = deedFor(made.platform, job.seat, action.kind)
    if (!deed) throw new Error(`no deed ${action.kind}`)
    return deed
  }
  const act =
    (how: 'perform' | 'look') =>
    (action: Action, over: Parameters<typeof jobOf>[1] = {}) => {
      const job = jobOf<ActionKind>(action, over)
      return deedOf(action, job)[how](job)
    }
  return {
    ...made,
    perform: act('perform'),
    look: act('look'),
    acts: () => made.transport.asked.filter((one) => one.method === 'POST' && one.path !== uploadPath),
    uploads: () => made.transport.asked.filter((one) => one.path === uploadPath),
  }
}

const talk = { kind: 'respond', stance: 'talk', text: '您好，已为您核实处理' } as const
const approve = { kind: 'decide-refund', verdict: 'approve' } as const
const reject = { kind: 'decide-refund', verdict: 'reject', reason: '商品已使用' } as const
const finish = { kind: 'finish' } as const
const bodies = (acts: readonly Asked[]) => acts.map((one) => one.body.toString())

describe('what is sent', () => {
  test('a reply: for whom, and the words; nothing more', async () => {
    const { perform, acts } = outside({ act: () => done })
    expect(await perform(talk)).toMatchObject({
      outcome: 'done',
      reference: expect.stringContaining('268578434'),
    })
    expect(acts().map((one) => one.target)).toEqual([paths.respond])
    expect(bodies(acts())).toEqual([`{"complainted_mchid":"${mchid}","response_content":"您好，已为您核实处理"}`])
  })
  test('a reply with pictures: each uploaded once, in their order', async () => {
    const { perform, acts, uploads } = outside({ act: () => done })
    const book: JobBook = { forgotten: [], cache: new Map() }
    const action = { ...talk, pictures: [hashOf(1), hashOf(2)] }
    await perform(action, { book })
    await perform(action, { book })
    expect(acts().map((one) => one.json())).toEqual(
      Array(2).fill(expect.objectContaining({ response_images: ['M1', 'M2'] })),
    )
    expect(uploads().length).toBe(2)
    expect(book.cache.get(hashOf(1))).toEqual({ id: 'M1', until: instant(start + 216_000_000) })
  })
  test.each([
    [
      { url: 'https://shop.example/help', text: '联系客服' },
      { jump_url: 'https://shop.example/help', jump_url_text: '联系客服' },
    ],
    [
      { appid: 'wxba5fad812f8e6fb9', path: 'pages/help', text: '联系客服' },
      { mini_program_jump_info: { appid: 'wxba5fad812f8e6fb9', path: 'pages/help', text: '联系客服' } },
    ],
  ])('a reply with the account’s way on: %j', async (jump, fields) => {
    const { perform, acts } = outside({ act: () => done })
    await perform(talk, { account: account({ settings: { ...account().settings, jump } }) })
    expect(acts()[0]?.json()).toEqual({ complainted_mchid: mchid, response_content: talk.text, ...fields })
  })
  test.each([
    [approve, { action: 'APPROVE', launch_refund_day: 0 }],
    [
      { ...approve, day: 3, text: '已核实' },
      { action: 'APPROVE', launch_refund_day: 3, remark: '已核实' },
    ],
    [reject, { action: 'REJECT', reject_reason: '商品已使用' }],
    [
      { kind: 'decide-refund', verdict: 'reject', text: '超过时限' } as const,
      { action: 'REJECT', reject_reason: '超过时限' },
    ],
    [
      { ...reject, text: '见凭证', pictures: [hashOf(1)] },
      { action: 'REJECT', reject_reason: '商品已使用', reject_media_list: ['M1'], remark: '见凭证' },
    ],
  ])('a decision: %j', async (action, body) => {
    const { perform, acts } = outside({ act: () => done })
    expect(await perform(action)).toMatchObject({ outcome: 'done' })
    expect(acts().map((one) => one.target)).toEqual([paths['decide-refund']])
    expect(acts()[0]?.json()).toEqual(body)
  })
  test('the end: for whom', async () => {
    const { perform, acts } = outside({ act: () => done })
    expect(await perform(finish)).toMatchObject({ outcome: 'done' })
    expect([acts()[0]?.target, bodies(acts())]).toEqual([paths.finish, [`{"complainted_mchid":"${mchid}"}`]])
  })
  test('by a provider names the sub-merchant: of the seat, of the settings, or of the complaint', async () => {
    const sub = { complainted_mchid: '1600000003' }
    for (const [over, wanted, asks] of [
      [{ account: provider(), merchant }, '1600000001', 1],
      [{ account: provider({ subMchid: '1600000002' }) }, '1600000002', 1],
      [{ account: provider() }, '1600000003', 2],
    ] as const) {
      const { perform, acts, transport } = outside({ act: () => done, complaint: sub })
      await perform(finish, over)
      expect([acts()[0]?.json(), transport.asked.length]).toEqual([{ complainted_mchid: wanted }, asks])
    }
  })
  test('by a provider is not sent when nobody names the sub-merchant', async () => {
    const { perform, acts } = outside({ act: () => done, complaint: { complainted_mchid: undefined } })
    expect(await perform(finish, { account: provider() })).toMatchObject({ outcome: 'failed', again: false })
    expect(acts()).toEqual([])
  })
})

describe('words that would not be taken never leave', () => {
  const refuses = async (action: Action, over: Parameters<typeof jobOf>[1] = {}) => {
    const { perform, transport } = outside({ act: () => done })
    const acted = await perform(action, over)
    expect(transport.asked).toEqual([])
    return acted.outcome === 'failed' && !acted.again ? acted.message : `${acted.outcome}?`
  }
  test.each([
    [{ ...talk, stance: 'agree' } as const, '只能回复'],
    [{ ...talk, stance: 'refuse' } as const, '只能回复'],
    [{ ...talk, text: ' \n' }, '请写回复内容'],
    [{ kind: 'respond', stance: 'talk', pictures: [hashOf(1)] } as const, '请写回复内容'],
    [{ ...talk, text: '长'.repeat(201) }, '最多 200 字'],
    [{ ...talk, pictures: [1, 2, 3, 4, 5].map(hashOf) }, '最多 4 张'],
    [{ kind: 'decide-refund', verdict: 'reject' } as const, '请写拒绝'],
    [{ ...reject, reason: '长'.repeat(201) }, '最多 200 字'],
    [{ ...reject, text: '长'.repeat(201) }, '最多 200 字'],
    [{ ...reject, pictures: [1, 2, 3, 4, 5].map(hashOf) }, '最多 4 张'],
    [{ ...approve, pictures: [hashOf(1)] }, '不能附图片'],
    [{ ...approve, text: '长'.repeat(201) }, '最多 200 字'],
    [{ ...approve, day: 1.5 }, '0 至 365'],
    [{ ...approve, day: -1 }, '0 至 365'],
    [{ ...finish, text: '完' } as Action, '不带文字'],
  ])('%j: %s', async (action, words) => expect(await refuses(action)).toContain(words))
  test('characters of four bytes are named, and the words without them offered', async () => {
    expect(await refuses({ ...talk, text: '好的👌🏻谢谢😀😀' })).toBe(
      '微信支付不接受这些字符：👌 🏻 😀，可以改为：「好的谢谢」 | WeChat Pay does not take 👌 🏻 😀; without: "好的谢谢"',
    )
    expect(await refuses({ ...talk, text: '👨‍👩‍👧' })).toBe(
      '微信支付不接受这些字符：👨 👩 👧 | WeChat Pay does not take 👨 👩 👧',
    )
    expect(await refuses({ ...reject, reason: '𠮷' })).toContain('𠮷')
    expect(await refuses({ ...talk, text: 'a\ud800' })).toContain('可以改为：「a」')
  })
  test('signs of three bytes are words like others', async () => {
    const { perform, acts } = outside({ act: () => done })
    expect(await perform({ ...talk, text: '☎ 谢谢❤' })).toMatchObject({ outcome: 'done' })
    expect(acts().length).toBe(1)
  })
  test('the account may be allowed 500', async () => {
    const long = account({ settings: { ...account().settings, replyChars: 500 } })
    const { perform } = outside({ act: () => done })
    expect(await perform({ ...talk, text: '长'.repeat(500) }, { account: long })).toMatchObject({
      outcome: 'done',
    })
    expect(await refuses({ ...talk, text: '长'.repeat(501) }, { account: long })).toContain('最多 500 字')
  })
})

describe('a picture', () => {
  const action = { ...talk, pictures: [hashOf(1)] }
  test('is uploaded in two parts; signed is the first, byte for byte as sent', async () => {
    const picture = png(300, 5)
    const { perform, uploads } = outside({ act: () => done })
    await perform(action, { picture })
    const [sent] = uploads()
    if (!sent) throw new Error('nothing was uploaded')
    // The signature over the meta was checked by the other side.
    const meta = JSON.parse(metaOf(sent) ?? '')
    const boundary = /boundary=(\w+)$/.exec(sent.headers['content-type'] ?? '')?.[1]
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n${metaOf(sent)}\r\n--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="picture.png"\r\nContent-Type: image/png\r\n\r\n`
    expect(
      sent.body.equals(Buffer.concat([Buffer.from(head), picture.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])),
    ).toBe(true)
    const { createHash } = await import('node:crypto')
    expect(meta).toEqual({ filename: 'picture.png', sha256: createHash('sha256').update(picture.bytes).digest('hex') })
  })
  test('that they do not know any more is uploaded again, once', async () => {
    let calls = 0
    const forgotten = refuse(400, 'PARAM_ERROR', '图片不存在', { field: '/response_images/0' })
    const { perform, acts } = outside({ act: () => (++calls === 1 ? forgotten : done) })
    const book: JobBook = { forgotten: [], cache: new Map([[hashOf(1), { id: 'OLD', until: instant(start) }]]) }
    expect(await perform(action, { book })).toMatchObject({ outcome: 'done' })
    expect(acts().map((one) => one.body.toString().includes('OLD'))).toEqual([true, false])
    expect(book.forgotten).toEqual([hashOf(1)])
    const again = outside({ act: () => forgotten })
    expect(await again.perform(action)).toMatchObject({ outcome: 'failed', again: false })
    expect(again.acts().length).toBe(2)
  })
  test('whose upload got no answer leaves nothing done: try again later', async () => {
    const { perform, acts } = outside({ act: () => done, upload: () => refuse(500, 'SYSTEM_ERROR') })
    expect(await perform(action)).toMatchObject({ outcome: 'failed', again: true })
    expect(acts()).toEqual([])
  })
  test('that is none is refused before anything is said', async () => {
    const { perform, transport } = outside({ act: () => done })
    const picture = { type: 'image/png', bytes: Buffer.from('<html>') } as const
    expect(await perform(action, { picture })).toMatchObject({ outcome: 'failed', again: false })
    expect(transport.asked).toEqual([])
  })
})

describe('looking', () => {
  const ours = (type: string, words = '', at = start) => step(type, at, { operator: '商户', operate_details: words })
  const look = (action: Action, steps: readonly object[], state = 'PROCESSING') =>
    outside({ steps, complaint: { complaint_state: state } }).look(action)
  const isDone = { outcome: 'done', reference: number }
  const cases: [string, Action, readonly object[], string, object][] = [
    ['our words since the call', talk, [ours('MERCHANT_RESPONSE', talk.text)], 'PROCESSING', isDone],
    ['our words in a frame of theirs', talk, [ours('MERCHANT_RESPONSE', `回复：${talk.text}。`)], 'PROCESSING', isDone],
    ['our words, closed since', talk, [ours('MERCHANT_RESPONSE', talk.text)], 'PROCESSED', isDone],
    [
      'our words from four minutes before: their clock',
      talk,
      [ours('MERCHANT_RESPONSE', talk.text, start - 240_000)],
      'PROCESSING',
      isDone,
    ],
    [
      'our words from an hour before',
      talk,
      [ours('MERCHANT_RESPONSE', talk.text, start - hour)],
      'PROCESSING',
      { outcome: 'absent' },
    ],
    ['other words', talk, [ours('MERCHANT_RESPONSE', '请稍等')], 'PROCESSING', { outcome: 'absent' }],
    [
      'short words inside others',
      { ...talk, text: '好的' },
      [ours('MERCHANT_RESPONSE', '好的，请稍等')],
      'PROCESSING',
      { outcome: 'absent' },
    ],
    [
      'our words said by the user',
      talk,
      [step('USER_RESPONSE', start, { operate_details: talk.text })],
      'PROCESSING',
      { outcome: 'absent' },
    ],
    ['nothing, and closed since', talk, [], 'PROCESSED', { outcome: 'failed', moved: true, again: false }],
    ['approved', approve, [ours('MERCHANT_APPROVE_REFUND')], 'PROCESSING', isDone],
    [
      'rejected while we approve',
      approve,
      [ours('MERCHANT_REFUSE_RERUND')],
      'PROCESSED',
      { outcome: 'failed', moved: true },
    ],
    ['rejected, in their spelling', reject, [ours('MERCHANT_REFUSE_RERUND')], 'PROCESSED', isDone],
    ['not decided', reject, [], 'PENDING', { outcome: 'absent' }],
    [
      'decided before',
      approve,
      [ours('MERCHANT_APPROVE_REFUND', '', start - hour)],
      'PROCESSING',
      { outcome: 'absent' },
    ],
    ['finished', finish, [ours('MERCHANT_CONFIRM_COMPLETE')], 'PROCESSED', isDone],
    ['finished, and gone on with', finish, [ours('MERCHANT_CONFIRM_COMPLETE')], 'PENDING', isDone],
    ['finished by somebody else', finish, [], 'PROCESSED', isDone],
    ['not finished', finish, [], 'PROCESSING', { outcome: 'absent' }],
  ]
  test.each(cases)('%s', async (_, action, steps, state, outcome) =>
    expect(await look(action, steps, state)).toMatchObject(outcome),
  )
  test('finds our words on the third page', async () => {
    const steps = [
      ...Array.from({ length: 130 }, () => step('USER_RESPONSE', start)),
      ours('MERCHANT_RESPONSE', talk.text),
    ]
    expect(await look(talk, steps)).toEqual(isDone)
  })
  test('that cannot be done fails as a question does: it is asked again', async () => {
    const made = platformOn(() => refuse(500, 'SYSTEM_ERROR'))
    await expect(
      made.platform.deeds({ account: account() }).finish?.look(jobOf<'finish'>(finish)),
    ).rejects.toMatchObject({ trouble: 'unreachable' })
  })
  test('comes before every second call, not before a minute has passed', () => {
    const { platform } = platformOn(() => undefined)
    const deeds = Object.entries(platform.deeds({ account: account() }))
    expect(deeds.map(([kind, { repeat, settles }]) => [kind as ActionKind, repeat, settles])).toEqual([
      ['respond', 'after-look', 60_000],
      ['decide-refund', 'after-look', 60_000],
      ['finish', 'after-look', 60_000],
    ])
  })
})

describe('"not in this state" is no failure before a look', () => {
  const act: Script = () => refuse(400, 'INVALID_REQUEST', '当前单据状态不支持操作, 请检查是否重复调用')
  test('our own first try stands there: done', async () => {
    const steps = [step('MERCHANT_APPROVE_REFUND', start, { operator: '商户' })]
    expect(await outside({ act, steps }).perform(approve)).toEqual({
      outcome: 'done',
      reference: number,
    })
    expect(await outside({ act, complaint: { complaint_state: 'PROCESSED' } }).perform(finish)).toMatchObject({
      outcome: 'done',
    })
  })
  test('it does not: failed, in their words, and read again', async () => {
    expect(await outside({ act }).perform(approve)).toMatchObject({
      outcome: 'failed',
      again: false,
      moved: true,
      message: expect.stringContaining('请检查是否重复调用'),
    })
    expect(await outside({ act, complaint: { complaint_state: 'PROCESSED' } }).perform(talk)).toMatchObject({
      outcome: 'failed',
      moved: true,
      message: expect.stringContaining('已处理完成'),
    })
  })
  test('the look fails too: unknown', async () => {
    const { platform } = platformOn((asked) => (asked.method === 'POST' ? act(asked) : said({ status: 500, body: '' })))
    expect(await platform.deeds({ account: account() }).finish?.perform(jobOf<'finish'>(finish))).toEqual({
      outcome: 'unknown',
    })
  })
})

test('a refund has no deed here yet, and nothing that belongs to other platforms', () => {
  const { platform } = platformOn(() => undefined)
  expect(Object.keys(platform.deeds({ account: account() })).sort()).toEqual(['decide-refund', 'finish', 'respond'])
})
