import type { Account } from '../platform.ts'
import type { Client, Question } from './client.ts'
import { both, isNotThere, PayError } from './errors.ts'
import { json } from './exchange.ts'
import { text } from './fields.ts'

// 投诉通知回调地址: one per mchid; a service provider's receives the complaints of all its sub-merchants.
const where = { operation: 'notify-url', target: '/v3/merchant-service/complaint-notifications' } as const

/** @returns undefined when none is set: then nobody is told of complaints. @throws PayError */
export async function queryNotifyUrl(client: Client, account: Account): Promise<string | undefined> {
  try {
    return text(await client.read(account, { ...where, method: 'GET' }), 'url')
  } catch (error) {
    if (isNotThere(error)) return undefined
    throw error
  }
}

/** Where none is set. @throws PayError */
export const createNotifyUrl = async (client: Client, account: Account, url: string): Promise<void> =>
  put(client, account, url, { ...where, method: 'POST', body: json({ url: usable(url) }) })

/** Where another one is set. @throws PayError */
export const updateNotifyUrl = async (client: Client, account: Account, url: string): Promise<void> =>
  put(client, account, url, { ...where, method: 'PUT', body: json({ url: usable(url) }) })

/** @throws PayError */
export async function deleteNotifyUrl(client: Client, account: Account): Promise<void> {
  try {
    await client.read(account, { ...where, method: 'DELETE' })
  } catch (error) {
    // Gone is gone: it may be the answer to our own first try.
    if (!isNotThere(error)) throw error
  }
}

/** Setting the same twice does no harm; but the second try of one that worked may be refused: what stands there counts. */
async function put(client: Client, account: Account, url: string, ask: Question): Promise<void> {
  try {
    const set = text(await client.read(account, ask), 'url')
    if (set !== undefined && set !== url)
      throw new PayError('unreachable', both('微信支付记下了另一个地址', 'WeChat Pay took down another address'))
  } catch (error) {
    if (!(error instanceof PayError) || (await queryNotifyUrl(client, account)) !== url) throw error
  }
}

export type Compared =
  | { readonly is: 'ours' | 'none' }
  /** Somebody else's: to be replaced only when a person says so. */
  | { readonly is: 'other'; readonly url: string }

/** @throws PayError */
export async function compareNotifyUrl(client: Client, account: Account, url: string): Promise<Compared> {
  const set = await queryNotifyUrl(client, account)
  if (set === undefined) return { is: 'none' }
  return set === url ? { is: 'ours' } : { is: 'other', url: set }
}

/** Makes it ours. Another one is left alone unless `replace`. @returns how it stood before. @throws PayError */
export async function keepNotifyUrl(
  client: Client,
  account: Account,
  want: { readonly url: string; readonly replace: boolean },
): Promise<Compared> {
  const stood = await compareNotifyUrl(client, account, want.url)
  if (stood.is === 'none') await createNotifyUrl(client, account, want.url)
  if (stood.is === 'other' && want.replace) await updateNotifyUrl(client, account, want.url)
  return stood
}

/** Why WeChat Pay would not take this address, or undefined. */
export function wrongNotifyUrl(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const fine =
    parsed?.protocol === 'https:' && parsed.search === '' && parsed.hash === '' && url.length <= 255 && ascii.test(url)
  return fine
    ? undefined
    : both(
        '通知地址须为 https，不带参数，不含中文，最长 255 个字符',
        'the address must be https, without a query, in ASCII, at most 255 characters',
      )
}

const ascii = /^[\x21-\x7e]+$/

function usable(url: string): string {
  const wrong = wrongNotifyUrl(url)
  if (wrong !== undefined) throw new PayError('refused', wrong, { code: 'url' })
  return url
}
