import { z } from 'zod'
import { isOn } from '../complaints/merchant.ts'
import { asId } from '../core/words.ts'
import { type Claim, claim } from '../inbox/admit.ts'
import { invite } from '../inbox/invite.ts'
import { showOpenOfMerchant } from '../notify/show-open.ts'
import { findAccountOf, type StoredAccount } from '../storage/accounts.ts'
import { listWaiting } from '../storage/authorizations.ts'
import {
  changeMerchant,
  createMerchant,
  findMerchant,
  listMerchants,
  type StoredMerchant,
} from '../storage/merchants.ts'
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
  /** Calls that this account makes and that the merchant has not let it make. */
  lacks: z.array(z.string()),
})

const invitation = z.object({
  /** For a browser. */
  browser: z.string(),
  /** For a QR code that the platform's own app reads. */
  phone: z.string(),
  /** For an app without products of its own to choose from. */
  plain: z.string(),
  expiresAt: z.string(),
})

const waitingView = z.object({
  outsideId: z.string(),
  authAppId: z.string().exactOptional(),
  createdAt: z.string(),
  expiresAt: z.string(),
})

const oneOf = 'give code or outsideId, one of the two'
const claimWish = z
  .strictObject(
    {
      code: z.string('the code that the merchant was given').trim().min(1, oneOf).max(32, oneOf).exactOptional(),
      outsideId: z.string('as waiting-authorizations shows it').min(1, oneOf).max(64, oneOf).exactOptional(),
    },
    'a JSON object',
  )
  .transform(({ code, outsideId }, context): Claim => {
    if (code !== undefined && outsideId === undefined) return { code }
    if (outsideId !== undefined && code === undefined) return { outsideId }
    context.addIssue({ code: 'custom', path: ['code'], message: oneOf })
    return z.NEVER
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
    method: 'post',
    path: '/accounts/:account/authorization-links',
    summary: 'Links by which one merchant authorises the account: used once, for 15 minutes',
    query: none,
    body: none,
    status: 201,
    answer: invitation,
    async run(asked) {
      const account = await accountOf(asked)
      if (!account) return notThere('account')
      const invited = await invite(asked.parts, account, { name: 'admin', via: 'api' })
      if (invited.outcome === 'not-here') return notAuthorised(account)
      if (invited.outcome === 'no-address') return noAddress
      return { ...invited.links, expiresAt: invited.expiresAt }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/accounts/:account/waiting-authorizations',
    summary: 'Lists merchants that have authorised the account and that nobody has claimed',
    query: none,
    body: none,
    status: 200,
    answer: listOf(waitingView),
    async run(asked) {
      const account = await accountOf(asked)
      if (!account) return notThere('account')
      return { items: [...(await listWaiting(asked.parts.storage.reads, account.id))] }
    },
  }),
  // Before the one below, which would take its name for a merchant's id.
  tenantOperation({
    id: 'claimMerchant',
    method: 'post',
    path: '/accounts/:account/merchants/claim',
    summary: 'Claims a merchant that waits, by its code or by what the platform calls it',
    query: none,
    body: claimWish,
    status: 200,
    answer: merchantView,
    async run({ body, ...asked }) {
      const account = await accountOf(asked)
      if (!account) return notThere('account')
      const taken = await claim(asked.parts, account, body)
      return taken && taken.outcome !== 'elsewhere' ? viewOf(account, taken.merchant) : nothingWaits(body)
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/accounts/:account/merchants/:merchant',
    summary: 'Shows a merchant; its token stays inside',
    query: none,
    body: none,
    status: 200,
    answer: merchantView,
    async run(asked) {
      const account = await accountOf(asked)
      if (!account) return notThere('account')
      const merchant = await findMerchant(asked.parts.storage.reads, asId(asked.param('merchant')))
      const isHere = merchant?.account === account.id && merchant.tenant === account.tenant
      return isHere ? viewOf(account, merchant) : notThere('merchant')
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
      const { storage, engine } = asked.parts
      const merchant = await storage.transaction(async (tx) => {
        const before = await findMerchant(tx, id)
        const after = await changeMerchant(tx, under, id, body)
        if (after?.enabled && !before?.enabled) await showOpenOfMerchant(engine, tx, id)
        return after
      })
      return merchant ? viewOf(account, merchant) : notThere('merchant')
    },
  }),
]

type Asked = Pick<TenantAsked<unknown, unknown>, 'parts' | 'tenant' | 'param'>
const accountOf = ({ parts, tenant, param }: Asked): Promise<StoredAccount | undefined> =>
  findAccountOf(parts.storage.reads, tenant.id, asId(param('account')))

const notNamed = ({ platform }: StoredAccount) =>
  invalid([
    {
      field: 'account',
      fix: `a merchant is not added by hand under an account of ${platform}; where its merchants authorise an app they come by a link: redress merchant authorize`,
    },
  ])

const notAuthorised = ({ platform }: StoredAccount) =>
  invalid([{ field: 'account', fix: `merchants do not authorise an account of ${platform}` }])

const noAddress = invalid([
  {
    field: 'publicUrl',
    fix: 'set publicUrl to the https address of this service: the merchant’s browser comes back to it',
  },
])

const nothingWaits = (by: Claim) =>
  invalid([
    'code' in by
      ? { field: 'code', fix: 'unknown, used or too old: ask the merchant, or see waiting-authorizations' }
      : { field: 'outsideId', fix: 'no such merchant waits under this account: see waiting-authorizations' },
  ])

const known = (outsideId: string) =>
  taken(`${outsideId} stands under this account already.`, {
    field: 'outsideId',
    fix: 'change that merchant, or check the id',
  })

const viewOf = (account: StoredAccount, merchant: StoredMerchant): z.input<typeof merchantView> => ({
  ...merchant,
  lacks: [...merchant.lacks],
  on: isOn({ account, merchant }),
})
