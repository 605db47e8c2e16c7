import { parcelPhoto } from '../parcel.ts'
import type { Group, Who } from './group.ts'
import { callTroubles, type Misbehaviour, updateTroubles } from './misbehave.ts'
import type { Person } from './person.ts'
import { defaultRules, type Pace, paces, type Rules } from './rules.ts'
import type { Place } from './shown.ts'
import { placeOf } from './shown.ts'
import { type Right, rightNames } from './state.ts'
import type { NewGroup, NewPerson, Telegram } from './telegram.ts'

export type Body = Readonly<Record<string, unknown>>

export const textOf = (body: Body, name: string): string => {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw new Error(`${name} must be a text`)
  return value
}

export const numberOf = (body: Body, name: string): number => {
  const value = body[name]
  if (typeof value !== 'number') throw new Error(`${name} must be a number`)
  return value
}

const maybe = <T>(body: Body, name: string, read: (body: Body, name: string) => T): Record<string, T> =>
  body[name] === undefined ? {} : { [name]: read(body, name) }

export const replyOf = (body: Body): { replyTo?: number } => maybe(body, 'replyTo', numberOf)

export function personIn(telegram: Telegram, id: unknown): Person {
  const found = telegram.persons().find(({ user }) => user.id === id)
  if (!found) throw new Error(`no person ${String(id)}`)
  return found
}

export function placeIn(telegram: Telegram, key: string, thread: unknown): Place {
  const found = telegram.places().find(({ room }) => room.key === key)
  if (!found) throw new Error(`no chat ${key}`)
  return typeof thread === 'number' ? placeOf(found.room, thread) : found
}

export function groupIn(telegram: Telegram, key: string): Group {
  const found = telegram.groups().find(({ room }) => room.key === key)
  if (!found) throw new Error(`no group ${key}`)
  return found
}

/** `who` is a person's id or a bot's username. */
export const whoIn = (telegram: Telegram, { who }: Body): Who =>
  typeof who === 'string' ? who : personIn(telegram, who)

export const readPerson = (body: Body): NewPerson => ({
  name: textOf(body, 'name'),
  ...maybe(body, 'username', textOf),
  ...maybe(body, 'language', textOf),
  ...maybe(body, 'id', numberOf),
})

export function readGroup(telegram: Telegram, body: Body): NewGroup {
  const { people, bots, kind, forum } = body
  return {
    title: textOf(body, 'title'),
    people: listOf(people ?? telegram.persons().map(({ user }) => user.id)).map((id) => personIn(telegram, id)),
    bots: listOf(bots ?? telegram.bots.map(({ username }) => username)).map(String),
    kind: oneOf(kind ?? 'supergroup', ['group', 'supergroup', 'channel'] as const),
    forum: forum === true,
  }
}

/** So many made here, or given as base64. */
export function readPhotos({ photos = 1 }: Body): Buffer[] {
  if (Array.isArray(photos)) return photos.map((one) => Buffer.from(String(one), 'base64'))
  return Array.from({ length: Math.min(10, Number(photos)) }, (_, index) => parcelPhoto(index + 1))
}

export const readRights = ({ rights = rightNames }: Body): readonly Right[] =>
  listOf(rights).map((right) => oneOf(right, rightNames))

export function readMisbehaviour(body: Body): Misbehaviour {
  const on = textOf(body, 'on')
  const how = oneOf(body.how, on === 'update' ? updateTroubles : callTroubles)
  for (const name of needs[how] ?? []) numberOf(body, name)
  if (how === 'refuse') textOf(body, 'description')
  return { ...body, on, how } as unknown as Misbehaviour
}

const needs: Readonly<Record<string, readonly string[]>> = {
  flood: ['retryAfter'],
  http: ['status'],
  refuse: ['code'],
  slow: ['ms'],
}

export function readRules(body: Body): Partial<Rules> {
  for (const name of Object.keys(body)) oneOf(name, Object.keys(defaultRules))
  return body as Partial<Rules>
}

/** A preset by its name, or single limits. */
export function readPace({ preset, ...body }: Body): Partial<Pace> {
  for (const name of Object.keys(body)) oneOf(name, Object.keys(paces.usual))
  const base = preset === undefined ? {} : paces[oneOf(preset, ['usual', 'strict', 'off'] as const)]
  return { ...base, ...(body as Partial<Pace>) }
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('a list is wanted')
  return value
}

function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found === undefined) throw new Error(`${String(value)} is none of ${words.join(', ')}`)
  return found
}
