import type { Snapshot } from '../src/complaints/complaint.ts'
import type { Fact } from '../src/complaints/fact.ts'
import { masked, sameness } from '../src/complaints/person.ts'
import type { Sealed, Sealer } from '../src/core/seal.ts'
import { fen, instant, type MemberId } from '../src/core/words.ts'
import type { ComplaintRow, FactRow, Tables } from '../src/storage/tables.ts'
import { asText, ownGrams } from '../src/storage/terms.ts'

/** A business of the bench, and how much of ten is its own. */
export interface Trader {
  readonly id: string
  readonly handle: string
  readonly share: number
  readonly accounts: readonly { readonly id: string; readonly outsideId: string }[]
  readonly member: MemberId
  readonly room: string
}

export type Rows = { readonly [Table in keyof Tables]?: readonly Tables[Table][] }

const day = 86_400_000
/** Over so long they came: two years and nine months. */
const span = 1_000 * day
/** One in fifty is open, of each business. */
const openEvery = 50

const products = [
  '保温杯',
  '羽绒服',
  '蓝牙耳机',
  '电饭煲',
  '儿童书包',
  '运动鞋',
  '床上四件套',
  '手机壳',
  '洗发水',
  '空气炸锅',
]
const colours = ['白色', '黑色', '米色', '天蓝', '墨绿', '粉红', '深灰', '酒红']
const reasons = [
  '商品问题 · 破损',
  '商品问题 · 与描述不符',
  '发货问题 · 未发货',
  '售后问题 · 拒绝退款',
  '服务问题 · 联系不上商家',
]
const phrases = [
  '收到的商品有破损，包装也压坏了',
  '联系客服三天没有人回复',
  '要求全额退款',
  '衣服洗了一次就褪色',
  '与页面上的描述完全不一样',
  '下单一个星期还没有发货',
  '物流一直停在中转站不动',
  '少发了一件，客服说仓库核实',
  '尺码偏小，想换大一号被拒绝',
  '承诺的赠品没有给',
  '质量太差，线头到处都是',
  '开机之后屏幕闪烁',
  '充电口松动，充不进去电',
  '说好七天无理由退货，现在又不认',
  '退货已经签收，钱没有退回来',
  '发票一直不开',
  '味道刺鼻，孩子闻了头晕',
  '价格第二天就降了一半，要求补差价',
  '客服态度恶劣，让我自己去投诉',
  '收货地址写错，商家不肯改',
  '寄来的是旧的，上面有划痕',
  '保质期只剩下一个月',
  '颜色发错了，想要的是另一种',
  '运费险没有生效，运费要自己出',
  '订单显示已完成，但是没有收到货',
]

