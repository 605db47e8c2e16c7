import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { browserKind } from '../bots/browser/index.ts'
import { telegramKind } from '../bots/telegram/index.ts'
import { wecomKind } from '../bots/wecom/index.ts'
import { wecomWebhookKind } from '../bots/wecom-webhook/index.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { migrations } from '../migrations/index.ts'
import { databaseCheck } from './admin/checks/database.ts'
import { standardChecks } from './admin/checks/index.ts'
import { folderCheck, schemaCheck } from './admin/checks/installation.ts'
import { backupCheck, diskCheck, nodeCheck } from './admin/checks/machine.ts'
import { outsideClockCheck } from './admin/checks/outside-clock.ts'
import { reachCheck } from './admin/checks/reach.ts'
import type { Check } from './admin/doctor.ts'
import { welcome } from './admin/welcome.ts'
import { type App, type AppParts, createApp } from './app.ts'
import { systemClock } from './core/clock.ts'
import { told } from './core/errors.ts'
import { type KeyFile, keyFile } from './core/key-file.ts'
import { createLogger, type Logger } from './core/logger.ts'
import { createMetrics, type Metrics } from './core/metrics.ts'
import { createReach, nameOf, placeOf } from './core/reach.ts'
import { createSealer } from './core/seal.ts'
import { SetUpError } from './core/set-up.ts'
import { createTransport, type RealTransport } from './core/transport.ts'
import { version } from './core/version.ts'
import { instant } from './core/words.ts'
import { createEmbeddedEngine } from './engine/embedded.ts'
import { emailKind } from './notify/email/index.ts'
import type { ChannelKind } from './notify/kind.ts'
import { officialAccountKind } from './notify/official-account/index.ts'
import { smsKind } from './notify/sms/index.ts'
import { createAlipay } from './platforms/alipay/index.ts'
import { paidBy } from './platforms/paid-by.ts'
import { type Platforms, registry } from './platforms/registry.ts'
import { createWechatMini } from './platforms/wechat-mini/index.ts'
import { createWechatPay, type WechatPay } from './platforms/wechat-pay/index.ts'
import { payingBy } from './platforms/wechat-pay/refund-deed.ts'
import { createBackups } from './storage/backup.ts'
import { openKeys } from './storage/data-keys.ts'
import { grantStore } from './storage/grants.ts'
import { addKey, keyHash, prefixOf } from './storage/keys.ts'
import { lockFolder } from './storage/lock.ts'
import { adoptNextMasterKey, type MasterKeys, masterKey, masterKeyName } from './storage/master-key.ts'
import { lacking, migrate } from './storage/migrate.ts'
import { type Database, holdPostgres, openPostgres, openSqlite } from './storage/open.ts'
import { listTenants } from './storage/tenants.ts'
import { tokenStore } from './storage/tokens.ts'

export const adminKeyName = 'admin.key'

/** The data folder and its database; with SQLite ours alone until `close`. */
export interface Data {
  readonly folder: string
  readonly database: Database
  readonly platforms: Platforms
  /** Of the platforms, the one that moves money for others too. */
  readonly pay: WechatPay
  readonly channelKinds: readonly ChannelKind[]
  readonly checks: readonly Check[]
  readonly transport: RealTransport
  readonly metrics: Metrics
  close(): Promise<void>
}

/**
 * @param options.existing refuse to begin a new one
 * @throws SetUpError, or Error when another process holds the folder
 */
