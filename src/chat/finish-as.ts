import { type Choice, type Complaint, moveOf } from '../complaints/complaint.ts'
import { draft, unfinished } from './acts.ts'
import { askWords } from './ask.ts'
import type { Planned } from './card.ts'
import type { Answer } from './chat.ts'
import { choiceText } from './choice.ts'
import { type Context, say } from './context.ts'
import type { Open } from './intent.ts'
import { drop, forOneself, leave, noteOf } from './own-card.ts'
import { type Staged, stage } from './stage.ts'
import { blocked, type Wish } from './wish.ts'

/** A chat with so few buttons has narrow ones, too: each result is read in a line of its own there. */
const narrow = 8

/** 完结 where the platform wants to know how: the result first, by its button, its number, its code or its words. */
export async function finishAs(
  context: Context,
  complaint: Complaint,
  { text, wish }: { readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const takes = moveOf(complaint, 'finish')?.takes
  const choices = takes?.choices ?? []
  const { choice, rest } = chosenIn(text, choices)
  if (choice) return finishWith(context, complaint, { open: openOf(choice), text: rest, wish })
  const no = await blocked(context, complaint, { kind: 'finish', choice: choices[0]?.code ?? '' }, wish)
  if (no) return no
  const staged = await stage(context, complaint, { takes, how: 'all' })
  if (staged.tooMany) return unfinished(context, complaint, { staged, wish })
  return howCard(context, complaint, { choices, text, staged })
}

interface Asked {
  readonly choices: readonly Choice[]
  /** What is said with whichever it will be. */
  readonly text: string
  readonly staged: Staged
}

/** Each result by its button, as far as there is room; by its number all of them. */
function howCard(context: Context, complaint: Complaint, { choices, text, staged }: Asked): Promise<Answer> {
  const { running: n } = complaint
  const { buttons: most } = context.can
  const named = choices.map((choice, index) => ({
    choice,
    number: `${index + 1}`,
    name: choiceText(context.room.language, choice),
  }))
  // One button leads away again.
  const shown = named.slice(0, Math.max(0, most - 1))
  const listed = most <= narrow || shown.length < named.length
  const example = `/finish ${n} ${named[shown.length]?.number ?? '1'} …`
  return forOneself(context, complaint, {
    title: say(context, 'finish.how', { n }),
    tone: 'calm',
    lines: listed ? named.map(({ number, name }) => ({ label: number, text: name })) : [],
    ...noteOf([
      text && say(context, 'finish.words', { text }),
      ...staged.problems,
      say(context, 'finish.number', { example }),
    ]),
    buttons: [
      ...shown.map(
        ({ choice, number, name }): Planned => ({
          label: `${number} ${name}`,
          intent: { ...openOf(choice), ...(text ? { words: text } : {}) },
          weight: 'plain',
        }),
      ),
      staged.pictures.length > 0 ? drop(context) : leave(context),
    ],
  })
}

const openOf = ({ code }: Choice): Open => ({ do: 'open', kind: 'finish', choice: code })

/** `2 已电话联系`: which result, and what is said with it. */
function chosenIn(said: string, choices: readonly Choice[]): { readonly choice?: Choice; readonly rest: string } {
  const names: readonly (readonly [name: string, choice: Choice])[] = [
    ...choices.map((choice, index) => [`${index + 1}`, choice] as const),
    ...choices.map((choice) => [choice.code, choice] as const),
    ...choices.flatMap((choice) => [choice.label, choiceText('en', choice)].map((label) => [label, choice] as const)),
  ]
  for (const [name, choice] of names) {
    const rest = after(said, name)
    if (rest !== undefined) return { choice, rest }
  }
  return { rest: said }
}

/** What follows this name, of as many words as it has. */
function after(said: string, name: string): string | undefined {
  const count = plain(name).split(' ').length
  const [first] = new RegExp(`^(?:\\S+(?:\\s+|$)){${count}}`, 'u').exec(said) ?? []
  return first !== undefined && plain(first) === plain(name) ? said.slice(first.length).trim() : undefined
}

const plain = (words: string): string => words.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ')

/** With its words; without any, they are asked for where the platform wants them, else it is looked at as it is. */
export async function finishWith(
  context: Context,
  complaint: Complaint,
  { open, text, wish }: { readonly open: Open; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { choice = '' } = open
  const takes = moveOf(complaint, 'finish')?.takes
  const wanted = open.ask || takes?.text?.required === true
  if (text || !wanted) return draft(context, complaint, { draft: { kind: 'finish', choice }, text, wish })
  const no = await blocked(context, complaint, { kind: 'finish', choice }, wish)
  if (no) return no
  const askAgain = () =>
    askWords(context, { complaint, intent: open, version: wish.seen ?? complaint.version, key: wish.key })
  const staged = await stage(context, complaint, { takes, how: 'all' })
  return staged.problems.length > 0
    ? unfinished(context, complaint, { staged, wish: { ...wish, askAgain } })
    : { ask: await askAgain() }
}
