import { createWechat, type MiniProgram } from '../../sandbox/wechat/index.ts'
import {
  createWechatPay as createSandbox,
  type MerchantIdentity,
  type Misbehaviour,
  mintMerchant,
} from '../../sandbox/wechat-pay/index.ts'
import { manualClock } from '../../src/core/clock.ts'
import type { TenantId } from '../../src/core/words.ts'
import { paidBy } from '../../src/platforms/paid-by.ts'
import { createWechatMini } from '../../src/platforms/wechat-mini/index.ts'
import { createWechatPay } from '../../src/platforms/wechat-pay/index.ts'
import { payingBy } from '../../src/platforms/wechat-pay/refund-deed.ts'
import { createAccount, type NewAccount } from '../../src/storage/accounts.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { tokenStore } from '../../src/storage/tokens.ts'
import { chance } from './chance.ts'
import { type Happening, lateFrom } from './mix.ts'
import { noon, type Outside, orders, ours, type Side } from './side.ts'

const mchid = '1900007291'
const apiV3Key = '0123456789abcdef0123456789abcdef'
const hosts = { pay: 'pay.test', mini: 'mini.test' }

const program = (name: string, at: number): MiniProgram => ({
  name,
  appid: `wx${String(at).repeat(16)}`,
  secret: String(at).repeat(32),
  token: `RedressToken${at}`,
  aesKey: String(at).repeat(43),
  mode: 'safe',
  format: 'json',
  // Nothing is told of these complaints: they are read when something was done.
  pushUrl: '',
})
const programs = [program('小店', 1), program('分店', 2)] as const

// To make a key takes a tenth of a second.
let minted: MerchantIdentity | undefined
function identity(): MerchantIdentity {
  minted ??= mintMerchant({ mchid, random: chance(1).bytes, now: noon })
  return minted
}

const second = 1_000
const late = (ms: number): Misbehaviour => ({ on: 'refund', how: 'late-effect', ms })
const lost: Readonly<Record<string, Misbehaviour>> = {
  'a lost answer': { on: 'refund', how: 'lost-answer' },
  'two lost answers': { on: 'refund', how: 'lost-answer', times: 2 },
  '502 after the effect': { on: 'refund', how: 'http', status: 502, effect: true },
  'an answer of nobody': { on: 'refund', how: 'unverifiable' },
  'a torn answer': { on: 'refund', how: 'malformed' },
  'too often after the effect': { on: 'refund', how: 'frequency-limited', effect: true },
}
const lates: Readonly<Record<string, Misbehaviour>> = {
  '20 s late': late(20 * second),
  '90 s late': late(lateFrom),
  '120 s late': late(120 * second),
  '240 s late': late(240 * second),
}
const other: Readonly<Record<string, Misbehaviour>> = {
  'a lost request': { on: 'refund', how: 'lost-request' },
  'a system error': { on: 'refund', how: 'http', status: 500, code: 'SYSTEM_ERROR' },
  'too often': { on: 'refund', how: 'frequency-limited' },
  'lost looks': { on: 'refund-query', how: 'lost-answer', times: 3 },
  'system errors at looks': { on: 'refund-query', how: 'http', status: 500, code: 'SYSTEM_ERROR', times: 4 },
  'looks answered by nobody': { on: 'refund-query', how: 'unverifiable', times: 2 },
  'three lost answers': { on: 'any', how: 'lost-answer', times: 3 },
  'a notice twice': { on: 'refund-push', how: 'duplicate' },
  'a notice withheld': { on: 'refund-push', how: 'withheld' },
  'notices reordered': { on: 'refund-push', how: 'reorder' },
  'a notice replayed': { on: 'refund-push', how: 'replay', ms: 30 * second },
  'a notice of nobody': { on: 'refund-push', how: 'unverifiable' },
}
const scripts = { ...lost, ...lates, ...other }

const ends = ['SUCCESS', 'ABNORMAL', 'ABNORMAL', 'CLOSED', 'CLOSED', 'never'] as const

/** 微信支付, which pays for two mini programs too: customers of both complain about the cheap order. */
export const wechatPay: Side = {
  name: 'wechat-pay',
  troubles: { lost: Object.keys(lost), late: Object.keys(lates), other: Object.keys(other) },
  ends,
  approves: true,
  brings: ['a refund that waits for a person', 'a closed refund', 'a follow-up', 'a notice'],
  create,
}

