import { type Queue, queues } from '../engine/queues.ts'

/** Whose job a destination is: `email:chn_1/rcp_2` is the mailbox's, `room:rom_1` the room's own. */
export const placeOf = (destination: string): string => destination.split('/', 1)[0] ?? ''

/** Each way has a queue of its own: one that hangs keeps no other waiting. */
export function queueOf(place: string): Queue {
  const prefix = place.split(':', 1)[0]
  switch (prefix) {
    case 'email':
      return queues.email
    case 'official-account':
      return queues.officialAccount
    case 'sms':
      return queues.sms
    default:
      return queues.deliver
  }
}
