import { InputError, type Problem } from '../../core/errors.ts'
import type { Needs } from '../../platforms/platform.ts'
import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { type CheckParts, type Finding, ofEach } from '../doctor.ts'
import { apart, ofEachTenant } from './tenants.ts'

/**
 * Whether what is stored would be taken today: lengths of keys, pairs of key and certificate, what is missing. Nobody outside is asked.
 * Import, an older version or a restored backup may hold what the API would refuse.
 */
export const keyCheck = ofEachTenant('keys', async (parts, tenant) => {
  const accounts = (await listAccounts(parts.storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  return ofEach(parts, accounts, async (account) => judged(parts, account, tenant.handle))
})

function judged({ platforms }: CheckParts, account: StoredAccount, handle: string): readonly Finding[] {
  const needs = platforms.get(account.platform)?.needs
  // Another check names a platform that is not there.
  if (!needs) return []
  const { outsideId, settings, secrets, name } = account
  const given = Object.fromEntries(Object.entries(secrets).map(([secret, value]) => [secret, value.reveal()]))
  try {
    needs.check({ outsideId, settings, secrets: given })
    return [
      {
        level: 'ok',
        what: {
          zh: `${name}：密钥、证书的格式和配对正常`,
          en: `${name}: keys and certificates are of the right form and belong together`,
        },
      },
    ]
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems.map((problem) => wrong(account, { needs, problem, handle }))
  }
}

function wrong(
  { id, name }: StoredAccount,
  { needs, problem, handle }: { readonly needs: Needs; readonly problem: Problem; readonly handle: string },
): Finding {
  const { field, fix } = problem
  const [group = '', key = ''] = field.split('.')
  const known = apart((group === 'secrets' ? needs.secrets : needs.settings)?.[key] ?? field)
  const option = group === 'secrets' ? `--secret ${key}=@FILE` : `--setting ${key}=…`
  const command = `redress account update ${id} --tenant ${handle}${group === field ? '' : ` ${option}`}`
  return {
    level: 'bad',
    what: { zh: `${name}：${field} 缺失或不对`, en: `${name}: ${field} is missing or wrong` },
    fix: { zh: `重新填入 ${known.zh}：${command}`, en: `${fix}: ${command}` },
  }
}
