import type { TemplateCard } from '@wecom/aibot-node-sdk'
import type { Button, Card } from '../../src/chat/chat.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { oneLine, plain } from '../../src/core/plain.ts'
import type { ButtonToken } from '../../src/core/words.ts'
import { cut, fits } from './fit.ts'
import { keyOf } from './key.ts'
import { phrasesBeside } from './phrases.ts'

/** 字 that are read whole on a phone, and counts that are refused beyond. */
const limits = {
  source: 13,
  title: 26,
  beside: 30,
  label: 5,
  value: 26,
  below: 112,
  button: 10,
  /** WeCom names none. */
  quote: 300,
  lines: 6,
  buttons: 6,
  menu: 3,
} as const

export const tones = {
  calm: { sign: '🔵', colour: 0 },
  urgent: { sign: '🟠', colour: 2 },
  late: { sign: '🔴', colour: 2 },
  settled: { sign: '✅', colour: 3 },
} as const satisfies Record<Card['tone'], { sign: string; colour: 0 | 1 | 2 | 3 }>

const styles = { main: 1, plain: 2, danger: 3 } as const satisfies Record<Button['weight'], number>

/** What every face of a card needs. */
export interface Frame {
  /** Of a new card never used before; of a card that was pressed, its own. */
  readonly taskId: string
  /** The bot's name. */
  readonly source: string
}

export interface Around extends Frame {
  /** Said first below the lines: the answer to a press. */
  readonly said?: string | undefined
  /** What is read anew when the card itself carries no button. */
  readonly pressed?: ButtonToken | undefined
}

/** A card whose buttons can be pressed. @throws OutsideError for a token that WeCom would not carry. */
export function templateCard(card: Card, around: Around): TemplateCard {
  const [first, ...others] = card.lines
  const beside = first && fits(lineText(first), limits.beside) ? lineText(first) : ''
  const { across, rest } = linesOf(beside === '' ? card.lines : others)
  // Words that are looked at before they go have room where the customer's would stand.
  const long = card.quote ? undefined : rest.find((line) => !fits(lineText(line), limits.below / 2))
  const labels = [...card.lines, ...card.buttons].map(({ label }) => label)
  const language = phrasesBeside(labels.join(' ') || card.title)
  const refresh = { label: language.refresh, of: card.buttons[0]?.token ?? around.pressed }
  return {
    card_type: 'button_interaction',
    source: sourceOf(card.tone, around),
    main_title: {
      title: titleOf(card.title),
      ...(beside === '' ? {} : { desc: beside }),
    },
    ...(long ? quoteOf(long.text, oneLine(long.label)) : quoteOf(card.quote)),
    ...(across.length > 0 ? { horizontal_content_list: across } : {}),
    ...below([around.said, card.note, ...rest.filter((line) => line !== long).map(lineText)]),
    ...buttonsOf(card.buttons, { refresh, menu: language.more }),
    // A tap beside the buttons.
    ...(card.link ? { card_action: { type: 1, url: card.link.url } } : {}),
    task_id: around.taskId,
  }
}

/** Words to one person in the place of the card, and the way back to it. */
export function noticeCard(words: string, around: Frame & { readonly pressed: ButtonToken }): TemplateCard {
  const text = plain(words).trim()
  const [first = '', ...rest] = text.split('\n')
  const refresh = { label: phrasesBeside(text).refresh, of: around.pressed }
  return {
    card_type: 'button_interaction',
    source: sourceOf('calm', around),
    main_title: { title: titleOf(first) },
    ...below([fitsTitle(first) ? rest.join('\n') : text]),
    ...buttonsOf([], { refresh, menu: '' }),
    task_id: around.taskId,
  }
}

export const sourceOf = (tone: Card['tone'], { source }: Frame): NonNullable<TemplateCard['source']> => ({
  desc: cut(`${tones[tone].sign} ${oneLine(source)}`, limits.source),
  desc_color: tones[tone].colour,
})

