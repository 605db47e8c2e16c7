import { z } from 'zod'
import { isOn } from '../complaints/merchant.ts'
import { asId } from '../core/words.ts'
import { findAccountOf, type StoredAccount } from '../storage/accounts.ts'
import { changeMerchant, createMerchant, listMerchants, type StoredMerchant } from '../storage/merchants.ts'
import { flag, listOf, name } from './fields.ts'
import { none, type TenantAsked, tenantOperation } from './operation.ts'
import { invalid, notThere, taken } from './problem.ts'

const merchantName = name('a name for the merchant, as people call it')
const company = z.string('a name, or "" for none').trim().max(80, 'at most 80 characters')

const newMerchant = z.strictObject(
  {
    outsideId: z
      .string('give the id that the platform knows the merchant by, such as a sub_mchid')
      .regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 letters and digits, as the platform shows it'),
    name: merchantName,
    company: company.default(''),
    enabled: flag.default(true),
    autoRefund: flag.default(false),
  },
  'a JSON object',
)

const merchantChange = z.strictObject(
  {
    name: merchantName.exactOptional(),
    company: company.exactOptional(),
    enabled: flag.exactOptional(),
    autoRefund: flag.exactOptional(),
  },
  'a JSON object',
)

const merchantView = z.object({
  id: z.string(),
  account: z.string(),
  outsideId: z.string(),
  authAppId: z.string().exactOptional(),
  name: z.string(),
  company: z.string(),
  enabled: z.boolean(),
  /** Enabled, and its account too. */
  on: z.boolean(),
  autoRefund: z.boolean(),
  /** Whether a token is there; the token itself stays inside. */
  authorised: z.boolean(),
  tokenUntil: z.string().exactOptional(),
  revokedAt: z.string().exactOptional(),
  createdAt: z.string(),
  checkedAt: z.string().exactOptional(),
})

export const merchantOperations = [
  tenantOperation({
    method: 'post',
    path: '/accounts/:account/merchants',
    summary: 'Names a merchant under an account, where the platform has no authorisation for it',
    query: none,
    body: newMerchant,
    status: 201,
    answer: merchantView,
    async run({ body, ...asked }) {
      const account = await accountOf(asked)
      if (!account) return notThere('account')
      const { checkMerchant } = asked.parts.platforms.get(account.platform)?.needs ?? {}
      if (!checkMerchant) return notNamed(account)
      checkMerchant(account, body.outsideId)
      const wish = { ...body, tenant: account.tenant, account: account.id }
      const merchant = await asked.parts.storage.transaction((tx) => createMerchant(tx, wish))
      return merchant ? viewOf(account, merchant) : known(body.outsideId)
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/accounts/:account/merchants',
    summary: 'Lists the merchants under an account; their tokens stay inside',
    query: none,
    body: none,
    status: 200,
    answer: listOf(merchantView),
    async run(asked) {
      const account = await accountOf(asked)
      if (!account) return notThere('account')
      const under = { tenant: account.tenant, account: account.id }
      const merchants = await listMerchants(asked.parts.storage.reads, under)
      return { items: merchants.map((merchant) => viewOf(account, merchant)) }
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/accounts/:account/merchants/:merchant',
    summary: 'Changes a merchant; what is not named stays',
    query: none,
    body: merchantChange,
    status: 200,
    answer: merchantView,
    async run({ body, ...asked }) {
      const account = await accountOf(asked)
      if (!account) return notThere('account')
      const under = { tenant: account.tenant, account: account.id }
      const id = asId<'merchant'>(asked.param('merchant'))
      const merchant = await asked.parts.storage.transaction((tx) => changeMerchant(tx, under, id, body))
      return merchant ? viewOf(account, merchant) : notThere('merchant')
    },
  }),
]

type Asked = Pick<TenantAsked<unknown, unknown>, 'parts' | 'tenant' | 'param'>
const accountOf = ({ parts, tenant, param }: Asked): Promise<StoredAccount | undefined> =>
  findAccountOf(parts.storage.reads, tenant.id, asId(param('account')))

const notNamed = ({ platform }: StoredAccount) =>
  invalid([{ field: 'account', fix: `a merchant is not added by hand under an account of ${platform}` }])

const known = (outsideId: string) =>
  taken(`${outsideId} stands under this account already.`, {
    field: 'outsideId',
    fix: 'change that merchant, or check the id',
  })

const viewOf = (account: StoredAccount, merchant: StoredMerchant): z.input<typeof merchantView> => ({
  ...merchant,
  on: isOn({ account, merchant }),
})
