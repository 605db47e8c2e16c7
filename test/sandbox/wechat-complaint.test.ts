import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, secret, start, tinyPng, type World } from './wechat-world.ts'

// WeChat docs, 交易投诉: the five calls, their errors, the states and their deadlines.
let w: World
let token: string
const appid = 'wxba5fad812f8e6fb9'
const other = 'wx0000000000000002'
const day = 86_400_000
const now = start / 1000

beforeEach(async () => {
  w = await openWorld({ programs: [{}, { appid: other, name: '橙子车行' }] })
  token = await w.token()
})
afterEach(() => w.close())

const said = {
  appid,
  type: 642,
  text: '杯子碎了',
  amount: 23_800,
  product: '茶具',
  openid: 'oUser_1',
  phone: '13800138000',
  nickname: '林小满',
  transactionId: '4200001234202611210000000001',
  outTradeNo: 'M20261118000001',
  paidAt: now - 3600,
}
type Shown = {
  complaintOrder: Record<string, unknown>
  item: Record<string, unknown>[]
  returnBill?: Record<string, unknown>
}
const detail = async (id: number | string): Promise<Shown & { errcode: number }> =>
  (await (
    await w.get(`/wxaapi/minishop/complaintOrderDetail?access_token=${token}&complaintOrderId=${id}`)
  ).json()) as never
const call = (name: string, body: unknown) => w.post(`/wxaapi/minishop/${name}?access_token=${token}`, body)
const respond = (id: unknown, more: object = {}) =>
  call('bussiRespondComplaint', { complaintOrderId: id, bussiHandle: 1, content: '同意退款', ...more })
async function upload(bytes = tinyPng, by = token, type = 'image') {
  const form = new FormData()
  form.set('media', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'photo.png')
  const path = `${w.url}/cgi-bin/media/upload?access_token=${by}&type=${type}`
  return (await (await fetch(path, { method: 'POST', body: form })).json()) as Record<string, unknown>
}

test('the detail of a new complaint, as real answers look', async () => {
  const { id } = await w.wechat.complain({ ...said, photos: [tinyPng] })
  const picture = expect.stringMatching(new RegExp(`^${w.url}/cdn/[0-9a-f]{64}[?]expires=\\d+&sign=`))
  expect(await detail(id)).toEqual({
    errcode: 0,
    errmsg: 'ok',
    complaintOrder: {
      complaintOrderId: id,
      openId: 'oUser_1',
      createTime: now,
      phoneNumber: 13800138000,
      type: 642,
      status: 201,
      customerMaterial: { content: '杯子碎了', mediaIdList: [picture] },
      orderId: 'payorder@_4200001234202611210000000001',
      outTradeNo: 'M20261118000001',
      productName: '茶具',
      payTime: now - 3600,
      totalCostStr: '¥238.00',
      expireTime: now + 48 * 3600,
      headImgUrl: expect.any(String),
      nickName: '林小满',
      appealState: 0,
    },
    item: [
      {
        itemType: 1,
        time: now,
        content: '杯子碎了',
        mediaIdList: [picture],
        phoneNumber: 13800138000,
        nickName: '林小满',
      },
    ],
  })
})

test('an order number, an unknown number or another appid’s complaint is answered with -1', async () => {
  const { id } = await w.wechat.complain({ ...said, appid: other })
  expect((await detail(id)).errcode).toBe(-1)
  expect((await detail('payorder@_4200001234202611210000000001')).errcode).toBe(-1)
  expect((await respond(id)).errcode).toBe(1)
})

test.each([
  [1, 203, 'agree'],
  [2, 204, 'refuse'],
])('bussiHandle %i leads to %i once; a second time the state has moved: 309', async (bussiHandle, status, choice) => {
  const { id } = await w.wechat.complain(said)
  const media = await upload()
  expect(media).toEqual({ type: 'image', media_id: expect.any(String), created_at: now })
  expect(await respond(id, { bussiHandle, mediaIdList: [media.media_id] })).toEqual({ errcode: 0, errmsg: 'ok' })
  const shown = await detail(id)
  expect(shown.complaintOrder.status).toBe(status)
  expect(shown.item.at(-1)).toMatchObject({ itemType: 109, content: '同意退款', mediaIdList: [expect.any(String)] })
  expect((await respond(id, { bussiHandle })).errcode).toBe(309)
  const sha256 = createHash('sha256').update(tinyPng).digest('hex')
  expect(w.wechat.ledger().filter(({ by }) => by === 'merchant')).toEqual([
    expect.objectContaining({
      what: 'respond',
      choice,
      text: '同意退款',
      from: 201,
      to: status,
      complaint: id,
      media: [{ sha256, mediaId: media.media_id }],
    }),
  ])
})

