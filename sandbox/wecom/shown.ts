import { buttonsOfCard, linksOfCard, questionsOf, textOfCard } from './face.ts'
import { readMarkdown } from './markdown.ts'
import { type Content, fold, type Post } from './state.ts'
import type { Json, Shown } from './wecom.ts'

export const faceFor = (post: Post, userid: string): Content => post.faces.get(fold(userid)) ?? post.said

export function showPost(post: Post, userid: string): Shown {
  const said = faceFor(post, userid)
  const { kind, content, pieces, mentions = [] } = said
  const card = kind === 'card' ? content : {}
  return {
    id: post.id,
    from: post.from,
    kind,
    ...words(said),
    content,
    ...(post.taskId === undefined ? {} : { taskId: post.taskId }),
    buttons: buttonsOfCard(card),
    choices: questionsOf(card).flatMap(({ options }) => options),
    pictures: pieces.flatMap((piece) => ('picture' in piece ? [piece.picture] : [])),
    mentions,
    at: post.at,
  }
}

function words({ kind, content, pieces, dialect = 'v2' }: Content): { text: string; links: readonly string[] } {
  if (kind === 'card') return { text: textOfCard(content), links: linksOfCard(content) }
  const text = pieces
    .flatMap((piece) => ('text' in piece ? [piece.text] : 'file' in piece ? [piece.file.name] : []))
    .join('\n')
  if (kind === 'markdown') {
    const { plain, links } = readMarkdown(text, dialect)
    return { text: plain, links }
  }
  return { text, links: kind === 'news' ? (content.articles as Json[]).map(({ url }) => String(url)) : [] }
}
