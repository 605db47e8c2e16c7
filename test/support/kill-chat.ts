import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, Card, Heard, Say } from '../../src/chat/chat.ts'
import { type Answered, type Edited, type Posted, read, type Update, write } from './kill-wire.ts'

/** What hangs in the chat, as it was posted and as it is now. */
export interface Hanging {
  readonly id: string
  readonly first: Say
  now: Say
}

/** A chat of its own process: it outlives whoever posts there, and repeats what was not heard to the end. */
export interface KillChat {
  readonly url: string
  readonly posts: readonly Hanging[]
  /** Something that a person does. @returns the answer, or undefined when none came in time. */
  happen(heard: Heard, patience: number): Promise<Answer | undefined>
  /** The newest card with these words of the customer. */
  card(quote: string): Card | undefined
  close(): Promise<void>
}

const pause = 500

export async function killChat(): Promise<KillChat> {
  const posts: Hanging[] = []
  const answers = new Map<number, (answer: Answer) => void>()
  let updates: Update[] = []
  let count = 0
  let news = () => {}
  const something = () =>
    new Promise<void>((resolve) => {
      news = resolve
      setTimeout(resolve, pause)
    })

  const calls: Readonly<Record<string, (body: string) => unknown>> = {
    '/post'(body) {
      const { say } = read<Posted>(body)
      const id = `p${posts.length + 1}`
      posts.push({ id, first: say, now: say })
      return id
    },
    '/edit'(body) {
      const { post, say } = read<Edited>(body)
      const known = posts.find((one) => one.id === post)
      if (known) known.now = { ...known.now, ...say }
      return known ? 'edited' : 'gone'
    },
    async '/updates'(body) {
      const { after } = read<{ after: number }>(body)
      updates = updates.filter(({ nr }) => nr > after)
      if (updates.length === 0) await something()
      return updates
    },
    '/answer'(body) {
      const { nr, answer } = read<Answered>(body)
      answers.get(nr)?.(answer)
      return true
    },
  }

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const answer = await calls[request.url ?? '']?.(body)
    response.end(write(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    posts,
    happen(heard, patience) {
      const nr = ++count
      updates.push({ nr, heard })
      news()
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, patience, undefined)
        answers.set(nr, (answer) => {
          clearTimeout(timer)
          resolve(answer)
        })
      })
    },
    card: (quote) => posts.findLast(({ now }) => now.card?.quote === quote)?.now.card,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString()
}
