import { type Clock, sleep } from '../../src/core/clock.ts'
import { OutsideError, told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import { type Picture, pictureLimit, pictureType } from '../../src/core/picture.ts'
import type { Api } from './api.ts'
import { reads } from './wire.ts'

const pause = 1000

/** The picture's bytes, now: its address dies within the hour. Tried twice. @returns undefined for what cannot be had or is no picture. */
export async function fetchFile(
  parts: { readonly api: Pick<Api, 'call' | 'download'>; readonly clock: Clock; readonly logger: Logger },
  id: string,
): Promise<Picture | undefined> {
  const { api, clock, logger } = parts
  for (let attempt = 1; attempt <= 2; attempt++) {
    try {
      return await fetchOnce(api, id)
    } catch (error) {
      logger.warn({ attempt, error: told(error) }, 'a picture could not be fetched from Telegram')
      const passes = error instanceof OutsideError && error.trouble !== 'refused' && error.trouble !== 'forbidden'
      if (!passes || attempt === 2) return undefined
      await sleep(clock, Math.min(error.wait ?? pause, 10_000))
    }
  }
  return undefined
}

async function fetchOnce(api: Pick<Api, 'call' | 'download'>, id: string): Promise<Picture | undefined> {
  const read = reads.file.safeParse(await api.call('getFile', { file_id: id }))
  // A Bot API server of one's own may name files of its machine; those are not read.
  if (!read.success || /^\/|\.\.|:/.test(read.data.file_path))
    throw new OutsideError('refused', 'getFile: no path that can be fetched')
  const bytes = await api.download(read.data.file_path, pictureLimit)
  const type = pictureType(bytes)
  return type && { type, bytes }
}
