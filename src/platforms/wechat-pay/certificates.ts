import type { KeyObject } from 'node:crypto'
import { told } from '../../core/errors.ts'
import type { Incoming } from '../../core/transport.ts'
import { both, failure, PayError } from './errors.ts'
import { exchange, type Wire } from './exchange.ts'
import { fieldsOf, isFields, list, parsed, text } from './fields.ts'
import { type Certificate, type Credentials, certificateIn, plainSerial } from './keys.ts'
import { sealing, unseal } from './sealed.ts'
import { unproven } from './signature.ts'

const minute = 60_000
// They ask for less than twelve hours; a new certificate is shown a day before it signs.
const fresh = 10 * 60 * minute
/** After a failure, and for a serial that nobody knows: forged callbacks must not make us call out all the time. */
const pause = minute

interface Held {
  readonly certificates: readonly Certificate[]
  /** When they were last asked for, milliseconds, and whether that brought some. */
  readonly askedAt: number
  readonly good: boolean
}
const nobody: Held = { certificates: [], askedAt: -Infinity, good: false }

export interface Certificates {
  /** Configured, or fetched before. */
  key(credentials: Credentials, serial: string): KeyObject | undefined
  /** There are some, and they are not old. @throws PayError when there are none: nothing should be sent then. */
  ready(credentials: Credentials): Promise<void>
  /** A serial that we do not know: asks for it, once in a while. */
  learn(credentials: Credentials, serial: string): Promise<void>
}

/** 平台证书: several at once, told apart by serial; fetched and renewed by itself. docs/platforms/wechat-pay.md#keys */
export function createCertificates(wire: Wire): Certificates {
  const { clock, logger } = wire
  const held = new Map<string, Held>()
  const flights = new Map<string, Promise<void>>()

  const key: Certificates['key'] = ({ keys, mchid }, serial) => {
    const wanted = plainSerial(serial)
    const fetched = held.get(mchid)?.certificates.find((each) => each.serial === wanted)
    return keys.get(wanted) ?? (fetched && isValid(fetched, clock.now()) ? fetched.key : undefined)
  }

  /** One at a time per mchid; who comes meanwhile shares its end. */
  function fetched(credentials: Credentials): Promise<void> {
    const { mchid } = credentials
    const running = flights.get(mchid)
    if (running) return running
    const started = fetch(credentials).finally(() => flights.delete(mchid))
    flights.set(mchid, started)
    return started
  }

  async function fetch(credentials: Credentials): Promise<void> {
    const { mchid } = credentials
    const known = held.get(mchid)?.certificates ?? []
    const askedAt = clock.now()
    held.set(mchid, { certificates: known, askedAt, good: false })
    const answer = await exchange(wire, credentials, {
      operation: 'certificates',
      method: 'GET',
      target: '/v3/certificates',
      act: false,
    })
    if (answer.status !== 200) throw failure({ ...answer, requestId: answer.headers['request-id'] }, false)
    const given = certificatesOf(answer, credentials, clock.now())
    prove(answer, credentials, [...given, ...known])
    // What they no longer show may have signed something that is on its way.
    const kept = known.filter((each) => !given.some(({ serial }) => serial === each.serial))
    const certificates = [...given, ...kept].filter((each) => isValid(each, clock.now()))
    held.set(mchid, { certificates, askedAt, good: true })
    logger.info({ mchid, serials: certificates.map(({ serial }) => serial) }, 'platform certificates fetched')
  }

  /** The anchor is the APIv3 key that sealed them; so the first answer may be proved by what it brings. */
  function prove(answer: Incoming, { keys }: Credentials, certificates: readonly Certificate[]): void {
    const keyOf = (serial: string) => {
      const wanted = plainSerial(serial)
      return keys.get(wanted) ?? certificates.find((each) => each.serial === wanted)?.key
    }
    const why = unproven({ headers: answer.headers, body: answer.body, now: clock.now(), keyOf })
    if (why) throw unusable(`unverified:${why}`)
  }

  return {
    key,
    async ready(credentials) {
      if (!credentials.downloads) return
      const { certificates, askedAt, good } = held.get(credentials.mchid) ?? nobody
      const some = credentials.keys.size > 0 || certificates.some((each) => isValid(each, clock.now()))
      if (some && clock.now() < askedAt + (good ? fresh : pause)) return
      try {
        await fetched(credentials)
      } catch (error) {
        if (!some) throw error
        logger.warn({ mchid: credentials.mchid, error: told(error) }, 'platform certificates not renewed')
      }
    },
    async learn(credentials, serial) {
      const { mchid, downloads } = credentials
      if (!downloads || key(credentials, serial) !== undefined || !/^[0-9A-Fa-f]{8,64}$/.test(serial)) return
      const { askedAt } = held.get(mchid) ?? nobody
      if (!flights.has(mchid) && clock.now() < askedAt + pause) return
      await fetched(credentials).catch((error: unknown) =>
        logger.warn({ mchid, error: told(error) }, 'a serial is not known, and certificates cannot be fetched'),
      )
    },
  }
}

const isValid = ({ certificate }: Certificate, now: number): boolean =>
  Date.parse(certificate.validFrom) <= now && now < Date.parse(certificate.validTo)

function certificatesOf(answer: Incoming, { apiV3Key }: Credentials, now: number): readonly Certificate[] {
  const rows = list(parsed(answer.body.toString('utf8'))?.data).filter(isFields)
  const certificates = rows.flatMap((row) => {
    const resource = fieldsOf(row.encrypt_certificate)
    if (text(resource, 'algorithm') !== sealing) return []
    const certificate = certificateIn(unseal(apiV3Key, resource)?.toString('utf8') ?? '')
    return certificate?.serial === plainSerial(text(row, 'serial_no') ?? '') ? [certificate] : []
  })
  if (certificates.some((each) => isValid(each, now))) return certificates
  throw unusable('certificates')
}

const unusable = (code: string): PayError =>
  new PayError(
    'forbidden',
    both(
      '无法取得微信支付平台证书：请核对 APIv3 密钥；若商户号使用微信支付公钥，请填写公钥和公钥 ID',
      'no platform certificate could be had: check the APIv3 key; an mchid with a WeChat Pay public key needs that key and its id',
    ),
    { code },
  )
