import { type Command, commands } from './commands.ts'

// One mention or several, each without blanks: a sentence to a colleague that names a command is no command.
const mentions = String.raw`(?:[@＠]\S+\s+)*`
// The number may follow at once (／同意128), and Telegram writes /list@OurBot in groups.
const spoken = new RegExp(String.raw`^\s*${mentions}[/／]\s*([^\s@＠#＃\d０-９]*)(?:[@＠]\S*)?\s*([\s\S]*)$`)

/** A line that speaks to us: a slash (or its full-width form), a word, and the rest as typed. */
export interface Spoken {
  readonly word: string
  readonly command: Command | undefined
  readonly rest: string
}

/**
 * `@Redress ／同意 128 好的` → agree, `128 好的`. Mentions before the slash are dropped; the words after the command stay as they were typed.
 * Whatever begins with a slash is spoken to us, also when it is no command: it must never pass for the answer to a question.
 * @returns undefined for talk that is not for us.
 */
export function parse(said: string): Spoken | undefined {
  const match = spoken.exec(said)
  if (!match) return undefined
  const rest = (match[2] ?? '').trim()
  const word = (match[1] || rest.split(/\s/, 1)[0] || '').normalize('NFKC').toLowerCase()
  const command = commands.find(({ name, aliases }) => name === word || aliases.includes(word))
  return { word, command, rest }
}

/** `refund`, `/退款`: the command of that name, or the one probably meant. */
export const named = (said: string): Command | undefined => {
  const spoken = parse(`/${said.replace(/^[/／]/, '')}`)
  return spoken?.command ?? (spoken && nearest(spoken.word))
}

/** The command that was probably meant. */
export function nearest(word: string): Command | undefined {
  const named = commands.flatMap((command) => [command.name, ...command.aliases].map((name) => ({ name, command })))
  const ranked = named
    .map(({ name, command }) => ({ name, command, far: distance(word, name) }))
    .sort((a, b) => a.far - b.far)
  const best = ranked[0]
  if (!best) return undefined
  const enough = best.far <= Math.max(1, Math.floor(word.length / 2))
  // Nothing of a short name may be left over: every single letter is near to one of one letter.
  return enough && best.far < best.name.length ? best.command : undefined
}

/** Letters to change, add or leave out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] ?? 0) + (letter === b[j] ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
