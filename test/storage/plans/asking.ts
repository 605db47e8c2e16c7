import { readdirSync, readFileSync } from 'node:fs'

/** What stands at the outermost level of a file of storage/: `complaints.findRunning`. */
interface Part {
  readonly name: string
  readonly exported: boolean
  /** Lines at which a statement is run. */
  readonly sites: readonly number[]
  /** What it names, of its own file and of others. */
  readonly names: ReadonlySet<string>
}

export interface Asking {
  /** Exported functions that run a statement, by themselves or through others. */
  readonly functions: readonly string[]
  /** `complaints.ts:128` → `complaints.findRunning`, in which that statement is run. */
  readonly sites: ReadonlyMap<string, string>
}

const head = /^(export )?(?:async )?(?:function\*?|const|class|let) (\w+)/
const runs = /\.execute(?:TakeFirst(?:OrThrow)?)?\(/

/** Read from the source: nobody has to remember to say so of a new function. */
export function askingFunctions(folder: URL): Asking {
  const parts = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => partsOf(file.slice(0, -3), readFileSync(new URL(file, folder), 'utf8')))
  const asks = new Set(parts.filter(({ sites }) => sites.length > 0).map(({ name }) => name))
  for (let before = -1; before < asks.size; ) {
    before = asks.size
    for (const { name, names } of parts) if ([...names].some((each) => asks.has(each))) asks.add(name)
  }
  return {
    functions: parts.filter(({ name, exported }) => exported && asks.has(name)).map(({ name }) => name),
    sites: new Map(
      parts.flatMap(({ name, sites }) =>
        sites.map((line): [string, string] => [`${name.split('.')[0]}.ts:${line}`, name]),
      ),
    ),
  }
}

function partsOf(file: string, source: string): readonly Part[] {
  const lines = source.split('\n')
  const starts = lines.flatMap((line, at) => (head.test(line) ? [at] : []))
  const own = new Set(starts.map((at) => head.exec(lines[at] ?? '')?.[2] ?? ''))
  const brought = new Map(
    [...source.matchAll(/import (?!type)\{([^}]*)\} from '\.\/([\w-]+)\.ts'/g)].flatMap(([, list = '', from = '']) =>
      list.split(',').map((each): [string, string] => {
        const [name = '', alias = name] = each.trim().split(' as ')
        return [alias, `${from}.${name}`]
      }),
    ),
  )
  return starts.map((first, index) => {
    const last = starts[index + 1] ?? lines.length
    const text = lines.slice(first, last).join('\n')
    const [, exported, name = ''] = head.exec(lines[first] ?? '') ?? []
    const words = [...new Set(text.match(/\b[A-Za-z_]\w*\b/g))].filter((word) => word !== name)
    return {
      name: `${file}.${name}`,
      exported: exported !== undefined,
      sites: lines.slice(first, last).flatMap((line, at) => (runs.test(line) ? [first + at + 1] : [])),
      names: new Set(words.flatMap((word) => brought.get(word) ?? (own.has(word) ? `${file}.${word}` : []))),
    }
  })
}
