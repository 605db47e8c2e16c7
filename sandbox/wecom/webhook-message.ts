import { readCard } from './card.ts'
import type { Core } from './core.ts'
import { badMsgtype, invalidParameter, Refusal } from './errors.ts'
import { address, list, shape, some, text } from './fields.ts'
import { partOf, readMedia } from './outgoing.ts'
import type { Draft } from './publish.ts'
import { fold } from './state.ts'
import { isJpegOrPng, md5Of } from './uploads.ts'
import type { Json } from './wecom.ts'

/** What may be posted with a webhook's key, with its limits in bytes. */
export function readWebhookMessage(core: Core, key: string, body: Json): Draft {
  switch (body.msgtype) {
    case 'text':
      return readText(core, partOf(body, 'text'))
    case 'markdown':
      return readMarkdown(core, partOf(body, 'markdown'))
    case 'markdown_v2': {
      const content = partOf(body, 'markdown_v2')
      return { kind: 'markdown', content, pieces: [{ text: contentOf(content, 4096, 'markdown_v2') }] }
    }
    case 'image':
      return readImage(partOf(body, 'image'))
    case 'news':
      return readNews(body)
    case 'file':
    case 'voice':
      return readMedia(core, key, body.msgtype, body)
    case 'template_card':
      return { kind: 'card', content: readCard(body.template_card, 'webhook'), pieces: [] }
    default:
      throw badMsgtype()
  }
}

function contentOf({ content }: Json, bytes: number, part: string): string {
  text({ bytes, empty: false })(content, `${part}.content`)
  return String(content)
}

/** `<@userid>` notifies, and is read as the person's name. */
function withNames(core: Core, content: string): { text: string; mentions: readonly string[] } {
  const mentions: string[] = []
  const text = content.replace(/<@([^<>\s]+)>/g, (whole, userid: string) => {
    const person = core.people.get(fold(userid))
    if (!person) return whole
    mentions.push(person.userid)
    return `@${person.name}`
  })
  return { text, mentions }
}

function readText(core: Core, content: Json): Draft {
  const named = withNames(core, contentOf(content, 2048, 'text'))
  for (const name of ['mentioned_list', 'mentioned_mobile_list'])
    if (content[name] !== undefined) list(some, { most: 1000 })(content[name], `text.${name}`)
  const mentions = [...named.mentions, ...((content.mentioned_list as string[] | undefined) ?? [])]
  return { kind: 'text', content, pieces: [{ text: named.text }], mentions }
}

function readMarkdown(core: Core, content: Json): Draft {
  const { text, mentions } = withNames(core, contentOf(content, 4096, 'markdown'))
  return { kind: 'markdown', content, pieces: [{ text }], mentions, dialect: 'v1' }
}

function readImage(content: Json): Draft {
  some(content.base64, 'image.base64')
  some(content.md5, 'image.md5')
  const bytes = Buffer.from(String(content.base64), 'base64')
  if (bytes.length > 2 * 1024 * 1024) throw new Refusal(93018, 'invalid image size')
  if (!isJpegOrPng(bytes)) throw new Refusal(40005, 'invalid file type')
  if (md5Of(bytes) !== String(content.md5).toLowerCase()) throw new Refusal(301019, 'image md5 not match')
  return { kind: 'image', content, pieces: [{ picture: bytes }] }
}

const article = shape({
  'title!': text({ bytes: 128, empty: false }),
  description: text({ bytes: 512 }),
  'url!': address,
  picurl: address,
})

function readNews(body: Json): Draft {
  const content = partOf(body, 'news')
  if (content.articles === undefined) throw invalidParameter('missing news.articles')
  list(article, { least: 1, most: 8 })(content.articles, 'news.articles')
  const articles = content.articles as readonly Json[]
  const lines = articles.flatMap(({ title, description }) => [title, description].filter(Boolean).map(String))
  return { kind: 'news', content, pieces: [{ text: lines.join('\n') }] }
}
