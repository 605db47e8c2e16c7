import { atLeast } from '../complaints/member.ts'
import { setRoomLanguage } from '../storage/rooms.ts'
import type { Language } from '../storage/tenants.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { text } from './texts.ts'

const languages: Readonly<Record<string, Language>> = {
  zh: 'zh-CN',
  'zh-cn': 'zh-CN',
  cn: 'zh-CN',
  中文: 'zh-CN',
  chinese: 'zh-CN',
  en: 'en',
  english: 'en',
  英文: 'en',
  英语: 'en',
}

/** `/lang en`: of this room, by an admin; of one's own chat with the bot, by oneself. */
export async function lang(context: Context, { rest }: { readonly rest: string }): Promise<Answer> {
  const { parts, room, member } = context
  const word = rest.normalize('NFKC').trim().toLowerCase()
  if (!word) return answerTo(context, say(context, 'lang.now'))
  const wanted = languages[word]
  if (!wanted) return refusal(context, 'no.arguments', { example: '/lang zh · /lang en' })
  if (!room.alone && !atLeast(member, 'admin')) return refusal(context, 'no.role', { role: say(context, 'role.admin') })
  await parts.storage.transaction((tx) => setRoomLanguage(tx, room.id, wanted))
  return { text: text(wanted, 'lang.set') }
}
