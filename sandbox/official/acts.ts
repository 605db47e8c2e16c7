import type { Core } from './core.ts'
import type { OfficialAccount, Person, SceneCode } from './official.ts'

/** Somebody scans a code, follows or leaves; the account is told (notifications.md §3.2). */
export interface Acts {
  scan(openid: string, code: string): SceneCode | undefined
  follow(openid: string): void
  unfollow(openid: string): void
}

export function createActs(core: Core): Acts {
  const { clock, codes, ledger, people } = core

  function who(openid: string): { person: Person; account: OfficialAccount } {
    const person = people.get(openid)
    const account = person && core.accounts.get(person.appid)
    if (!person || !account) throw new Error(`nobody is ${openid}`)
    return { person, account }
  }

  function subscribe(openid: string, key: string, ticket?: string) {
    const { account } = who(openid)
    people.change(openid, { following: true, since: clock.now() })
    ledger.add({ appid: account.appid, what: 'follow', openid, ...(key ? { scene: key } : {}) })
    core.tell(account, { openid, event: 'subscribe', fields: keyed(key, ticket) })
  }

  return {
    scan(openid, written) {
      const { person, account } = who(openid)
      const code = codes.good(written)
      const { appid } = account
      if (code?.appid !== appid) {
        const scene = codes.find(written)?.scene
        ledger.add({ appid, what: 'scan-expired', openid, ...(scene === undefined ? {} : { scene }) })
        return undefined
      }
      const { scene, ticket } = code
      ledger.add({ appid, what: 'scan', openid, scene })
      if (person.following) core.tell(account, { openid, event: 'SCAN', fields: keyed(scene, ticket) })
      else subscribe(openid, `qrscene_${scene}`, ticket)
      return code
    },
    follow(openid) {
      if (who(openid).person.following) throw new Error('follows already')
      subscribe(openid, '')
    },
    unfollow(openid) {
      const { person, account } = who(openid)
      if (!person.following) throw new Error('does not follow')
      people.change(openid, { following: false })
      ledger.add({ appid: account.appid, what: 'unfollow', openid })
      core.tell(account, { openid, event: 'unsubscribe', fields: keyed('') })
    },
  }
}

const keyed = (key: string, ticket?: string): readonly (readonly [string, string])[] => [
  ['EventKey', key],
  ...(ticket === undefined ? [] : ([['Ticket', ticket]] as const)),
]
