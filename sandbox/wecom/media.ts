import type { Clock } from '../../src/core/clock.ts'
import { badMedia } from './errors.ts'
import { hex } from './random.ts'
import { limits, type MediaType } from './rules.ts'
import type { File } from './state.ts'
import type { Random } from './wecom.ts'

export interface Media {
  /** `owner`: a bot's id or a webhook's key. */
  keep(owner: string, type: MediaType, file: File): { readonly media_id: string; readonly created_at: string }
  /** The bytes behind a media_id of this owner; a refusal otherwise. */
  find(owner: string, type: MediaType, id: unknown): File
  forget(): void
}

interface Kept {
  readonly owner: string
  readonly type: MediaType
  readonly file: File
  readonly at: number
}

/** Temporary material: three days, for whoever uploaded it. */
export function createMedia(clock: Clock, random: Random): Media {
  const all = new Map<string, Kept>()
  const live = ({ at }: Kept) => clock.now() - at < limits.mediaIdMs
  return {
    keep(owner, type, file) {
      const media_id = `3${hex(random, 43)}`
      const at = clock.now()
      all.set(media_id, { owner, type, file, at })
      return { media_id, created_at: String(Math.floor(at / 1000)) }
    },
    find(owner, type, id) {
      const kept = typeof id === 'string' ? all.get(id) : undefined
      if (!kept || kept.owner !== owner || kept.type !== type || !live(kept)) throw badMedia()
      return kept.file
    },
    forget() {
      for (const [id, kept] of all) if (!live(kept)) all.delete(id)
    },
  }
}
