import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { asId } from '../src/core/words.ts'
import { holdKeys } from '../src/storage/data-keys.ts'
import type { Database } from '../src/storage/open.ts'
import { findByWords, findExact } from '../src/storage/search.ts'
import { startPostgres } from '../test/pg-setup.ts'
import { orderOf, type Trader } from './api-data.ts'
import { fill, openPlace, type Place, prepare } from './api-fill.ts'
import { type Found, type Gate, percentile } from './measure.ts'
import { type Service, startService } from './start-service.ts'

/** As many complaints as one of the two has. */
interface Shelf {
  readonly count: number
  readonly service: Service
  readonly traders: readonly Trader[]
  /** The same database without a service between. */
  readonly database: Database
  readonly agent: Agent
  /** Of each business: a page behind the first of the open ones, and one far behind in all. */
  readonly cursors: ReadonlyMap<string, { readonly open?: string; readonly all?: string }>
}

/** One thing that is asked for. */
interface Question {
  readonly name: string
  /** There is more to do where there are many, up to a bound: measured, and not compared. */
  readonly bounded?: true
  ask(shelf: Shelf, trader: Trader, draw: number): Promise<unknown>
}

const page = 20
/** Complaints that lie between the first page of all and the one far behind. */
const far = 600

const path = (trader: Trader, rest: string) => `/admin/v1/tenants/${trader.handle}/complaints${rest}`
const ask =
  (rest: (shelf: Shelf, trader: Trader, draw: number) => string): Question['ask'] =>
  (shelf, trader, draw) =>
    fetchJson(shelf, path(trader, rest(shelf, trader, draw)))

const runningOf = ({ count }: Shelf, { share }: Trader, draw: number) =>
  1 + Math.floor(draw * ((count * share) / 10 - 1))
const within = ({ id }: Trader) => ({ tenant: asId<'tenant'>(id), limit: 11 })
const worded =
  (...words: readonly string[]): Question['ask'] =>
  ({ database }, trader) =>
    findByWords(database.reads, within(trader), words)

const questions: readonly Question[] = [
  { name: 'open, by deadline', ask: ask(() => `?which=open&limit=${page}`) },
  { name: 'open, next page', ask: ask(({ cursors }, { id }) => `?limit=${page}&cursor=${cursors.get(id)?.open}`) },
  { name: 'due', ask: ask(() => `?which=due&limit=${page}`) },
  { name: 'all, newest first', ask: ask(() => `?which=all&limit=${page}`) },
  {
    name: 'all, far behind',
    ask: ask(({ cursors }, { id }) => `?which=all&limit=${page}&cursor=${cursors.get(id)?.all}`),
  },
  { name: 'detail', ask: ask((shelf, trader, draw) => `/${runningOf(shelf, trader, draw)}`) },
  { name: 'facts', ask: ask((shelf, trader, draw) => `/${runningOf(shelf, trader, draw)}/facts`) },
  // Found often enough for a whole page where there are few as well.
  { name: 'search: a common word', ask: worded('退款') },
  { name: 'search: two words', ask: worded('羽绒服', '破损') },
  { name: 'search: two sentences', ask: worded('包装也压坏了', '联系客服三天没有人回复') },
  // Pairs that are common, in a word that nobody wrote: up to a thousand texts are read, and few have no thousand.
  { name: 'search: in vain', ask: worded('没有破损'), bounded: true },
  {
    name: 'search: an order',
    ask: ({ database, count }, trader, draw) =>
      findExact(database.reads, within(trader), { number: orderOf(Math.floor(draw * count)) }),
  },
]

/** The admin's reads through HTTP, and the chat's search, where there are few complaints and where there are many: both at the same time, in turn. */
export async function api({ quick }: { readonly quick: boolean }): Promise<Found> {
  const [few, many] = quick ? [1_000, 2_000] : [10_000, 1_000_000]
  const sqlite = await compare('SQLite', [few, many], { quick })
  const server = await startPostgres()
  if (!server) {
    console.log('no PostgreSQL here: not measured there')
    return { gates: gatesOf(sqlite) }
  }
  try {
    const there = await compare('PostgreSQL', [few, quick ? 2_000 : 100_000], { quick, server: server.url })
    return { gates: [...gatesOf(sqlite), ...gatesOf(there)] }
  } finally {
    await server.stop()
  }
}

interface Compared {
  readonly title: string
  readonly asked: readonly { readonly name: string; readonly p50: readonly number[]; readonly p99: readonly number[] }[]
}

/** How often slower with many: of all questions the one with the worst median. */
const gatesOf = ({ title, asked }: Compared): readonly Gate[] =>
  (['p50', 'p99'] as const).map((which) => {
    const worst = asked.toSorted((a, b) => middle(b[which]) - middle(a[which]))[0]
    console.log(`${title}, ${which}: the worst is ${worst?.name}`)
    return { name: `${title}, ${which}: many ÷ few`, samples: worst?.[which] ?? [], most: 1.5, goal: 1.2 }
  })

const middle = (samples: readonly number[]) =>
  percentile(
    [...samples].sort((a, b) => a - b),
    0.5,
  )

async function compare(
  title: string,
  counts: readonly [number, number],
  { quick, server }: { readonly quick: boolean; readonly server?: string },
): Promise<Compared> {
  const shelves: Shelf[] = []
  const folders: string[] = []
  const clear = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
  // Gigabytes: whoever interrupts it is to find them gone.
  process.once('exit', clear)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  try {
    for (const [index, count] of counts.entries()) {
      const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'))
      folders.push(folder)
      const place = { folder, ...(server ? { database: await newDatabase(server, index) } : {}) }
      shelves.push(await shelf(place, count, quick))
    }
    return await measure(title, shelves, quick)
  } finally {
    for (const { service, database, agent } of shelves) {
      agent.destroy()
      await database.close()
      await service.stop()
    }
    clear()
  }
}

