import type { Merchant } from '../../sandbox/alipay/index.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { MerchantId } from '../../src/core/words.ts'
import { findMerchant, openToken, type StoredMerchant } from '../../src/storage/merchants.ts'
import { createTenant, type Tenant } from '../../src/storage/tenants.ts'
import type { PlayedApp } from '../support/alipay.ts'
import { publicUrl } from '../support/public-url.ts'
import { type AlipayWorld, type WorldOptions, world } from '../support/world.ts'

export interface Page {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  readonly title: string
}

export interface Links {
  readonly browser: string
  readonly phone: string
  readonly plain: string
  readonly expiresAt: string
}

/** A world with an app of Alipay that nobody has authorised yet. */
export interface Authorising extends AlipayWorld {
  readonly isv: PlayedApp
  readonly shop: Merchant
  readonly other: Merchant
  invite(app?: PlayedApp): Promise<Links>
  /** The merchant agrees on Alipay's page. @returns where its browser is sent. */
  agree(link: string, merchant?: Merchant): Promise<string>
  /** The browser goes there. */
  visit(address: string, how?: RequestInit): Promise<Page>
  /** An invitation, agreed to, and the way back. */
  authorised(merchant?: Merchant, app?: PlayedApp): Promise<Page>
  /** By what the tests call it: the app's, with the token in force. */
  merchants(app?: PlayedApp): Promise<readonly (StoredMerchant & { readonly token: string | undefined })[]>
  waiting(app?: PlayedApp): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** How often Alipay was asked for a token. */
  exchanges(): number
  queries(): number
  /** Another business on the same installation. */
  business(handle: string): Promise<Tenant>
  /** No message will tell of what merchants do from now on. */
  withheld(): void
  counted(outcome: string): Promise<number>
}

export async function authorising(
  options: Pick<WorldOptions, 'language' | 'logger' | 'page'> & {
    readonly settings?: Readonly<Record<string, unknown>>
  } = {},
): Promise<Authorising> {
  const { settings = {}, ...more } = options
  const w = await world({ ...more, alipay: { apps: [], merchants: ['街角咖啡', '半页书店'], settings } })
  const isv = await w.alipay.join(w.tenant, 'key', '支付宝')
  const [shop, other] = w.alipay.merchants
  if (!shop || !other) throw new Error('no merchants')
  const path = (of: PlayedApp) => `/tenants/${of.tenant}/accounts/${of.account}`
  const calls = (on: string) => w.alipay.sandbox.calls().filter((call) => call.on === on).length
  const play = {
    isv,
    shop,
    other,
    invite: async (of = isv) => (await w.alipay.admin('POST', `${path(of)}/authorization-links`)) as unknown as Links,
    async agree(link: string, merchant = shop) {
      return (await w.alipay.sandbox.consent(link, merchant.pid)).redirect
    },
    async visit(address: string, how: RequestInit = {}) {
      const answer = await fetch(address.replace(publicUrl, w.url), { redirect: 'manual', ...how })
      const text = await answer.text()
      const title = /<h1>([^<]*)<\/h1>/.exec(text)?.[1] ?? ''
      return { status: answer.status, text, headers: answer.headers, title }
    },
    async authorised(merchant = shop, of = isv) {
      const { browser } = await play.invite(of)
      return play.visit(await play.agree(browser, merchant))
    },
    async merchants(of = isv) {
      const { reads } = w.storage
      const rows = await reads.db.selectFrom('merchant').select('id').where('account', '=', of.account).execute()
      const all = await Promise.all(
        rows.map(async ({ id }) => {
          const merchant = await findMerchant(reads, id as MerchantId)
          if (!merchant) throw new Error('gone')
          return { ...merchant, token: (await openToken(reads, merchant.id))?.token.reveal() }
        }),
      )
      return all.sort((a, b) => (a.outsideId < b.outsideId ? -1 : 1))
    },
    async waiting(of = isv) {
      const { items } = await w.alipay.admin('GET', `${path(of)}/waiting-authorizations`)
      return items as readonly Readonly<Record<string, unknown>>[]
    },
    exchanges: () => calls('alipay.open.auth.token.app'),
    queries: () => calls('alipay.open.auth.token.app.query'),
    withheld: () => void w.alipay.sandbox.setApp(isv.appId, { topics: [] }),
    async business(handle: string) {
      const { zone, language, secondPersonFrom } = w.tenant
      const wish = { handle, name: '别家', zone, language, secondPersonFrom }
      const made = await w.storage.transaction((tx) => createTenant(tx, wish))
      if (!made) throw new Error('taken')
      return made
    },
    async counted(outcome: string) {
      const line = `redress_callbacks_total{platform="alipay",outcome="authorisation-${outcome}"} `
      const found = (await w.metrics.text()).split('\n').find((one) => one.startsWith(line))
      return Number(found?.slice(line.length) ?? 0)
    },
  }
  // The world's own getters stay getters: it changes with a restart.
  return Object.assign(Object.create(w), play)
}

/** A logger that keeps all that it is told. */
export function listening(): { readonly logger: Logger; readonly said: string[] } {
  const said: string[] = []
  const note = (fields: object, message?: string) => void said.push(JSON.stringify([fields, message]))
  const logger: Logger = { debug: note, info: note, warn: note, error: note, child: () => logger }
  return { logger, said }
}
