import { createHash } from 'node:crypto'
import type { FeedbackCode, ProcessCode } from '../../sandbox/alipay/index.ts'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { type AlipayWorld, type PayWorld, type World, world } from './world.ts'

/** A world with whichever platforms its complaint #1 needs. */
export type Playing = World & Partial<Pick<PayWorld, 'pay'>> & Partial<Pick<AlipayWorld, 'alipay'>>

/** One thing that can be done at a platform: what a program sends for it, what a person types, and what stands in the platform's books afterwards. */
export interface Deed {
  readonly platform: 'wechat-mini' | 'wechat-pay' | 'alipay risk' | 'alipay trade'
  readonly act: string
  /** Complaint #1, in a state in which it is open. */
  begin(): Promise<Playing>
  /** For …/actions. */
  readonly body: Readonly<Record<string, unknown>>
  /** The photo goes along. */
  readonly pictured?: true
  /** After `redress complaint`, without the photo. */
  readonly words: readonly string[]
  /** Lines as `doneAt` tells them. */
  readonly did: readonly (string | RegExp)[]
}

export const photo = parcelPhoto(7)
const pictured = `+${createHash('sha256').update(photo).digest('hex').slice(0, 8)}`
const paid = 1990
const minute = 60_000

interface Entry {
  readonly by: string
  readonly what: string
  readonly choice?: string
  readonly code?: string
  readonly amount?: number
  readonly text?: string
  readonly media?: readonly { readonly sha256: string }[]
}

/** Everything that we did to anybody's complaint or money, by the books of the platforms, one book after the other; for each: what, how, fen, words, pictures. */
export function doneAt({ wechat, pay, alipay }: Playing): readonly string[] {
  const books: readonly Entry[] = [
    ...wechat.ledger(),
    ...(pay?.sandbox.ledger() ?? []),
    ...(alipay?.sandbox.ledger() ?? []),
  ]
  const ours = books.filter(
    ({ by, what }) =>
      (by === 'merchant' && !['notify-url', 'consent', 'token', 'refreshed', 'cancelled'].includes(what)) ||
      /^refund-(?!received)/.test(what),
  )
  return ours.map(({ what, choice, code, amount, text, media = [] }) =>
    [what, choice, code, amount, text, ...media.map(({ sha256 }) => `+${sha256.slice(0, 8)}`)]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
  )
}

async function mini(): Promise<PayWorld & { readonly id: number }> {
  const w = await world({ pay: ['青禾优选'] })
  const { transactionId } = await w.pay.sandbox.order({ mchid: w.pay.merchants[0]?.mchid ?? '', total: paid })
  const { id } = await w.complain({ transactionId })
  return { ...Object.create(w), ...w, id }
}

const miniSet =
  (correction: Parameters<World['wechat']['set']>[1]): Deed['begin'] =>
  async () => {
    const w = await mini()
    await w.wechat.set(w.id, correction)
    await w.settle()
    return w
  }

/** Goods came back: it is asked whether they arrived. */
async function returned(): Promise<Playing> {
  const w = await mini()
  await w.wechat.set(w.id, { status: 103 })
  await w.wechat.move(w.id, { kind: 'judge', verdict: 'return' })
  await w.wechat.move(w.id, { kind: 'ship-return' })
  await w.wechat.move(w.id, { kind: 'return-received' })
  await w.settle()
  return w
}

const merchant =
  (more: Parameters<PayWorld['pay']['complain']>[0] = {}): Deed['begin'] =>
  async () => {
    const w = await world({ pay: ['青禾优选'] })
    await w.pay.complain({ amount: paid, ...more })
    return w
  }

async function risk(): Promise<Playing> {
  const w = await world({ alipay: { rules: { riskMessage: 'method' } } })
  await w.alipay.risk({ amount: paid })
  return w
}

async function trade(): Promise<AlipayWorld> {
  const w = await world({ alipay: { rules: { riskMessage: 'method' } } })
  await w.alipay.trade({ amount: paid })
  return w
}

async function atPlatform(): Promise<Playing> {
  const w = await trade()
  await w.alipay.sandbox.moveTrade(w.alipay.sandbox.tradeComplaints()[0]?.id ?? '', { kind: 'ask-platform' })
  await w.settle()
  return w
}

/** In which each platform's acts begin. */
export const beginnings: Readonly<Record<Deed['platform'], Deed['begin']>> = {
  'wechat-mini': mini,
  'wechat-pay': merchant({ type: 'REFUND' }),
  'alipay risk': risk,
  'alipay trade': trade,
}

const money = (amount: number, reason: string) => ({ kind: 'refund', amount, reason, confirm: { amount } })

/** @param told what the platform of the complaint hears of it, where another one pays */
function refundsOf(platform: Deed['platform'], ...told: Deed['did']): readonly Deed[] {
  const of = (act: string, amount: number, said: string): Deed => ({
    ...{ platform, act, begin: beginnings[platform], body: money(amount, '少发一件') },
    words: ['refund', '1', said, '--reason', '少发一件', '--yes'],
    did: [...told, `refund ${amount} 少发一件`, `refund-success ${amount}`],
  })
  return [of('part of the money', 500, '5'), of('all of the money', paid, 'all')]
}

