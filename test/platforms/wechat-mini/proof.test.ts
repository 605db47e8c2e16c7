import { describe, expect, test } from 'vitest'
import { account, detail, hashOf, jobOf, platformOn, type Script, start } from './support.ts'

const proofPath = '/wxaapi/minishop/bussiSupplyRefund'
const appealPath = '/wxaapi/minishop/busiAppeal'
const ok = { errcode: 0, errmsg: 'ok rid: 6621aa00-11112222-33334444' }
const now = start / 1000
const done = { outcome: 'done', reference: '2157' }

function outside(script: { act?: Script; detail?: Script } = {}) {
  const made = platformOn((asked) => {
    if (asked.path.endsWith('complaintOrderDetail')) return script.detail?.(asked)
    if (asked.path === '/cgi-bin/media/upload') return { media_id: 'M1', created_at: now }
    return asked.path.startsWith('/wxaapi/minishop/') ? (script.act ?? (() => ok))(asked) : undefined
  })
  const deeds = made.platform.deeds({ account: account() })
  const [proof, appeal] = [deeds['prove-refund'], deeds.appeal]
  if (!proof || !appeal) throw new Error('no deeds')
  const bodies = (path: string) =>
    made.transport.asked.filter((one) => one.path === path).map((one) => one.body.toString())
  return { ...made, proof, appeal, bodies }
}

const step = (itemType: number, content: string | undefined, more: object = {}) => ({
  itemType,
  time: now,
  content,
  mediaIdList: [],
  ...more,
})
const said = { kind: 'prove-refund', text: '退款单号 5030001' } as const

describe('the proof of a refund', () => {
  test('without a return says nothing about goods, whatever was said about them', async () => {
    const { proof, bodies } = outside()
    expect(await proof.perform(jobOf<'prove-refund'>(said))).toMatchObject({ outcome: 'done' })
    await proof.perform(jobOf<'prove-refund'>({ ...said, received: true }))
    await proof.perform(jobOf<'prove-refund'>({ kind: 'prove-refund', pictures: [hashOf(1)] }))
    expect(bodies(proofPath)).toEqual([
      '{"complaintOrderId":2157,"content":"退款单号 5030001"}',
      '{"complaintOrderId":2157,"content":"退款单号 5030001"}',
      '{"complaintOrderId":2157,"mediaIdList":["M1"]}',
    ])
  })
  test.each([
    ['77', '77'],
    ['2657001', '2657001'],
    ['9007199254740993', '9007199254740993'],
    ['9223372036854775807', '9223372036854775807'],
  ])('of a return %s names it as a number, digit for digit', async (number, written) => {
    const { proof, bodies } = outside()
    await proof.perform(jobOf<'prove-refund'>({ ...said, received: true }, { returned: { number } }))
    expect(bodies(proofPath)).toEqual([
      `{"complaintOrderId":2157,"acceptReturn":1,"content":"退款单号 5030001","returnId":${written}}`,
    ])
  })
  test('"not received" goes as the account spells it', async () => {
    const { proof, bodies } = outside()
    const settings = { mode: 'safe', notReceived: 2 }
    await proof.perform(jobOf<'prove-refund'>({ ...said, received: false }, { returned: { number: '77' }, settings }))
    expect(bodies(proofPath)).toEqual([
      '{"complaintOrderId":2157,"acceptReturn":2,"content":"退款单号 5030001","returnId":77}',
    ])
  })
  test.each([
    ['the answer is missing', {}, { number: '77' }, '是否已收到退货'],
    ['"not received" has no spelling', { received: false }, { number: '77' }, '没有公开'],
    ['its number is none', { received: true }, { number: 'R-77' }, '不是数字'],
    ['its number begins with a zero', { received: true }, { number: '077' }, '不是数字'],
  ])('of a return is refused before anything is sent when %s', async (_, more, returned, why) => {
    const { proof, transport } = outside()
    expect(await proof.perform(jobOf<'prove-refund'>({ ...said, ...more }, { returned }))).toEqual({
      outcome: 'failed',
      again: false,
      message: expect.stringContaining(why),
    })
    expect(transport.asked).toEqual([])
  })
  test('without words and pictures never leaves', async () => {
    const { proof, transport } = outside()
    expect(await proof.perform(jobOf<'prove-refund'>({ kind: 'prove-refund' }))).toMatchObject({ outcome: 'failed' })
    expect(transport.asked).toEqual([])
  })
  test.each([
    [206, [], 'absent'],
    [311, [], 'absent'],
    [206, [step(110, said.text)], 'done'],
    [207, [step(110, said.text)], 'done'],
    [115, [step(110, said.text), step(36, undefined)], 'done'],
    [207, [step(110, '别人写的')], 'failed'],
    [207, [step(8, said.text)], 'failed'],
    [208, [step(107, undefined)], 'failed'],
    [207, [], 'unknown'],
  ])('a look at %d with %j says %s', async (status, item, outcome) => {
    const { proof } = outside({ detail: () => detail({ status }, { item }) })
    expect((await proof.look(jobOf<'prove-refund'>(said))).outcome).toBe(outcome)
  })
})

