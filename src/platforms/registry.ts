import type { PlatformName } from '../complaints/complaint.ts'
import type { Platform } from './platform.ts'

export type Platforms = ReadonlyMap<PlatformName, Platform>

export const registry = (platforms: readonly Platform[]): Platforms =>
  new Map(platforms.map((platform) => [platform.name, platform]))
