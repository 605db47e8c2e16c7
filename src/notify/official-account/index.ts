import type { Clock } from '../../core/clock.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import type { Transport } from '../../core/transport.ts'
import type { Random } from '../../core/words.ts'
import type { Finding, Tokens } from '../../platforms/platform.ts'
import { failure, isStaleToken } from '../../platforms/wechat-mini/errors.ts'
import { exchange } from '../../platforms/wechat-mini/exchange.ts'
import { type Fields as Answer, text, whole } from '../../platforms/wechat-mini/fields.ts'
import { tokenSource } from '../../platforms/wechat-mini/tokens.ts'
import type { StoredChannel } from '../../storage/channels.ts'
import { interests } from '../interests.ts'
import type { ChannelKind, Message, Sent } from '../kind.ts'
import { both } from '../texts.ts'
import { accountOf } from './account.ts'
import { refusalOf, troubleOf } from './errors.ts'
import { dataOf } from './fields.ts'
import { createEar, scenePrefix } from './push.ts'
import { checkOfficial, maskOpenid, officialLimits, officialSettings, openid } from './settings.ts'

export interface OfficialParts {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly tokens: Tokens
  /** Of the API, without a slash at the end. */
  readonly baseUrl: string
  /** Where a QR code is shown. */
  readonly qrUrl: string
  /** Most bytes of what the service account sends here. */
  readonly bodyLimit?: number
}

/** Template messages of a service account (服务号). */
export function officialAccountKind(parts: OfficialParts): ChannelKind {
  const { clock, qrUrl, bodyLimit = 64 * 1024 } = parts
  const tokens = tokenSource(parts)
  const hear = createEar(bodyLimit)

  /** One call with the account's token; a stale one is renewed, once. */
  async function call(channel: StoredChannel, path: string, body: unknown, act: boolean): Promise<Answer> {
    const account = accountOf(channel)
    const ask = (token: string) =>
      exchange(parts, { method: 'POST', path, query: { access_token: token }, body: JSON.stringify(body), act })
    const token = await tokens.get(account)
    const answer = await ask(token)
    if (!isStaleToken(String(whole(answer, 'errcode')))) return answer
    return ask(await tokens.renew(account, token))
  }

  async function send(channel: StoredChannel, address: string, message: Message): Promise<Sent> {
    const { templateId, map } = officialSettings(channel.settings)
    const body = {
      touser: address,
      template_id: templateId,
      data: dataOf(map, message.letter.fields),
      // The same again within ten minutes is sent once.
      client_msg_id: message.key,
    }
    try {
      const answer = await call(channel, '/cgi-bin/message/template/send', body, true)
      const errcode = whole(answer, 'errcode') ?? 0
      if (isStaleToken(String(errcode))) throw failure(errcode, text(answer, 'errmsg') ?? '')
      if (errcode !== 0) return refusalOf(errcode, text(answer, 'errmsg') ?? '', clock.now())
      // Their msgid has more digits than a number is exact with; where it came as one it is none.
      return { outcome: 'sent', reference: text(answer, 'msgid') ?? '' }
    } catch (error) {
      if (error instanceof OutsideError) return troubleOf(error, clock.now())
      throw error
    }
  }

  return {
    kind: 'official-account',
    interests,
    merges: 'complaint',
    // For ten minutes they know a message by its client_msg_id.
    repeats: [30_000, 120_000],
    check: checkOfficial,
    address: openid,
    mask: maskOpenid,
    limits: ({ settings }) => officialLimits(settings),
    send,
    hear,
    async inspect(channel) {
      try {
        await tokens.get(accountOf(channel))
        return [finding(channel, 'ok', both('AppID 和 AppSecret 可用', 'AppID and AppSecret are good'))]
      } catch (error) {
        if (error instanceof OutsideError) return [finding(channel, 'bad', error.message)]
        throw error
      }
    },
    async invite(channel, code, seconds) {
      const answer = await call(
        channel,
        '/cgi-bin/qrcode/create',
        {
          expire_seconds: seconds,
          action_name: 'QR_STR_SCENE',
          action_info: { scene: { scene_str: `${scenePrefix}${code}` } },
        },
        false,
      )
      const errcode = whole(answer, 'errcode') ?? 0
      if (errcode !== 0) throw failure(errcode, text(answer, 'errmsg') ?? '')
      const [ticket, url] = [text(answer, 'ticket'), text(answer, 'url')]
      if (!ticket || !url)
        throw new OutsideError('unreachable', both('微信没有返回二维码', 'WeChat returned no QR code'))
      return { url, image: `${qrUrl}/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}` }
    },
    async close() {},
  }
}

function finding({ name }: StoredChannel, level: 'ok' | 'bad', why: string): Finding {
  const [zh = why, en = zh] = why.split(' | ')
  const what = { zh: `${name}：${zh}`, en: `${name}: ${en}` }
  if (level === 'ok') return { level, what }
  return {
    level,
    what,
    fix: {
      zh: '改好后运行 redress channel update，再运行 redress channel test',
      en: 'mend it with redress channel update, then run redress channel test',
    },
  }
}