/** Every act of every platform; a refund's successors with it. */
export const deeds: readonly Deed[] = [
  {
    ...{ platform: 'wechat-mini', act: 'agree', begin: mini },
    body: { kind: 'respond', stance: 'agree', text: '马上补发' },
    words: ['agree', '1', '--text', '马上补发'],
    did: ['respond agree 马上补发'],
  },
  {
    ...{ platform: 'wechat-mini', act: 'refuse, with a picture', begin: mini, pictured: true },
    body: { kind: 'respond', stance: 'refuse', text: '已经签收' },
    words: ['refuse', '1', '--text', '已经签收'],
    did: [`respond refuse 已经签收 ${pictured}`],
  },
  {
    ...{ platform: 'wechat-mini', act: 'evidence', begin: miniSet({ status: 106 }), pictured: true },
    body: { kind: 'add-evidence', text: '签收记录' },
    words: ['evidence', '1', '--text', '签收记录'],
    did: [`evidence 签收记录 ${pictured}`],
  },
  {
    ...{ platform: 'wechat-mini', act: 'evidence of a picture alone', begin: miniSet({ status: 108 }), pictured: true },
    body: { kind: 'add-evidence' },
    words: ['evidence', '1'],
    did: [`evidence ${pictured}`],
  },
  {
    ...{ platform: 'wechat-mini', act: 'proof of a refund', begin: miniSet({ status: 206 }), pictured: true },
    body: { kind: 'prove-refund', text: '已退到零钱' },
    words: ['proof', '1', '--text', '已退到零钱'],
    did: [`proof 已退到零钱 ${pictured}`],
  },
  {
    ...{ platform: 'wechat-mini', act: 'proof where goods came back', begin: returned },
    body: { kind: 'prove-refund', text: '已收货并退款', received: true },
    words: ['proof', '1', '--text', '已收货并退款', '--received', 'yes'],
    did: ['proof received 已收货并退款'],
  },
  {
    ...{ platform: 'wechat-mini', act: 'appeal', begin: miniSet({ status: 115, appealState: 401, liable: true }) },
    body: { kind: 'appeal', text: '判责有误' },
    words: ['appeal', '1', '--text', '判责有误'],
    did: ['appeal 判责有误'],
  },
  ...refundsOf('wechat-mini', /^respond agree .*rd[a-z2-7]{28}/),
  {
    ...{ platform: 'wechat-pay', act: 'reply', begin: merchant(), pictured: true },
    body: { kind: 'respond', stance: 'talk', text: '今天发出' },
    words: ['reply', '1', '--text', '今天发出'],
    did: [`reply 今天发出 ${pictured}`],
  },
  {
    ...{ platform: 'wechat-pay', act: 'reject', begin: merchant({ type: 'REFUND' }), pictured: true },
    body: { kind: 'decide-refund', verdict: 'reject', text: '商品已被使用' },
    words: ['reject', '1', '--text', '商品已被使用'],
    did: [`reject 商品已被使用 ${pictured}`],
  },
  {
    ...{ platform: 'wechat-pay', act: 'approve for a later day', begin: merchant({ type: 'REFUND' }) },
    body: { kind: 'decide-refund', verdict: 'approve', day: 3 },
    words: ['approve', '1', '--day', '3'],
    did: ['approve'],
  },
  {
    ...{ platform: 'wechat-pay', act: 'approve with its money', begin: merchant({ type: 'REFUND' }) },
    body: {
      ...{ kind: 'decide-refund', verdict: 'approve', text: '已核实' },
      refund: { amount: paid, reason: '退款', confirm: { amount: paid } },
    },
    words: ['approve', '1', '--text', '已核实', '--refund', '19.90', '--reason', '退款', '--yes'],
    did: ['approve 已核实', `refund ${paid} 退款`, `refund-success ${paid}`],
  },
  {
    ...{ platform: 'wechat-pay', act: 'finish', begin: merchant() },
    body: { kind: 'finish' },
    words: ['finish', '1'],
    did: ['complete'],
  },
  ...refundsOf('wechat-pay'),
  {
    ...{ platform: 'alipay risk', act: 'reply', begin: risk },
    body: { kind: 'respond', stance: 'talk', text: '已为您关闭续费' },
    words: ['reply', '1', '--text', '已为您关闭续费'],
    did: ['reply 已为您关闭续费'],
  },
  {
    ...{ platform: 'alipay risk', act: 'finish', begin: risk, pictured: true },
    body: { kind: 'finish', choice: 'CONSENSUS_WITH_CLIENT' satisfies ProcessCode, text: '已电话联系' },
    words: ['finish', '1', '--choice', 'CONSENSUS_WITH_CLIENT', '--text', '已电话联系'],
    did: [`finish CONSENSUS_WITH_CLIENT 已电话联系 ${pictured}`],
  },
  ...refundsOf('alipay risk'),
  {
    ...{ platform: 'alipay trade', act: 'reply', begin: trade, pictured: true },
    body: { kind: 'respond', stance: 'talk', text: '今天发出' },
    words: ['reply', '1', '--text', '今天发出'],
    did: [`reply 今天发出 ${pictured}`],
  },
  {
    ...{ platform: 'alipay trade', act: 'feedback', begin: trade, pictured: true },
    body: { kind: 'finish', choice: '03' satisfies FeedbackCode, text: '已发货' },
    words: ['finish', '1', '--choice', '03', '--text', '已发货'],
    did: [`feedback 03 已发货 ${pictured}`],
  },
  {
    ...{ platform: 'alipay trade', act: 'evidence', begin: atPlatform, pictured: true },
    body: { kind: 'add-evidence', text: '物流签收' },
    words: ['evidence', '1', '--text', '物流签收'],
    did: [`supplement 物流签收 ${pictured}`],
  },
  ...refundsOf('alipay trade'),
]

/** Long enough for whatever was asked for to have come to its end, and for what must not follow to have followed. */
export const throughIt = (w: Playing): Promise<void> => w.pass(4 * minute, minute)
