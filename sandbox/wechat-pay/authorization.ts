import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { SandboxRequest } from '../wire.ts'
import { type Problem, refuse } from './errors.ts'
import type { Merchant } from './merchant.ts'
import type { Rules } from './rules.ts'

export interface Authorization {
  /** Who signed this request: method, path and query as on the wire, time, nonce and exactly these bytes. */
  check(request: SandboxRequest, signedBody: Buffer): Merchant | Problem
  /** The merchant's own public key, for what only it may read. */
  keyOf(merchant: Merchant): KeyObject
}

export function createAuthorization(options: {
  readonly clock: Clock
  readonly rules: Rules
  readonly merchants: readonly Merchant[]
}): Authorization {
  const { clock, rules, merchants } = options
  const keys = new Map<string, KeyObject>()
  const nonces = new Set<string>()

  function keyOf(merchant: Merchant): KeyObject {
    const { publicKey, mchid } = merchant
    const key = keys.get(mchid) ?? (typeof publicKey === 'string' ? createPublicKey(publicKey) : publicKey)
    keys.set(mchid, key)
    return key
  }

  // WeChat Pay docs, signing: five lines, each with its line end, also the last one when the body is empty.
  function check(request: SandboxRequest, signedBody: Buffer): Merchant | Problem {
    const said = readHeader(request.headers.authorization)
    if (!said) return signError('Authorization', '格式不正确')
    const merchant = merchants.find((one) => one.mchid === said.mchid)
    if (!merchant)
      return refuse('SIGN_ERROR', '商户号不存在', { detail: { field: 'mchid', location: 'authorization' } })
    if (said.serial_no !== merchant.certificateSerial) return signError('serial_no', '证书序列号与商户号不匹配')
    const off = Math.abs(clock.now() - Number(said.timestamp) * 1000)
    if (!/^\d{10}$/.test(said.timestamp) || off > rules.clockSkewMs) return signError('timestamp', '时间戳超出允许范围')
    if (rules.refuseRepeatedNonce && nonces.has(said.nonce_str)) return signError('nonce_str', '随机串重复')
    const head = `${request.method}\n${request.url}\n${said.timestamp}\n${said.nonce_str}\n`
    const message = Buffer.concat([Buffer.from(head), signedBody, Buffer.from('\n')])
    const signature = Buffer.from(said.signature, 'base64')
    if (!verify('sha256', message, keyOf(merchant), signature)) return signError('signature', 'sign not match')
    if (rules.refuseRepeatedNonce) nonces.add(said.nonce_str)
    return merchant
  }

  return { check, keyOf }
}

const signError = (field: string, issue: string): Problem =>
  refuse('SIGN_ERROR', `签名错误：${issue}`, { detail: { field, issue, location: 'authorization' }, cause: 268443699 })

const names = ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no'] as const
type Said = Record<(typeof names)[number], string>

/** The order of the five is free. */
function readHeader(header: string | undefined): Said | undefined {
  const [scheme, rest] = (header ?? '').split(/ (.*)/s)
  if (scheme !== 'WECHATPAY2-SHA256-RSA2048' || !rest) return undefined
  const pairs = rest.split(',').map((pair) => /^(\w+)="([^"]+)"$/.exec(pair))
  if (pairs.length !== names.length || pairs.includes(null)) return undefined
  const found = Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']))
  return names.every((name) => name in found) ? (found as Said) : undefined
}
