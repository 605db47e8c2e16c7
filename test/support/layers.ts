/** The line of docs/house.md: a file may import its own floor and those before it. Floors of one row never meet. */
const rows: readonly (readonly string[])[] = [
  ['src/core'],
  ['src/complaints'],
  ['src/storage', 'src/platforms'],
  ['src/engine'],
  ['src/inbox'],
  ['src/actions'],
  ['src/notify'],
  ['src/chat'],
  ['src/schedule', 'src/admin', 'src/web'],
  ['src/app.ts'],
]

/** Who alone may import a package. */
const owners: Readonly<Record<string, readonly string[]>> = {
  kysely: ['src/storage/', 'migrations/'],
  'better-sqlite3': ['src/storage/open.ts'],
  pg: ['src/storage/open.ts'],
  'graphile-worker': ['src/engine/graphile.ts'],
  'node-schedule': ['src/engine/clock.ts'],
  express: ['src/app.ts', 'src/admin/', 'src/web/', 'sandbox/'],
  helmet: ['src/app.ts', 'src/admin/', 'src/web/'],
  multer: ['src/admin/', 'src/web/'],
  telegraf: ['bots/telegram/'],
  'https-proxy-agent': ['bots/telegram/'],
  '@wecom/aibot-node-sdk': ['bots/wecom/'],
  wechaty: ['bots/wechaty/'],
  'alipay-sdk': ['src/platforms/alipay/'],
  undici: ['src/core/transport.ts'],
  nodemailer: ['src/notify/email/'],
  'tencentcloud-sdk-nodejs': ['src/notify/sms/'],
  sharp: ['src/core/picture.ts'],
  uqr: ['src/core/qr.ts'],
  echarts: ['src/notify/chart.ts'],
  '@resvg/resvg-js': ['src/notify/chart.ts'],
  pino: ['src/core/logger.ts'],
  'prom-client': ['src/core/metrics.ts'],
  'fast-xml-parser': ['src/platforms/wechat-mini/'],
  commander: ['src/cli.ts', 'src/cli/'],
  ws: ['sandbox/wecom/'],
  'smtp-server': ['sandbox/mail/'],
  yaml: ['config/'],
  zod: ['src/', 'bots/', 'config/', 'sandbox/'],
  luxon: ['src/', 'bots/', 'sandbox/'],
}

/** The process itself: names everything, and is named by nobody. */
const demo = 'src/cli/demo.ts'
const ofDemo = [demo, 'src/cli/demo/']
const tops = ['src/main.ts', 'src/cli.ts', 'src/cli/']
/** Where the system's time and timers are: the clock itself, the process, and what is a world of its own, as a browser is. */
const ownTime = ['src/core/clock.ts', 'src/web/script.ts', ...tops]

export interface Import {
  readonly from: string
  /** `import('…')` */
  readonly dynamic: boolean
}

/** Comments, and what stands in quotes, become blanks where they would mislead. */
export function withoutComments(source: string): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
  return source.replace(token, (text) => (text.startsWith('/') ? text.replace(/[^\n]/g, ' ') : text))
}

const withoutQuotes = (source: string) =>
  withoutComments(source).replace(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g,
    (text) => `'${' '.repeat(text.length - 2)}'`,
  )