export const quoteOf = (words: string | undefined, title?: string): Pick<TemplateCard, 'quote_area'> => {
  const text = cut(plain(words ?? '').trim(), limits.quote)
  return text === '' ? {} : { quote_area: { type: 0, ...(title ? { title } : {}), quote_text: text } }
}

/** One under the other, what matters most first. */
export function below(parts: readonly (string | undefined)[]): Pick<TemplateCard, 'sub_title_text'> {
  const text = parts
    .map((part) => plain(part ?? '').trim())
    .filter((part) => part !== '')
    .join('\n')
  return text === '' ? {} : { sub_title_text: cut(text, limits.below) }
}

export const titleOf = (words: string) => cut(oneLine(words), limits.title) || '·'
/** Of words that are too long for a title, what stands before their colon; they follow whole. */
export function headOf(words: string): string {
  const [head = ''] = words.split(/[：:]/, 1)
  return fitsTitle(words) || head === '' || !fitsTitle(head) ? titleOf(words) : oneLine(head)
}
export const fitsTitle = (words: string) => fits(oneLine(words), limits.title)

type Line = Card['lines'][number]
type Across = NonNullable<TemplateCard['horizontal_content_list']>[number]

/** Side by side as many as can be read whole; the others one under the other. */
function linesOf(lines: readonly Line[]): { readonly across: Across[]; readonly rest: readonly Line[] } {
  const across: Across[] = []
  const rest: Line[] = []
  for (const line of lines) {
    const [keyname, value] = [oneLine(line.label), oneLine(line.text)]
    const there = keyname !== '' && value !== '' && across.length < limits.lines
    if (there && fits(keyname, limits.label) && fits(value, limits.value)) across.push({ keyname, value })
    else rest.push(line)
  }
  return { across, rest }
}

export function lineText({ label, text }: Line): string {
  const name = oneLine(label)
  if (name === '' || name.startsWith('#')) return `${name} ${oneLine(text)}`.trim()
  return `${name}${/\p{Script=Han}$/u.test(name) ? '：' : ': '}${oneLine(text)}`
}

interface Beside {
  readonly refresh: { readonly label: string; readonly of: ButtonToken | undefined }
  /** What stands over the entries of the ⋮ menu. */
  readonly menu: string
}

/** Those that find no button stand in the ⋮ menu, whose last entry shows the card as it is now. */
function buttonsOf(
  given: readonly Button[],
  { refresh, menu }: Beside,
): Pick<TemplateCard, 'button_list' | 'action_menu'> {
  const buttons = given.filter(({ token }, at) => given.findIndex((other) => other.token === token) === at)
  const again = refresh.of === undefined ? [] : [{ text: refresh.label, key: keyOf({ do: 'refresh', of: refresh.of }) }]
  // A card of this kind has a button at least.
  if (buttons.length === 0) return { button_list: again.map((one) => ({ ...one, style: styles.plain })) }
  const rest = buttons.slice(limits.buttons, limits.buttons + limits.menu - again.length)
  const entries = [...rest.map(({ label, token }) => ({ text: labelOf(label), key: checked(token) })), ...again]
  return {
    button_list: buttons.slice(0, limits.buttons).map(buttonOf),
    action_menu: { desc: menu, action_list: entries },
  }
}

export const buttonOf = ({ label, token, weight }: Button) => ({
  text: labelOf(label),
  style: styles[weight],
  key: checked(token),
})

export const labelOf = (label: string) => cut(oneLine(label), limits.button) || '·'

/** A key of ours takes a few bytes more than the token in it. */
const tokenMost = 1000

export function checked(token: ButtonToken, most = tokenMost): ButtonToken {
  const bytes = Buffer.byteLength(token)
  if (bytes < 1 || bytes > most)
    throw new OutsideError('refused', `a button carries ${bytes} bytes; WeCom takes 1 to ${most}`)
  return token
}
