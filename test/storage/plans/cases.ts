import type { Tx } from '../../../src/storage/storage.ts'
import type { World } from './world.ts'

/** Of each function of storage/ that asks the database something: calls that together ask all that it may ask. By file and function. */
export type Cases = Readonly<Record<string, (tx: Tx, world: World) => Promise<unknown>>>
