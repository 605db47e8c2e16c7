import { badRequest } from '../errors.ts'
import { readMarkup } from '../markup.ts'
import { fieldsOf, type Params, type Upload } from '../params.ts'
import { publish } from '../publish.ts'
import { digits } from '../random.ts'
import { type Call, writableRoom } from '../rooms.ts'
import type { Json } from '../shapes.ts'
import type { Content, Post, Stored } from '../state.ts'
import { messageOf } from '../view.ts'
import { readCaption, readText, writtenCaption, writtenText } from '../written.ts'
import { whereIn } from './where.ts'

export function sendMessage(call: Call): Json {
  const room = writableRoom(call, 'text')
  const formatted = readText(call.core, writtenText(call.params))
  return sendOne(call, room, { kind: 'text', ...formatted })
}

export function sendPhoto(call: Call): Json {
  const room = writableRoom(call, 'photo')
  const caption = readCaption(call.core, writtenCaption(call.params))
  const sizes = readPhoto(call, sourceOf(call.params, call.params.text('photo'), 'photo'))
  return sendOne(call, room, { kind: 'photo', sizes, ...caption })
}

export function sendDocument(call: Call): Json {
  const room = writableRoom(call, 'document')
  const caption = readCaption(call.core, writtenCaption(call.params))
  const file = readDocument(call, sourceOf(call.params, call.params.text('document'), 'document'))
  return sendOne(call, room, { kind: 'document', file, ...caption })
}

function sendOne(call: Call, room: Post['room'], content: Content): Json {
  const { core, bot, params } = call
  const { replyTo, thread } = whereIn(call, room)
  const markup = readMarkup(params, core.rules())
  core.pacing.spend(bot.user.id, room, 1, 'send')
  const from = room.kind === 'channel' ? undefined : bot.user
  const senderChat = room.kind === 'channel' ? room : undefined
  return messageOf(core, bot, publish(core, { room, from, senderChat, content, replyTo, thread, ...markup }))
}

/** Bot API sendMediaGroup: no reply_markup; one that is sent along is not looked at. */
export function sendMediaGroup(call: Call): readonly Json[] {
  const { core, bot, params } = call
  const media = params.json('media', 'media')
  if (!Array.isArray(media)) throw badRequest('media must be an Array')
  const { albumMin, albumMax } = core.rules()
  if (media.length > albumMax) throw badRequest('too many messages to send as an album')
  if (media.length < albumMin) throw badRequest('too few messages to send as an album')
  const kinds = new Set(media.map((one) => String(fieldsOf(one, 'InputMedia').type)))
  if (kinds.size > 1) throw badRequest("documents can't be mixed with other media types")
  const kind = kinds.has('document') ? 'document' : 'photo'
  const room = writableRoom(call, kind)
  const contents = media.map((one) => readMedia(call, fieldsOf(one, 'InputMedia')))
  const { replyTo, thread } = whereIn(call, room)
  core.pacing.spend(bot.user.id, room, contents.length, 'send')
  const album = digits(core.random, 17)
  return contents.map((content) =>
    messageOf(core, bot, publish(core, { room, from: bot.user, content, replyTo, thread, album })),
  )
}

function readMedia(call: Call, { type, media, caption, parse_mode, caption_entities }: Json): Content {
  const words = readCaption(call.core, {
    text: typeof caption === 'string' ? caption : '',
    parseMode: typeof parse_mode === 'string' ? parse_mode : undefined,
    entities: caption_entities,
  })
  const source = sourceOf(call.params, typeof media === 'string' ? media : undefined, '')
  if (type === 'document') return { kind: 'document', file: readDocument(call, source), ...words }
  if (type !== 'photo') throw badRequest(`media of the type ${String(type)} is not played by the sandbox`)
  return { kind: 'photo', sizes: readPhoto(call, source), ...words }
}

type Source = { readonly upload: Upload } | { readonly id: string }

/** A part of that name, `attach://` and a part's name, or a file_id. */
function sourceOf(params: Params, said: string | undefined, field: string): Source {
  const attached = /^attach:\/\/(.+)$/.exec(said ?? '')?.[1]
  const upload = params.upload(attached ?? field)
  if (upload) return { upload }
  if (attached !== undefined || !said) throw badRequest(`there is no ${field || 'media'} in the request`)
  if (/^https?:\/\//i.test(said)) throw badRequest('failed to get HTTP URL content')
  return { id: said }
}

function readPhoto({ core, bot }: Call, source: Source): readonly Stored[] {
  if ('upload' in source) return core.files.photo(source.upload.bytes)
  return [knownFile(core.files.find(bot.user.id, source.id), 'photos')]
}

function readDocument({ core, bot }: Call, source: Source): Stored {
  if ('upload' in source) {
    const { name, bytes, type } = source.upload
    return core.files.document({ name, bytes, mime: type })
  }
  return knownFile(core.files.find(bot.user.id, source.id), 'documents')
}

function knownFile(file: Stored | undefined, folder: Stored['folder']): Stored {
  if (!file) throw badRequest('wrong file identifier/HTTP URL specified')
  if (file.folder !== folder) throw badRequest("can't use file of another type")
  return file
}
