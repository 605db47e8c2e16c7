import type { Complaint } from '../../src/complaints/complaint.ts'
import { asId, fen, instant, later } from '../../src/core/words.ts'
import type { Told } from '../../src/notify/letter.ts'
import type { Pending } from '../../src/storage/deliveries.ts'
import { noon } from '../support/databases.ts'

export const at = (ms = 0) => later(instant(noon), ms)
export const reader = { language: 'zh-CN', zone: 'Asia/Shanghai', now: at() } as const

export const complaint = (more: Partial<Complaint> = {}): Complaint => ({
  id: asId('cmp_1'),
  tenant: asId('ten_1'),
  account: asId('acc_1'),
  platform: 'wechat-pay',
  source: 'wechat-pay',
  running: 128,
  version: 1,
  who: '张** ·5678',
  nth: 1,
  number: '200201820200101080076610000',
  scope: '',
  phase: 'ours',
  code: 'PENDING',
  label: '待处理',
  moves: [{ kind: 'respond', owed: true, due: at(3 * 3_600_000), takes: {} }],
  orders: ['4200001'],
  outTradeNo: 'S-1',
  text: '没有收到货',
  reason: '未收到商品',
  amountShown: fen(1990),
  person: { name: '张三丰', phone: '13812345678' },
  pictures: [],
  timeline: [],
  openedAt: at(-60_000),
  asOf: at(),
  warnings: [],
  ...more,
})

export const told = (more: Partial<Told> = {}): Told => ({
  complaint: complaint(),
  account: '小店',
  turn: '待我方处理',
  fresh: true,
  lines: [],
  ...more,
})

export const pending = (
  id: string,
  more: Partial<{ to: string; complaint: string; at: number; notBefore: number }> = {},
) =>
  ({
    id: asId(id),
    tenant: asId('ten_1'),
    destination: `email:chn_1/${more.to ?? 'rcp_1'}`,
    tries: 0,
    createdAt: at(more.at),
    notBefore: at(more.notBefore ?? more.at),
    fact: asId(`fct_${id}`),
    complaint: asId(more.complaint ?? 'cmp_1'),
  }) satisfies Pending
