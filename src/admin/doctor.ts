import type { Bot, BotKind } from '../chat/chat.ts'
import { inTime } from '../core/clock.ts'
import { told } from '../core/errors.ts'
import type { BotId } from '../core/words.ts'
import type { Unopened } from '../inbox/unopened.ts'
import type { ChannelKind } from '../notify/kind.ts'
import type { Both, Finding } from '../platforms/platform.ts'
import type { Platforms } from '../platforms/registry.ts'
import type { Storage } from '../storage/storage.ts'
import { listTenants, type Tenant } from '../storage/tenants.ts'

export type { Both, Finding } from '../platforms/platform.ts'

export interface CheckParts {
  readonly storage: Pick<Storage, 'reads'>
  readonly platforms: Platforms
  readonly publicUrl?: string
  readonly channelKinds?: readonly ChannelKind[]
  readonly botKinds?: readonly Pick<BotKind, 'kind' | 'pushOnly'>[]
  /** Absent where no service runs: then nothing is said about what only a running one knows. */
  readonly bots?: { get(id: BotId): Pick<Bot, 'inspect'> | undefined }
  /** Absent where no service runs. */
  readonly unopened?: Pick<Unopened, 'of'>
  /** How long one of several that are asked side by side may take, milliseconds. */
  readonly patience?: number
}

/** A question about the health of the whole installation; every issue adds its own. */
export interface InstallationCheck {
  readonly name: string
  run(parts: CheckParts): Promise<readonly Finding[]>
}

/** A question about each business, whose own people may read the answer. */
export interface TenantCheck {
  readonly name: string
  of(parts: CheckParts, tenant: Tenant): Promise<readonly Finding[]>
}

export type Check = InstallationCheck | TenantCheck

export interface Found extends Finding {
  readonly check: string
  /** The handle of the business that it is about; of a report on all of them its words begin with it too. */
  readonly tenant?: string
}

export interface Report {
  /** Nothing is bad. */
  readonly healthy: boolean
  readonly findings: readonly Found[]
}

/** Longer than this nobody waits for a report, whatever hangs, milliseconds. */
export const reportWithin = 10_000

/** The installation and every business in it. */
export async function examine(checks: readonly Check[], given: CheckParts, within = reportWithin): Promise<Report> {
  const parts = hurried(given, within)
  const tenants = checks.some(ofTenants) ? await listTenants(parts.storage.reads) : []
  const found = await Promise.all(
    checks.map(async (check) => {
      if (!ofTenants(check)) return bounded(parts, within, { check, work: () => check.run(parts) })
      const each = await Promise.all(tenants.map((tenant) => examined(parts, within, { check, tenant })))
      return each.flatMap((findings, at) => findings.map((one) => called(tenants[at]?.handle ?? '', one)))
    }),
  )
  return reportOn(found.flat())
}

/** What one business may know of itself: nothing of the machine, and of nobody else. */
export async function examineTenant(
  checks: readonly Check[],
  given: CheckParts,
  of: { readonly tenant: Tenant; readonly within?: number },
): Promise<Report> {
  const { tenant, within = reportWithin } = of
  const parts = hurried(given, within)
  const found = await Promise.all(
    checks.filter(ofTenants).map((check) => examined(parts, within, { check, tenant, plainly: true })),
  )
  return reportOn(found.flat())
}

/** Side by side. Who takes too long or breaks is a finding, and the others are heard all the same. */
export async function ofEach<Item extends { readonly name: string }>(
  { storage, patience = leftFor(reportWithin) }: CheckParts,
  items: readonly Item[],
  look: (item: Item) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    items.map(async (item) => {
      const findings = await inTime(storage.reads.clock, patience, look(item))
      return findings ?? [prefixed(item.name, late(patience))]
    }),
  )
  return found.flat()
}

export const prefixed = (whose: string, finding: Finding): Finding => ({
  ...finding,
  what: whoseIs(whose, finding.what),
})

export const whoseIs = (whose: string, { zh, en }: Both): Both => ({ zh: `${whose}：${zh}`, en: `${whose}: ${en}` })

const ofTenants = (check: Check): check is TenantCheck => 'of' in check

// What is asked outside gives up before the whole check does, so that a check is never lost to one of those it asks.
const leftFor = (within: number) => within * 0.8
const hurried = (parts: CheckParts, within: number): CheckParts => ({ ...parts, patience: leftFor(within) })

const called = (tenant: string, found: Found): Found => ({ ...found, what: whoseIs(tenant, found.what) })

async function examined(
  parts: CheckParts,
  within: number,
  of: { readonly check: TenantCheck; readonly tenant: Tenant; readonly plainly?: true },
): Promise<readonly Found[]> {
  const { check, tenant, plainly } = of
  const found = await bounded(parts, within, {
    check,
    work: () => check.of(parts, tenant),
    ...(plainly ? { plainly } : {}),
  })
  return found.map((one) => ({ ...one, tenant: tenant.handle }))
}

/** @param of.plainly what broke inside is not for these readers */
async function bounded(
  { storage }: CheckParts,
  within: number,
  of: { readonly check: Check; readonly work: () => Promise<readonly Finding[]>; readonly plainly?: true },
): Promise<readonly Found[]> {
  const findings = await inTime(storage.reads.clock, within, run(of.work)).catch((error) => [
    prefixed(of.check.name, of.plainly ? brokenPlainly : broken(told(error))),
  ])
  return (findings ?? [prefixed(of.check.name, late(within))]).map((finding) => ({ check: of.check.name, ...finding }))
}

/** What throws at once fails like what fails later. */
const run = async <Result>(work: () => Promise<Result>): Promise<Result> => work()

const reportOn = (findings: readonly Found[]): Report => ({
  healthy: findings.every(({ level }) => level !== 'bad'),
  findings,
})

/** A short patience says little. */
const late = (ms: number): Finding => ({
  level: ms < leftFor(reportWithin) ? 'warn' : 'bad',
  what: {
    zh: `${Math.round(ms / 1000)} 秒内没有得到回答`,
    en: `no answer within ${Math.round(ms / 1000)} s`,
  },
  fix: {
    zh: '过一会儿再查；一直这样，请检查本机到那里的网络（代理、防火墙、DNS）',
    en: 'look again later; if it stays so, check the way from this machine to it (proxy, firewall, DNS)',
  },
})

const broken = (why: string): Finding => ({
  level: 'bad',
  what: { zh: `无法检查：${why}`, en: `could not be examined: ${why}` },
  fix: { zh: '查看服务日志', en: "read the service's log" },
})

const brokenPlainly: Finding = {
  level: 'bad',
  what: { zh: '无法检查', en: 'could not be examined' },
  fix: {
    zh: '请管理这台服务器的人运行 redress doctor',
    en: 'ask whoever runs the installation for redress doctor',
  },
}
