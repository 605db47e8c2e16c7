import { connect, type Socket } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { notPublic } from '../../core/public-host.ts'
import { nameOf, type Place, type Reach } from '../../core/reach.ts'

export interface LineParts {
  readonly clock: Clock
  readonly reach: Reach
  /** Until a connection stands, milliseconds. */
  readonly timeout: number
}

type Opened = (error: Error | null, made: { readonly connection: Socket } | false) => void

/** Opens connections in nodemailer's place, which would go wherever a name leads. */
export function openedBy({ clock, reach, timeout }: LineParts, place: Place): (_: unknown, opened: Opened) => void {
  return (_, opened) => {
    if (reach.isInside(place)) return opened(failure(notPublic, `${nameOf(place)} leads inside`), false)
    const socket = connect({ ...place, lookup: reach.lookupFor(place) })
    const fail = (error: Error) => {
      cancel()
      socket.destroy()
      opened('code' in error && error.code === notPublic ? error : failure('ECONNECTION', error.message), false)
    }
    const cancel = clock.after(timeout, () => fail(new Error('no connection in time')))
    socket.once('error', fail)
    socket.once('connect', () => {
      cancel()
      socket.off('error', fail)
      opened(null, { connection: socket })
    })
  }
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code })
