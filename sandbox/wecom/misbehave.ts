import type { Misbehaviour } from './wecom.ts'

export type Trouble = Misbehaviour['how']

export interface Troubles {
  add(script: Misbehaviour): void
  /** The trouble of this frame or call, used up by it. */
  take(on: string): Trouble | undefined
}

export function createTroubles(): Troubles {
  const all: { readonly on: string; readonly how: Trouble; skip: number; times: number }[] = []
  return {
    add({ on, how, skip = 0, times = 1 }) {
      all.push({ on, how, skip, times })
    },
    take(on) {
      const script = all.find((one) => one.on === on && one.times > 0)
      if (!script) return undefined
      if (script.skip > 0) {
        script.skip--
        return undefined
      }
      script.times--
      return script.how
    },
  }
}

export const isLost = (how: Trouble | undefined, what: 'answer' | 'request'): boolean =>
  how !== undefined && 'lost' in how && how.lost === what
export const isCut = (how: Trouble | undefined, when: 'before' | 'after'): boolean =>
  how !== undefined && 'cut' in how && how.cut === when
export const lateness = (how: Trouble | undefined): number => (how && 'lateMs' in how ? how.lateMs : 0)
