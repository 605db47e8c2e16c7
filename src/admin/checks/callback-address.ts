import { OutsideError } from '../../core/errors.ts'
import { addressFor, compared } from '../../inbox/address.ts'
import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { type CheckParts, type Finding, ofEach } from '../doctor.ts'
import { ofEachTenant } from './tenants.ts'

/** Where the address is registered by API: is it ours? */
export const callbackAddressCheck = ofEachTenant('callback address', async (parts, tenant) => {
  const accounts = (await listAccounts(parts.storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  return ofEach(parts, accounts, (account) => registered(parts, account))
})

async function registered(parts: CheckParts, account: StoredAccount): Promise<readonly Finding[]> {
  const address = parts.platforms.get(account.platform)?.address
  // Without any publicUrl another check says so.
  if (!address || parts.publicUrl === undefined) return []
  const url = addressFor(parts.publicUrl, account.id)
  if (url === undefined) return [notHttps(account, parts.publicUrl)]
  try {
    return findingsOf(account, url, await address.query(account))
  } catch (error) {
    // The account's own check says why it cannot be asked.
    if (error instanceof OutsideError) return []
    throw error
  }
}

function findingsOf({ name }: StoredAccount, url: string, set: string | undefined): readonly Finding[] {
  switch (compared(set, url)) {
    case 'ours':
      return [
        {
          level: 'ok',
          what: { zh: `${name}：平台把投诉通知到这里`, en: `${name}: the platform calls back here` },
        },
      ]
    case 'foreign':
      return [
        {
          level: 'bad',
          what: {
            zh: `${name}：平台登记的回调地址是 ${set}，不是本服务的 ${url}；没有自动覆盖，投诉要靠轮询列表发现，最多晚 5 分钟`,
            en: `${name}: the platform calls back to ${set}, not to ${url} here; it was left alone, and complaints are found in the list up to 5 minutes late`,
          },
          fix: {
            zh: '确认另一个系统不再使用后，运行 redress account address 改到本服务',
            en: 'once nothing else needs it, run redress account address, which puts ours in its place',
          },
        },
      ]
    default:
      return [
        {
          level: 'warn',
          what: {
            zh: `${name}：平台上还没有登记 ${url}`,
            en: `${name}: ${url} is not registered at the platform yet`,
          },
          fix: {
            zh: '服务运行时每半小时自动登记；一直没有登记，请查看日志',
            en: 'the running service registers it every half hour; if that never happens, read the log',
          },
        },
      ]
  }
}

const notHttps = ({ name }: StoredAccount, publicUrl: string): Finding => ({
  level: 'warn',
  what: {
    zh: `${name}：publicUrl ${publicUrl} 不是 https，回调地址不能登记到平台`,
    en: `${name}: publicUrl ${publicUrl} is not https, so no callback address can be registered`,
  },
  fix: {
    zh: '在反向代理上用 https 的 443 端口提供服务，并修改 publicUrl',
    en: 'let a reverse proxy serve it by https on port 443, and set publicUrl to that',
  },
})
