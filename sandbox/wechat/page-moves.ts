import { html, type Markup } from '../html.ts'
import { type Complaint, isClosed } from './complaint.ts'
import { type Lang, moveLabel, moveName, waybillLabel } from './labels.ts'
import { moverOf, play, waybillStates } from './moves.ts'
import { possible } from './possible.ts'
import type { Wechat } from './wechat.ts'

const words = {
  zh: {
    customer: '顾客',
    platform: '平台',
    console: '商家后台',
    waybill: '退货运单',
    deduct: '扣 5 分',
    say: '附言（可留空）',
  },
  en: {
    customer: 'Customer',
    platform: 'Platform',
    console: 'Console',
    waybill: 'Return waybill',
    deduct: 'takes 5 points',
    say: 'Words for the next move (optional)',
  },
} as const

/** The buttons of a card: whatever somebody other than the merchant's own software may do now. */
export function actions(wechat: Wechat, c: Complaint, lang: Lang): Markup {
  const say = words[lang]
  const open = possible(c, wechat.rules)
  const moves = (who: 'customer' | 'platform') =>
    open
      .filter((move) => moverOf(move) === who)
      .map((move) => {
        const name = moveName(move)
        const text = 'content' in move ? move.content : ''
        return html`<button data-move="${name}" data-words="${text}">${moveLabel(name, lang)}</button>`
      })
  const row = (who: 'customer' | 'platform' | 'console', buttons: readonly Markup[]) =>
    buttons.length === 0 ? undefined : html`<div class="moves"><span>${say[who]}</span><div>${buttons}</div></div>`
  const score = scoreMoves(wechat, c, lang)
  const field = isClosed(c) ? undefined : html`<input name="words" placeholder="${say.say}" aria-label="${say.say}">`
  return html`${row('customer', moves('customer'))}${row('platform', [...moves('platform'), ...waybill(wechat, c, lang), ...score.platform])}${row('console', score.console)}${field}`
}

/** What may happen to the deduction for this complaint; a first one where the merchant is liable. */
function scoreMoves(wechat: Wechat, c: Complaint, lang: Lang): { platform: Markup[]; console: Markup[] } {
  const own = wechat.penalties().filter((one) => one.complaint === c.id)
  if (own.length === 0) {
    const body = JSON.stringify({ complaint: c.id, points: 5 })
    const deduct = html`<button data-path="penalties" data-body="${body}">${words[lang].deduct}</button>`
    return { platform: c.liable ? [deduct] : [], console: [] }
  }
  const buttons = (wanted: readonly string[]) =>
    own.flatMap((one) =>
      wechat
        .penaltyMoves(one)
        .filter((move) => wanted.includes(move))
        .map(
          (move) =>
            html`<button data-path="penalties/${one.id}/${move}">${moveLabel(`deduction-${move}`, lang)}</button>`,
        ),
    )
  return { platform: buttons(['reject', 'succeed']), console: buttons(['appeal']) }
}

/** The carrier's states, all of them, in one list. */
function waybill(wechat: Wechat, c: Complaint, lang: Lang): Markup[] {
  const state = c.returnBill?.orderStatus
  if (state === undefined || !play(c, { kind: 'waybill', state }, c.createdAt, wechat.rules)) return []
  const options = waybillStates.map((one) =>
    one === state
      ? html`<option value="${one}" selected>${waybillLabel(one, lang)}</option>`
      : html`<option value="${one}">${waybillLabel(one, lang)}</option>`,
  )
  return [html`<select data-move="waybill" aria-label="${words[lang].waybill}">${options}</select>`]
}
