import { OutsideError, told } from '../../core/errors.ts'
import type { Account, Both, Finding } from '../platform.ts'
import type { TokenSource } from './tokens.ts'

/** An access_token needs AppID, AppSecret and the IP allow list to be right: everything that a call needs. */
export async function inspect(token: TokenSource, account: Account): Promise<readonly Finding[]> {
  try {
    await token.get(account)
    return [{ level: 'ok', what: { zh: '可以取得 access_token', en: 'an access_token can be had' } }]
  } catch (error) {
    const why = apart(error instanceof OutsideError ? error.message : told(error))
    return [
      {
        level: 'bad',
        what: { zh: `无法取得 access_token：${why.zh}`, en: `no access_token: ${why.en}` },
        fix: {
          zh: '核对 AppID、AppSecret 和 IP 白名单（微信公众平台 → 开发管理 → 开发设置），并确认本机能访问微信接口地址',
          en: 'check AppID, AppSecret and the IP allow list (console: 开发管理 → 开发设置), and that this machine reaches the WeChat API',
        },
      },
    ]
  }
}

/** Errors of this platform come as `中文 | English`. */
function apart(message: string): Both {
  const [zh = message, en = zh] = message.split(' | ')
  return { zh, en }
}
