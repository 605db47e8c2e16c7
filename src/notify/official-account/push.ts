import { type RawRequest, textReply } from '../../core/http.ts'
import { parse } from '../../platforms/wechat-mini/body.ts'
import { type Fields, text } from '../../platforms/wechat-mini/fields.ts'
import { createVerify } from '../../platforms/wechat-mini/verify.ts'
import type { StoredChannel } from '../../storage/channels.ts'
import type { Heard } from '../kind.ts'
import { accountOf } from './account.ts'
import { finishMeans, withExactNumbers } from './finish.ts'

/** A code of ours behind this is a code of a bind request. */
export const scenePrefix = 'b_'

/** What the service account's server configuration sends here: a check of the address, a scan, a farewell, and what is none of our business. */
export function createEar(bodyLimit: number): (channel: StoredChannel, request: RawRequest) => Heard {
  const verify = createVerify(bodyLimit)
  return (channel, request) => {
    const refused = (why: string): Heard => ({ heard: 'forged', why, reply: textReply(403, 'refused') })
    // Nobody has said by what it is known.
    if (!channel.secrets.token || !channel.secrets.aesKey) return refused('wrong-mode')
    const verdict = verify(accountOf(channel), request)
    if (verdict.verdict === 'forged') return refused(verdict.why)
    if (verdict.verdict === 'handshake') return { heard: 'nothing', reply: textReply(200, verdict.echo) }
    const fields = parse(withExactNumbers(verdict.told)) ?? {}
    return heardIn(fields, verdict.event)
  }
}

function heardIn(fields: Fields, event: string): Heard {
  const address = text(fields, 'FromUserName')
  const key = text(fields, 'EventKey') ?? ''
  if (address === undefined) return { heard: 'nothing', reply: done }
  if (event === 'templatesendjobfinish') {
    const [number, status] = [text(fields, 'MsgID', 'MsgId'), text(fields, 'Status')]
    if (number === undefined || status === undefined) return { heard: 'nothing', reply: done }
    return { heard: 'reported', address, report: finishMeans(number, status), reply: done }
  }
  if (event === 'unsubscribe') return { heard: 'left', address, reply: done }
  const scene = event === 'subscribe' ? key.replace(/^qrscene_/, '') : event === 'scan' ? key : ''
  // One who follows of their own accord has scanned nothing.
  if (!scene.startsWith(scenePrefix)) return { heard: 'nothing', reply: done }
  return { heard: 'scanned', address, code: scene.slice(scenePrefix.length), reply: done }
}

const done = textReply(200, 'success')
