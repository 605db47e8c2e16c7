import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { App, AppIdentity, Credentials, Random } from './app.ts'
import { certificateFor, certSn, type DistinguishedName, rootCertSn, serialNumber } from './certificate.ts'
import { oneLine, type PlatformKeys, rsaKey, sharedKeys } from './keys.ts'

const day = 86_400_000
// The authority's own certificates are the same for every sandbox of a process.
const period = { from: Date.UTC(2020, 0, 1), until: Date.UTC(2045, 0, 1) }
const rootName = { unit: 'Certification Authority', common: 'Redress Sandbox Root R1' }
const secondName = { unit: 'Certification Authority', common: 'Redress Sandbox Root R2' }
const curveName = { unit: 'Certification Authority', common: 'Redress Sandbox Root E1' }
const issuerName = { unit: 'Certification Authority', common: 'Redress Sandbox Class 2 R1' }

const fixed = (name: DistinguishedName) => serialNumber(createHash('sha256').update(name.common).digest())

function root(name: DistinguishedName, key: KeyObject): string {
  const own = { subject: name, issuer: name, key, issuerKey: key }
  return certificateFor({ ...own, ...period, serial: fixed(name), authority: true })
}

/** alipayRootCert.crt. */
const rootsOf = (keys: PlatformKeys): string =>
  root(rootName, keys('root')) + root(curveName, keys('other-kind')) + root(secondName, keys('root'))

const issuerOf = (keys: PlatformKeys): string =>
  certificateFor({
    subject: issuerName,
    key: keys('issuer'),
    issuer: rootName,
    issuerKey: keys('root'),
    ...period,
    serial: fixed(issuerName),
    authority: true,
  })

interface Leaf {
  readonly common: string
  readonly key: KeyObject
  readonly random: Random
  readonly from: number
  readonly until: number
}

const leaf = (keys: PlatformKeys, { common, random, ...more }: Leaf): string =>
  certificateFor({
    subject: { unit: 'Alipay', common },
    issuer: issuerName,
    issuerKey: keys('issuer'),
    serial: serialNumber(random(16)),
    ...more,
  })

/** A key and a certificate of the sandbox's authority, as the console gives them to a new app. */
export function mintApp(options: {
  readonly name: string
  readonly random: Random
  readonly now: number
  /** Of the certificate. */
  readonly days?: number
  readonly privateKey?: string
  readonly keys?: PlatformKeys
}): AppIdentity {
  const { name, random, now, days = 1825, keys = sharedKeys } = options
  const key = options.privateKey ? createPrivateKey(options.privateKey) : rsaKey()
  const certificate = leaf(keys, { common: name, key, random, from: now - day, until: now + days * day })
  return {
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKeyPkcs1: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    certificate,
    certSn: certSn(certificate),
  }
}

/** What signs for Alipay, and the number of its certificate. */
export interface Signer {
  readonly key: KeyObject
  readonly certSn: string | undefined
}

export interface Authority {
  credentials(app: App): Credentials
  /** Key mode: always the first key. Certificate mode: the newest certificate's. */
  signerFor(app: App): Signer
  rotate(): string
  /** A present or former certificate of Alipay's, for its download. */
  bySn(sn: string): string | undefined
  rootSn(): string
  /** Somebody else's key, for what is forged. */
  strangerKey(): KeyObject
}

export function createAuthority(options: {
  readonly clock: Clock
  readonly random: Random
  readonly lifetimeMs: () => number
  readonly keys: PlatformKeys
}): Authority {
  const { clock, random, keys } = options
  const certificates: { pem: string; sn: string; key: KeyObject }[] = []
  let roots: { pem: string; sn: string } | undefined

  function rotate(): string {
    const key = keys(certificates.length)
    const from = clock.now() - day
    const until = clock.now() + options.lifetimeMs()
    const pem = leaf(keys, { common: 'Alipay', key, random, from, until })
    const sn = certSn(pem)
    certificates.push({ pem: pem + issuerOf(keys), sn, key })
    return sn
  }

  function newest() {
    if (certificates.length === 0) rotate()
    const last = certificates.at(-1)
    if (!last) throw new Error('no certificate')
    return last
  }

  function rootFile() {
    const pem = roots?.pem ?? rootsOf(keys)
    roots ??= { pem, sn: rootCertSn(pem) }
    return roots
  }

  return {
    credentials(app) {
      const { pem, sn } = newest()
      return {
        alipayPublicKey: oneLine(keys(0)),
        alipayCertificate: pem,
        alipayCertSn: sn,
        rootCertificate: rootFile().pem,
        rootCertSn: rootFile().sn,
        ...(app.certificate ? { appCertSn: certSn(app.certificate) } : {}),
      }
    },
    signerFor(app) {
      if (!app.certificate) return { key: keys(0), certSn: undefined }
      const { key, sn } = newest()
      return { key, certSn: sn }
    },
    rotate() {
      newest()
      return rotate()
    },
    bySn(sn) {
      newest()
      return certificates.find((one) => one.sn === sn)?.pem
    },
    rootSn: () => rootFile().sn,
    strangerKey: () => keys('issuer'),
  }
}

/** What proves an app's requests, until when, and the number of its certificate. */
export interface AppProof {
  readonly key: KeyObject
  readonly until: number
  readonly sn?: string
}

const proofs = new WeakMap<App, AppProof>()

export function proofOf(app: App): AppProof | undefined {
  const known = proofs.get(app) ?? read(app)
  if (known) proofs.set(app, known)
  return known
}

function read({ certificate, publicKey }: App): AppProof | undefined {
  if (certificate) {
    const made = new X509Certificate(certificate)
    return { key: made.publicKey, until: Date.parse(made.validTo), sn: certSn(certificate) }
  }
  if (publicKey === undefined) return undefined
  const key = typeof publicKey === 'string' ? createPublicKey(publicKey) : publicKey
  return { key, until: Number.POSITIVE_INFINITY }
}
