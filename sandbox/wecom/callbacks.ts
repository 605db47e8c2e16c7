import type { Core } from './core.ts'
import { isCut, isLost, lateness } from './misbehave.ts'
import { hex } from './random.ts'
import type { Bot, Content, File, Handle, Piece, Post, Room, Someone } from './state.ts'
import type { Json } from './wecom.ts'

export const frames = { message: 'aibot_msg_callback', event: 'aibot_event_callback' } as const

/** Fields that all callbacks have. A group's id is in those of a group only. */
export const aboutRoom = (core: Core, bot: Bot, room: Room | undefined, from?: Someone): Json => ({
  msgid: hex(core.random, 32),
  create_time: Math.floor(core.clock.now() / 1000),
  aibotid: bot.botId,
  ...(room?.kind === 'group' ? { chatid: room.chatid } : {}),
  ...(room ? { chattype: room.kind } : {}),
  ...(from ? { from: { userid: from.userid } } : {}),
})

export const eventBody = (about: Json, event: Json): Json => ({ ...about, msgtype: 'event', event })

/** Sends a callback to the bot's link, once; without a link it is lost. */
export function tell(core: Core, bot: Bot, cmd: string, body: Json, handle: Handle): void {
  if (!bot.link) {
    core.missed.push({ botId: bot.botId, body })
    core.logger.info({ botId: bot.botId, cmd }, 'sandbox: a callback is lost, its bot is not connected')
    return
  }
  const how = core.troubles.take(cmd)
  if (isCut(how, 'before')) bot.link.cut()
  if (isLost(how, 'request') || isCut(how, 'before')) return
  const send = () => {
    const reqId = hex(core.random, 32)
    bot.handles.set(reqId, handle)
    bot.link?.write({ cmd, headers: { req_id: reqId }, body })
  }
  if (lateness(how) > 0) later(core, lateness(how), send)
  else send()
  if (how && 'twice' in how) send()
  if (isCut(how, 'after')) bot.link.cut()
}

function later(core: Core, ms: number, run: () => void): void {
  const waiting = new Promise<void>((resolve) => {
    core.clock.after(ms, () => {
      run()
      core.delayed.delete(waiting)
      resolve()
    })
  })
  core.delayed.add(waiting)
}

/** A message as the bot is told of it: `text`, `mixed`, `image` or `file`. */
export function messageBody(core: Core, { kind, pieces }: Pick<Content, 'kind' | 'pieces'>): Json {
  if (kind === 'mixed') return { msgtype: 'mixed', mixed: { msg_item: pieces.map((piece) => pieceBody(core, piece)) } }
  return pieceBody(core, pieces[0] ?? { text: '' })
}

function pieceBody(core: Core, piece: Piece): Json {
  if ('text' in piece) return { msgtype: 'text', text: { content: piece.text } }
  if ('file' in piece) return { msgtype: 'file', file: core.downloads.offer(piece.file) }
  return { msgtype: 'image', image: core.downloads.offer(named(piece.picture)) }
}

const named = (bytes: Buffer): File => ({ name: `image.${bytes[0] === 0xff ? 'jpg' : 'png'}`, bytes })

/** What is quoted; of a card and of markdown the words that can be read. */
export function quoteOf(core: Core, { said }: Post, seen: string): Json {
  const plain = ['text', 'mixed', 'image', 'file'].includes(said.kind)
  return messageBody(core, plain ? said : { kind: 'text', pieces: [{ text: seen }] })
}
