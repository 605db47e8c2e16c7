import type { Cancel, Clock } from '../../src/core/clock.ts'
import type { Said } from './read.ts'

/** An album comes as several messages; it is whole when no more came for so long. */
const quiet = 1000
/** Telegram's sizes of one. */
const least = 2
const most = 10

export interface Albums {
  /** @returns the whole album to who brought its first part; nothing to the others. */
  add(said: Said): Promise<Said> | undefined
  /** The end: those that are underway are taken as whole, and nothing is waited for any more. */
  flush(): void
}

interface Album {
  readonly parts: Said[]
  readonly done: (whole: Said) => void
  cancel: Cancel
}

export function createAlbums(clock: Clock): Albums {
  const open = new Map<string, Album>()
  let ended = false

  function close(name: string): void {
    const album = open.get(name)
    if (!open.delete(name) || !album) return
    album.cancel()
    album.done(whole(album.parts))
  }

  return {
    add(said) {
      if (ended) return Promise.resolve(said)
      const name = said.album ?? said.id
      const again = () => clock.after(quiet, () => close(name))
      const known = open.get(name)
      if (!known)
        return new Promise((done) => {
          open.set(name, { parts: [said], done, cancel: again() })
        })
      known.cancel()
      known.cancel = again()
      known.parts.push(said)
      if (known.parts.length >= most) close(name)
      return undefined
    },
    flush() {
      ended = true
      for (const name of [...open.keys()]) close(name)
    },
  }
}

/** Caption and reply may stand on one part only. */
function whole(parts: readonly Said[]): Said {
  const ordered = [...parts].sort((a, b) => numberOf(a) - numberOf(b))
  const [first = parts[0]] = ordered
  if (!first) throw new RangeError('an album without parts')
  const text = ordered.find((part) => part.text)?.text
  const replyTo = ordered.find((part) => part.replyTo)?.replyTo
  return {
    ...first,
    files: ordered.flatMap(({ files }) => files),
    // In privacy mode the rest of an album whose caption is a command is kept from us.
    lost: ordered.reduce((sum, { lost }) => sum + lost, 0) + Math.max(0, least - ordered.length),
    ...(text === undefined ? {} : { text }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(ordered.some(({ answering }) => answering) ? { answering: true } : {}),
  }
}

const numberOf = ({ id }: Said) => Number(id.slice(id.indexOf(':') + 1))
