/** How far a name with blanks may reach before the command that it stands for. */
const nameMost = 60

/** What was said to us, without our name: WeCom leaves it in the text and marks it in no way. */
export function withoutMention(
  said: string,
  us: { readonly botId: string; readonly name?: string | undefined },
): string {
  const names = [us.name, us.botId].filter((name) => name !== undefined).map(pattern)
  const own = new RegExp(String.raw`(?<![\w.])[@＠](?:${names.join('|')})(?![\p{L}\p{N}_])[^\S\n]*`, 'giu')
  const left = said.replace(own, '')
  return (left === said ? withoutLeading(said) : left).trim()
}

/** A name that we do not know may hold blanks: a command ends it for sure, else the first blank. */
function withoutLeading(said: string): string {
  const text = said.trimStart()
  if (!/^[@＠]/.test(text)) return text
  const command = new RegExp(String.raw`^[@＠][^\n]{0,${nameMost}}?[^\S\n](?=[/／])`).exec(text)
  return command ? text.slice(command[0].length) : text.replace(/^(?:[@＠]\S+\s*)+/, '')
}

const pattern = (name: string) =>
  name
    .split(/\s+/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join(String.raw`\s+`)
