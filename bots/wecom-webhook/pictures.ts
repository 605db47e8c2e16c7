import { fitting, type Picture } from '../../src/core/picture.ts'

/** Before base64. "2M" may be read either way; this is the smaller. */
const limit = { bytes: 2_000_000, types: ['image/png', 'image/jpeg'] } as const

export interface Taken {
  readonly pictures: readonly Picture[]
  /** How many of them WeCom would not take, however pressed. */
  readonly leftOut: number
}

/** As WeCom takes them: pressed where they are too big or of another type. */
export async function taken(given: readonly Picture[] = []): Promise<Taken> {
  const pictures: Picture[] = []
  // One after the other: each may be pressed, and that takes memory.
  for (const one of given) {
    const fitted = await fitting(one, limit)
    if (fitted.outcome === 'fits') pictures.push(fitted.picture)
  }
  return { pictures, leftOut: given.length - pictures.length }
}
