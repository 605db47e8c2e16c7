import { type TemplateId, type TenantId, yuan } from '../core/words.ts'
import type { Complaint, Move, PlatformName } from './complaint.ts'

/** Acts that take words, each by the word for it; `reject` is the no to a refund that is asked for. */
export const wordedActs = ['agree', 'refuse', 'talk', 'add-evidence', 'prove-refund', 'appeal', 'reject'] as const
export type WordedAct = (typeof wordedActs)[number]

/** A reply kept for later, with places to fill in. Where a list limits it, an empty one does not. */
export interface Template {
  readonly id: TemplateId
  readonly tenant: TenantId
  /** Unique in the tenant: what its button says. */
  readonly name: string
  /** With variables: `{order}`. */
  readonly text: string
  readonly for: readonly WordedAct[]
  /** Parts of a complaint's reason, in any case and width. */
  readonly reasons: readonly string[]
  readonly platforms: readonly PlatformName[]
  /** Where it stands among the tenant's: the first is offered first. */
  readonly position: number
}

/** Each with its Chinese name. */
export const variables = {
  n: '编号',
  product: '商品',
  order: '订单号',
  amount: '金额',
  reason: '原因',
  deadline: '截止',
  shop: '店铺',
  member: '客服',
} as const
export type Variable = keyof typeof variables

/** What a text is filled in from. */
export interface Filling {
  readonly complaint: Pick<Complaint, 'running' | 'platform' | 'product' | 'outTradeNo' | 'amountShown' | 'reason'>
  /** The account's name. */
  readonly shop: string
  /** Who answers. */
  readonly member: string
  /** When what is owed is due, as a person reads it. */
  readonly deadline?: string
}

/** Why a text cannot be kept. */
export type Fault =
  /** `name` as it was written, '' between empty braces. */
  { readonly fault: 'unknown'; readonly name: string } | { readonly fault: 'stray'; readonly brace: string }

// A Chinese keyboard gives the wide ones.
const places = /[{｛]([^{}｛｝]*)[}｝]/g

/** All that is wrong with the variables of a text. */
export function faultsOf(text: string): readonly Fault[] {
  const names = new Set([...text.matchAll(places)].map(([, name = '']) => name.trim()))
  const strays = new Set(text.replace(places, '').match(/[{}｛｝]/g) ?? [])
  return [
    ...[...names].flatMap((name) => (variableNamed(name) ? [] : [{ fault: 'unknown', name } as const])),
    ...[...strays].map((brace) => ({ fault: 'stray', brace }) as const),
  ]
}

function variableNamed(written: string): Variable | undefined {
  const name = folded(written)
  return (Object.keys(variables) as Variable[]).find((each) => each === name || variables[each] === name)
}

/** The words that would go out; or the variable, as it is written there, for which this complaint has nothing. */
export function filled(
  { text }: Pick<Template, 'text'>,
  from: Filling,
): { readonly text: string } | { readonly missing: string } {
  const missing: string[] = []
  // What is put in is never read as a place to fill in.
  const words = text.replace(places, (whole, name: string) => {
    const variable = variableNamed(name)
    const value = variable && wordsOf(variable, from)?.trim()
    if (!value) missing.push(whole)
    return value ?? ''
  })
  const [first] = missing
  return first === undefined ? { text: words } : { missing: first }
}

function wordsOf(variable: Variable, { complaint, shop, member, deadline }: Filling): string | undefined {
  switch (variable) {
    case 'n':
      return String(complaint.running)
    case 'product':
      return complaint.product
    case 'order':
      return complaint.outTradeNo
    case 'amount':
      return complaint.amountShown === undefined ? undefined : yuan(complaint.amountShown)
    case 'reason':
      return complaint.reason
    case 'deadline':
      return deadline
    case 'shop':
      return shop
    case 'member':
      return member
  }
}

/** As people mean it: in any case and width. */
export const folded = (text: string): string => text.trim().normalize('NFKC').toLowerCase()

/** Whether it was kept for such a complaint and this act. */
export function isMeant(
  template: Pick<Template, 'for' | 'reasons' | 'platforms'>,
  { platform, reason }: Pick<Complaint, 'platform' | 'reason'>,
  act: WordedAct,
): boolean {
  const said = folded(reason)
  return (
    (template.for.length === 0 || template.for.includes(act)) &&
    (template.platforms.length === 0 || template.platforms.includes(platform)) &&
    (template.reasons.length === 0 || template.reasons.some((part) => said.includes(folded(part))))
  )
}

/** A template and the words that it becomes for one complaint. */
export interface Fitting {
  readonly template: Template
  readonly text: string
}

export interface Offering {
  readonly act: WordedAct
  readonly from: Filling
  /** Whether the platform would take these words for the act. */
  fits(text: string): boolean
}

/** Those that can go out as they are, in the order given. */
export function templatesFor(all: readonly Template[], offering: Offering): readonly Fitting[] {
  const { act, from, fits } = offering
  return all.flatMap((template) => {
    if (!isMeant(template, from.complaint, act)) return []
    const words = filled(template, from)
    return 'text' in words && fits(words.text) ? [{ template, text: words.text }] : []
  })
}

/** The one that a person means: by its whole name, else by the beginning of it, else by a part, as far as no other is called so. */
export function named<Named extends { readonly name: string }>(all: readonly Named[], word: string): readonly Named[] {
  const wanted = folded(word)
  const by = (is: (name: string) => boolean) => all.filter(({ name }) => is(folded(name)))
  const found = [
    all.filter(({ name }) => name === word.trim()),
    by((name) => name === wanted),
    by((name) => name.startsWith(wanted)),
    by((name) => name.includes(wanted)),
  ]
  return found.find((some) => some.length > 0) ?? []
}

/** The acts of a move that a template may be for. */
export function wordedActsOf({ kind, takes }: Move): readonly WordedAct[] {
  if (!takes.text) return []
  const codes = takes.choices?.map(({ code }) => code)
  const open = (...acts: readonly WordedAct[]) => acts.filter((act) => codes?.includes(act) ?? true)
  switch (kind) {
    case 'respond':
      return open('agree', 'refuse', 'talk')
    case 'decide-refund':
      return open('reject')
    case 'add-evidence':
    case 'prove-refund':
    case 'appeal':
      return [kind]
    default:
      return []
  }
}
