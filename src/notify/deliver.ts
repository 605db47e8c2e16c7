import type { Handled } from '../engine/engine.ts'
import type { Channel } from './channel.ts'

/** Hands a place's waiting deliveries to the channel that knows the way. */
export async function deliver(channels: readonly Channel[], place: string): Promise<Handled> {
  const prefix = place.split(':', 1)[0]
  return channels.find((channel) => channel.prefix === prefix)?.deliver(place)
}
