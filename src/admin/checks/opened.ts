import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import type { Finding } from '../doctor.ts'
import { ofEachTenant } from './tenants.ts'

type Shut = { readonly last: string; readonly times: number }

/** Whether the keys that open what platforms send are those of their consoles: only what they send shows it. */
export const openedCheck = ofEachTenant('opened', async ({ storage, unopened }, tenant) => {
  const accounts = await listAccounts(storage.reads, tenant.id)
  return accounts.flatMap((account) => {
    const shut = unopened?.of(account.id)
    return shut ? [otherKey(account, tenant.handle, shut)] : []
  })
})

function otherKey({ name, outsideId }: StoredAccount, tenant: string, { last, times }: Shut): Finding {
  const command = `redress account update ${outsideId} --tenant ${tenant} --secret`
  return {
    level: 'bad',
    what: {
      zh: `${name}：平台的推送签名正确，但此处的密钥解不开（${times} 次，最近 ${last}）`,
      en: `${name}: what the platform sends is signed well, and our key does not open it (${times} times, last at ${last})`,
    },
    fix: {
      zh: `按平台后台更新密钥：小程序 ${command} aesKey=@file（消息推送配置的 EncodingAESKey），微信支付 ${command} apiV3Key=@file（APIv3 密钥）`,
      en: `set the key of the platform's console: mini program ${command} aesKey=@file (EncodingAESKey of 消息推送配置), WeChat Pay ${command} apiV3Key=@file (APIv3 密钥)`,
    },
  }
}
