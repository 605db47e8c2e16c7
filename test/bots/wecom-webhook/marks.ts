/** A message as the most generous of WeCom's readers would take it: what is a mark, and what is left to read. */
export interface Read {
  readonly marks: readonly string[]
  readonly lines: readonly string[]
}

// Both dialects together, and what clients make of bare words. Tried in this order at each place.
const inline: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['font', /<font color="(info|warning|comment)">|<\/font>/],
  ['mention', /<@[^>]*>|@(all|所有人)\b/i],
  ['html', /<\/?[a-z!][^>]*>?/i],
  ['entity', /&(#\d+|#x[\da-f]+|[a-z]\w*);/i],
  ['link', /!?\[[^\]]*\]\([^)]*\)|!?\[[^\]]*\]\[[^\]]*\]/],
  ['emoticon', /\[[^\]\s]{1,8}\]/],
  ['code', /`+[^`]*`*/],
  ['bold', /\*\*/],
  ['italic', /\*|(?<![\p{L}\p{N}])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}])/u],
  ['strike', /~~?/],
  ['cell', /\|/],
  ['escape', /\\/],
  ['address', /[a-z][\w+.-]*:\/\/\S|\bwww\.\S|[\w.+-]+@[\w-]+\.\w/i],
  ['hidden', /(?!\t|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}]/u],
]
const block: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['quote', /^ {0,3}> ?/],
  ['heading', /^ {0,3}#{1,6}(\s|$)/],
  ['list', /^ {0,3}([-+*]|\d{1,9}[.)])(\s|$)/],
  ['rule', /^ {0,3}([-=*_]\s*)\1+$/],
  ['indented', /^( {4}|\t)/],
]

export function read(written: string): Read {
  const marks: string[] = []
  const lines = written.split('\n').map((line) => lineOf(line, marks))
  return { marks, lines }
}

function lineOf(line: string, marks: string[]): string {
  for (const [kind, pattern] of block) {
    const found = pattern.exec(line)
    if (!found) continue
    marks.push(kind)
    return lineOf(line.slice(found[0].length), marks)
  }
  let text = ''
  for (let at = 0; at < line.length; ) {
    const found = markAt(line, at)
    if (found) marks.push(found.kind)
    else text += line[at]
    at += found?.length ?? 1
  }
  return text
}

function markAt(line: string, at: number): { readonly kind: string; readonly length: number } | undefined {
  for (const [kind, pattern] of inline) {
    const sticky = new RegExp(pattern.source, `${pattern.flags}y`)
    sticky.lastIndex = at
    const found = sticky.exec(line)
    if (found && found[0] !== '') return { kind, length: found[0].length }
  }
  return undefined
}