test.each([
  ['the number as a text', { complaintOrderId: '2157001' }, 10001],
  ['no number', { complaintOrderId: undefined }, 10001],
  ['an unknown number', { complaintOrderId: 999 }, 1],
  ['a wrong bussiHandle', { bussiHandle: 3 }, 10001],
  ['bussiHandle as a text', { bussiHandle: '1' }, 10001],
  ['neither words nor pictures', { content: '' }, 10001],
  ['too many words', { content: '退'.repeat(501) }, 10001],
  ['a list that is none', { mediaIdList: 'abc' }, 10001],
  ['an unknown media_id', { mediaIdList: ['abc'] }, 40007],
])('the response is refused: %s', async (_, wrong, errcode) => {
  const { id } = await w.wechat.complain(said)
  expect((await respond(id, wrong)).errcode).toBe(errcode)
  expect(w.wechat.complaint(id)?.status).toBe(201)
})

test('a POST call wants POST, a body, JSON as its content type, and JSON inside', async () => {
  const path = `${w.url}/wxaapi/minishop/bussiRespondComplaint?access_token=${token}`
  const code = async (init: RequestInit) => ((await (await fetch(path, init)).json()) as { errcode: number }).errcode
  const json = { 'content-type': 'application/json' }
  expect(await code({})).toBe(43002)
  expect(await code({ method: 'POST', headers: json })).toBe(44002)
  expect(await code({ method: 'POST', headers: json, body: '{"complaintOrderId":' })).toBe(47001)
  expect(await code({ method: 'POST', body: new URLSearchParams({ complaintOrderId: '2157001' }) })).toBe(10001)
})

test('evidence at 106, proof at 206, verified at 207, then the appeal: every node of the way', async () => {
  const { id } = await w.wechat.complain(said)
  await respond(id, { bussiHandle: 2 })
  await w.wechat.move(id, { kind: 'ask-platform', content: '不认可' })
  expect((await call('bussiSupplyProof', { complaintOrderId: id, content: '凭证' })).errcode).toBe(309)
  await w.wechat.move(id, { kind: 'ask-evidence', of: 'merchant' })
  expect((await detail(id)).complaintOrder).toMatchObject({ status: 106, expireTime: now + 48 * 3600 })
  expect((await call('bussiSupplyProof', { complaintOrderId: id, content: '凭证' })).errcode).toBe(0)
  expect((await call('bussiSupplyRefund', { complaintOrderId: id, content: '早了' })).errcode).toBe(309)
  await w.wechat.move(id, { kind: 'judge', verdict: 'liable' })
  expect((await detail(id)).complaintOrder).toMatchObject({ status: 206, expireTime: now + 48 * 3600 })
  const proof = { complaintOrderId: id, content: '退款单号 50300' }
  expect((await call('bussiSupplyRefund', { ...proof, acceptReturn: 1, returnId: 1 })).errcode).toBe(10001)
  expect((await call('bussiSupplyRefund', proof)).errcode).toBe(0)
  expect((await call('busiAppeal', { complaintOrderId: id, content: '申诉' })).errcode).toBe(1002)
  await w.wechat.move(id, { kind: 'verify-proof' })
  expect((await detail(id)).complaintOrder).toMatchObject({ status: 115, appealState: 401 })
  expect((await call('busiAppeal', { complaintOrderId: id, content: 7 })).errcode).toBe(2)
  expect((await call('busiAppeal', { complaintOrderId: id, content: '申诉' })).errcode).toBe(0)
  await w.wechat.move(id, { kind: 'win-appeal' })
  const { complaintOrder, item } = await detail(id)
  expect(complaintOrder).toMatchObject({ status: 115, appealState: 117, expireTime: 0 })
  expect(item.map((one) => one.itemType)).toEqual([1, 109, 11, 16, 8, 31, 110, 36, 0, 0])
  expect(item.map((one) => one.appealItemType).slice(-2)).toEqual([403, 117])
  expect(item[5]).toMatchObject({ blameResult: 0 })
})

