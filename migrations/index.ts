import type { Migration } from 'kysely'
import * as skeleton from './0001-skeleton.ts'
import * as safetyNet from './0002-safety-net.ts'

/** In order of name; forward only; never changed once released. */
export const migrations: Record<string, Migration> = {
  '0001-skeleton': skeleton,
  '0002-safety-net': safetyNet,
}