export function importsOf(source: string): readonly Import[] {
  const text = withoutComments(source)
  const still = /(?:^|[\n;])\s*(?:import|export)\b(?:[^'"`;()]*?\bfrom)?\s*['"]([^'"]+)['"]/g
  const moving = /\b(?:import|require)\s*\(\s*['"`]([^'"`]+)['"`]/g
  return [
    ...[...text.matchAll(still)].map((match) => ({ from: match[1] ?? '', dynamic: false })),
    ...[...text.matchAll(moving)].map((match) => ({ from: match[1] ?? '', dynamic: true })),
  ]
}

/** `./x.ts` as seen from a file → a path from the root; undefined for a package. */
export function target(file: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined
  return new URL(from, `file:///${file}`).pathname.slice(1)
}

const within = (file: string, places: readonly string[]) =>
  places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place))
const rowOf = (file: string) =>
  rows.findIndex((row) => row.some((floor) => file === floor || file.startsWith(`${floor}/`)))
const floorOf = (file: string) => rows.flat().find((floor) => file === floor || file.startsWith(`${floor}/`))
const botOf = (file: string) => /^bots\/[^/]+\//.exec(file)?.[0]

/** What a file does against the line, in words; empty when all is well. */
export function against(file: string, source: string): readonly string[] {
  const found: string[] = []
  for (const { from, dynamic } of importsOf(source)) {
    const to = target(file, from)
    const why = to === undefined ? againstOwners(file, from) : againstLine(file, to, dynamic)
    if (why) found.push(`imports ${from}: ${why}`)
  }
  return [...found, ...againstWords(file, source)]
}

function againstOwners(file: string, from: string): string | undefined {
  if (from.startsWith('node:')) return undefined
  const name = Object.keys(owners).find((each) => from === each || from.startsWith(`${each}/`))
  const allowed = name === undefined ? undefined : owners[name]
  if (!allowed) return 'a package without an owner'
  return within(file, allowed) ? undefined : `belongs to ${allowed.join(', ')}`
}

function againstLine(file: string, to: string, dynamic: boolean): string | undefined {
  if (to.startsWith('sandbox/') && !file.startsWith('sandbox/'))
    return within(file, ofDemo) ? undefined : 'only the demo names the sandbox'
  if (to === demo) return dynamic && file === 'src/cli.ts' ? undefined : 'the demo is imported dynamically, by cli.ts'
  if (within(file, tops)) return undefined
  if (within(to, tops)) return 'nobody imports the process'
  if (file.startsWith('config/')) return to.startsWith('config/') ? undefined : 'config imports none of our folders'
  if (file.startsWith('migrations/'))
    return to.startsWith('migrations/') ? undefined : 'migrations import none of our folders'
  if (file.startsWith('sandbox/'))
    return within(to, ['sandbox/', 'src/core/clock.ts', 'src/core/logger.ts'])
      ? undefined
      : 'the sandbox has its own code'
  const bot = botOf(file)
  if (bot) return within(to, [bot, 'src/chat/', 'src/core/']) ? undefined : 'a bot knows chat and core only'
  return againstRows(file, to)
}

function againstRows(file: string, to: string): string | undefined {
  const [here, there] = [rowOf(file), rowOf(to)]
  if (here < 0) return 'this file stands on no floor'
  if (there < 0) return 'only main.ts and cli.ts name config, migrations and bots'
  if (floorOf(file) === floorOf(to)) return undefined
  if (here === there) return `${floorOf(file)} and ${floorOf(to)} never meet`
  return there < here ? undefined : `${floorOf(to)} is further up`
}

// What runs in a browser has the browser's time.
const ours = /^(src|bots(?!\/browser\/page))\//

const words: readonly (readonly [pattern: RegExp, say: string, allowed: readonly string[], where: RegExp])[] = [
  [/\bDate\.now\s*\(/, 'Date.now(): time is handed in', ownTime, ours],
  [/\bnew Date\s*\(\s*\)/, 'new Date(): time is handed in', ownTime, ours],
  [/\bMath\.random\s*\(/, 'Math.random(): randomness is handed in', tops, ours],
  [/\bset(?:Timeout|Interval)\s*\(/, 'a timer of the system: timers are handed in', ownTime, ours],
  [/\bprocess\.env\b/, 'process.env is read in config/ alone', [], /^(src|bots|sandbox|migrations)\//],
]

function againstWords(file: string, source: string): readonly string[] {
  const text = withoutQuotes(source)
  return words
    .filter(([pattern, , allowed, where]) => where.test(file) && !within(file, allowed) && pattern.test(text))
    .map(([, say]) => `says ${say}`)
}

/** The first ring of files that import each other, as `a → b → a`; types alone count too: they are read together. */
export function cycle(graph: ReadonlyMap<string, readonly string[]>): string | undefined {
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): string | undefined => {
    const begun = path.indexOf(file)
    if (begun >= 0) return [...path.slice(begun), file].join(' → ')
    if (done.has(file)) return undefined
    for (const next of graph.get(file) ?? []) {
      const found = visit(next, [...path, file])
      if (found) return found
    }
    done.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const found = visit(file, [])
    if (found) return found
  }
  return undefined
}
