import {
  type AppIdentity,
  type CallEntry,
  createAlipay as createSandbox,
  type Fault,
  type Misbehaviour,
  mintApp,
  type Alipay as Sandbox,
} from '../../sandbox/alipay/index.ts'
import { manualClock } from '../../src/core/clock.ts'
import { Secret } from '../../src/core/seal.ts'
import { createAlipay } from '../../src/platforms/alipay/index.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { grantStore } from '../../src/storage/grants.ts'
import { keepMerchant, merchantCalled, revokeMerchant, type StoredMerchant } from '../../src/storage/merchants.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { chance } from './chance.ts'
import { type Happening, lateFrom } from './mix.ts'
import { noon, type Outside, orders, type Side } from './side.ts'

const host = 'alipay.test'
const shop = { pid: '2088000000000001', name: '街角咖啡', appId: '2021900000000001' }
/** Two apps of ours that the same merchant has authorised. */
const apps = [
  { appId: '2021000000000001', name: '投诉管家' },
  { appId: '2021000000000002', name: '投诉管家二号' },
] as const
type App = (typeof apps)[number]

// To make a key takes a tenth of a second.
let minted: AppIdentity | undefined
function identity(): AppIdentity {
  minted ??= mintApp({ name: 'redress', random: chance(1).bytes, now: noon })
  return minted
}

const second = 1_000
const refund = 'alipay.trade.refund'
const look = 'alipay.trade.fastpay.refund.query'
const late = (ms: number): Misbehaviour => ({ on: refund, how: 'late-effect', ms })
const unsure = (fault: Fault): Misbehaviour => ({ on: refund, how: 'unverifiable', fault })
const no = (subCode: string, more: { readonly on?: typeof look | 'alipay.trade.query'; code?: string } = {}) =>
  ({ on: refund, how: 'refused', subCode, ...more }) as const

const lost: Readonly<Record<string, Misbehaviour>> = {
  'a lost answer': { on: refund, how: 'lost-answer' },
  'two lost answers': { on: refund, how: 'lost-answer', times: 2 },
  '502 after the effect': { on: refund, how: 'html', status: 502, effect: true },
  'an unsigned answer': unsure('missing'),
  'an answer of nobody': unsure('key'),
  'a changed answer': { on: refund, how: 'tampered' },
  'a torn answer': { on: refund, how: 'malformed' },
  'another call answered': { on: refund, how: 'wrong-key' },
  '20000 after the effect': { on: refund, how: 'unknown-error', effect: true },
  'a system error after the effect': { ...no('ACQ.SYSTEM_ERROR'), effect: true },
}
const lates: Readonly<Record<string, Misbehaviour>> = {
  '20 s late': late(20 * second),
  '90 s late': late(lateFrom),
  '120 s late': late(120 * second),
  '240 s late': late(240 * second),
}
const other: Readonly<Record<string, Misbehaviour>> = {
  'a lost request': { on: refund, how: 'lost-request' },
  '20000': { on: refund, how: 'unknown-error' },
  '40005': { on: refund, how: 'call-limited' },
  'another refund under the number': no('ACQ.DISCORDANT_REPEAT_REQUEST'),
  'no balance': no('ACQ.SELLER_BALANCE_NOT_ENOUGH'),
  'lost looks': { on: look, how: 'lost-answer', times: 6 },
  'system errors at looks': { ...no('ACQ.SYSTEM_ERROR', { on: look }), times: 8 },
  'looks answered by nobody': { on: look, how: 'unverifiable', times: 3 },
  'looks that find no trade': { ...no('ACQ.TRADE_NOT_EXIST', { on: look }), times: 2 },
  'no word for a moment': no('aop.invalid-app-auth-token', { on: 'alipay.trade.query', code: '20001' }),
  'three lost answers': { on: 'any', how: 'lost-answer', times: 3 },
}
const scripts = { ...lost, ...lates, ...other }
/** Milliseconds until a refund is seen by those who ask. */
const hidden: Readonly<Record<string, number>> = { 'seen after 40 s': 40 * second, 'seen after 200 s': 200 * second }

const taken = ['word 0 taken back', 'word 0 taken back and heard', 'word 1 taken back', 'word 0 taken back for good']
const given = ['word 0 given', 'word 1 given']