/** Always the same for the same number. */
function chance(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What a customer writes: some sentences of which a few are very common, and a name that hardly anybody else has. */
function wordsFrom(next: () => number): string {
  const common = () => phrases[Math.floor(next() ** 2 * phrases.length)] ?? ''
  const name = [1, 2, 3].map(() => String.fromCodePoint(0x4e00 + Math.floor(next() * 3_000))).join('')
  const count = 2 + Math.floor(next() * 3)
  return `${Array.from({ length: count }, common).join('，')}，接待的人叫${name}。`
}

export const orderOf = (n: number): string => `42000${String(1_000_000_000 + n)}2026`
const phoneOf = (payer: number): string => `138${String(payer).padStart(8, '0')}`

/**
 * Complaints with all that belongs to them, so many at a time, the oldest first: facts, orders, what was done and paid back, messages, callbacks, cards;
 * and the words of the last year.
 */
export function* complaints(
  traders: readonly Trader[],
  sealer: Sealer,
  { count, now, atOnce }: { readonly count: number; readonly now: number; readonly atOnce: number },
): Generator<readonly Rows[]> {
  const seats = traders.flatMap((trader) => Array.from({ length: trader.share }, () => trader))
  const running = new Map<string, number>()
  for (let from = 0; from < count; from += atOnce) {
    const rows: Rows[] = []
    for (let n = from; n < Math.min(count, from + atOnce); n++) {
      const trader = seats[(n * 7) % seats.length]
      if (!trader) throw new Error('nobody to complain of')
      const nr = (running.get(trader.id) ?? 0) + 1
      running.set(trader.id, nr)
      rows.push(complaint({ trader, sealer, n, nr, now, at: now - span + Math.floor(((n + 1) / (count + 1)) * span) }))
    }
    yield rows
  }
}

interface One {
  readonly trader: Trader
  readonly sealer: Sealer
  /** Over all, from 0. */
  readonly n: number
  /** Of its business. */
  readonly nr: number
  readonly now: number
  readonly at: number
}

function complaint(one: One): Rows {
  const { trader, sealer, n, nr, now, at } = one
  const next = chance(n)
  const open = Math.floor(n / 10) % openEvery === (n % 10) * 5
  const account = trader.accounts[n % trader.accounts.length]
  const id = idOf('cmp', at, n)
  const payer = Math.floor(next() * n * 0.8)
  const said = snapshot({ n, open, scope: account?.outsideId ?? '', at, now, payer, next })
  const { person, ...snap } = said
  const grams = at > now - 365 * day ? ownGrams(said) : undefined
  const came = instant(at)
  const row: ComplaintRow = {
    id,
    tenant: trader.id,
    account: account?.id ?? '',
    platform: 'wechat-mini',
    source: 'wechat-mini',
    scope: said.scope,
    number: said.number,
    running: nr,
    phase: said.phase,
    code: said.code,
    label: said.label,
    version: 3,
    provisional: 0,
    opened_at: came,
    due_at: said.moves[0]?.due ?? null,
    read_due: null,
    as_of: said.asOf,
    payer: sealer.pseudonym(trader.id, sameness(person, '') ?? ''),
    nth: 1,
    who: masked(person),
    person: sealer.seal({ tenant: trader.id, table: 'complaint', row: id, column: 'person' }, JSON.stringify(person)),
    snapshot: JSON.stringify(snap),
    ...(open && n % 3 === 0 ? { claimed_by: trader.member, claimed_at: instant(now) } : nobody),
    created_at: came,
    changed_at: said.asOf,
    grams: grams ? asText(grams) : null,
    phone_tail: sealer.pseudonym(trader.id, `phone tail ${person.phone?.slice(-4)}`),
    merchant: null,
    person_gone_at: null,
    pictures_gone_at: null,
  }
  const facts = factsOf(one, row, open)
  return {
    complaint: [row],
    complaint_order: [orderOf(n), `out:T${n}`].map((number) => ({ complaint: id, tenant: trader.id, number })),
    term: (grams ?? []).map((gram) => ({ tenant: trader.id, gram, running: nr })),
    fact: facts,
    ...(open ? { deadline: [deadlineOf(row)] } : doneAbout(one, row)),
    ...told(one, row, facts),
  }
}

const nobody = { claimed_by: null, claimed_at: null }

const idOf = (prefix: string, at: number, n: number) =>
  `${prefix}_${at.toString(36).padStart(9, '0')}${n.toString(16).padStart(20, '0')}`

interface Saying {
  readonly n: number
  readonly open: boolean
  readonly scope: string
  readonly at: number
  readonly now: number
  readonly payer: number
  readonly next: () => number
}

function snapshot({ n, open, scope, at, now, payer, next }: Saying): Snapshot {
  const text = wordsFrom(next)
  const pick = (list: readonly string[]) => list[Math.floor(next() * list.length)] ?? ''
  const due = instant(now + Math.floor(next() * 2 * day))
  return {
    source: 'wechat-mini',
    number: String(10_000_000 + n),
    scope,
    phase: open ? 'ours' : 'closed',
    code: open ? '201' : '205',
    label: open ? '待商家处理' : '投诉已完结',
    // Some have no known end: they stand behind all that have one.
    moves: open ? [{ kind: 'respond', owed: true, takes, ...(n % 4 === 0 ? {} : { due }) }] : [],
    orders: [orderOf(n)],
    outTradeNo: `T${n}`,
    text,
    reason: pick(reasons),
    product: `${pick(products)} ${pick(colours)}`,
    amountShown: fen(990 + (n % 50_000)),
    person: { name: `顾客${payer % 1_000}`, phone: phoneOf(payer), openid: `o${payer}` },
    pictures: [],
    timeline: [
      { at: instant(at), by: 'user', label: '用户发起投诉', text, pictures: [] },
      { at: instant(at + 3_600_000), by: 'platform', label: '平台通知商家', pictures: [] },
    ],
    openedAt: instant(at),
    asOf: instant(Math.min(now, at + 2 * day)),
    warnings: [],
  }
}

const takes = {
  text: { max: 500, unit: 'chars', required: false },
  pictures: { max: 4, bytes: 2_097_152, types: ['image/png', 'image/jpeg'] },
  either: true,
} as const

function factsOf({ n, at, now, trader }: One, { id, tenant }: ComplaintRow, open: boolean): readonly FactRow[] {
  const by = { name: '小李', member: trader.member, via: 'chat' } as const
  const said = (text: string): Fact => ({
    kind: 'said',
    happening: { at: instant(at), by: 'user', label: '用户补充留言', text, pictures: [] },
  })
  const first: readonly Fact[] = [{ kind: 'opened' }, said('请尽快处理，已经等了很久。')]
  const rest: readonly Fact[] = [
    { kind: 'claimed', by },
    { kind: 'noted', by, text: '已经电话联系过顾客，同意补发。' },
    { kind: 'turned', from: 'ours', to: 'theirs', label: '商家已处理' },
    { kind: 'turned', from: 'theirs', to: 'closed', label: '投诉已完结' },
  ]
  return [...first, ...(open ? [] : rest.slice(n % 2))].map((fact, index) => ({
    id: idOf('fct', at + index, n * 10 + index),
    tenant,
    complaint: id,
    nr: index + 1,
    kind: fact.kind,
    body: JSON.stringify(fact),
    at: instant(Math.min(now, at + index * 3_600_000)),
  }))
}

const deadlineOf = ({ id, tenant, due_at, created_at }: ComplaintRow) => ({
  complaint: id,
  tenant,
  move: 'respond',
  due: due_at ?? instant(Date.UTC(2099, 0)),
  known_at: created_at,
  said_stage: null,
  said_at: null,
  snoozed_until: null,
  looked_at: created_at,
  next_at: null,
  ended_at: null,
})

/** The answer that ended it; of three, one with money. */
function doneAbout({ n, at, trader }: One, { id, tenant, account, scope, created_at }: ComplaintRow): Rows {
  const action = idOf('act', at, n)
  const done = instant(at + day)
  const kind = n % 3 === 0 ? 'refund' : 'respond'
  return {
    action: [
      {
        id: action,
        tenant,
        complaint: id,
        kind,
        body: JSON.stringify({ kind, verdict: 'agree', text: '已经为您处理，给您带来不便十分抱歉。', pictures: [] }),
        key: `press:${n}`,
        by: JSON.stringify({ name: '小李', member: trader.member, via: 'chat' }),
        state: 'done',
        reference: null,
        message: null,
        version: 2,
        requested_at: created_at,
        sent_at: done,
        called_at: done,
        settled_at: done,
      },
    ],
    refund:
      kind === 'refund'
        ? [
            {
              action,
              tenant,
              complaint: id,
              account,
              platform: 'wechat-pay',
              payee: scope,
              order_no: orderOf(n),
              ordinal: 1,
              number: `rd${n.toString(16).padStart(30, '0')}`,
              amount: 990,
              total: 1990,
              member: trader.member,
              approver: null,
              state: 'done',
              stuck: 0,
              received_by: null,
              not_before: created_at,
              requested_at: created_at,
              arrived_at: done,
              settled_at: done,
            },
          ]
        : [],
  }
}

/** How we heard of it, and what was said of it in the room. */
function told({ n, at, trader }: One, row: ComplaintRow, facts: readonly FactRow[]): Rows {
  const { id, tenant, account, number, created_at } = row
  return {
    callback: [0, 1].map((which) => ({
      id: idOf('clb', at + which, n * 2 + which),
      tenant,
      account,
      key: `${created_at} ${number} ${which}`,
      event: 'wxa_complaint_event',
      number,
      told: sealedWords(id),
      state: 'drained',
      received_at: created_at,
      drained_at: created_at,
    })),
    delivery: facts.slice(0, 3).map((fact, index) => ({
      id: idOf('dlv', at + index, n * 10 + index),
      tenant,
      fact: fact.id,
      destination: `room:${trader.room}`,
      complaint: id,
      nr: fact.nr,
      state: 'sent',
      not_before: created_at,
      tries: 0,
      error: null,
      created_at,
      settled_at: created_at,
    })),
    post: [{ room: trader.room, post: String(n), complaint: id, current: 1, shown: id, posted_at: created_at }],
  }
}

/** As long as they are; nobody reads them here. */
const sealedWords = (id: string) => `v1.k.${id.padEnd(320, 'A')}` as Sealed
