import { OutsideError, type Trouble } from '../../core/errors.ts'

/** One plain sentence in both languages. */
export const both = (zh: string, en: string): string => `${zh} | ${en}`

type Entry = readonly [trouble: Trouble, zh: string, en: string]

const console_ = '微信公众平台 → 开发管理 → 开发设置'

// errcode → what it means for us and what a person can do. docs/platforms/wechat-mini.md#errors
const entries: ReadonlyMap<number, Entry> = new Map<number, Entry>([
  [
    -1,
    [
      'busy',
      '微信系统繁忙，或投诉单号不对：稍后重试，仍不行请核对投诉单号（不是订单号）',
      'WeChat is busy, or the complaint number is wrong: try later, then check the number (投诉单号, not the order number)',
    ],
  ],
  [
    1,
    [
      'refused',
      '投诉单号不存在：请核对投诉单号（不是订单号）和小程序',
      'no such complaint: check the number (投诉单号, not the order number) and the account',
    ],
  ],
  [2, ['refused', '图片或文字格式不对', 'the pictures or the text have a wrong format']],
  [
    309,
    [
      'moved',
      '投诉已进入另一状态，当前不能这样处理',
      'the complaint has moved to another state in which this is not possible',
    ],
  ],
  [1002, ['moved', '当前状态不支持该操作', 'not possible in the present state']],
  [10001, ['refused', '参数不被接受', 'a parameter was not accepted']],
  [
    40001,
    [
      'forbidden',
      `access_token 无效：若持续出现，请到 ${console_} 核对 AppSecret`,
      'invalid access_token: if it stays so, check the AppSecret',
    ],
  ],
  [
    40014,
    [
      'forbidden',
      'access_token 不合法：若持续出现，请核对 AppID 和 AppSecret',
      'illegal access_token: if it stays so, check AppID and AppSecret',
    ],
  ],
  [
    42001,
    [
      'forbidden',
      'access_token 已过期：若持续出现，请核对服务器时间',
      'access_token expired: if it stays so, check the clock of the server',
    ],
  ],
  [41001, ['forbidden', '缺少 access_token', 'access_token is missing']],
  [40002, ['refused', 'grant_type 不对', 'wrong grant_type']],
  [
    40004,
    [
      'refused',
      '图片类型不被接受：请用 PNG、JPEG 或 GIF',
      'the type of the picture is not accepted: use PNG, JPEG or GIF',
    ],
  ],
  [
    40007,
    [
      'refused',
      '图片素材已失效（3 天）：需要重新上传',
      'the uploaded picture has expired (3 days): it must be uploaded again',
    ],
  ],
  [40013, ['forbidden', `AppID 不对：请到 ${console_} 核对 AppID`, 'wrong AppID: check it in the console']],
  [
    40125,
    [
      'forbidden',
      `AppSecret 不对：请到 ${console_} 核对或重置 AppSecret`,
      'wrong AppSecret: check or reset it in the console',
    ],
  ],
  [
    40164,
    [
      'forbidden',
      `IP {ip} 不在白名单：请到 ${console_} → IP白名单 添加`,
      'IP {ip} is not in the allow list: add it in the console under IP白名单',
    ],
  ],
  [
    40243,
    ['forbidden', `AppSecret 已冻结：请到 ${console_} 解冻`, 'the AppSecret is frozen: unfreeze it in the console'],
  ],
  [41002, ['forbidden', '缺少 AppID', 'the AppID is missing']],
  [41004, ['forbidden', '缺少 AppSecret', 'the AppSecret is missing']],
  [43002, ['refused', '需要 POST 请求', 'the call must be a POST']],
  [44002, ['refused', '请求内容为空', 'the call had an empty body']],
  [
    45009,
    [
      'busy',
      '已达到当日调用上限：明日恢复，或到公众平台清零配额',
      'the daily quota is used up: it comes back tomorrow, or clear it in the console',
    ],
  ],
  [45011, ['busy', '调用太频繁：一分钟后重试', 'too many calls: try again in a minute']],
  [47001, ['refused', '请求内容不是合法的 JSON', 'the call was not valid JSON']],
  [
    48001,
    [
      'forbidden',
      '小程序没有这个接口的权限：请确认已开通交易保障',
      'the account has no permission for this call: is 交易保障 (transaction guarantee) active?',
    ],
  ],
  [
    48004,
    [
      'forbidden',
      '接口被封禁：请登录公众平台查看通知',
      'the call is banned for this account: see the notices in the console',
    ],
  ],
  [
    50002,
    ['forbidden', '账号受限：请登录公众平台查看原因', 'the account is restricted: see the reason in the console'],
  ],
  [50004, ['forbidden', '账号被禁止获取 access_token', 'the account may not fetch an access_token']],
  [50007, ['forbidden', '账号已冻结', 'the account is frozen']],
  [
    89503,
    [
      'forbidden',
      '此 IP 调用需要管理员确认：请小程序管理员在微信里确认',
      'this IP waits for the confirmation of the account’s administrator in WeChat',
    ],
  ],
  [89506, ['forbidden', '此 IP 24 小时内被管理员拒绝调用', 'the administrator refused this IP for 24 hours']],
  [89507, ['forbidden', '此 IP 1 小时内被管理员拒绝调用', 'the administrator refused this IP for one hour']],
])

// The same number means something else where the token itself is asked for.
const atToken: ReadonlyMap<number, Entry> = new Map<number, Entry>([
  [
    40001,
    [
      'forbidden',
      `AppSecret 不对：请到 ${console_} 核对或重置 AppSecret`,
      'wrong AppSecret: check or reset it in the console',
    ],
  ],
  [-1, ['busy', '微信系统繁忙：稍后重试', 'WeChat is busy: try later']],
])

export const errorCodes: readonly number[] = [...entries.keys()]
/** Their token is stale or was replaced: fetch anew, once. */
export const isStaleToken = (code: string): boolean => ['40001', '40014', '42001'].includes(code)

/** An errcode with its errmsg as the error that the rest of us understands. */
export function failure(code: number, errmsg: string, asked: 'token' | 'call' = 'call'): OutsideError {
  const entry = (asked === 'token' ? atToken.get(code) : undefined) ?? entries.get(code)
  const [trouble, zh, en] = entry ?? ['refused', '微信拒绝了请求', 'WeChat refused the call']
  const ip = ipIn(errmsg)
  // Their own words help only where ours do not say it all.
  const said = entry === undefined || [2, 10001].includes(code) ? quoted(errmsg) : ''
  const rid = ridIn(errmsg)
  const hint = both(zh.replace('{ip}', ip), en.replace('{ip}', ip))
  return new OutsideError(trouble, `${code} ${hint}${said}${rid ? ` (rid: ${rid})` : ''}`, { code: String(code) })
}

/** Their id of the request, good for their support for seven days. */
export const ridIn = (errmsg: string): string | undefined => /\brid:\s*([0-9a-f-]{8,40})/i.exec(errmsg)?.[1]

const ipIn = (errmsg: string): string => /\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(errmsg)?.[0] ?? ''

// Whatever looks like a token is not repeated.
function quoted(errmsg: string): string {
  const plain = errmsg
    .replace(/,?\s*\brid:\s*[0-9a-f-]+/i, '')
    .replace(/[\w-]{32,}/g, '…')
    .trim()
    .slice(0, 200)
  return plain === '' ? '' : ` [${plain}]`
}
