/** The few shapes of DER (X.690) that a certificate needs. */
function value(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body])
}

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.of(size)
  const bytes = Buffer.from(size.toString(16).padStart(size > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes])
}

export const sequence = (...parts: readonly Buffer[]): Buffer => value(0x30, ...parts)
export const set = (...parts: readonly Buffer[]): Buffer => value(0x31, ...parts)
export const tagged = (number: number, ...parts: readonly Buffer[]): Buffer => value(0xa0 | number, ...parts)
export const octets = (...parts: readonly Buffer[]): Buffer => value(0x04, ...parts)
export const bits = (body: Buffer, unused = 0): Buffer => value(0x03, Buffer.of(unused), body)
export const utf8 = (text: string): Buffer => value(0x0c, Buffer.from(text, 'utf8'))
export const nothing: Buffer = value(0x05)
export const truth: Buffer = value(0x01, Buffer.of(0xff))

/** A positive number, given big-endian. */
export function integer(bytes: Buffer): Buffer {
  const sign = (bytes[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0)
  return value(0x02, sign, bytes)
}

export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return value(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(number: number): number[] {
  const groups = [number & 0x7f]
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80)
  return groups
}

/** UTCTime to the end of 2049, GeneralizedTime from then on (RFC 5280). */
export function time(at: number): Buffer {
  const text = `${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return text < '2050' ? value(0x17, Buffer.from(text.slice(2))) : value(0x18, Buffer.from(text))
}
