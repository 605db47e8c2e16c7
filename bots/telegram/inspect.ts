import type { Finding, Spot } from '../../src/chat/chat.ts'
import { told } from '../../src/core/errors.ts'
import type { Api } from './api.ts'
import { type Me, reads } from './wire.ts'

type Both = Finding['what']

/** What a person may have set wrongly at BotFather, in a group or at the webhook; nothing is changed. */
export async function inspect(
  api: Pick<Api, 'call'>,
  about: { readonly hook: string | undefined; readonly spots: readonly Spot[] },
): Promise<readonly Finding[]> {
  let me: Me
  try {
    me = reads.me.parse(await api.call('getMe'))
  } catch (error) {
    return [
      bad(
        { zh: `Telegram 没有接受这个机器人：${told(error)}`, en: `Telegram did not take this bot: ${told(error)}` },
        tokenFix,
      ),
    ]
  }
  const rooms = await Promise.all(
    [...new Set(about.spots.map(({ chat }) => chat))].map((chat) => ofRoom(api, chat, me)),
  )
  return [...ofMe(me), ...(await ofHook(api, about.hook)), ...rooms.flat()]
}

const tokenFix = {
  zh: '核对 token（BotFather → /token）和网络；中国大陆需要 proxy 或 apiRoot',
  en: 'check the token (BotFather → /token) and the network; from mainland China a proxy or an apiRoot is needed',
}

function ofMe(me: Me): readonly Finding[] {
  const found: Finding[] = [
    { level: 'ok', what: { zh: `已连接：@${me.username}`, en: `connected as @${me.username}` } },
  ]
  if (me.can_join_groups === false)
    found.push(
      bad(
        { zh: '这个机器人不能进群', en: 'this bot may not join groups' },
        { zh: 'BotFather → /setjoingroups → Enable', en: 'BotFather → /setjoingroups → Enable' },
      ),
    )
  found.push(
    me.can_read_all_group_messages
      ? {
          level: 'warn',
          what: {
            zh: '隐私模式已关闭：群里的每句话都会传给机器人，不需要这样',
            en: 'privacy mode is off: the bot is sent every word of the group, which it does not need',
          },
          fix: {
            zh: 'BotFather → /setprivacy → Enable，然后把机器人移出群再拉回来',
            en: 'BotFather → /setprivacy → Enable, then take the bot out of the group and add it again',
          },
        }
      : {
          level: 'ok',
          what: {
            zh: '隐私模式开启：群里只收到命令、按钮和对机器人的回复；发图片请回复卡片或提问',
            en: 'privacy mode is on: it hears commands, buttons and replies to itself; send pictures as a reply to a card',
          },
        },
  )
  return found
}

async function ofHook(api: Pick<Api, 'call'>, hook: string | undefined): Promise<readonly Finding[]> {
  const info = reads.webhook.safeParse(await api.call('getWebhookInfo').catch(() => undefined))
  if (!info.success) return []
  const { url, pending_update_count: pending, last_error_message: error } = info.data
  if (url !== (hook ?? ''))
    return [
      bad(
        hook
          ? { zh: 'Telegram 登记的 webhook 不是本服务', en: "Telegram's webhook is not this service" }
          : {
              zh: '有别的服务登记了 webhook，轮询收不到消息',
              en: 'another service has set a webhook; polling hears nothing',
            },
        {
          zh: '同一个 token 只能用在一处：停掉另一处，然后停用再启用这个机器人',
          en: 'use a token in one place only: stop the other one, then switch this bot off and on',
        },
      ),
    ]
  if (hook && error && pending > 0)
    return [
      bad(
        { zh: `Telegram 送不到 webhook：${error}`, en: `Telegram cannot reach the webhook: ${error}` },
        {
          zh: '检查公网地址、证书和端口（443、80、88、8443）',
          en: 'check the public address, its certificate and the port (443, 80, 88, 8443)',
        },
      ),
    ]
  return []
}

async function ofRoom(api: Pick<Api, 'call'>, chat: string, me: Me): Promise<readonly Finding[]> {
  try {
    const { type, title = chat, permissions } = reads.chat.parse(await api.call('getChat', { chat_id: Number(chat) }))
    if (type === 'private') return []
    const member = reads.member.parse(await api.call('getChatMember', { chat_id: Number(chat), user_id: me.id }))
    const gone = member.status === 'left' || member.status === 'kicked' || member.is_member === false
    if (gone) return [bad({ zh: `机器人不在群「${title}」里`, en: `the bot is not in the group "${title}"` }, addFix)]
    // An administrator may always; somebody with restrictions of its own by these, all others by the group's.
    const may = member.status === 'restricted' ? member : member.status === 'member' ? permissions : undefined
    if (may?.can_send_messages === false)
      return [
        bad(
          { zh: `机器人在群「${title}」里被禁言`, en: `the bot may not write in the group "${title}"` },
          { zh: '在群管理里允许它发送消息和媒体', en: "allow it messages and media in the group's administration" },
        ),
      ]
    if (may?.can_send_photos === false) return [noPictures(title)]
    return [{ level: 'ok', what: { zh: `群「${title}」正常`, en: `the group "${title}" is well` } }]
  } catch (error) {
    return [
      bad({ zh: `看不到群 ${chat}：${told(error)}`, en: `the group ${chat} cannot be seen: ${told(error)}` }, addFix),
    ]
  }
}

const noPictures = (title: string): Finding => ({
  level: 'warn',
  what: {
    zh: `机器人在群「${title}」里不能发图片：投诉图片看不到`,
    en: `the bot may not send pictures in the group "${title}": those of complaints are not seen`,
  },
  fix: {
    zh: '在群管理里允许成员发送照片，或把机器人设为管理员',
    en: "allow members photos in the group's administration, or make the bot an administrator",
  },
})

const addFix = { zh: '把机器人重新拉进群', en: 'add the bot to the group again' }
const bad = (what: Both, fix: Both): Finding => ({ level: 'bad', what, fix })