describe('an appeal', () => {
  const words = { kind: 'appeal', text: '商品已按约发出，签收无误' } as const
  test('goes to its own address with its words', async () => {
    const { appeal, bodies } = outside()
    expect(await appeal.perform(jobOf<'appeal'>(words))).toMatchObject({ outcome: 'done' })
    expect(bodies(appealPath)).toEqual(['{"complaintOrderId":2157,"content":"商品已按约发出，签收无误"}'])
  })
  test('both look before they are tried again, not before a minute has passed', () => {
    const { appeal, proof } = outside()
    for (const deed of [appeal, proof]) expect([deed.repeat, deed.settles]).toEqual(['after-look', 60_000])
  })
  const node = (appealItemType: number, content?: string, more: object = {}) =>
    step(0, content, { appealItemType, ...more })
  test.each([
    // appealState, what stands in the history, what it means
    [401, [], 'absent'],
    [401, [node(401)], 'absent'],
    [403, [node(403, words.text)], 'done'],
    [117, [node(403, words.text), node(117)], 'done'],
    [118, [node(403, words.text), node(118)], 'done'],
    // Taken, and nobody's words stand there.
    [403, [node(403)], 'done'],
    [403, [step(1, '漏水')], 'done'],
    [403, [], 'done'],
    // Somebody else's, in the console.
    [403, [node(403, '别人写的申诉')], 'failed'],
    [402, [step(1, '漏水')], 'failed'],
    [0, [step(1, '漏水')], 'failed'],
    [402, [], 'unknown'],
  ])('a look at appealState %d with %j says %s', async (appealState, item, outcome) => {
    const { appeal } = outside({ detail: () => detail({ status: 205, appealState }, { item }) })
    const looked = await appeal.look(jobOf<'appeal'>(words))
    expect(looked.outcome).toBe(outcome)
    if (outcome === 'done') expect(looked).toEqual(done)
    if (outcome === 'failed') expect(looked).toMatchObject({ again: false, moved: true })
  })
  test.each([
    [403, [node(403, words.text)], { outcome: 'done' }],
    [402, [step(1, '漏水')], { outcome: 'failed', moved: true, message: expect.stringContaining('超过申诉时间') }],
    [401, [], { outcome: 'failed', moved: true }],
  ])('1002 is looked at before it is called a failure: at %d', async (appealState, item, acted) => {
    const { appeal } = outside({
      act: () => ({ errcode: 1002, errmsg: 'status not allow' }),
      detail: () => detail({ status: 205, appealState }, { item }),
    })
    expect(await appeal.perform(jobOf<'appeal'>(words))).toMatchObject(acted)
  })
  test('wrong words are told in WeChat’s own', async () => {
    const { appeal } = outside({ act: () => ({ errcode: 2, errmsg: 'content 格式错误' }) })
    expect(await appeal.perform(jobOf<'appeal'>(words))).toMatchObject({
      outcome: 'failed',
      again: false,
      message: expect.stringContaining('[content 格式错误]'),
    })
  })
})
