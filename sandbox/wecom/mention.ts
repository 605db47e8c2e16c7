import type { Core } from './core.ts'
import type { Bot, Room } from './state.ts'

/** The bots of a room whom a text @s. At each @ the longest name of somebody there counts. */
export function mentioned(core: Core, room: Room, text: string): readonly Bot[] {
  const bots = [...room.bots].flatMap((id) => core.bots.get(id) ?? [])
  const names = [...bots, ...room.people.values()].map(({ name }) => name).sort((a, b) => b.length - a.length)
  const called = new Set<string>()
  for (const { index } of text.matchAll(/[@＠]/g)) {
    const rest = text.slice(index + 1)
    const name = names.find((one) => one !== '' && rest.startsWith(one) && !goesOn(rest, one))
    if (name !== undefined) called.add(name)
  }
  return bots.filter(({ name }) => called.has(name))
}

/** `@Redressed` is not `@Redress`; Chinese may follow a name at once. */
const goesOn = (rest: string, name: string) => /^[A-Za-z0-9_]{2}/.test(rest.slice(name.length - 1, name.length + 1))
