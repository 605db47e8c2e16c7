import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { drawnAhead } from './random.ts'
import { SetUpError } from './set-up.ts'
import type { Branded, Random } from './words.ts'

/** A text that must not be printed: logs, JSON and inspect all show '[secret]'. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

/** `v1.<key id>.<base64url of iv, ciphertext, tag>` */
export type Sealed = Branded<string, 'sealed'>
/** Where a sealed value stands; it opens nowhere else. */
export interface Place {
  readonly tenant: string
  readonly table: string
  readonly row: string
  readonly column: string
}

export interface Sealer {
  seal(place: Place, text: string): Sealed
  /** @throws Error when the value was moved, changed, or sealed under a key that we do not hold. */
  open(place: Place, sealed: Sealed): string
  /** Keyed hash of personal data, per tenant: equal for equal people, useless outside. */
  pseudonym(tenant: string, text: string): string
  /** 128 bits as base64url: that `text` is ours, for this purpose and no other. Stays the same under another master key. */
  sign(purpose: string, text: string): string
  readonly keys: KeyRing
}

/** A key that seals or hashes, wrapped by the master key: the database keeps it so. */
export interface DataKey {
  readonly id: string
  /** '' = of what belongs to no tenant, and of tenants that have none of their own. */
  readonly tenant: string
  readonly purpose: 'seal' | 'pseudonym'
  readonly wrapped: string
  /** Names the master key that wraps it. */
  readonly master: string
}

/** The keys that a sealer holds open. Sealing waits for nothing: they are all in memory. */
export interface KeyRing {
  /** Names the master key that wraps new ones. */
  readonly master: string
  /** The keys in the database are wrapped by the next master key already. */
  readonly onNext: boolean
  /** Whether it was ever given any; until then all is sealed by a key that the master key itself stands for. */
  readonly held: boolean
  /** What an installation begins with: the keys that the master key stands for, so that what they sealed opens under any later one. */
  first(): readonly DataKey[]
  make(tenant: string): DataKey
  /**
   * Opens them, and from now on seals by the last of each tenant.
   * @throws WrongMaster when one is wrapped by a master key that we do not hold
   */
  hold(keys: readonly DataKey[]): void
  /** The same keys, wrapped by another master key. */
  rewrap(keys: readonly DataKey[], master: Buffer): readonly DataKey[]
  /** Whether it was sealed by the key that seals its tenant's values now. */
  current(tenant: string, sealed: Sealed): boolean
}

/** Its message names both master keys, by their ids. */
export class WrongMaster extends SetUpError {}

/**
 * @param master 32 bytes
 * @param next another master key: a change from the first to this one may have stopped half way
 */
export function createSealer(master: Buffer, random: Random, next?: Buffer): Sealer {
  const masters = [master, ...(next ? [next] : [])].map(masterOf)
  const draw = drawnAhead(random)
  const ring = createRing(masters, draw)
  return {
    seal(place, text) {
      const { id, key } = ring.sealing(place.tenant)
      return `v1.${id}.${encrypt(key, draw(12), place, text)}` as Sealed
    },
    open(place, sealed) {
      const [version, id = '', body, ...more] = sealed.split('.')
      if (version !== 'v1' || !body || more.length > 0) throw new Error(`not a sealed value: ${where(place)}`)
      const key = ring.opening(id)
      if (!key) throw new Error(`sealed under another master key, or by a key that is gone (${id}): ${where(place)}`)
      const bytes = bytesOf(body, () => where(place))
      return decrypt(key, bytes, aad(place)).toString('utf8')
    },
    pseudonym: (tenant, text) =>
      createHmac('sha256', ring.hashing())
        .update(JSON.stringify([tenant, text]))
        .digest('base64url'),
    sign: (purpose, text) =>
      createHmac('sha256', Buffer.from(hkdfSync('sha256', ring.hashing(), 'redress', `sign ${purpose}`, 32)))
        .update(text)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    keys: ring,
  }
}

/** What is derived from a master key. */
interface Master {
  readonly id: string
  readonly wraps: Buffer
  /** Sealed everything before there were data keys; then it became one of them. */
  readonly seals: { readonly id: string; readonly key: Buffer }
  readonly hashes: Buffer
}

