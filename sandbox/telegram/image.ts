export interface Measured {
  readonly mime: 'image/png' | 'image/jpeg' | 'image/gif'
  readonly width: number
  readonly height: number
}

/** Type and size by the first bytes, or undefined when it is no picture. */
export function measure(bytes: Buffer): Measured | undefined {
  const head = bytes.subarray(0, 8).toString('hex')
  if (head === '89504e470d0a1a0a' && bytes.length >= 24)
    return { mime: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  if (/^47494638(37|39)61/.test(head) && bytes.length >= 10)
    return { mime: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  return head.startsWith('ffd8ff') ? measureJpeg(bytes) : undefined
}

// The size stands in the first start-of-frame segment.
function measureJpeg(bytes: Buffer): Measured | undefined {
  let at = 2
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { mime: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}
