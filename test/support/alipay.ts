import { randomBytes } from 'node:crypto'
import {
  type Alipay,
  type AlipayOptions,
  type AppIdentity,
  createAlipay,
  type LedgerEntry,
  type Merchant,
  mintApp,
  type RiskComplain,
  type RiskComplaint,
  serveAlipay,
  type TradeComplain,
  type TradeComplaint,
} from '../../sandbox/alipay/index.ts'
import type { Clock, ManualClock } from '../../src/core/clock.ts'
import { Secret } from '../../src/core/seal.ts'
import { type AccountId, asId, type MerchantId, type TenantId } from '../../src/core/words.ts'
import { addKey, keyHash } from '../../src/storage/keys.ts'
import { keepMerchant } from '../../src/storage/merchants.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Tenant } from '../../src/storage/tenants.ts'
import { behindPublicUrl, publicUrl } from './public-url.ts'

export interface AlipayWish extends Pick<AlipayOptions, 'rules' | 'quirks'> {
  /** How our apps prove themselves, an account each; one, by its key, when left out. */
  readonly apps?: readonly ('key' | 'certificate')[]
  /** By their names; all have authorised the first app. One when left out. */
  readonly merchants?: readonly string[]
  /** Of every account, beside its mode; money may go back when left out. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** An app of ours and the account that it is. */
export interface PlayedApp {
  readonly appId: string
  readonly mode: 'key' | 'certificate'
  readonly name: string
  readonly tenant: TenantId
  readonly account: AccountId
}

/** Alipay as it is played beside a world. */
export interface Alipaying {
  readonly sandbox: Alipay
  readonly apps: readonly PlayedApp[]
  readonly merchants: readonly Merchant[]
  /** The admin API: the body of its answer, or what was wrong. */
  admin(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>>
  /** One more app as an account of this tenant, by its handle; through the admin API. */
  join(tenant: Pick<Tenant, 'id' | 'handle'>, mode: PlayedApp['mode'], name: string): Promise<PlayedApp>
  /** The merchant has agreed, and its token is kept; no message tells of it. */
  authorise(app: PlayedApp, merchant: Merchant): Promise<MerchantId>
  /** At the desk of 消费者投诉: nobody is told. Of the first merchant, unless another is named. */
  risk(more?: Partial<RiskComplain>): Promise<RiskComplaint>
  /** At that of 交易投诉: the app is told. */
  trade(more?: Partial<TradeComplain>): Promise<TradeComplaint>
  /** What really happened there, by this name. */
  did(what: string): readonly LedgerEntry[]
  /** What we did there, in order: replies, money in fen, the end with its code. */
  deeds(): readonly string[]
}

const firstApp = 2_021_000_000_000_001n
const firstMerchant = 2_088_000_000_000_011n
const firstOwnApp = 2_021_900_000_000_011n

export interface PlayedAlipay {
  readonly sandbox: Alipay
  readonly url: string
  /** Makes our apps accounts of the tenant, and tells Alipay where they hear. */
  join(into: {
    readonly storage: Database
    readonly tenant: Tenant
    readonly settle: () => Promise<void>
  }): Promise<Alipaying>
  close(): Promise<void>
}

// To make a key takes a tenth of a second.
let privateKey: string | undefined

export async function playAlipay(given: {
  readonly clock: Clock
  readonly wish: AlipayWish
  where(): string
}): Promise<PlayedAlipay> {
  const { clock, wish, where } = given
  const { apps = ['key'], merchants: names = ['街角咖啡'], settings = { refunds: true }, ...options } = wish
  const merchants = names.map((name, at) => ({
    name,
    pid: String(firstMerchant + BigInt(at)),
    appId: String(firstOwnApp + BigInt(at)),
  }))
  // Whoever comes later finds an app there: a console's work is no part of the play.
  const minted = [...apps, 'key' as const, 'certificate' as const].map((mode, at) => mintedApp(mode, at, clock))
  const sandbox = createAlipay({
    ...options,
    clock,
    random: randomBytes,
    merchants,
    apps: minted.map(({ appId, mode, identity: { publicKey, certificate } }) => ({
      ...{ appId, name: '投诉管家', pid: '2088000000000001', kind: 'isv' as const },
      ...(mode === 'certificate' ? { certificate } : { publicKey }),
    })),
    deliver: behindPublicUrl(where),
  })
  const { url, close } = await serveAlipay(sandbox, { tickMs: 0 })
  return {
    sandbox,
    url,
    close,
    async join({ storage, tenant, settle }) {
      const key = randomBytes(16).toString('hex')
      await storage.transaction((tx) => addKey(tx, { name: 'test', hash: keyHash(key) }))
      const admin = asking(where, key)
      const joined: PlayedApp[] = []
      const join: Alipaying['join'] = async (into, mode, name) => {
        const one = minted.find((each) => each.mode === mode && joined.every(({ appId }) => appId !== each.appId))
        if (!one) throw new Error('no app is left')
        const body = accountOf(sandbox, one, { name, settings })
        const { id } = await admin('POST', `/tenants/${into.handle}/accounts`, body)
        const app = { appId: one.appId, mode, name, tenant: into.id, account: asId<'account'>(String(id)) }
        sandbox.setApp(one.appId, {
          gatewayUrl: `${publicUrl}/hooks/${app.account}`,
          redirectUri: `${publicUrl}/oauth/alipay/${app.account}`,
        })
        joined.push(app)
        return app
      }
      const authorise: Alipaying['authorise'] = async (app, merchant) => {
        // What tells of it is for the tests of authorisation: here it has happened long ago.
        const told = sandbox.misbehave({ on: 'push', how: 'withheld', appId: app.appId })
        const { token } = await sandbox.authorise(app.appId, merchant.pid)
        told.stop()
        const { id } = await storage.transaction((tx) =>
          keepMerchant(tx, app, { outsideId: merchant.pid, authAppId: merchant.appId, token: new Secret(token) }),
        )
        await admin('PATCH', `/tenants/${app.tenant}/accounts/${app.account}/merchants/${id}`, { name: merchant.name })
        return id
      }
      for (const [at, mode] of apps.entries()) await join(tenant, mode, at === 0 ? '支付宝' : `支付宝${at + 1}`)
      for (const merchant of merchants) if (joined[0]) await authorise(joined[0], merchant)
      const pid = merchants[0]?.pid ?? ''
      const settled = async <Made>(made: Promise<Made>) => {
        const done = await made
        await settle()
        return done
      }
      return {
        ...{ sandbox, merchants, apps: joined, admin, join, authorise },
        risk: (more = {}) => settled(sandbox.complainRisk({ pid, ...more })),
        trade: (more = {}) => settled(sandbox.complainTrade({ pid, ...more })),
        did: (what) => sandbox.ledger().filter((entry) => entry.what === what),
        deeds: () => sandbox.ledger().flatMap((entry) => (isDeed(entry) ? [deedOf(entry)] : [])),
      }
    },
  }
}

const isDeed = ({ by, what }: LedgerEntry): boolean =>
  (by === 'merchant' && !['consent', 'token', 'cancelled'].includes(what)) || what === 'refund-success'

const deedOf = ({ what, code, amount, text }: LedgerEntry): string =>
  [what, code, amount, text].filter((part) => part !== undefined && part !== '').join(' ')

interface Minted {
  readonly appId: string
  readonly mode: PlayedApp['mode']
  readonly identity: AppIdentity
}

function mintedApp(mode: PlayedApp['mode'], at: number, clock: Clock): Minted {
  const appId = String(firstApp + BigInt(at))
  const own = privateKey === undefined ? {} : { privateKey }
  const identity = mintApp({ name: appId, random: randomBytes, now: clock.now(), ...own })
  privateKey = identity.privateKey
  return { appId, mode, identity }
}

/** As a person takes it from the console. */
function accountOf(
  sandbox: Alipay,
  { appId, mode, identity }: Minted,
  { name, settings }: { readonly name: string; readonly settings: object },
) {
  const { alipayPublicKey, alipayCertificate, rootCertificate } = sandbox.credentials(appId)
  const { certificate: appCertificate } = identity
  const proof = mode === 'certificate' ? { appCertificate, alipayCertificate, rootCertificate } : { alipayPublicKey }
  return {
    platform: 'alipay',
    outsideId: appId,
    name,
    settings: { ...settings, mode },
    secrets: { privateKey: identity.privateKey, ...proof },
  }
}

const asking =
  (where: () => string, key: string): Alipaying['admin'] =>
  async (method, path, body) => {
    const answer = await fetch(`${where()}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(method === 'PATCH' ? { 'if-match': '*' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const said = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`)
    return JSON.parse(said)
  }

/** Time goes by while this is done: whoever asks Alipay in vain waits a moment before each further try. */
export async function patiently<Result>(w: { readonly clock: ManualClock }, work: Promise<Result>): Promise<Result> {
  let over = false
  const end = () => {
    over = true
  }
  work.then(end, end)
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (!over) w.clock.advance(100)
  }
  return work
}