const ends = ['at-once', 'later', 'later', 'fails', 'never'] as const

/** 支付宝: a merchant under two apps, whose customers complain about one trade at both desks. */
export const alipay: Side = {
  name: 'alipay',
  troubles: {
    lost: Object.keys(lost),
    late: Object.keys(lates),
    other: [...Object.keys(other), 'no balance', ...Object.keys(hidden), ...Object.keys(hidden)],
    word: { taken, given },
  },
  ends,
  approves: false,
  brings: [
    'a word taken back in the middle',
    'another refund under the number',
    'a refund that shows later',
    'money through two accounts',
  ],
  create,
}

async function create({ seed, settleMs, hear }: Parameters<Side['create']>[0]): Promise<Outside> {
  const clock = manualClock(noon)
  const random = chance(0)
  const { publicKey } = identity()
  const sandbox = createSandbox({
    clock,
    random: random.bytes,
    deliver: hear,
    // Without a gateway: nothing is told of these complaints, they are read when something was done.
    apps: apps.map((app) => ({ ...app, pid: '2088000000000900', kind: 'isv', publicKey })),
    merchants: [shop],
    rules: { settleMs },
  })
  const { pid } = shop
  const put = async (refundEnds: (typeof ends)[number]) => {
    for (const { number: tradeNo } of orders) await sandbox.trade({ tradeNo, pid, refundEnds })
  }
  for (const [at, { number: tradeNo, total }] of orders.entries())
    await sandbox.trade({ tradeNo, outTradeNo: `T${at + 1}`, pid, total, refundEnds: at === 0 ? 'at-once' : 'later' })
  for (const { appId } of apps) await sandbox.authorise(appId, pid)
  const numbers: string[] = []
  for (const { number } of orders) {
    numbers.push(String((await sandbox.complainRisk({ pid, trades: [number] })).id))
    numbers.push((await sandbox.complainTrade({ pid, tradeNo: number })).id)
  }
  random.again(seed)

  const calls = () => sandbox.calls().filter(({ on }) => on === refund)
  const gone = new Set<string>()
  let [wordTaken, shownLater] = [false, false]

  async function take(name: string, database: Database) {
    const { appId } = appIn(name)
    if (!valid(sandbox, appId)) return
    await sandbox.revoke(appId, pid, { silent: true })
    if (name.endsWith('for good')) gone.add(appId)
    if (calls().length > 0) wordTaken = true
    if (!name.endsWith('heard')) return
    await database.transaction(async (tx) => {
      const merchant = await merchantOf(tx, appId)
      await revokeMerchant(tx, merchant)
    })
  }

  async function give(appId: string, database: Database) {
    if (gone.has(appId)) return
    const { token } = await sandbox.authorise(appId, pid)
    await database.transaction(async (tx) => {
      await keepMerchant(tx, await merchantOf(tx, appId), granted(token))
    })
  }

  return {
    clock,
    chance: random,
    hosts: { [host]: sandbox },
    numbers,
    async join(tx, tenant) {
      const seats = []
      for (const app of apps) {
        const account = await createAccount(tx, { tenant, ...accountOf(sandbox, app) })
        const token = valid(sandbox, app.appId)?.token
        if (!account || token === undefined) throw new Error('no account')
        seats.push({ account, merchant: await keepMerchant(tx, { tenant, account: account.id }, granted(token)) })
      }
      return [...seats, ...seats]
    },
    platforms: ({ storage, ...parts }) => [
      createAlipay({ ...parts, grants: grantStore(storage), gateway: `http://${host}/gateway.do` }),
    ],
    advance: () => sandbox.advance(),
    async trouble(name, database) {
      const script = scripts[name]
      const ms = hidden[name]
      if (script) sandbox.misbehave(script)
      else if (ms !== undefined) sandbox.setRules({ refundVisibleMs: ms })
      else if (taken.includes(name)) await take(name, database)
      else if (given.includes(name)) await give(appIn(name).appId, database)
      else throw new Error(`no trouble ${name}`)
      if (ms !== undefined) shownLater = true
    },
    setBalance: (fen) => sandbox.setBalance(pid, fen),
    setEnds: (how) => put(ends.find((one) => one === how) ?? 'at-once'),
    async calm(database) {
      for (const trouble of sandbox.misbehaviours()) trouble.stop()
      sandbox.setBalance(pid, 1_000_000)
      sandbox.setRules({ refundVisibleMs: 0 })
      await put('at-once')
      for (const { appId } of apps) await give(appId, database)
    },
    refunds: () =>
      sandbox.refunds().map(({ tradeNo: order, outRequestNo: number, amount, status }) => ({
        order,
        number,
        amount,
        state: states[status],
      })),
    asked: () => new Set(calls().flatMap(({ refund: number }) => number ?? [])),
    wants({ url, body }) {
      if (new URL(url).searchParams.get('method') !== refund) return undefined
      const content = new URLSearchParams(String(body)).get('biz_content') ?? '{}'
      const asked = JSON.parse(content) as { out_request_no: string; refund_amount: string }
      return { number: asked.out_request_no, amount: Math.round(Number(asked.refund_amount) * 100) }
    },
    overdrawn: () =>
      calls()
        .filter(({ subCode }) => subCode === 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' || subCode === 'ACQ.TRADE_HAS_CLOSE')
        .map(({ refund: number = '', body }) => ({ number, what: String(body?.refund_amount) })),
    unasked: ({ number, by }, unclear) =>
      gone.has(by) && (unclear || calls().some((call) => call.refund === number && doubtful(call))),
    answered: () =>
      sandbox
        .ledger()
        .filter(({ by, what }) => by === 'merchant' && ['finish', 'feedback', 'reply'].includes(what))
        .map(({ complaint }) => String(complaint)),
    brought() {
      const seen: Partial<Record<Happening, boolean>> = {
        'an answer lost after the effect': calls().some(
          ({ ran, how }) => ran === 'yes' && how !== undefined && how !== 'late',
        ),
        'an effect later than restart, lease and look': sandbox
          .misbehaviours()
          .some(({ script, happened }) => script.how === 'late-effect' && happened > 0 && script.ms >= lateFrom),
        'a refusal for want of money': calls().some(({ subCode }) => subCode === 'ACQ.SELLER_BALANCE_NOT_ENOUGH'),
        'another refund under the number': calls().some(({ subCode }) => subCode === 'ACQ.DISCORDANT_REPEAT_REQUEST'),
        'a word taken back in the middle': wordTaken,
        'a refund that shows later': shownLater && calls().length > 0,
        'money through two accounts': apps.every(({ appId }) =>
          calls().some((call) => call.appId === appId && call.ran === 'yes'),
        ),
      }
      return (Object.keys(seen) as Happening[]).filter((one) => seen[one])
    },
    course: () => [...sandbox.calls(), ...sandbox.ledger()],
  }
}

const states = { PROCESSING: 'underway', SUCCESS: 'arrived', FAILED: 'over' } as const

/** Its effect, or that there was none, was not told by an answer that can be believed. */
const doubtful = ({ outcome, ran, how }: CallEntry): boolean =>
  outcome === 'lost' || ran !== 'no' || how === 'html' || how === 'unknown-error'

function appIn(name: string): App {
  return name.includes(' 1 ') ? apps[1] : apps[0]
}

const valid = (sandbox: Sandbox, appId: string) =>
  sandbox.grants().find(({ isvAppId, state }) => isvAppId === appId && state === 'valid')

const granted = (token: string) => ({ outsideId: shop.pid, authAppId: shop.appId, token: new Secret(token) })

async function merchantOf(tx: Tx, appId: string): Promise<StoredMerchant> {
  const account = await tx.db
    .selectFrom('account')
    .select('id')
    .where('outside_id', '=', appId)
    .executeTakeFirstOrThrow()
  const merchant = await merchantCalled(tx, account.id as StoredMerchant['account'], { outsideId: shop.pid })
  if (!merchant) throw new Error('no merchant')
  return merchant
}

/** As the console hands it out. */
const accountOf = (sandbox: Sandbox, { appId, name }: App) =>
  ({
    platform: 'alipay',
    outsideId: appId,
    name,
    enabled: true,
    settings: { refunds: true },
    secrets: {
      privateKey: identity().privateKey,
      alipayPublicKey: sandbox.credentials(appId).alipayPublicKey,
    },
  }) as const
