import { createHash } from 'node:crypto'
import { z } from 'zod'
import { OutsideError } from '../../src/core/errors.ts'
import type { Picture } from '../../src/core/picture.ts'
import type { Incoming, Transport } from '../../src/core/transport.ts'
import type { Settings } from './settings.ts'
import { refusal, strange } from './trouble.ts'

/** One message as the webhook takes it. */
export type Message =
  | { readonly msgtype: 'markdown'; readonly markdown: { readonly content: string } }
  | { readonly msgtype: 'image'; readonly image: { readonly base64: string; readonly md5: string } }

export const words = (content: string): Message => ({ msgtype: 'markdown', markdown: { content } })

export const picture = ({ bytes }: Picture): Message => ({
  msgtype: 'image',
  image: { base64: bytes.toString('base64'), md5: createHash('md5').update(bytes).digest('hex') },
})

const answerSchema = z.object({ errcode: z.int(), errmsg: z.string().catch('') })
/** A picture is several megabytes on the way up. */
const timeout = { markdown: 10_000, image: 40_000 } as const

/** @throws OutsideError that never holds the key */
export async function send(transport: Transport, settings: Settings, message: Message): Promise<void> {
  const { base, key } = settings
  const answer = await transport.send({
    method: 'POST',
    url: `${base}cgi-bin/webhook/send?key=${encodeURIComponent(key)}`,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(message),
    timeout: timeout[message.msgtype],
    limit: 64 * 1024,
  })
  if (answer.status !== 200) throw strange(answer.status, settings)
  const said = read(answer)
  if (!said) throw strange(answer.status, settings)
  if (said.errcode !== 0) throw refusal(said.errcode, said.errmsg, settings)
}

function read({ body }: Incoming): z.output<typeof answerSchema> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(body.toString('utf8'))).data
  } catch {
    return undefined
  }
}

/** Ours, before anything is sent. */
export const notNow = (wait: number): OutsideError =>
  new OutsideError('busy', 'the WeCom webhook has been sent enough for this minute', { wait })
