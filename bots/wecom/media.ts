import { type Clock, sleep } from '../../src/core/clock.ts'
import { OutsideError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import { type Picture, pictureLimit } from '../../src/core/picture.ts'
import { fetchPicture } from '../../src/core/picture-fetch.ts'
import type { Transport } from '../../src/core/transport.ts'
import type { Media } from './wire.ts'

/** An address is good for five minutes. */
const patience = 4 * 60_000
const longestPause = 30_000
/** What ends without an answer may be a file of a hundred megabytes. */
const triesUnknown = 3
/** PKCS#7 with blocks of 32. */
const padding = 32

export interface MediaParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly transport: Transport
  /** May be inside: where the bot is connected to. */
  readonly hosts: readonly string[]
  readonly signal: AbortSignal
}

/** The picture's bytes, now. @returns undefined for what cannot be had or is no picture. */
export async function fetchMedia(parts: MediaParts, { url, aeskey }: Media): Promise<Picture | undefined> {
  const { clock, logger, hosts, signal } = parts
  const door = { transport: aeskey ? opening(parts.transport, aeskey) : parts.transport, hosts }
  const until = clock.now() + patience
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchPicture(door, url)
    } catch (error) {
      // Never its message: that names the address.
      const { trouble, code } = error instanceof OutsideError ? error : { trouble: 'refused', code: '' }
      logger.warn({ attempt, trouble, code }, 'a picture could not be fetched from WeCom')
      const pause = Math.min(1000 * 2 ** (attempt - 1), longestPause)
      const tryAgain = trouble === 'unreachable' || (trouble === 'unknown' && attempt < triesUnknown)
      if (!tryAgain || signal.aborted || clock.now() + pause > until) return undefined
      await sleep(clock, pause, signal).catch(() => undefined)
    }
  }
}

/** What comes is sealed with a key that was told with the address. */
const opening = (transport: Transport, aeskey: string): Transport => ({
  async send(request) {
    const answer = await transport.send({ ...request, limit: pictureLimit + padding })
    return answer.status === 200 ? { ...answer, body: await opened(answer.body, aeskey) } : answer
  },
})

async function opened(sealed: Buffer, aeskey: string): Promise<Buffer> {
  const { decryptFile } = await import('@wecom/aibot-node-sdk')
  try {
    return decryptFile(sealed, aeskey)
  } catch {
    throw new OutsideError('refused', 'the picture does not open with the key that came with it')
  }
}
