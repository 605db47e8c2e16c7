import { asPostId, type PostId } from '../../src/core/words.ts'

/** Message numbers begin anew when a group becomes a supergroup, so the chat's id is part of ours. */
export const postIdOf = (chat: string | number, message: number): PostId => asPostId(`${chat}:${message}`)

export function messageOf(post: PostId): { readonly chat: string; readonly message: number } | undefined {
  const match = /^(-?\d{1,17}):(\d{1,15})$/.exec(post)
  return match ? { chat: match[1] ?? '', message: Number(match[2]) } : undefined
}
