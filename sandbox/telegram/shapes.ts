/** A JSON object on its way out; `compact` takes out what is not there. */
export type Json = Readonly<Record<string, unknown>>

export function compact(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== false))
}

export interface User {
  readonly id: number
  readonly is_bot: boolean
  readonly first_name: string
  readonly username?: string
  readonly language_code?: string
}

/** Offsets and lengths are in UTF-16 code units. */
export interface Entity {
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly url?: string
  readonly user?: User
  readonly language?: string
  readonly custom_emoji_id?: string
}

export interface Formatted {
  readonly text: string
  readonly entities: readonly Entity[]
}

export interface Button {
  readonly text: string
  readonly callback_data?: string
  readonly url?: string
  readonly copy_text?: { readonly text: string }
  /** Bot API 9.4. */
  readonly style?: string
}

export type Keyboard = readonly (readonly Button[])[]

/** ForceReply: the client opens the reply field by itself. */
export interface Ask {
  readonly selective: boolean
  readonly placeholder: string | undefined
}

/** Whoever writes as the group, and nobody knows who it is. */
export const groupAnonymousBot: User = {
  id: 1087968824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
}
