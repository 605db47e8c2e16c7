import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, type World } from './wechat-world.ts'

// WeChat docs, 交易投诉: status, node, appeal and waybill tables. Every code is walked to, none is set by hand.
let w: World
const appid = 'wxba5fad812f8e6fb9'
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const taken = 'agree ask-platform'
const liable = `${taken} judge:liable`
const back = `${taken} judge:return`

/** From 201, along the documented flow; agree, refuse, evidence, proof and appeal are the merchant's own calls. */
const walks: readonly (readonly [status: number, steps: string])[] = [
  [201, ''],
  [202, 'time'],
  [203, 'agree'],
  [204, 'refuse'],
  [205, 'agree accept'],
  [101, taken],
  [102, 'withdraw'],
  [103, `${taken} take-up`],
  [104, `${taken} ask-evidence:customer`],
  [105, `${taken} ask-evidence:customer user-evidence`],
  [106, `${taken} ask-evidence:merchant`],
  [107, `${taken} ask-evidence:merchant evidence`],
  [108, `${taken} ask-evidence:both`],
  [109, `${taken} ask-evidence:both time`],
  [112, `${taken} judge:not-liable`],
  [115, `${liable} proof verify-proof`],
  [116, `${taken} judge:dismissed`],
  [206, liable],
  [207, `${liable} proof`],
  [208, `${liable} time`],
  [209, `${liable} proof refuse-proof`],
  [305, `${taken} ask-evidence:customer time`],
  [307, `${taken} ask-evidence:merchant time`],
  [308, back],
  [309, `${back} ship-return`],
  // The docs name no way to 310; here the platform takes back a missed proof.
  [310, `${liable} time take-up`],
  [311, `${back} ship-return return-abnormal`],
  [312, `${taken} pay`],
]
const appeals: readonly (readonly [state: number, steps: string])[] = [
  [0, ''],
  [401, `${liable} proof verify-proof`],
  [402, `${liable} proof verify-proof time`],
  [403, `${liable} proof verify-proof appeal`],
  [117, `${liable} proof verify-proof appeal win-appeal`],
  [118, `${liable} proof verify-proof appeal lose-appeal`],
]
/** Nodes beside the ways above. */
const byways = ['message', 'merchant-message', 'agree time', `${liable} proof refuse-proof:26`]

const calls: Readonly<Record<string, readonly [name: string, body: object]>> = {
  agree: ['bussiRespondComplaint', { bussiHandle: 1 }],
  refuse: ['bussiRespondComplaint', { bussiHandle: 2 }],
  evidence: ['bussiSupplyProof', {}],
  proof: ['bussiSupplyRefund', {}],
  appeal: ['busiAppeal', {}],
}

async function step(id: number, name: string) {
  const call = calls[name]
  if (call) {
    const path = `/wxaapi/minishop/${call[0]}?access_token=${await w.token()}`
    expect(await w.post(path, { complaintOrderId: id, content: '说明', ...call[1] })).toMatchObject({ errcode: 0 })
  } else if (name === 'time') {
    await w.pass(Number(w.wechat.complaint(id)?.expiresAt) * 1000 - w.clock.now())
  } else {
    expect(await w.post(`/sandbox/api/complaints/${id}/${name}`, { content: '说明' })).toMatchObject({ id })
  }
}

type Shown = {
  complaintOrder: { status: number; appealState: number }
  item: { itemType: number; blameResult?: number; appealItemType?: number }[]
  returnBill?: { orderStatus: number; returnId: string }
}
async function detail(id: number): Promise<Shown> {
  const query = `access_token=${await w.token()}&complaintOrderId=${id}`
  return (await (await w.get(`/wxaapi/minishop/complaintOrderDetail?${query}`)).json()) as Shown
}
async function walk(steps: string): Promise<{ id: number; shown: Shown }> {
  const { id } = await w.wechat.complain({ appid })
  for (const name of steps.split(' ').filter(Boolean)) await step(id, name)
  return { id, shown: await detail(id) }
}

test.each(walks)('status %i: %s', async (status, steps) => {
  expect((await walk(steps)).shown.complaintOrder.status).toBe(status)
})