async function create({ seed, settleMs, hear }: Parameters<Side['create']>[0]): Promise<Outside> {
  const clock = manualClock(noon)
  const random = chance(0)
  const { serial, certificate } = identity()
  const merchant = { name: '收款', mchid, apiV3Key, certificateSerial: serial, publicKey: certificate }
  const shared = { clock, random: random.bytes, deliver: hear }
  const pay = createSandbox({ ...shared, merchants: [merchant], rules: { settleMs } })
  const mini = createWechat({ ...shared, programs })
  const put = async (refundEnds?: (typeof ends)[number]) => {
    for (const [at, { number: transactionId, total }] of orders.entries()) {
      const order = { mchid, transactionId, outTradeNo: `T${at + 1}`, total }
      await pay.order({ ...order, ...(refundEnds === undefined ? { paidAt: noon - 3_600_000 } : { refundEnds }) })
    }
  }
  await put()
  const numbers: string[] = []
  for (const [{ appid }, at] of [
    [programs[0], 0],
    [programs[1], 0],
    [programs[0], 1],
  ] as const) {
    const { number: transactionId, total: amount } = orders[at]
    numbers.push(String((await mini.complain({ appid, transactionId, outTradeNo: `T${at + 1}`, amount })).id))
  }
  numbers.push((await pay.complain({ mchid, transactionId: orders[1].number, type: 'REFUND' })).id)
  random.again(seed)

  const calls = () => pay.calls().filter(({ on }) => on === 'refund')
  const setEnds = (how: string) => put(ends.find((one) => one === how))

  return {
    clock,
    chance: random,
    hosts: { [hosts.pay]: pay, [hosts.mini]: mini },
    numbers,
    async join(tx, tenant) {
      const { id, pem } = pay.publicKey(mchid)
      const account = await joined(tx, tenant, payAccount(id, pem))
      const one = await joined(tx, tenant, miniAccount(programs[0]))
      const two = await joined(tx, tenant, miniAccount(programs[1]))
      return [one, two, one, account].map((reader) => ({ account: reader }))
    },
    platforms({ storage, ...parts }) {
      const program = createWechatMini({ ...parts, tokens: tokenStore(storage), baseUrl: `http://${hosts.mini}` })
      const payer = createWechatPay({ ...parts, baseUrl: `http://${hosts.pay}` })
      const paying = payingBy(payer, ({ id }) => `${ours}/hooks/${id}`)
      return [program, payer].map((platform) => paidBy(platform, paying))
    },
    async advance() {
      await pay.advance()
      await mini.advance()
    },
    async trouble(name) {
      const script = scripts[name]
      if (!script) throw new Error(`no trouble ${name}`)
      pay.misbehave(script)
    },
    setBalance: (fen) => pay.setBalance(mchid, fen),
    setEnds,
    async calm() {
      for (const trouble of pay.misbehaviours()) trouble.stop()
      pay.setBalance(mchid, 1_000_000)
      await setEnds('SUCCESS')
      for (const { status, mchid: payee, outRefundNo, dueAt } of pay.refunds())
        if (status === 'PROCESSING' && dueAt === Number.POSITIVE_INFINITY)
          await pay.endRefund(payee, outRefundNo, 'SUCCESS')
    },
    refunds: () =>
      pay.refunds().map(({ transactionId: order, outRefundNo: number, amount, status }) => ({
        order,
        number,
        amount,
        state: states[status],
      })),
    asked: () => new Set(calls().flatMap(({ refund }) => refund ?? [])),
    wants({ method, url, body }) {
      if (method !== 'POST' || !url.endsWith('/v3/refund/domestic/refunds')) return undefined
      const asked = JSON.parse(String(body)) as { out_refund_no: string; amount: { refund: number } }
      return { number: asked.out_refund_no, amount: asked.amount.refund }
    },
    overdrawn: () =>
      calls()
        .filter(({ code, body }) => code === 'INVALID_REQUEST' && body)
        .map(({ refund = '', body }) => ({ number: refund, what: JSON.stringify(body?.amount) })),
    unasked: () => false,
    answered: () => [
      ...mini
        .ledger()
        .filter(({ by, what }) => by === 'merchant' && what === 'respond')
        .map(({ complaint }) => String(complaint)),
      ...pay
        .ledger()
        .filter(({ what }) => what === 'approve' || what === 'reject')
        .map(({ complaint }) => `${complaint}`),
    ],
    brought() {
      const vain = ['lost-answer', 'unverifiable', 'malformed', 'http', 'frequency-limited']
      const seen: Partial<Record<Happening, boolean>> = {
        'an answer lost after the effect': calls().some(({ ran, how }) => ran === 'yes' && vain.includes(how ?? '')),
        'an effect later than restart, lease and look': pay
          .misbehaviours()
          .some(({ script, happened }) => script.how === 'late-effect' && happened > 0 && script.ms >= lateFrom),
        'a refusal for want of money': calls().some(({ code }) => code === 'NOT_ENOUGH'),
        'a follow-up': mini.ledger().some(({ what, by }) => what === 'respond' && by === 'merchant'),
        'a notice': pay.ledger().some(({ what, answer }) => what === 'push' && answer?.startsWith('200')),
      }
      return (Object.keys(seen) as Happening[]).filter((one) => seen[one])
    },
    course: () => [...pay.calls(), ...pay.ledger(), ...mini.calls(), ...mini.ledger()],
  }
}

const states = { PROCESSING: 'underway', SUCCESS: 'arrived', ABNORMAL: 'stuck', CLOSED: 'over' } as const

type Given = Omit<NewAccount, 'tenant'>

async function joined(tx: Tx, tenant: TenantId, given: Given) {
  const account = await createAccount(tx, { tenant, ...given })
  if (!account) throw new Error('no account')
  return account
}

/** As the merchant's console hands it out. */
function payAccount(publicKeyId: string, publicKey: string): Given {
  const { privateKey, certificate } = identity()
  return {
    platform: 'wechat-pay',
    outsideId: mchid,
    name: '收款',
    enabled: true,
    settings: { publicKeyId, refunds: true },
    secrets: { apiV3Key, privateKey, certificate, publicKey },
  }
}

const miniAccount = ({ appid, name, secret, token, aesKey, mode }: MiniProgram): Given => ({
  platform: 'wechat-mini',
  outsideId: appid,
  name,
  enabled: true,
  settings: { mode, refunds: true, payer: mchid },
  secrets: { secret, token, aesKey },
})
