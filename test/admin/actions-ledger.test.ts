import { describe, expect, test } from 'vitest'
import { createRepeats } from '../../src/admin/repeat.ts'
import { type Api, adminKey, apiAt } from '../support/admin-api.ts'
import { beginnings, type Deed, deeds, doneAt, type Playing, photo, throughIt } from '../support/deeds.ts'

// Whatever our own database says: what was done is what the platforms' books say.

const at = '/tenants/shop/complaints/1'
const named = (name: string) => ({ 'idempotency-key': name })
const asLines = (did: Deed['did']) => did.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line)))
const apiOf = async (w: Playing): Promise<Api> => apiAt(w.url, await adminKey(w.storage))

async function picture(api: Api): Promise<{ readonly pictures: readonly string[] }> {
  const { json } = await api('POST', '/tenants/shop/pictures', { base64: photo.toString('base64') })
  return { pictures: [json.hash] }
}

describe.each(deeds)('$platform: $act', ({ begin, body, pictured, did }) => {
  test('stands once in the books, asked for twice at once and once more later under one key', async () => {
    const w = await begin()
    const api = await apiOf(w)
    const wish = { ...body, ...(pictured ? await picture(api) : {}) }
    const same = () => api('POST', `${at}/actions`, wish, named('one'))
    const both = await Promise.all([same(), same()])
    const taken = both.filter(({ status }) => status === 201)
    const waits = both.filter(({ status }) => status !== 201)
    expect(taken.length).toBeGreaterThan(0)
    for (const { status, json } of waits) expect([status, json.title]).toEqual([409, 'Still running'])
    await throughIt(w)
    const again = await same()
    const ids = [...taken, again].map(({ json }) => json.id)
    expect([again.status, new Set(ids).size]).toEqual([201, 1])
    await w.pass(60_000, 30_000)
    expect(doneAt(w)).toEqual(asLines(did))
    expect((await api('GET', `${at}/actions/${ids[0]}`)).json).toMatchObject({ state: 'done' })
  })
})

/** What is never open where its acts begin. */
const closed: Readonly<Record<Deed['platform'], readonly (readonly [wish: object, open: string])[]>> = {
  'wechat-mini': [
    [{ kind: 'add-evidence', text: 'x' }, 'respond, refund'],
    [{ kind: 'prove-refund', text: 'x' }, 'respond, refund'],
    [{ kind: 'appeal', text: 'x' }, 'respond, refund'],
    [{ kind: 'finish' }, 'respond, refund'],
    [{ kind: 'decide-refund', verdict: 'reject', text: 'x' }, 'respond, refund'],
  ],
  'wechat-pay': [
    [{ kind: 'add-evidence', text: 'x' }, 'respond, decide-refund, refund, finish'],
    [{ kind: 'prove-refund', text: 'x' }, 'respond, decide-refund, refund, finish'],
    [{ kind: 'appeal', text: 'x' }, 'respond, decide-refund, refund, finish'],
  ],
  'alipay risk': [
    [{ kind: 'add-evidence', text: 'x' }, 'respond, refund, finish'],
    [{ kind: 'prove-refund', text: 'x' }, 'respond, refund, finish'],
    [{ kind: 'appeal', text: 'x' }, 'respond, refund, finish'],
    [{ kind: 'decide-refund', verdict: 'approve' }, 'respond, refund, finish'],
  ],
  'alipay trade': [
    [{ kind: 'add-evidence', text: 'x' }, 'respond, refund, finish'],
    [{ kind: 'prove-refund', text: 'x' }, 'respond, refund, finish'],
    [{ kind: 'appeal', text: 'x' }, 'respond, refund, finish'],
    [{ kind: 'decide-refund', verdict: 'approve' }, 'respond, refund, finish'],
  ],
}