async function newDatabase(server: string, index: number): Promise<string> {
  const { default: pg } = await import('pg')
  const name = `bench_${index}`
  const client = new pg.Client(server)
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return new URL(`/${name}`, server).href
}

async function shelf(place: Place, count: number, quick: boolean): Promise<Shelf> {
  const env = {
    REDRESS_ADMIN_REQUESTS_PER_MINUTE: '1000000',
    // Nothing is to be let go of meanwhile.
    REDRESS_KEEP_PERSON_DAYS: '36500',
    REDRESS_KEEP_PICTURE_DAYS: '36500',
    ...(place.database === undefined ? {} : { REDRESS_DATABASE_URL: place.database }),
  }
  await prepare(place)
  const begun = performance.now()
  const traders = await fill(place, count)
  const seconds = ((performance.now() - begun) / 1000).toFixed(0)
  const size = place.database === undefined ? `, ${mebibytes(join(place.folder, 'redress.db'))} MiB` : ''
  console.log(`${count} complaints made in ${seconds} s${size}`)
  if (place.database === undefined) await readOnce(join(place.folder, 'redress.db'))
  const service = await startService({ folder: place.folder, quick, env })
  const database = openPlace(place)
  await holdKeys(database)
  const bare = { count, service, traders, database, agent: new Agent({ keepAlive: true, maxSockets: 1 }) }
  const cursors = new Map<string, { open?: string; all?: string }>()
  for (const trader of traders) {
    const { next: open } = await fetchPage(bare, path(trader, `?limit=${count < 5_000 ? 1 : 10}`))
    const own = (count * trader.share) / 10
    const step = Math.min(100, Math.floor(own / 4))
    let all: string | undefined
    for (let passed = 0; passed < Math.min(far, own / 2); passed += step) {
      const from = all === undefined ? '' : `&cursor=${all}`
      all = (await fetchPage(bare, path(trader, `?which=all&limit=${step}${from}`))).next
    }
    cursors.set(trader.id, { ...(open ? { open } : {}), ...(all ? { all } : {}) })
  }
  return { ...bare, cursors }
}

/** What was written at once lies on the disk, of many more than of few: it is the ways through the tables that are compared. */
async function readOnce(file: string): Promise<void> {
  await pipeline(createReadStream(file, { highWaterMark: 1_048_576 }), createWriteStream('/dev/null'))
}

const mebibytes = (file: string) => (statSync(file).size / 1_048_576).toFixed(0)

async function measure(title: string, shelves: readonly Shelf[], quick: boolean): Promise<Compared> {
  const [rounds, each] = quick ? [1, 4] : [9, 200]
  const asked: Compared['asked'][number][] = []
  console.log(`${title}, ${shelves.map(({ count }) => count).join(' and ')} complaints: ms`)
  for (const question of questions) {
    const times = shelves.map((): number[][] => [])
    // The first round is for what is not yet in memory.
    for (let round = 0; round <= rounds; round++) {
      const taken = await inTurn(shelves, question, question.bounded ? Math.ceil(each / 20) : each)
      if (round > 0) for (const [index, samples] of taken.entries()) times[index]?.push(samples)
    }
    const at = (share: number) =>
      times.map((all) =>
        all.map((samples) =>
          percentile(
            [...samples].sort((a, b) => a - b),
            share,
          ),
        ),
      )
    const ratios = (share: number) => {
      const [few = [], many = []] = at(share)
      return few.map((ms, round) => (many[round] ?? Number.NaN) / ms)
    }
    const found = { name: question.name, p50: ratios(0.5), p99: ratios(0.99) }
    if (!question.bounded) asked.push(found)
    const said = [0.5, 0.99].map((share) =>
      at(share)
        .map((all) => middle(all).toFixed(2))
        .join(' → '),
    )
    console.log(
      `${question.name}: p50 ${said[0]} (× ${middle(found.p50).toFixed(2)}) · p99 ${said[1]} (× ${middle(found.p99).toFixed(2)})`,
    )
  }
  return { title, asked }
}

/** The same question to both, each time the other first: what slows the machine down meets both. @returns of each how long it took */
async function inTurn(shelves: readonly Shelf[], question: Question, each: number): Promise<readonly number[][]> {
  const taken = shelves.map((): number[] => [])
  for (let nr = 0; nr < each; nr++) {
    const draw = Math.random()
    const order = [...shelves.keys()]
    if (nr % 2 === 1) order.reverse()
    for (const index of order) {
      const shelf = shelves[index]
      const trader = shelf?.traders[nr % shelf.traders.length]
      if (!shelf || !trader) continue
      const begun = performance.now()
      await question.ask(shelf, trader, draw)
      taken[index]?.push(performance.now() - begun)
    }
  }
  return taken
}

interface Asked extends Pick<Shelf, 'agent'> {
  readonly service: Pick<Service, 'url' | 'key'>
}

const fetchPage = async (shelf: Asked, path: string) =>
  JSON.parse(await fetchJson(shelf, path)) as { readonly next?: string }

function fetchJson({ service, agent }: Asked, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(`${service.url}${path}`, { agent, headers: { authorization: `Bearer ${service.key}` } }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.once('end', () => {
        const body = Buffer.concat(parts).toString()
        if (answer.statusCode === 200) resolve(body)
        else reject(new Error(`${path}: ${answer.statusCode} ${body}`))
      })
    }).once('error', reject)
  })
}
