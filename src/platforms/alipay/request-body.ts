import type { Picture } from '../../core/picture.ts'
import type { Outgoing } from '../../core/transport.ts'

type Request = Pick<Outgoing, 'url' | 'body' | 'headers'>

// These stand in the address, all others in the body.
const common = [
  'app_id',
  'method',
  'format',
  'charset',
  'sign_type',
  'sign',
  'timestamp',
  'version',
  'app_auth_token',
  'app_cert_sn',
  'alipay_root_cert_sn',
]

export function form(gateway: string, signed: URLSearchParams): Request {
  const { url, rest } = apart(gateway, signed)
  return {
    url,
    body: rest.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8', accept: 'application/json' },
  }
}

export interface Part {
  readonly name: string
  readonly picture: Picture
  readonly boundary: string
}

/** The picture itself is not signed. Its file name is ours and plain. */
export function multipart(gateway: string, signed: URLSearchParams, { name, picture, boundary }: Part): Request {
  const { url, rest } = apart(gateway, signed)
  const filename = `picture.${picture.type.slice('image/'.length)}`
  const fields = [...rest].map(
    ([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  )
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${picture.type}\r\n\r\n`
  return {
    url,
    body: Buffer.concat([Buffer.from(fields.join('') + head), picture.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, accept: 'application/json' },
  }
}

function apart(gateway: string, signed: URLSearchParams): { readonly url: string; readonly rest: URLSearchParams } {
  const url = new URL(gateway)
  const rest = new URLSearchParams()
  for (const [name, value] of signed) (common.includes(name) ? url.searchParams : rest).set(name, value)
  return { url: url.href, rest }
}
