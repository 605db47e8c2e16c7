import { type Body, likeThese } from '../desk.ts'
import { readMisbehaviour } from './misbehave.ts'
import type { Official } from './official.ts'
import { defaultRules } from './rules.ts'

const done = (_: unknown) => ({ done: true })

/** What the page's buttons and other processes ask for; undefined: nothing of that name. */
export async function wish(official: Official, noun: string | undefined, body: Body): Promise<object | undefined> {
  switch (noun) {
    case 'misbehave':
      return { id: official.misbehave(readMisbehaviour(body)).id }
    case 'rules':
      return done(official.setRules(likeThese(body, defaultRules)))
    case 'advance':
      return done(await official.advance(typeof body.now === 'number' ? body.now : undefined))
    case 'verify-url':
      return { verified: await official.verifyUrl(String(body.appid)) }
    case 'person':
      return official.person(String(body.appid), String(body.name))
    case 'scan': {
      const code = official.scan(whoever(official, body), String(body.code))
      return code ? { scanned: code.scene } : { says: '二维码已过期 / this code is void' }
    }
    case 'follow':
      return done(official.follow(whoever(official, body)))
    case 'unfollow':
      return done(official.unfollow(whoever(official, body)))
    case 'mark':
      return done(official.mark(whoever(official, body), marks(body)))
    default:
      return undefined
  }
}

/** By openid, or by account and name. */
const whoever = (official: Official, { openid, appid, name }: Body): string =>
  typeof openid === 'string' ? openid : official.person(String(appid), String(name)).openid

const marks = ({ blacklisted, refuses }: Body) => ({
  ...(typeof blacklisted === 'boolean' ? { blacklisted } : {}),
  ...(typeof refuses === 'boolean' ? { refuses } : {}),
})
