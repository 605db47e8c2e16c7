import type { OutsideError } from '../../core/errors.ts'
import type { Failed, Sent } from '../kind.ts'
import { both, untilTomorrow } from '../texts.ts'

type Entry = readonly [blames: Failed['blames'], zh: string, en: string, again?: 'tomorrow' | number]

const minute = 60_000

// errcode → who is to blame and what a person can do. docs/channels.md#official-account
const entries: ReadonlyMap<number, Entry> = new Map<number, Entry>([
  [
    43004,
    [
      'recipient',
      '接收人没有关注服务号：请关注后重新扫码绑定',
      'they do not follow the service account: follow it and bind again',
    ],
  ],
  [
    50005,
    [
      'recipient',
      '接收人没有关注服务号：请关注后重新扫码绑定',
      'they do not follow the service account: follow it and bind again',
    ],
  ],
  [
    40003,
    [
      'recipient',
      'openid 不属于这个服务号，或已取消关注：请重新扫码绑定',
      'the openid is not one of this service account, or they have left it: bind again',
    ],
  ],
  [43019, ['recipient', '接收人在服务号的黑名单中', 'they are on the black list of the service account']],
  [43101, ['recipient', '接收人拒收此类消息', 'they refuse messages of this kind']],
  [
    47003,
    [
      'message',
      '模板字段的内容不被接受：请核对设置 map（关键词与字段的对应）',
      'a field of the template is not accepted: check the setting map',
    ],
  ],
  [
    40037,
    [
      'credentials',
      '模板 ID 不对，或是订阅通知的模板：请到 模板消息 → 我的模板 核对 templateId',
      'wrong template id, or one of a subscription notice: check templateId under 模板消息',
    ],
  ],
  [40013, ['credentials', 'AppID 不对：请核对设置 appid', 'wrong AppID: check the setting appid']],
  [
    48001,
    [
      'credentials',
      '服务号没有模板消息权限：需要已认证的服务号',
      'the account may not send template messages: it must be a verified service account',
    ],
  ],
  [48004, ['credentials', '接口被封禁：请登录公众平台查看通知', 'the call is banned: see the notices in the console']],
  [
    45009,
    ['channel', '今天的模板消息已到上限，明天继续', 'the quota of the day is used up: tomorrow again', 'tomorrow'],
  ],
  [45011, ['channel', '调用太频繁，稍后继续', 'too many calls: again in a minute', minute]],
  [-1, ['channel', '微信系统繁忙，稍后重试', 'WeChat is busy: again later', minute]],
  [47001, ['message', '请求内容不是合法的 JSON', 'the call was not valid JSON']],
])

export const officialCodes: readonly number[] = [...entries.keys()]

/** What their refusal of a message means. */
export function refusalOf(errcode: number, errmsg: string, now: number): Failed {
  const [blames, zh, en, again] =
    entries.get(errcode) ?? (['message', '微信拒绝了消息', 'WeChat refused the message'] as const)
  const pause = again === 'tomorrow' ? untilTomorrow(now) : again
  return {
    outcome: 'failed',
    blames,
    code: String(errcode),
    why: `${errcode} ${both(zh, en)}${fieldIn(errcode, errmsg)}`,
    ...(pause === undefined ? {} : { again: pause }),
  }
}

/** Of 47003 the field that they name: `argument invalid! data.thing2.value is too long`. */
function fieldIn(errcode: number, errmsg: string): string {
  const [, field, why = ''] =
    /\bdata\.([a-z_]+\d{1,3})\.value\s*([\w ]{0,40}?)\s*(?:rid\b|[^\w ]|$)/i.exec(errmsg) ?? []
  if (errcode === 47003 && field) return ` [${`${field} ${why}`.trim()}]`
  return entries.has(errcode) ? '' : ` [${errmsg.replace(/[\w-]{24,}/g, '…').slice(0, 100)}]`
}

/** What the way there, or the token, ended with. */
export function troubleOf(error: OutsideError, now: number): Sent {
  const { trouble, code, message } = error
  const known = entries.get(Number(code))
  const more = { code, why: message }
  switch (trouble) {
    case 'unknown':
      return { outcome: 'unknown', ...more }
    case 'forbidden':
    case 'refused':
    case 'moved':
      return { outcome: 'failed', blames: 'credentials', ...more }
    default: {
      const again = known?.[3] === 'tomorrow' ? untilTomorrow(now) : error.wait
      return { outcome: 'failed', blames: 'channel', ...more, ...(again === undefined ? {} : { again }) }
    }
  }
}
