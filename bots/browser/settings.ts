import { z } from 'zod'
import { InputError } from '../../src/core/errors.ts'

export interface Settings {
  /** 0 = any free port. */
  readonly port: number
  readonly rooms: readonly { readonly chat: string; readonly title: string }[]
  readonly people: readonly Person[]
  /** Pages of this machine that are shown beside the chat. */
  readonly panes: readonly { readonly title: string; readonly url: string }[]
  readonly language: 'zh-CN' | 'en'
}

export interface Person {
  readonly id: string
  readonly name: string
  /** What the person is, in a word. */
  readonly note?: string
  readonly colour?: string
}

/** A group, or one person alone with the bot. */
export interface Chat {
  readonly chat: string
  readonly title: string
  /** The one person who talks to the bot here. */
  readonly alone?: string
}

const aloneWith = (person: string): string => `alone:${person}`

const onLoopback = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname) && !url.username
}

const short = (what: string) => z.string(`give ${what}`).trim().min(1, `give ${what}`).max(80, 'at most 80 characters')
const id = (what: string) =>
  z.string(`give ${what}`).regex(/^[\w.-]{1,64}$/, `${what} is 1 to 64 letters, digits, '.', '-' or '_'`)

const schema = z.strictObject(
  {
    port: z.int('a whole number').min(0, '0 or more').max(65_535, 'at most 65535').default(0),
    rooms: z
      .array(z.strictObject({ chat: id('the chat id of the room'), title: short('the title of the room') }))
      .min(1, 'name at least one room')
      .refine(
        (rooms) => new Set(rooms.map((room) => room.chat)).size === rooms.length,
        'two rooms have the same chat id',
      ),
    people: z
      .array(
        z.strictObject({
          id: id('the id of the person'),
          name: short('the name of the person'),
          note: short('what the person is').optional(),
          colour: z
            .string()
            .regex(/^#[0-9a-f]{6}$/i, 'write the colour as #rrggbb')
            .optional(),
        }),
      )
      .min(1, 'name at least one person')
      .refine(
        (people) => new Set(people.map((person) => person.id)).size === people.length,
        'two people have the same id',
      ),
    panes: z
      .array(
        z.strictObject({
          title: short('the title of the pane'),
          url: z.string('give the address').refine(onLoopback, 'a page of this machine: http://127.0.0.1:…'),
        }),
      )
      .default([]),
    language: z.enum(['zh-CN', 'en'], 'zh-CN or en').default('zh-CN'),
    allowRealAccounts: z.boolean('true or false').optional(),
  },
  'settings are an object',
)

/** @throws InputError */
export function parseSettings(
  input: Record<string, unknown>,
  beside: { readonly realAccounts?: boolean } = {},
): Settings {
  const parsed = schema.safeParse(input)
  if (parsed.success) {
    const { allowRealAccounts, people, ...rest } = parsed.data
    if (beside.realAccounts && !allowRealAccounts)
      throw new InputError([
        {
          field: 'settings.allowRealAccounts',
          fix: 'this page lets anybody at this machine speak as anybody, and real shops are served here: set it to true if that is what you want',
        },
      ])
    return {
      ...rest,
      people: people.map(({ id, name, note, colour }) => ({
        id,
        name,
        ...(note && { note }),
        ...(colour && { colour }),
      })),
    }
  }
  throw new InputError(
    parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), fix: 'no such setting; take it out' }))
        : [{ field: issue.path.join('.') || 'settings', fix: issue.message }],
    ),
  )
}

export const chatsOf = (settings: Settings): ReadonlyMap<string, Chat> =>
  new Map(
    [
      ...settings.rooms.map(({ chat, title }) => ({ chat, title })),
      ...settings.people.map(({ id, name }) => ({ chat: aloneWith(id), title: name, alone: id })),
    ].map((chat) => [chat.chat, chat]),
  )

export const mayRead = (person: string, chat: Chat | undefined): boolean =>
  chat !== undefined && (chat.alone === undefined || chat.alone === person)
