import { createHash } from 'node:crypto'
import type { Person } from './official.ts'

export interface People {
  meet(appid: string, name: string): Person
  get(openid: string): Person | undefined
  change(openid: string, how: Partial<Omit<Person, 'openid' | 'appid' | 'name'>>): Person
  all(): readonly Person[]
}

export function createPeople(known: (appid: string) => boolean): People {
  const people = new Map<string, Person>()
  return {
    meet(appid, name) {
      if (!known(appid)) throw new Error(`no account ${appid}`)
      const openid = openidOf(appid, name)
      const person = people.get(openid) ?? { openid, appid, name, following: false, blacklisted: false, refuses: false }
      people.set(openid, person)
      return person
    },
    get: (openid) => people.get(openid),
    change(openid, how) {
      const person = people.get(openid)
      if (!person) throw new Error(`nobody is ${openid}`)
      const changed = { ...person, ...how }
      people.set(openid, changed)
      return changed
    },
    all: () => [...people.values()],
  }
}

/** 28 characters that begin with an o; another one at each account. */
function openidOf(appid: string, name: string): string {
  return `o${createHash('sha256').update(`${appid} ${name}`).digest('base64url').slice(0, 27)}`
}
