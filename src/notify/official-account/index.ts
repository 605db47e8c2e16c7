import type { Clock } from '../../core/clock.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import type { Transport } from '../../core/transport.ts'
import type { Random } from '../../core/words.ts'
import type { Finding, Tokens } from '../../platforms/platform.ts'
import { failure, isStaleToken } from '../../platforms/wechat-mini/errors.ts'
import { exchange } from '../../platforms/wechat-mini/exchange.ts'
import { type Fields as Answer, fieldsOf, list, text, whole } from '../../platforms/wechat-mini/fields.ts'
import { tokenSource } from '../../platforms/wechat-mini/tokens.ts'
import type { StoredChannel } from '../../storage/channels.ts'
import { interests } from '../interests.ts'
import type { ChannelKind, Message, Sent } from '../kind.ts'
import { both } from '../texts.ts'
import { accountOf } from './account.ts'
import { refusalOf, troubleOf } from './errors.ts'
import { dataOf } from './fields.ts'
import { withExactNumbers } from './finish.ts'
import { createEar, scenePrefix } from './push.ts'
import { checkOfficial, maskOpenid, officialLimits, officialSettings, openid } from './settings.ts'
import { misfits } from './template.ts'

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
  const wire = { ...parts, transport: exactly(parts.transport) }
  const hear = createEar(bodyLimit)

  /** One call with the account's token; a stale one is renewed, once. */
  async function call(channel: StoredChannel, path: string, { body, act = false }: Call = {}): Promise<Answer> {
    const account = accountOf(channel)
    const told =
      body === undefined ? { method: 'GET' as const } : { method: 'POST' as const, body: JSON.stringify(body) }
    const ask = (token: string) => exchange(wire, { ...told, path, query: { access_token: token }, act })
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
      const answer = await call(channel, '/cgi-bin/message/template/send', { body, act: true })
      const errcode = whole(answer, 'errcode') ?? 0
      if (isStaleToken(String(errcode))) throw failure(errcode, text(answer, 'errmsg') ?? '')
      if (errcode !== 0) return refusalOf(errcode, text(answer, 'errmsg') ?? '', clock.now())
      return { outcome: 'sent', reference: text(answer, 'msgid') ?? '' }
    } catch (error) {
      if (error instanceof OutsideError) return troubleOf(error, clock.now())
      throw error
    }
  }

  /** Whether the template is filled as it wants to be. Their list does not always name all: what is not there may be good. */
  async function inspectTemplate(channel: StoredChannel): Promise<readonly Finding[]> {
    const { templateId, map } = officialSettings(channel.settings)
    const answer = await call(channel, '/cgi-bin/template/get_all_private_template')
    const errcode = whole(answer, 'errcode') ?? 0
    const template = list(answer.template_list)
      .map(fieldsOf)
      .find((one) => text(one, 'template_id') === templateId)
    const content = template && text(template, 'content')
    if (errcode !== 0 || content === undefined) return [unlisted(channel, errcode)]
    const wrong = misfits(content, map)
    if (wrong.length === 0)
      return [finding(channel, 'ok', both('模板字段与设置 map 相符', 'the fields of the template are those of map'))]
    return wrong.map(({ level, what }) => finding(channel, level, both(what.zh, what.en)))
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
        const good = finding(channel, 'ok', both('AppID 和 AppSecret 可用', 'AppID and AppSecret are good'))
        return [good, ...(await inspectTemplate(channel))]
      } catch (error) {
        if (error instanceof OutsideError) return [finding(channel, 'bad', error.message)]
        throw error
      }
    },
    async invite(channel, code, seconds) {
      const answer = await call(channel, '/cgi-bin/qrcode/create', {
        body: {
          expire_seconds: seconds,
          action_name: 'QR_STR_SCENE',
          action_info: { scene: { scene_str: `${scenePrefix}${code}` } },
        },
      })
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

interface Call {
  /** Absent = it is a question (GET). */
  readonly body?: unknown
  /** It is not to be repeated unseen. */
  readonly act?: boolean
}

const exactly = (transport: Transport): Transport => ({
  async send(request) {
    const answer = await transport.send(request)
    return { ...answer, body: Buffer.from(withExactNumbers(answer.body.toString('utf8'))) }
  },
})

function unlisted(channel: StoredChannel, errcode: number): Finding {
  const why =
    errcode === 0
      ? both(
          '微信没有列出这个模板（类目模板有时不列出）：请用测试消息确认字段',
          'WeChat does not list this template (it leaves some out): a test message shows whether its fields are right',
        )
      : both(`模板列表无法查询 [${errcode}]`, `the templates cannot be listed [${errcode}]`)
  return finding(channel, 'warn', why)
}

function finding({ name }: StoredChannel, level: Finding['level'], why: string): Finding {
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