function masterOf(master: Buffer): Master {
  if (master.length !== 32) throw new RangeError('the master key must be 32 bytes')
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', master, 'redress', purpose, 32))
  const [key, wraps] = [derive('seal'), derive('wrap')]
  const idOf = (of: Buffer, length: number) =>
    createHmac('sha256', of).update('key id').digest('base64url').slice(0, length)
  return { id: idOf(wraps, 8), wraps, seals: { id: idOf(key, 6), key }, hashes: derive('pseudonym') }
}

function createRing(masters: readonly Master[], draw: Random) {
  const own = masters[0] as Master
  const keys = new Map([[own.seals.id, own.seals.key]])
  const current = new Map([['', own.seals.id]])
  let wrapper = own
  let hash: Buffer | undefined
  let held = false

  const wrap = (by: Master, key: Buffer, of: Omit<DataKey, 'wrapped' | 'master'>): DataKey => ({
    ...of,
    wrapped: encrypt(by.wraps, draw(12), keyPlace(of), key.toString('base64')),
    master: by.id,
  })

  function unwrap(one: DataKey): Buffer {
    const by = masters.find(({ id }) => id === one.master)
    if (!by)
      throw new WrongMaster(
        `the keys in the database are wrapped by the master key ${one.master}, and ours is ${own.id}: put back the master.key of that time (master.key.until-… beside it), or set REDRESS_MASTER_KEY to it`,
      )
    const bytes = bytesOf(one.wrapped, () => `data key ${one.id}`)
    return Buffer.from(decrypt(by.wraps, bytes, aad(keyPlace(one))).toString('utf8'), 'base64')
  }

  const sealingId = (tenant: string) => current.get(tenant) ?? current.get('') ?? own.seals.id
  return {
    get master() {
      return wrapper.id
    },
    get onNext() {
      return wrapper !== own
    },
    get held() {
      return held
    },
    sealing(tenant: string) {
      const id = sealingId(tenant)
      return { id, key: keys.get(id) as Buffer }
    },
    opening: (id: string) => keys.get(id),
    hashing: () => hash ?? own.hashes,
    first: () => [
      wrap(own, own.seals.key, { id: own.seals.id, tenant: '', purpose: 'seal' }),
      wrap(own, own.hashes, { id: `${own.seals.id}h`, tenant: '', purpose: 'pseudonym' }),
    ],
    make: (tenant: string) => wrap(wrapper, draw(32), { id: draw(9).toString('base64url'), tenant, purpose: 'seal' }),
    hold(given: readonly DataKey[]) {
      // All or none: a half-filled ring would seal by a key that another start does not find.
      const opened = given.map((one) => ({ one, key: unwrap(one) }))
      for (const { one, key } of opened) {
        if (one.purpose === 'pseudonym') hash = key
        else {
          keys.set(one.id, key)
          current.set(one.tenant, one.id)
        }
        wrapper = masters.find(({ id }) => id === one.master) ?? wrapper
        held = true
      }
    },
    rewrap(given: readonly DataKey[], master: Buffer) {
      const by = masterOf(master)
      return given.map((one) => wrap(by, unwrap(one), one))
    },
    current: (tenant: string, sealed: Sealed) => sealed.startsWith(`v1.${sealingId(tenant)}.`),
  }
}

function encrypt(key: Buffer, iv: Buffer, place: Place, text: string): string {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad(place))
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Buffer, bytes: Buffer, bound: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(bound)
    .setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
}

function bytesOf(body: string, what: () => string): Buffer {
  const bytes = Buffer.from(body, 'base64url')
  // Node skips what is not base64url and ignores spare bits: only the one spelling that we wrote is ours.
  if (bytes.toString('base64url') !== body) throw new Error(`sealed value is damaged: ${what()}`)
  if (bytes.length < 28) throw new Error(`sealed value is cut short: ${what()}`)
  return bytes
}

const keyPlace = ({ id, tenant, purpose }: Pick<DataKey, 'id' | 'tenant' | 'purpose'>): Place => ({
  tenant,
  table: 'data_key',
  row: id,
  column: purpose,
})
const aad = (place: Place) => Buffer.from(JSON.stringify([place.tenant, place.table, place.row, place.column]))
const where = (place: Place) => `${place.table}.${place.column} of ${place.row}`
