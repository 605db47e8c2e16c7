import { crc32, deflateSync } from 'node:zlib'

export type Colour = readonly [red: number, green: number, blue: number]

/** A small RGB picture to draw on. */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
}

export function canvas(width: number, height: number, colour: Colour): Canvas {
  const made = { width, height, pixels: Buffer.alloc(width * height * 3) }
  polygon(made, colour, [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ])
  return made
}

/** Fills a polygon by the even-odd rule, scanline by scanline. */
export function polygon(on: Canvas, colour: Colour, points: readonly (readonly [number, number])[]): void {
  for (let y = 0; y < on.height; y++) {
    const crossings: number[] = []
    points.forEach(([x1, y1], index) => {
      const [x2, y2] = points[(index + 1) % points.length] ?? [x1, y1]
      if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1))
    })
    crossings.sort((a, b) => a - b)
    for (let i = 0; i + 1 < crossings.length; i += 2) row(on, colour, y, crossings[i] ?? 0, crossings[i + 1] ?? 0)
  }
}

function row(on: Canvas, colour: Colour, y: number, from: number, to: number): void {
  const last = Math.min(on.width, Math.round(to))
  for (let x = Math.max(0, Math.round(from)); x < last; x++) on.pixels.set(colour, (y * on.width + x) * 3)
}

/** PNG, 8-bit RGB, no filter (ISO/IEC 15948). */
export function png({ width, height, pixels }: Canvas): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.of(0), pixels.subarray(y * width * 3, (y + 1) * width * 3)]),
  )
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}