test.each(appeals)('appealState %i: %s', async (state, steps) => {
  expect((await walk(steps)).shown.complaintOrder.appealState).toBe(state)
})

const nodes = [
  1, 2, 3, 7, 8, 11, 12, 13, 14, 16, 18, 26, 30, 31, 32, 33, 36, 37, 101, 104, 107, 108, 109, 110, 111, 112, 113, 118,
]

test('together the walks show every node of the table and every state of the tables, and nothing was set by hand', async () => {
  const seen = { items: new Set<number>(), statuses: new Set<number>(), appeals: new Set<number>() }
  const appealNodes = new Set<number>()
  for (const steps of [...walks.map((one) => one[1]), ...appeals.map((one) => one[1]), ...byways]) {
    const { complaintOrder, item } = (await walk(steps)).shown
    seen.statuses.add(complaintOrder.status)
    seen.appeals.add(complaintOrder.appealState)
    for (const one of item) (one.appealItemType ? appealNodes : seen.items).add(one.appealItemType ?? one.itemType)
  }
  const missing = (all: readonly number[], found: ReadonlySet<number>) => all.filter((one) => !found.has(one))
  const statuses = [
    201, 202, 203, 204, 205, 101, 102, 103, 104, 105, 106, 107, 108, 109, 112, 115, 116, 206, 207, 208, 209, 305, 307,
    308, 309, 310, 311, 312,
  ]
  expect(missing(statuses, seen.statuses)).toEqual([])
  expect(missing([0, 401, 402, 403, 117, 118], seen.appeals)).toEqual([])
  expect(missing(nodes, seen.items)).toEqual([])
  expect([...appealNodes].sort()).toEqual([117, 118, 403])
  expect(w.wechat.ledger().filter(({ what }) => what === 'set')).toEqual([])
})

const waybills = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 99]

test('the return: no waybill at first, then every state of the carrier’s table, pushed like any change', async () => {
  const { id, shown } = await walk(back)
  expect(shown.returnBill).toMatchObject({ orderStatus: 10, waybillId: '', deliveryName: '' })
  await step(id, 'ship-return')
  for (const state of waybills) {
    await step(id, `waybill:${state}`)
    const { complaintOrder, returnBill } = await detail(id)
    expect([complaintOrder.status, returnBill?.orderStatus]).toEqual([309, state])
  }
  await w.wechat.idle()
  expect(w.wechat.ledger().filter(({ what }) => what === 'push')).toHaveLength(5 + waybills.length)
  const move = async (name: string) => (await w.post(`/sandbox/api/complaints/${id}/${name}`, {})).error
  expect(await move('waybill:9')).toContain('9 is none of 0, 1, 2')
  await step(id, 'withdraw')
  expect(await move('waybill:1')).toBe('waybill:1 is not possible at 102/0')
})

test.each([
  ['proof, where the merchant may say how the goods came', 'proof', 207],
  ['the goods turn up', 'return-received', 206],
  ['the platform takes it back', 'take-up', 310],
])('out of 311: %s', async (_, name, status) => {
  const { id, shown } = await walk(`${back} ship-return return-abnormal`)
  expect(shown.returnBill?.orderStatus).toBe(5)
  if (name === 'proof') {
    const body = {
      complaintOrderId: id,
      content: '货损',
      acceptReturn: 2,
      returnId: Number(shown.returnBill?.returnId),
    }
    const path = `/wxaapi/minishop/bussiSupplyRefund?access_token=${await w.token()}`
    expect((await w.post(path, body)).errcode).toBe(0)
    expect(w.wechat.ledger().findLast(({ by }) => by === 'merchant')?.choice).toBe('not-received')
  } else await step(id, name)
  expect((await detail(id)).complaintOrder.status).toBe(status)
})

test('a missed proof can be taken back until it is appealed', async () => {
  const { id } = await walk(`${liable} time appeal`)
  expect((await w.post(`/sandbox/api/complaints/${id}/take-up`, {})).error).toBe('take-up is not possible at 208/403')
})