/** Wrong in itself, or not as this platform takes it → the field that is named. */
const wrong: Readonly<Record<Deed['platform'], readonly (readonly [wish: object, field: string])[]>> = {
  'wechat-mini': [
    [{ kind: 'respond', stance: 'talk', text: 'x' }, 'stance'],
    [{ kind: 'respond', stance: 'agree' }, 'text'],
    [{ kind: 'respond', stance: 'agree', text: '字'.repeat(501) }, 'text'],
  ],
  'wechat-pay': [
    [{ kind: 'respond', stance: 'agree', text: 'x' }, 'stance'],
    [{ kind: 'respond', stance: 'talk' }, 'text'],
    [{ kind: 'respond', stance: 'talk', text: '好👍' }, 'text'],
    [{ kind: 'finish', text: '完' }, 'text'],
    [{ kind: 'finish', choice: 'ORTHER' }, 'choice'],
    [{ kind: 'decide-refund', verdict: 'reject' }, 'text'],
    [{ kind: 'decide-refund', verdict: 'reject', text: 'x', day: 1 }, 'day'],
  ],
  'alipay risk': [
    [{ kind: 'respond', stance: 'refuse', text: 'x' }, 'stance'],
    [{ kind: 'respond', stance: 'talk' }, 'text'],
    [{ kind: 'finish' }, 'choice'],
    [{ kind: 'finish', choice: '03', text: 'x' }, 'choice'],
  ],
  'alipay trade': [
    [{ kind: 'respond', stance: 'agree', text: 'x' }, 'stance'],
    [{ kind: 'finish', choice: '03' }, 'text'],
    [{ kind: 'finish', choice: 'REFUND', text: 'x' }, 'choice'],
  ],
}
const pictureless: Readonly<Record<Deed['platform'], readonly object[]>> = {
  'wechat-mini': [],
  'wechat-pay': [{ kind: 'decide-refund', verdict: 'approve' }, { kind: 'finish' }],
  'alipay risk': [{ kind: 'respond', stance: 'talk', text: 'x' }],
  'alipay trade': [],
}

const money = (amount: number, more: object = {}) => ({ kind: 'refund', amount, confirm: { amount }, ...more })
const fieldsOf = ({ json }: { readonly json: { problems?: { field: string }[] } }) =>
  json.problems?.map(({ field }) => field)

describe.each(Object.keys(beginnings) as Deed['platform'][])('%s', (platform) => {
  async function begun() {
    const w = await beginnings[platform]()
    const api = await apiOf(w)
    let nth = 0
    const act = (wish: object) => api('POST', `${at}/actions`, wish, named(`wish-${++nth}`))
    return { w, api, act }
  }

  test('what is not open now is refused with what is; what does not fit names its field; the platform hears of none', async () => {
    const { w, api, act } = await begun()
    for (const [wish, open] of closed[platform]) {
      const { status, json } = await act(wish)
      const fix = expect.stringContaining(`open now: ${open};`)
      expect([wish, status, json.problems]).toEqual([wish, 409, [{ field: 'kind', fix }]])
    }
    for (const [wish, field] of wrong[platform]) {
      const told = await act(wish)
      expect([wish, told.status, fieldsOf(told)]).toEqual([wish, 422, [field]])
    }
    for (const wish of pictureless[platform]) {
      const told = await act({ ...wish, ...(await picture(api)) })
      expect([wish, told.status, fieldsOf(told)]).toEqual([wish, 422, ['pictures']])
    }
    await throughIt(w)
    expect(doneAt(w)).toEqual([])
    expect((await api('GET', `${at}/actions`)).json.items).toEqual([])
  })

  test('under two keys at once it is done once, and the other is told of the first', async () => {
    const { w, act } = await begun()
    const wish = deeds.find((deed) => deed.platform === platform)?.body ?? {}
    const both = await Promise.all([act(wish), act(wish)])
    expect(both.map(({ status, json }) => [status, json.title]).sort()).toEqual([
      [201, undefined],
      [409, 'On its way'],
    ])
    const done = both.find(({ status }) => status === 201)?.json
    expect(both.find(({ status }) => status === 409)?.json.problems[0].fix).toContain(done.id)
    await throughIt(w)
    expect(doneAt(w)).toHaveLength(1)
  })

  test('no more goes back than was paid, of no order but its own, and none without what makes it safe', async () => {
    const { w, api, act } = await begun()
    const [{ total, order }] = (await api('GET', `${at}/refundable`)).json.items
    expect(total).toBe(1990)
    const above = await act(money(1991))
    expect([above.status, above.json.problems]).toEqual([
      422,
      [{ field: 'amount', fix: expect.stringContaining('/refundable') }],
    ])
    const strange = await act(money(100, { order: `${order}0` }))
    expect([strange.status, fieldsOf(strange)]).toEqual([422, ['order']])
    expect((await api('POST', `${at}/actions`, money(100))).status).toBe(428)
    expect(fieldsOf(await act({ ...money(100), confirm: { amount: 10_000 } }))).toEqual(['confirm.amount'])
    await throughIt(w)
    expect(doneAt(w)).toEqual([])
  })

  test('what stays here is done once under one key, and changes nothing at the platform', async () => {
    const { w, api } = await begun()
    const twice = async (wish: object, name: string) => {
      const ask = () => api('POST', `${at}/actions`, wish, named(name))
      return [await ask(), await ask()].map(({ status, headers }) => [status, headers.get('idempotent-replayed')])
    }
    const once = [
      [201, null],
      [201, 'true'],
    ]
    for (const wish of [
      { kind: 'note', text: '客户来过电话' },
      { kind: 'claim', member: 'li' },
      { kind: 'assign', member: 'chen' },
      { kind: 'release' },
    ])
      expect([wish, await twice(wish, wish.kind)]).toEqual([wish, once])
    const facts = (await api('GET', `${at}/facts`)).json.items.map(({ kind }: { kind: string }) => kind)
    const counts = ['noted', 'assigned', 'released'].map((kind) => facts.filter((one: string) => one === kind).length)
    // A claim is an assignment, too.
    expect(counts).toEqual([1, 2, 1])
    await throughIt(w)
    expect(doneAt(w)).toEqual([])
  })
})

