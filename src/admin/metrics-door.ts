import type { IncomingMessage } from 'node:http'
import { sameText } from '../core/same.ts'

const forwarded = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via']

/**
 * The figures name nobody, but how much is refunded is nobody else's to know. With a key, whoever shows it; without one, whoever asks directly,
 * as a Prometheus beside us does: what a proxy brings comes from the world.
 */
export function mayReadMetrics({ headers }: Pick<IncomingMessage, 'headers'>, key: string | undefined): boolean {
  if (key === undefined) return !forwarded.some((name) => headers[name] !== undefined)
  const given = /^Bearer +(\S{1,200})$/i.exec(headers.authorization ?? '')?.[1]
  return given !== undefined && sameText(given, key)
}