test('a return case wants acceptReturn and the returnId of the bill, as a number', async () => {
  const { id } = await w.wechat.complain(said)
  await respond(id)
  await w.wechat.move(id, { kind: 'ask-platform' })
  await w.wechat.move(id, { kind: 'judge', verdict: 'return' })
  expect((await detail(id)).item.at(-1)).toMatchObject({ itemType: 32, blameResult: 1 })
  await w.wechat.move(id, { kind: 'ship-return', waybill: 'SF100' })
  await w.wechat.move(id, { kind: 'return-received' })
  const { complaintOrder, returnBill } = await detail(id)
  expect(complaintOrder.status).toBe(206)
  expect(returnBill).toEqual({
    returnId: expect.stringMatching(/^\d+$/),
    waybillId: 'SF100',
    deliveryName: '顺丰速运',
    orderStatus: 4,
  })
  const proof = (more: object) => call('bussiSupplyRefund', { complaintOrderId: id, content: '已退款', ...more })
  const returnId = Number(returnBill?.returnId)
  expect((await proof({})).errcode).toBe(10001)
  expect((await proof({ acceptReturn: 1, returnId: returnBill?.returnId })).errcode).toBe(10001)
  expect((await proof({ acceptReturn: 1, returnId: returnId + 1 })).errcode).toBe(10001)
  expect((await proof({ acceptReturn: 1, returnId })).errcode).toBe(0)
  expect(w.wechat.ledger().findLast(({ by }) => by === 'merchant')).toMatchObject({
    what: 'proof',
    choice: 'received',
    to: 207,
  })
})

test('states end by themselves: 201 after 48 h, the customer’s silence, evidence, proof, the appeal', async () => {
  const { id } = await w.wechat.complain(said)
  await w.pass(2 * day - 1000)
  expect((await w.wechat.complaint(id))?.status).toBe(201)
  await w.pass(1000)
  token = await w.token()
  expect((await respond(id)).errcode).toBe(309)
  expect((await detail(id)).item.at(-1)).toMatchObject({ itemType: 101, time: now + 2 * 86_400 })
  await w.pass(4 * day)
  expect(w.wechat.complaint(id)).toMatchObject({ status: 205, expiresAt: 0 })

  const { id: second } = await w.wechat.complain(said)
  const ends = async (status: number, appealState = 0) => {
    await w.wechat.set(second, { status, appealState, liable: true, expiresAt: Math.floor(w.clock.now() / 1000) + 60 })
    await w.pass(60_000)
    const after = w.wechat.complaint(second)
    return [after?.status, after?.items.at(-1)?.type, after?.appealState]
  }
  expect(await ends(104)).toEqual([305, 111, 0])
  expect(await ends(106)).toEqual([307, 112, 0])
  expect(await ends(108)).toEqual([109, 113, 0])
  expect(await ends(204)).toEqual([205, 108, 0])
  expect(await ends(206)).toEqual([208, 107, 401])
  expect(await ends(115, 401)).toEqual([115, 107, 402])
})

test('after a long absence each state ends at its own time', async () => {
  const { id } = await w.wechat.complain(said)
  await w.pass(30 * day)
  expect(w.wechat.complaint(id)?.items.map(({ type, time }) => [type, time])).toEqual([
    [1, now],
    [101, now + 2 * 86_400],
    [108, now + 5 * 86_400],
  ])
})

test('the customer withdraws, writes, accepts; the platform finds no fault or pays', async () => {
  const withdrawn = await w.wechat.complain(said)
  expect(await w.wechat.move(withdrawn.id, { kind: 'withdraw' })).toMatchObject({ status: 102, expiresAt: 0 })
  await expect(w.wechat.move(withdrawn.id, { kind: 'accept' })).rejects.toThrow('not possible at 102/0')
  const { id } = await w.wechat.complain(said)
  expect((await w.wechat.move(id, { kind: 'message', content: '在吗' })).items.at(-1)).toMatchObject({
    type: 2,
    content: '在吗',
  })
  await respond(id)
  expect(await w.wechat.move(id, { kind: 'accept' })).toMatchObject({ status: 205, appealState: 0 })
  const cleared = await w.wechat.complain(said)
  await respond(cleared.id)
  await w.wechat.move(cleared.id, { kind: 'ask-platform' })
  expect(await w.wechat.move(cleared.id, { kind: 'take-up' })).toMatchObject({ status: 103 })
  expect(await w.wechat.move(cleared.id, { kind: 'pay' })).toMatchObject({ status: 312, liable: true })
  expect(await w.wechat.move(cleared.id, { kind: 'finish-pay' })).toMatchObject({ status: 112, appealState: 401 })
})

