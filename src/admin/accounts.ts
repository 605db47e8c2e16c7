import { z } from 'zod'
import { asId, instant } from '../core/words.ts'
import { showOpen } from '../notify/show-open.ts'
import type { Platform } from '../platforms/platform.ts'
import {
  changeAccount,
  createAccount,
  findAccountOf,
  listAccounts,
  lockAccount,
  type StoredAccount,
} from '../storage/accounts.ts'
import type { Tx } from '../storage/storage.ts'
import { flag, kindName, listOf, masked, masks, merged, name, secrets, secretsChange, settings } from './fields.ts'
import { none, tenantOperation } from './operation.ts'
import type { AdminParts } from './parts.ts'
import { invalid, notThere, taken } from './problem.ts'

const newAccount = z.strictObject(
  {
    platform: kindName('give the platform, such as wechat-mini'),
    outsideId: z
      .string('give the id that the platform knows the account by, such as an AppID')
      .regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 letters and digits, as the platform shows it'),
    name: name('a name for the account, as people call it'),
    enabled: flag.default(true),
    settings: settings.default({}),
    secrets: secrets.default({}),
  },
  'a JSON object',
)

const accountChange = z.strictObject(
  {
    name: name('a name for the account, as people call it').exactOptional(),
    enabled: flag.exactOptional(),
    settings: settings.exactOptional(),
    secrets: secretsChange.exactOptional(),
  },
  'a JSON object',
)

const accountView = z.object({
  id: z.string(),
  platform: z.string(),
  outsideId: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  settings,
  secrets: masks,
  callbackUrl: z.string(),
  /** What to do with the address on the platform's side. */
  setUp: z.object({
    note: z.string().optional(),
    console: z.array(z.object({ field: z.string(), value: z.string() })),
  }),
})

export const accountOperations = [
  tenantOperation({
    method: 'post',
    path: '/accounts',
    summary: 'Adds an account of a platform',
    query: none,
    body: newAccount,
    status: 201,
    answer: accountView,
    async run({ parts, tenant, body }) {
      const platform = [...parts.platforms.values()].find((each) => each.name === body.platform)
      if (!platform) return invalid([{ field: 'platform', fix: `one of ${[...parts.platforms.keys()].join(', ')}` }])
      platform.needs.check({ ...body, now: instant(parts.storage.reads.clock.now()) })
      const wish = { ...body, tenant: tenant.id, platform: platform.name }
      const account = await parts.storage.transaction((tx) => createAccount(tx, wish))
      return account ? viewOf(parts, account) : served(body.outsideId)
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/accounts',
    summary: 'Lists the accounts of a business',
    query: none,
    body: none,
    status: 200,
    answer: listOf(accountView),
    async run({ parts, tenant }) {
      const accounts = await listAccounts(parts.storage.reads, tenant.id)
      return { items: accounts.map((account) => viewOf(parts, account)) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/accounts/:account',
    summary: 'Shows an account; its secrets stay inside',
    query: none,
    body: none,
    status: 200,
    answer: accountView,
    async run({ parts, tenant, param }) {
      const account = await findAccountOf(parts.storage.reads, tenant.id, asId(param('account')))
      return account ? viewOf(parts, account) : notThere('account')
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/accounts/:account',
    summary: 'Changes an account: what is not named stays; null takes a secret or a setting out',
    query: none,
    body: accountChange,
    status: 200,
    answer: accountView,
    async run({ parts, tenant, param, body }) {
      const id = asId<'account'>(param('account'))
      const account = await parts.storage.transaction(async (tx) => {
        const before = await lockAccount(tx, tenant.id, id)
        return before && change(parts, tx, before, body)
      })
      return account ? viewOf(parts, account) : notThere('account')
    },
  }),
]

async function change(
  parts: AdminParts,
  tx: Tx,
  before: StoredAccount,
  wish: z.output<typeof accountChange>,
): Promise<StoredAccount | undefined> {
  const stored = Object.fromEntries(Object.entries(before.secrets).map(([each, secret]) => [each, secret.reveal()]))
  const after = { secrets: merged(stored, wish.secrets), settings: merged(before.settings, wish.settings) }
  // Switched on, it must be complete: an imported one has no secrets at first.
  if (wish.secrets || wish.settings || (wish.enabled && !before.enabled))
    parts.platforms.get(before.platform)?.needs.check({
      outsideId: before.outsideId,
      ...after,
      ...(wish.secrets ? { now: instant(parts.storage.reads.clock.now()) } : {}),
    })
  const { name, enabled } = wish
  const account = await changeAccount(tx, before.tenant, before.id, {
    ...(name === undefined ? {} : { name }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(wish.secrets ? { secrets: after.secrets } : {}),
    ...(wish.settings ? { settings: after.settings } : {}),
  })
  if (enabled && !before.enabled) await showOpen(parts.engine, tx, before.id)
  return account
}

// By whom is nobody's business but theirs.
const served = (outsideId: string) =>
  taken(`${outsideId} is served by this installation already.`, {
    field: 'outsideId',
    fix: 'one account serves it: change that one, or check the id',
  })

function viewOf({ platforms, publicUrl }: AdminParts, account: StoredAccount): z.input<typeof accountView> {
  const path = `/hooks/${account.id}`
  const callbackUrl = publicUrl === undefined ? path : publicUrl + path
  return {
    ...account,
    settings: settings.parse(account.settings),
    secrets: masked(account.secrets),
    callbackUrl,
    setUp: {
      ...(publicUrl === undefined ? { note: noAddress } : {}),
      console: [...consoleOf(platforms.get(account.platform), account, callbackUrl)],
    },
  }
}

const noAddress =
  'publicUrl is not set, so that only the path is known: put the https address at which the platform reaches this service before it'

const consoleOf = (platform: Platform | undefined, account: StoredAccount, url: string) =>
  platform?.needs.console?.(account, url) ?? []