describe('one order, two complaints', () => {
  /** Puts a complaint beside #1 that names the same order, whose money will take a while. */
  const seconds: Readonly<Record<Deed['platform'], (w: Playing) => Promise<unknown>>> = {
    'wechat-mini': async (w) => w.complain({ transactionId: await orderOf(w) }),
    'wechat-pay': async (w) => w.complain({ transactionId: await orderOf(w) }),
    'alipay risk': async (w) => w.alipay?.trade({ tradeNo: await slowTrade(w) }),
    'alipay trade': async (w) => w.alipay?.risk({ trades: [await slowTrade(w)] }),
  }
  const orderOf = async (w: Playing): Promise<string> =>
    (await (await apiOf(w))('GET', `${at}/refundable`)).json.items[0].order

  async function slowTrade(w: Playing): Promise<string> {
    const tradeNo = await orderOf(w)
    await w.alipay?.sandbox.trade({ pid: w.alipay.merchants[0]?.pid ?? '', tradeNo, refundEnds: 'later' })
    return tradeNo
  }

  test.each(Object.keys(beginnings) as Deed['platform'][])(
    'a second refund is refused while the first of a %s complaint is on its way, and gets no more than is left afterwards',
    async (platform) => {
      const w = await beginnings[platform]()
      const api = await apiOf(w)
      await seconds[platform](w)
      const give = (n: number, amount: number, name: string) =>
        api('POST', `/tenants/shop/complaints/${n}/actions`, money(amount), named(name))
      const both = await Promise.all([give(1, 1500, 'a'), give(2, 1500, 'b')])
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
      const late = both.find(({ status }) => status === 409)
      expect(late && fieldsOf(late)).toEqual(['order'])
      expect(late?.json.problems[0].fix).toContain('/actions')
      await throughIt(w)
      const more = await give(2, 491, 'c')
      expect([more.status, more.json.problems]).toEqual([409, [{ field: 'amount', fix: 'at most 490 fen' }]])
      expect((await give(2, 490, 'd')).status).toBe(201)
      await throughIt(w)
      expect(doneAt(w).filter((line) => line.startsWith('refund-success'))).toEqual([
        'refund-success 1500',
        'refund-success 490',
      ])
    },
  )
})

