import { type Canvas, type Colour, canvas, png, polygon } from './png.ts'

type Point = readonly [number, number]

const boards: readonly Colour[] = [
  [201, 155, 104],
  [214, 172, 122],
  [186, 139, 92],
]
const tapes: readonly Colour[] = [
  [233, 226, 205],
  [94, 156, 214],
  [226, 120, 96],
]
const walls: readonly Colour[] = [
  [226, 232, 236],
  [236, 231, 222],
  [222, 233, 226],
]

/** A customer's photo of a damaged parcel, made here: the same number always gives the same bytes. */
export function parcelPhoto(number: number): Buffer {
  const on = canvas(360, 270, pick(walls, number))
  polygon(on, shade(pick(walls, number), 0.86), box(0, 190, 360, 80))
  drawBox(on, pick(boards, number))
  drawTape(on, pick(tapes, number))
  drawLabel(on, number)
  const damage = [drawDent, drawTear, drawPuddle]
  damage[number % damage.length]?.(on)
  return png(on)
}

const pick = (colours: readonly Colour[], number: number): Colour => colours[number % colours.length] ?? [128, 128, 128]
const shade = ([r, g, b]: Colour, by: number): Colour => [Math.round(r * by), Math.round(g * by), Math.round(b * by)]
const box = (x: number, y: number, w: number, h: number): Point[] => [
  [x, y],
  [x + w, y],
  [x + w, y + h],
  [x, y + h],
]

function drawBox(on: Canvas, board: Colour) {
  polygon(
    on,
    [178, 184, 188],
    [
      [70, 226],
      [300, 226],
      [326, 238],
      [96, 238],
    ],
  )
  polygon(on, board, box(80, 100, 160, 126))
  polygon(on, shade(board, 1.12), [
    [80, 100],
    [120, 64],
    [284, 64],
    [240, 100],
  ])
  polygon(on, shade(board, 0.78), [
    [240, 100],
    [284, 64],
    [284, 190],
    [240, 226],
  ])
}

function drawTape(on: Canvas, tape: Colour) {
  polygon(on, tape, [
    [150, 100],
    [192, 64],
    [214, 64],
    [172, 100],
  ])
  polygon(on, shade(tape, 0.92), box(150, 100, 22, 44))
}

function drawLabel(on: Canvas, number: number) {
  polygon(on, [250, 250, 248], box(92, 158, 70, 52))
  for (let bar = 0; bar < 11; bar++) {
    polygon(on, [40, 40, 40], box(98 + bar * 5, 164, 1 + ((number + bar * 3) % 3), 18))
  }
  for (let line = 0; line < 3; line++) polygon(on, [170, 170, 170], box(98, 188 + line * 6, 54 - line * 12, 2))
}

function drawDent(on: Canvas) {
  polygon(
    on,
    [120, 84, 50],
    [
      [240, 100],
      [206, 112],
      [224, 136],
      [240, 150],
      [262, 128],
      [268, 96],
    ],
  )
  polygon(
    on,
    [84, 56, 32],
    [
      [238, 112],
      [220, 118],
      [236, 136],
      [254, 120],
    ],
  )
}

function drawTear(on: Canvas) {
  polygon(
    on,
    [60, 42, 28],
    [
      [178, 150],
      [196, 158],
      [206, 148],
      [214, 166],
      [230, 172],
      [208, 186],
      [196, 176],
      [186, 188],
    ],
  )
}

function drawPuddle(on: Canvas) {
  polygon(
    on,
    [134, 172, 196],
    [
      [96, 232],
      [150, 222],
      [250, 224],
      [318, 236],
      [290, 252],
      [170, 256],
    ],
  )
  polygon(
    on,
    [150, 112, 74],
    [
      [80, 206],
      [120, 192],
      [176, 204],
      [240, 190],
      [240, 226],
      [80, 226],
    ],
  )
}
