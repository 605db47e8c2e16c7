import type { ActionKind } from '../complaints/action.ts'
import type { Deed, Platform, Seat } from './platform.ts'

/** The capability for this seat, or undefined: a capability is a function that is there. */
export function deedFor(platform: Platform, seat: Seat, kind: ActionKind): Deed<ActionKind> | undefined {
  // The record is keyed by kind, so the deed found takes just the jobs of that kind; the union cannot say so.
  return platform.deeds(seat)[kind] as Deed<ActionKind> | undefined
}