test('where goods came back it must be said whether they arrived, and elsewhere it is not asked', async () => {
  const acts = (act: string) => deeds.find((deed) => deed.act === act)
  const [back, plain] = [acts('proof where goods came back'), acts('proof of a refund')]
  if (!back || !plain) throw new Error('no such deed')
  for (const [deed, wish] of [
    [back, { kind: 'prove-refund', text: '已退款' }],
    [back, { kind: 'prove-refund', text: '已退款', received: false }],
    [plain, { kind: 'prove-refund', text: '已退款', received: true }],
  ] as const) {
    const w = await deed.begin()
    const told = await (await apiOf(w))('POST', `${at}/actions`, wish)
    const fix = deed === back ? 'whether the goods arrived: true' : expect.stringContaining('leave it out')
    expect([wish, told.status, told.json.problems]).toEqual([wish, 422, [{ field: 'received', fix }]])
    await throughIt(w)
    expect(doneAt(w)).toEqual([])
  }
})

test('what is withdrawn before it went out is never seen by whoever pays; under its old key it stays withdrawn', async () => {
  const w = await beginnings['wechat-mini']()
  const api = await apiOf(w)
  const give = (amount: number, name: string) => api('POST', `${at}/actions`, money(amount), named(name))
  await give(500, 'first')
  await w.pass(20_000, 5_000)
  const [refund] = w.pay?.sandbox.refunds() ?? []
  await w.pay?.sandbox.endRefund(refund?.mchid ?? '', refund?.outRefundNo ?? '', 'SUCCESS').catch(() => {})
  await w.pass(20_000, 5_000)
  const second = await give(700, 'second')
  expect(second.json.state).toBe('requested')
  const back = () => api('POST', `${at}/actions/${second.json.id}/withdraw`, undefined, named('back'))
  expect([(await back()).json.state, (await back()).json.state]).toEqual(['withdrawn', 'withdrawn'])
  const again = await give(700, 'second')
  expect(again.json.id).toBe(second.json.id)
  await throughIt(w)
  expect(doneAt(w).filter((line) => /^refund /.test(line))).toEqual(['refund 500'])
  expect((await api('GET', `${at}/actions/${second.json.id}`)).json.state).toBe('withdrawn')
})

describe('a crash came between, and the program asks again under its key', () => {
  const money500 = { kind: 'refund', amount: 500, confirm: { amount: 500 } }

  async function begun() {
    const w = await beginnings['wechat-pay']()
    const api = await apiOf(w)
    const key = (await api('GET', '/keys')).json.items.find(({ name }: { name: string }) => name === 'program').id
    const ask = (wish: object) => api('POST', `${at}/actions`, wish, named('one'))
    return {
      ...{ w, api, ask },
      /** A life that ended before it wrote anything. */
      unwritten: (body: object) =>
        void createRepeats(w.storage).once(
          { name: 'one', key, path: `${at}/actions`, body },
          () => new Promise(() => {}),
        ),
      /** A life that ended before its answer was kept. */
      unanswered: () =>
        w.storage.transaction((tx) => tx.db.updateTable('repeat').set({ answer: null, runner: 'dead' }).execute()),
    }
  }

  test('before anything was written: it goes, once, and two who ask at once are not two', async () => {
    const { w, ask, unwritten } = await begun()
    unwritten(money500)
    const both = await Promise.all([ask(money500), ask(money500)])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    await throughIt(w)
    expect((await ask(money500)).json).toEqual(both.find(({ status }) => status === 201)?.json)
    expect(doneAt(w)).toEqual(['refund 500', 'refund-success 500'])
  })

  test('after it was written: the same wish is told, as it is by now', async () => {
    const { w, ask, unanswered } = await begun()
    const first = await ask(money500)
    await unanswered()
    await throughIt(w)
    const again = await ask(money500)
    expect([again.status, again.json.id, again.json.state]).toEqual([201, first.json.id, 'done'])
    expect(doneAt(w)).toEqual(['refund 500', 'refund-success 500'])
    // Another body under its key is still another wish.
    await unanswered()
    expect(await ask({ ...money500, reason: 'x' })).toMatchObject({
      status: 422,
      json: { problems: [{ field: 'Idempotency-Key' }] },
    })
  })

  test('what only stays here has no key of its own: it is looked at first, and never done again by itself', async () => {
    const { api, ask, unwritten } = await begun()
    const note = { kind: 'note', text: '客户来过电话' }
    unwritten(note)
    expect(await ask(note)).toMatchObject({ status: 409, json: { title: 'Cut off' } })
    expect((await api('GET', `${at}/facts`)).json.items.map(({ kind }: { kind: string }) => kind)).not.toContain(
      'noted',
    )
  })
})
