import { connect, type Socket } from 'node:net'
import type { Push } from '../../sandbox/wire.ts'
import { percentile } from '../measure.ts'
import { mini, type Source } from '../source.ts'
import { answer, given as givenToMe } from './asked.ts'
import { bytesOf, pushes } from './pushes.ts'

export interface Closed {
  readonly port: number
  readonly ms: number
  readonly connections: number
  /** fresh: none twice. again: those of the last fresh slice. any: whatever there is. */
  readonly which: 'fresh' | 'again' | 'any'
}

export interface Open {
  readonly port: number
  readonly ms: number
  readonly rate: number
}

/** What was answered with 200; milliseconds. */
export interface Told {
  readonly count: number
  readonly refused: number
  readonly seconds: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

const { source = mini } = givenToMe<{ readonly source?: Source }>()
let pool: readonly Buffer[] = []
let used = 0
let nextNumber = 1_000_000

answer({
  make({ account, count }: { account: string; count: number }) {
    pool = pushes(source, { account, from: nextNumber, count }).map(bytesOf)
    nextNumber += count
    used = 0
  },
  take({ given }: { given: readonly (Omit<Push, 'body'> & { readonly body: string })[] }) {
    pool = given.map((push) => bytesOf({ ...push, body: Buffer.from(push.body, 'base64') }))
    used = 0
  },
  closed,
  open,
})

/** Each connection sends the next as soon as it has its answer. */
async function closed({ port, ms, connections, which }: Closed): Promise<Told> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => dial(port)))
  const sent = which === 'fresh' ? pool : pool.slice(0, which === 'again' ? used : undefined)
  let next = 0
  const taken: number[] = []
  let refused = 0
  const start = performance.now()
  let last = start
  await Promise.all(
    sockets.map(async (socket) => {
      while (performance.now() - start < ms) {
        const bytes = which === 'fresh' ? sent[next++] : sent[next++ % sent.length]
        if (!bytes) break
        const began = performance.now()
        const fine = await socket.ask(bytes)
        last = performance.now()
        if (fine) taken.push(last - began)
        else refused += 1
      }
      socket.end()
    }),
  )
  if (which === 'fresh') used = next
  return told(taken, refused, (last - start) / 1000)
}

/** Arrivals that wait for nobody, at random distances; the time counts from when each was due. */
async function open({ port, ms, rate }: Open): Promise<Told> {
  const idle = await Promise.all(Array.from({ length: 32 }, () => dial(port)))
  const under = new Set<Promise<void>>()
  const taken: number[] = []
  let refused = 0
  const start = performance.now()
  for (let due = start; due - start < ms; due += (-Math.log(1 - Math.random()) / rate) * 1000) {
    const bytes = pool[used++]
    if (!bytes) throw new Error('too few pushes were made')
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
    // The longest idle one first: none is idle long enough for the server to close it.
    const socket = idle.shift() ?? (await dial(port))
    const mine = socket.ask(bytes).then((fine) => {
      if (fine) taken.push(performance.now() - due)
      else refused += 1
      idle.push(socket)
      under.delete(mine)
    })
    under.add(mine)
  }
  await Promise.all(under)
  const seconds = (performance.now() - start) / 1000
  for (const socket of idle) socket.end()
  return told(taken, refused, seconds)
}

function told(taken: readonly number[], refused: number, seconds: number): Told {
  const sorted = [...taken].sort((a, b) => a - b)
  const at = (share: number) => percentile(sorted, share)
  const spread = { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) }
  return { count: taken.length, refused, seconds, ...spread }
}

interface Line {
  /** Whether the answer was 200. */
  ask(bytes: Buffer): Promise<boolean>
  end(): void
}

/** A kept connection with one question at a time; a client that costs as little as it can, for it shares the machine. */
async function dial(port: number): Promise<Line> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1')
  let heard = ''
  let asked: { done: (fine: boolean) => void; failed: (error: Error) => void } | undefined
  let broke: Error | undefined
  const broken = (error: Error) => {
    broke ??= error
    asked?.failed(error)
  }
  socket.on('error', broken)
  socket.on('close', () => broken(new Error('the server hung up')))
  socket.on('data', (part: string) => {
    heard += part
    const head = heard.indexOf('\r\n\r\n')
    if (head < 0 || heard.length < head + 4 + Number(/content-length: (\d+)/i.exec(heard)?.[1])) return
    const fine = heard.startsWith('HTTP/1.1 200')
    heard = ''
    const { done } = asked ?? {}
    asked = undefined
    done?.(fine)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return {
    ask: (bytes) =>
      new Promise((done, failed) => {
        if (broke) return failed(broke)
        asked = { done, failed }
        socket.write(bytes)
      }),
    end: () => socket.destroy(),
  }
}
