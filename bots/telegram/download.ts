import { get as getPlain } from 'node:http'
import { type Agent, get as getSecure } from 'node:https'
import type { Clock } from '../../src/core/clock.ts'
import { TelegramTrouble } from './trouble.ts'

/** One file within a size; the address holds the token, so it stands in no error. @throws OutsideError */
export function download(from: {
  readonly url: URL
  readonly agent: Agent | undefined
  readonly limit: number
  readonly clock: Clock
  readonly patience: number
}): Promise<Buffer> {
  const { url, agent, limit, clock, patience } = from
  return new Promise((resolve, reject) => {
    const fail = (trouble: 'unreachable' | 'refused', why: string) => {
      cancel()
      reject(new TelegramTrouble(trouble, `file: ${why}`))
      request.destroy()
    }
    const cancel = clock.after(patience, () => fail('unreachable', 'no answer in time'))
    const get = url.protocol === 'https:' ? getSecure : getPlain
    const request = get(url, { ...(agent && { agent }) }, (answer) => {
      const chunks: Buffer[] = []
      let size = 0
      if (answer.statusCode !== 200)
        return fail((answer.statusCode ?? 0) >= 500 ? 'unreachable' : 'refused', `HTTP ${answer.statusCode}`)
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        chunks.push(chunk)
        if (size > limit) fail('refused', `larger than ${limit} bytes`)
      })
      answer.on('aborted', () => fail('unreachable', 'broken off'))
      answer.on('end', () => {
        cancel()
        resolve(Buffer.concat(chunks))
      })
    })
    request.on('error', () => fail('unreachable', 'not reachable'))
  })
}