test('pictures: by first bytes, up to 2 MB, as a part named media, for one appid, for three days', async () => {
  const { id } = await w.wechat.complain(said)
  expect((await upload(Buffer.from('<svg/>'))).errcode).toBe(40004)
  expect((await upload(tinyPng, token, 'video')).errcode).toBe(40004)
  expect((await upload(Buffer.concat([tinyPng, Buffer.alloc(2 * 1024 * 1024)]))).errcode).toBe(40006)
  const nameless = await fetch(`${w.url}/cgi-bin/media/upload?access_token=${token}&type=image`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=X' },
    body: `--X\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nx\r\n--X--\r\n`,
  })
  expect(await nameless.json()).toMatchObject({ errcode: 41005 })
  const foreign = await upload(tinyPng, await w.token(other))
  expect((await respond(id, { mediaIdList: [foreign.media_id] })).errcode).toBe(40007)
  const own = await upload()
  const got = await w.get(`/cgi-bin/media/get?access_token=${token}&media_id=${own.media_id}`)
  expect(got.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await got.arrayBuffer())).toEqual(tinyPng)
  w.clock.advance(3 * day)
  token = await w.token()
  expect((await upload()).media_id).toBeDefined()
  const late = await w.wechat.complain(said)
  expect((await respond(late.id, { mediaIdList: [own.media_id] })).errcode).toBe(40007)
})

test('a picture’s address expires and each detail gives a fresh one; a forged one is refused', async () => {
  const { id } = await w.wechat.complain({ ...said, photos: [tinyPng] })
  const address = async () =>
    ((await detail(id)).complaintOrder.customerMaterial as { mediaIdList: string[] }).mediaIdList[0] ?? ''
  const first = await address()
  expect(Buffer.from(await (await fetch(first)).arrayBuffer())).toEqual(tinyPng)
  expect((await fetch(first.replace(/expires=\d+/, 'expires=9999999999'))).status).toBe(403)
  w.clock.advance(3_600_000)
  expect((await fetch(first)).status).toBe(403)
  expect((await fetch(await address())).status).toBe(200)
})

test('the detail can take each shape that the documents and real answers show', async () => {
  const { id } = await w.wechat.complain(said)
  w.wechat.setQuirks({
    cost: 'number',
    item: 'object',
    openid: 'openid',
    phone: 'string',
    id: 'string',
    avatar: false,
    numbers: 'string',
  })
  const { complaintOrder, item } = await detail(id)
  expect(complaintOrder).toMatchObject({
    totalCost: 23_800,
    openid: 'oUser_1',
    phoneNumber: '13800138000',
    complaintOrderId: String(id),
    status: '201',
  })
  expect(complaintOrder).not.toHaveProperty('nickName')
  expect(item).toMatchObject({ itemType: 1 })
  w.wechat.setQuirks({ cost: 'string', item: 'absent' })
  expect(await detail(id)).not.toHaveProperty('item')
  expect((await detail(id)).complaintOrder.totalCost).toBe('23800')
  await w.wechat.move(id, { kind: 'message', content: '在吗' })
  w.wechat.setQuirks({ item: 'array', itemOrder: 'newest-first' })
  expect((await detail(id)).item.map((one) => one.itemType)).toEqual([2, 1])
})

test('the log of calls knows what ran, and holds no secret', async () => {
  const { id } = await w.wechat.complain(said)
  await respond(id)
  expect(w.wechat.calls().at(-1)).toMatchObject({
    on: 'respond',
    appid,
    complaint: id,
    errcode: 0,
    outcome: 'answered',
    ran: 'yes',
    body: { bussiHandle: 1 },
  })
  expect(JSON.stringify(w.wechat.calls())).not.toContain(secret)
  expect(JSON.stringify(w.wechat.calls())).not.toContain(token)
})
