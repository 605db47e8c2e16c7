import type { Role } from '../../complaints/member.ts'
import type { Language } from '../../storage/tenants.ts'

export interface Acted {
  readonly id: string
  readonly name: readonly [zh: string, en: string]
  readonly note: readonly [zh: string, en: string]
  readonly role?: Role
}

export const people: readonly Acted[] = [
  { id: 'li', name: ['小李', 'Li'], note: ['客服，可退款', 'agent, refunds'], role: 'refunder' },
  { id: 'chen', name: ['阿陈', 'Chen'], note: ['管理员', 'admin'], role: 'admin' },
  { id: 'wang', name: ['小王', 'Wang'], note: ['只看', 'viewer'], role: 'viewer' },
  { id: 'guest', name: ['路人', 'Stranger'], note: ['未绑定', 'not bound'] },
]

export const title = ['投诉处理群', 'Complaints'] as const

export const wordsIn = (language: Language) => (both: readonly [zh: string, en: string]) =>
  both[language === 'en' ? 1 : 0]

export function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the demo could not be set up')
  return value
}
