/** People of the shop, by their handles; all of them are in the group. */
export type Who = 'li' | 'chen' | 'wang'
export const everybody: readonly Who[] = ['li', 'chen', 'wang']

/** One group chat as the people in it use it. After each of their acts everything that follows from it has happened. */
export interface Talk {
  /** A card that hangs there changes by itself; elsewhere claims and notes are told by its next face, and by no message. */
  readonly lively: boolean
  /** Words to the bot. @returns what this person reads because of them */
  say(who: Who, words: string, photos?: readonly Buffer[]): Promise<string>
  /** The words that the bot has asked this person for. @returns what this person reads because of them */
  answer(who: Who, words: string, photos?: readonly Buffer[]): Promise<string>
  /** On the newest card of that title. @returns what this person reads because of it */
  press(who: Who, title: string, label: string): Promise<string>
  /** The same button, to be pressed when it should be long gone. */
  keep(who: Who, title: string, label: string): Promise<() => Promise<string>>
  /** Makes the newest card of that title show what is so now, where it cannot by itself. */
  look(who: Who, title: string): Promise<void>
  /** Of the newest card of that title, as this person sees it now. */
  labels(who: Who, title: string): Promise<readonly string[]>
  /** Everything of the bot that this person can read now, buttons and the question before them too: one text a message. */
  read(who: Who): Promise<readonly string[]>
  /** What happened outside has reached the chat. */
  calm(): Promise<void>
}

/** The same chat; keeps everything that anybody was ever given to read. */
export function remembered(talk: Talk): { readonly talk: Talk; readonly texts: ReadonlySet<string> } {
  const texts = new Set<string>()
  const all = async () => {
    for (const who of everybody) for (const text of await talk.read(who)) texts.add(text)
  }
  const after = async (act: Promise<string>) => {
    const said = await act
    texts.add(said)
    await all()
    return said
  }
  return {
    texts,
    talk: {
      ...talk,
      say: (...args) => after(talk.say(...args)),
      answer: (...args) => after(talk.answer(...args)),
      press: (...args) => after(talk.press(...args)),
      async keep(...args) {
        const press = await talk.keep(...args)
        return () => after(press())
      },
      async look(...args) {
        await talk.look(...args)
        await all()
      },
      async calm() {
        await talk.calm()
        await all()
      },
    },
  }
}