export function openData(config: Config, options: { readonly logger: Logger; readonly existing?: boolean }): Data {
  const { data: folder, masterKey: given } = config
  const { logger } = options
  const { url } = config.database
  const file = join(folder, 'redress.db')
  const used = url === undefined && existsSync(file)
  if (options.existing && url === undefined && !used)
    throw new SetUpError(`there is no database in ${folder}: start the service once, or correct the setting data`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = url === undefined ? lockFolder(folder) : undefined
  try {
    const { key, next }: MasterKeys =
      given === undefined ? masterKey(folder, used) : { key: Buffer.from(given, 'base64') }
    const sealer = createSealer(key, randomBytes, next)
    const parts = { sealer, clock: systemClock, random: randomBytes, logger }
    const database = url === undefined ? openSqlite({ ...parts, file }) : openPostgres({ ...parts, url })
    const metrics = createMetrics()
    const transport = createTransport({ clock: systemClock, called: metrics.called })
    const pay = createWechatPay({ ...payOf(config), ...parts, transport })
    const mini = createWechatMini({ ...config.wechat, ...parts, transport, tokens: tokenStore(database) })
    const alipay = createAlipay({ ...alipayOf(config), ...parts, transport, grants: grantStore(database) })
    const channelKinds = [
      emailKind({ ...parts, called: metrics.called, reach: reachOf(config) }),
      officialAccountKind({ ...parts, ...config.officialAccount, transport, tokens: tokenStore(database) }),
      smsKind({ ...parts, ...config.sms, called: metrics.called }),
    ]
    const files = [...(given === undefined ? [masterKeyName] : []), adminKeyName]
    return {
      folder,
      database,
      platforms: registry([
        ...[mini, pay].map((platform) => paidBy(platform, payingBy(pay, noticeUrl(config)))),
        alipay,
      ]),
      pay,
      channelKinds,
      transport,
      metrics,
      checks: [
        nodeCheck(process.version),
        schemaCheck(() => lacking(database, migrations)),
        databaseCheck(url === undefined ? file : undefined),
        folderCheck(folder, files),
        diskCheck(folder),
        ...(url === undefined ? [backupCheck(folder)] : []),
        outsideClockCheck(transport, {
          'wechat-mini': config.wechat.baseUrl,
          'wechat-pay': config.wechatPay.baseUrl,
          alipay: config.alipay.gatewayUrl,
        }),
        ...standardChecks,
        reachCheck(transport),
      ],
      async close() {
        await database.close()
        for (const kind of channelKinds) await kind.close()
        transport.cutOff()
        await transport.close()
        lock?.release()
      },
    }
  } catch (error) {
    lock?.release()
    throw error
  }
}

/** What settings that came by the API may lead to: what is public, and what is named here. */
const reachOf = ({ insideHosts, telegram, wecom }: Config) =>
  createReach([
    ...insideHosts,
    ...[telegram.apiRoot, wecom.url, wecom.webhookUrl].map((address) => nameOf(placeOf(address))),
  ])

/** Where a refund's outcome is told: only https is taken, and without it it is asked for. */
const noticeUrl =
  ({ publicUrl }: Config) =>
  ({ id }: { readonly id: string }) =>
    publicUrl?.startsWith('https://') ? `${publicUrl}/hooks/${id}` : undefined

function payOf({ wechatPay: { backupUrl, ...wechatPay }, bodyLimit }: Config) {
  return { ...wechatPay, bodyLimit, ...(backupUrl === undefined ? {} : { backupUrl }) }
}

function alipayOf({ alipay: { gatewayUrl: gateway, authorizeUrl, pictureHosts }, bodyLimit }: Config) {
  return { gateway, pictureHosts, bodyLimit, ...(authorizeUrl === undefined ? {} : { authorizeUrl }) }
}

/** The database to what this program knows, and its keys opened. @returns the names of what was missing. */
export async function bringUpToDate({ database, folder }: Data): Promise<readonly string[]> {
  const done = await migrate(database, migrations)
  await openKeys(database)
  // A change of the master key was cut off after the keys were wrapped by the new one.
  if (database.reads.sealer.keys.onNext) adoptNextMasterKey(folder, instant(systemClock.now()))
  return done
}

export interface Running {
  readonly url: string
  readonly app: App
  readonly parts: AppParts
  readonly adminKey: KeyFile
  /** Through which the outside is asked. */
  readonly transport: RealTransport
  stop(): Promise<void>
}

/** From nothing, or from what is there, to a service that listens. @throws SetUpError, and whatever else keeps it from starting */
export async function startRedress(config: Config, given: { readonly logger?: Logger } = {}): Promise<Running> {
  const logger = given.logger ?? createLogger({ level: config.log.level })
  const data = openData(config, { logger })
  const { url: server } = config.database
  let app: App | undefined
  let alone: Awaited<ReturnType<typeof holdPostgres>> | undefined
  try {
    alone = server === undefined ? undefined : await holdPostgres(server)
    const done = await bringUpToDate(data)
    if (done.length > 0) logger.info({ migrations: done }, 'the database was brought up to date')
    const adminKey = keyFile(join(config.data, adminKeyName), () => `rdk_${randomBytes(32).toString('base64url')}`)
    await data.database.transaction((tx) =>
      addKey(tx, { name: 'admin', hash: keyHash(adminKey.text), prefix: prefixOf(adminKey.text) }),
    )
    const parts = partsOf(config, data, logger)
    const made = createApp(parts)
    app = made
    const { url } = await made.listen()
    const { transport } = data
    return {
      url,
      app: made,
      parts,
      adminKey,
      transport,
      stop: () => made.stop().finally(data.close).finally(alone?.release),
    }
  } catch (error) {
    await app?.stop()
    await data.close()
    await alone?.release()
    throw explained(error, config)
  }
}

/** The one failure of a start that a setting mends. */
function explained(error: unknown, { listen }: Config): unknown {
  if (!(error instanceof Error && 'syscall' in error && error.syscall === 'listen')) return error
  return new SetUpError(
    `${error.message}: set listen.host or listen.port (${listen.host}:${listen.port} now) to what is free`,
    { cause: error },
  )
}

/** Every platform is played on this machine, as in the demo. */
const onLoopback = ({ wechat, wechatPay, alipay }: Config) =>
  [wechat.baseUrl, wechatPay.baseUrl, wechatPay.backupUrl ?? wechatPay.baseUrl, alipay.gatewayUrl].every((address) =>
    /^(127(\.\d+){3}|localhost|\[::1\])$/.test(new URL(address).hostname),
  )

function partsOf(config: Config, data: Data, logger: Logger): AppParts {
  const { database, platforms, channelKinds, checks, transport, metrics } = data
  const backups = createBackups(database, data.folder)
  const base = { storage: database, clock: systemClock, random: randomBytes, logger }
  const reach = reachOf(config)
  return {
    storage: database,
    engine: createEmbeddedEngine(base),
    platforms,
    botKinds: [
      browserKind({ ...base, realAccounts: !onLoopback(config) }),
      telegramKind({ ...base, reach, apiRoot: config.telegram.apiRoot, called: metrics.called }),
      wecomKind({ ...base, reach, transport, url: config.wecom.url, called: metrics.called }),
      wecomWebhookKind({ ...base, reach, transport, baseUrl: config.wecom.webhookUrl }),
    ],
    channelKinds,
    logger,
    metrics,
    lacking: () => lacking(database, migrations),
    cutOff: transport.cutOff,
    ...(config.metricsKey === undefined ? {} : { metricsKey: config.metricsKey }),
    checks,
    version: version(),
    listen: config.listen,
    bodyLimit: config.bodyLimit,
    requestsPerMinute: config.admin.requestsPerMinute,
    pollEvery: {
      active: config.alipay.poll.activeSeconds * 1000,
      idle: config.alipay.poll.idleSeconds * 1000,
    },
    keep: config.keep,
    ...(backups ? { backups } : {}),
    caseLinkDays: config.caseLinkDays,
    ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
  }
}

/** Milliseconds; whoever started us waits for ten seconds. */
const patience = 9_000

/** Runs until it is told to stop. @returns the process's exit code. */
export async function serve(config: Config): Promise<number> {
  const logger = createLogger({ level: config.log.level })
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (error: unknown) => {
      logger.error(
        { error: told(error), stack: error instanceof Error ? error.stack : '' },
        'a mistake of ours: ending',
      )
      process.exit(1)
    })
  // Whatever is made in the data folder is ours alone, also where the folder was there before.
  process.umask(0o077)
  const asked = signal()
  const running = await startRedress(config, { logger })
  const tenants = await listTenants(running.parts.storage.reads)
  const { url, adminKey } = running
  const terminal = process.stdout.isTTY === true
  process.stdout.write(welcome({ url, version: version(), key: adminKey, terminal, empty: tenants.length === 0 }))
  logger.info({ signal: await asked }, 'stopping')
  // What is cut off here is in the database and goes on at the next start.
  setTimeout(() => process.exit(0), patience).unref()
  await running.stop()
  logger.info({}, 'stopped')
  return 0
}

/** The first one stops in good order; a second one, at once. */
function signal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name))
  })
}

/** `node dist/src/main.js` is `redress start`. */
async function main(): Promise<number> {
  const read = loadConfig()
  if (read.faults) {
    process.stderr.write(read.faults.map(({ field, fix }) => `${field}: ${fix}\n`).join(''))
    return 78
  }
  return serve(read.config).catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : told(error)}\n`)
    return error instanceof SetUpError ? 78 : 1
  })
}

const [, entry] = process.argv
if (entry && existsSync(entry) && import.meta.url === pathToFileURL(realpathSync(entry)).href)
  process.exitCode = await main()
