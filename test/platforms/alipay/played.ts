import { randomBytes } from 'node:crypto'
import {
  type AlipayOptions,
  createAlipay as createSandbox,
  mintApp,
  type Alipay as Sandbox,
  serveAlipay,
} from '../../../sandbox/alipay/index.ts'
import { manualClock, systemClock } from '../../../src/core/clock.ts'
import { OutsideError } from '../../../src/core/errors.ts'
import type { RawRequest } from '../../../src/core/http.ts'
import { silent } from '../../../src/core/logger.ts'
import { Secret } from '../../../src/core/seal.ts'
import { createTransport } from '../../../src/core/transport.ts'
import { asId, instant } from '../../../src/core/words.ts'
import { type Alipay, createAlipay } from '../../../src/platforms/alipay/index.ts'
import type { Account, Merchant, Seat, Verdict } from '../../../src/platforms/platform.ts'
import { secretsOf, start } from './support.ts'

export const appId = '2021000000000001'
export const pid = '2088000000000001'
const shop = { pid, name: '某商家', appId: '2021000000000901' }

export interface Played {
  readonly sandbox: Sandbox
  readonly platform: Alipay
  readonly seat: Seat
  /** The same, with somebody who pays. */
  readonly paid: Seat
  /** What was pushed to the app gateway, and what we made of it. */
  readonly heard: readonly Verdict[]
  /** Time goes by, there and here. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

// To make a key takes a tenth of a second.
let minted: ReturnType<typeof mintApp> | undefined

/** An ISV app with one merchant that has authorised it, over real HTTP. */
export async function played(
  given: { mode?: 'key' | 'certificate' } & Pick<AlipayOptions, 'rules' | 'quirks'> = {},
): Promise<Played> {
  const { mode = 'key', ...options } = given
  const clock = manualClock(start)
  minted ??= mintApp({ name: 'redress', random: randomBytes, now: start })
  const proof = mode === 'certificate' ? { certificate: minted.certificate } : { publicKey: minted.publicKey }
  const heard: Verdict[] = []
  const sandbox: Sandbox = createSandbox({
    clock,
    random: randomBytes,
    apps: [
      { appId, name: 'redress', pid: '2088000000000900', kind: 'isv', gatewayUrl: 'http://127.0.0.1/hook', ...proof },
    ],
    merchants: [shop],
    async deliver(push) {
      const url = new URL(push.url)
      const headers = Object.fromEntries(
        Object.entries(push.headers).map(([name, value]) => [name.toLowerCase(), value]),
      )
      const request: RawRequest = {
        method: push.method,
        path: url.pathname,
        query: url.search.slice(1),
        headers,
        body: Buffer.from(push.body),
      }
      const verdict = await platform.verify(account, request, instant(clock.now()))
      heard.push(verdict)
      const said = platform.reply(verdict.verdict === 'forged' ? 'refused' : 'taken')
      return { ...said, body: Buffer.from(said.body) }
    },
    ...options,
  })
  const served = await serveAlipay(sandbox, { tickMs: 0 })
  const theirs = sandbox.credentials(appId)
  const secrets =
    mode === 'certificate'
      ? {
          appCertificate: minted.certificate,
          alipayCertificate: theirs.alipayCertificate,
          rootCertificate: theirs.rootCertificate,
        }
      : { alipayPublicKey: theirs.alipayPublicKey }
  const account: Account = {
    id: asId<'account'>('acc_1'),
    tenant: asId<'tenant'>('ten_1'),
    platform: 'alipay',
    name: 'app',
    outsideId: appId,
    enabled: true,
    secrets: secretsOf({ privateKey: minted.privateKey, ...secrets }),
    settings: { mode },
  }
  const merchant: Merchant = { id: asId<'merchant'>('mer_1'), outsideId: pid, name: shop.name }
  await sandbox.authorise(appId, pid)
  const transport = createTransport({ clock: systemClock })
  const platform = createAlipay({
    transport,
    clock: {
      now: clock.now,
      after: (ms, run) => {
        queueMicrotask(() => {
          clock.step(ms)
          run()
        })
        return () => undefined
      },
    },
    random: randomBytes,
    logger: silent,
    gateway: `${served.url}/gateway.do`,
    grants: {
      async token(seat) {
        const valid = sandbox.grants().find((grant) => grant.pid === seat.merchant?.outsideId)
        if (valid) return new Secret(valid.token)
        throw new OutsideError('forbidden', 'not authorised')
      },
    },
  })
  const seat: Seat = { account, merchant }
  return {
    sandbox,
    platform,
    seat,
    paid: { ...seat, payer: account },
    heard,
    async pass(ms) {
      clock.advance(ms)
      await sandbox.advance()
      await sandbox.idle()
    },
    async close() {
      await served.close()
      await transport.close()
    },
  }
}
