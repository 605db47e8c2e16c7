import { randomBytes } from 'node:crypto'
import type { Alipay, Grant } from '../../../sandbox/alipay/index.ts'
import type { AppParts } from '../../app.ts'
import { systemClock } from '../../core/clock.ts'
import { Secret } from '../../core/seal.ts'
import type { TenantId } from '../../core/words.ts'
import { queues } from '../../engine/queues.ts'
import { createAccount, type NewAccount } from '../../storage/accounts.ts'
import { authorise } from '../../storage/authorizations.ts'
import { changeMerchant } from '../../storage/merchants.ts'
import type { Tx } from '../../storage/storage.ts'
import { must } from './people.ts'

export interface PlayedAlipay {
  readonly alipay: Alipay
  readonly url: string
  /** What its console would give for the account. */
  readonly account: Omit<NewAccount, 'tenant'>
  /** The merchant that has authorised the app before anybody looks. */
  readonly grant: Grant
  close(): Promise<void>
}

const appId = '2021004100000291'
const shops = [
  { pid: '2088710000000291', name: '南枝生活馆', appId: '2021904100000291' },
  { pid: '2088710000000302', name: '拾光健身', appId: '2021904100000302' },
  { pid: '2088710000000313', name: '木槿烘焙', appId: '2021904100000313' },
] as const

/** A third-party app, one merchant that has authorised it and two that may. */
export async function playAlipay(): Promise<PlayedAlipay> {
  const { createAlipay, mintApp, serveAlipay } = await import('../../../sandbox/alipay/index.ts')
  const { deliverByHttp } = await import('../../../sandbox/deliver.ts')
  const name = '支付宝服务商'
  const { privateKey, publicKey } = mintApp({ name, random: randomBytes, now: systemClock.now() })
  const alipay = createAlipay({
    clock: systemClock,
    random: randomBytes,
    apps: [{ appId, name, pid: '2088710000000280', kind: 'isv', publicKey }],
    merchants: shops,
    deliver: deliverByHttp,
  })
  const { url, close } = await serveAlipay(alipay)
  const grant = await alipay.authorise(appId, shops[0].pid)
  const { alipayPublicKey } = alipay.credentials(appId)
  const account = {
    platform: 'alipay' as const,
    outsideId: appId,
    name,
    enabled: true,
    settings: { refunds: true, operator: '客服' },
    secrets: { privateKey, alipayPublicKey },
  }
  return { alipay, url, account, grant, close }
}

export interface Into extends Pick<AppParts, 'engine'> {
  readonly tenant: TenantId
  readonly url: string
}

/** The account, the merchant that speaks through it, and what its console is told. */
export async function setUpAlipay(
  tx: Tx,
  { alipay, account: wish, grant }: PlayedAlipay,
  { tenant, url, engine }: Into,
): Promise<void> {
  const { id } = must(await createAccount(tx, { tenant, ...wish }))
  const under = { tenant, account: id }
  const { pid: outsideId, authAppId, token, refreshToken } = grant
  const given = { outsideId, authAppId, token: new Secret(token), refreshToken: new Secret(refreshToken) }
  const { merchant } = await authorise(tx, under, given)
  await changeMerchant(tx, under, merchant.id, { name: shops[0].name })
  // Its turn would come within a minute.
  await engine.send(tx, queues.poll, id)
  alipay.setApp(appId, { gatewayUrl: `${url}/hooks/${id}`, redirectUri: `${url}/oauth/alipay/${id}` })
}
