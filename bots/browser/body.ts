import type { IncomingMessage } from 'node:http'

/** @returns undefined when it is longer than `limit`. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // A little more is read and thrown away, so that the sender hears why; a flood is cut off.
    if (size > limit * 2 + 65_536) return undefined
    if (size <= limit) chunks.push(chunk)
  }
  return size <= limit ? Buffer.concat(chunks) : undefined
}
