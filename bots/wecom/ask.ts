import type { TemplateCard } from '@wecom/aibot-node-sdk'
import type { Ask } from '../../src/chat/chat.ts'
import { plain } from '../../src/core/plain.ts'
import type { ButtonToken } from '../../src/core/words.ts'
import { below, checked, type Frame, fitsTitle, headOf, labelOf, quoteOf, sourceOf } from './card.ts'
import { keyOf, question } from './key.ts'
import { phrasesBeside } from './phrases.ts'

const suggestions = 3
const offersMost = 10
/** Of an option's id. */
const idMost = 128

export interface Asking extends Frame {
  /** In a group only what begins with our name reaches us. */
  readonly at?: string | undefined
  readonly alone: boolean
  readonly pressed?: ButtonToken | undefined
}

/** A question to one person: what to send and how long it is waited for; ready-made answers in a dropdown. @throws OutsideError */
export function askCard(ask: Ask, asking: Asking): TemplateCard {
  const words = phrasesBeside(ask.prompt)
  const offers = (ask.offers ?? []).slice(0, offersMost)
  const of = ask.cancel ?? asking.pressed ?? offers[0]?.token
  const refresh = of === undefined ? [] : [{ text: words.refresh, key: keyOf({ do: 'refresh', of }) }]
  const use =
    offers.length > 0 && of !== undefined ? [{ text: words.use, style: 1, key: keyOf({ do: 'use', of }) }] : []
  const cancel = ask.cancel ? [{ text: words.cancel, style: 2, key: checked(ask.cancel) }] : []
  const buttons = [...use, ...cancel]
  return {
    card_type: 'button_interaction',
    source: sourceOf('calm', asking),
    main_title: { title: headOf(ask.prompt) },
    ...quoteOf(suggestedBy(ask), words.suggested),
    ...below([howTo(ask, asking), fitsTitle(ask.prompt) ? undefined : ask.prompt]),
    ...(use.length > 0 ? { button_selection: dropdown(offers, words.offers) } : {}),
    ...(buttons.length > 0
      ? { button_list: buttons, action_menu: { desc: words.more, action_list: refresh } }
      : { button_list: refresh.map((one) => ({ ...one, style: 2 })) }),
    task_id: asking.taskId,
  }
}

/** The same where there is nothing to press. */
export const askWords = (ask: Ask, asking: Pick<Asking, 'at' | 'alone'>): string =>
  [ask.prompt, howTo(ask, asking), suggestedBy(ask)].filter(Boolean).join('\n')

function howTo(ask: Ask, { at, alone }: Pick<Asking, 'at' | 'alone'>): string {
  const words = phrasesBeside(ask.prompt)
  const named = at === undefined ? words.us : `@${at}`
  const minutes = Math.max(1, Math.round(ask.ttl / 60_000))
  return words.answer({ minutes, at: alone ? undefined : named, pictures: ask.pictures ?? false })
}

const suggestedBy = ({ suggest = [] }: Ask): string =>
  suggest
    .map((words) => plain(words).trim())
    .filter(Boolean)
    .slice(0, suggestions)
    .join('\n')

const dropdown = (offers: NonNullable<Ask['offers']>, title: string): TemplateCard['button_selection'] & object => ({
  question_key: question,
  title,
  option_list: offers.map(({ label, token }) => ({ id: checked(token, idMost), text: labelOf(label) })),
})
