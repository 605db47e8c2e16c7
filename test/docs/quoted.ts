import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every line of the program but its comments, as a person would read its texts: no escapes. */
export function programLines(): readonly string[] {
  return ['src', 'bots', 'config'].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => readFileSync(`${root}${folder}/${file}`, 'utf8').split('\n'))
      .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
      .map((line) => line.replaceAll('\\', '')),
  )
}

/** What stands in back quotes in the first column of a document's tables whose head is one of these. */
export function quotedIn(text: string, heads: readonly string[]): readonly string[] {
  let inside = false
  return text.split('\n').flatMap((line) => {
    const [, first = ''] = /^\| (.*?) \|/.exec(line) ?? []
    if (heads.includes(first)) inside = true
    else if (!line.startsWith('|')) inside = false
    else if (inside) return [...first.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
    return []
  })
}

/** Whether the program has this text, `…` being whatever it fills in. */
export function isSaid(quoted: string, lines: readonly string[]): boolean {
  const parts = quoted.split('…').map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const said = new RegExp(parts.join('.*'))
  return parts.some((part) => part.length > 1) && lines.some((line) => said.test(line))
}

export const documentAt = (path: string): string => readFileSync(`${root}docs/${path}`, 'utf8')
