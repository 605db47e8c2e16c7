import { createHash } from 'node:crypto'
import { canvas, png, polygon } from '../png.ts'
import { jsonReply, reply, type SandboxReply } from '../wire.ts'
import type { SceneCode } from './official.ts'

const side = 29
const square = 6

/** A picture that stands for a code: each ticket its own; no camera reads it, the page's buttons scan. */
export function pictureOf(code: SceneCode | undefined): SandboxReply {
  if (!code) return jsonReply({ error: 'not found' }, 404)
  const dots = createHash('shake256', { outputLength: side * side })
    .update(code.ticket)
    .digest()
  const on = canvas((side + 4) * square, (side + 4) * square, [255, 255, 255])
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++)
      if (dark(row, column, dots[row * side + column] ?? 0)) dot(row, column)
  return reply(200, 'image/png', png(on))

  function dot(row: number, column: number) {
    const [x, y] = [(column + 2) * square, (row + 2) * square]
    polygon(
      on,
      [0, 0, 0],
      [
        [x, y],
        [x + square, y],
        [x + square, y + square],
        [x, y + square],
      ],
    )
  }
}

/** Three corners as every such code has them, chance elsewhere. */
function dark(row: number, column: number, chance: number): boolean {
  const corner = [row, column].map((at) => (at < 8 ? at : at >= side - 8 ? side - 1 - at : -1))
  const [down = -1, across = -1] = corner
  const isCorner = down >= 0 && across >= 0 && !(row >= side - 8 && column >= side - 8)
  if (!isCorner) return chance < 128
  const ring = Math.max(Math.abs(down - 3), Math.abs(across - 3))
  return ring <= 1 || ring === 3
}
