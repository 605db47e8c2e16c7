import { expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import type { CallEntry } from '../../sandbox/telegram/index.ts'
import { type TelegramWorld, world } from '../support/world.ts'

const storm = 40
const minute = 60_000

/** Everything that the group got from us, edits too, by its time; an album counts as many as it holds. */
const toGroup = (w: TelegramWorld): readonly number[] =>
  w.played.telegram
    .calls()
    .filter((call) => call.chat === w.played.group.chat && call.ran === 'yes' && /^(send|edit)/.test(call.method))
    .flatMap(({ at, messages }) => Array.from({ length: Math.max(1, messages.length) }, () => at))

const mostInAMinute = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + minute).length))

/** Calls to the group that came before the time was over that a 429 had named. */
function hurried(calls: readonly CallEntry[]): readonly CallEntry[] {
  let until = 0
  return calls.filter((call) => {
    const early = call.at < until
    if (call.code === 429) until = call.at + Number(/retry after (\d+)/.exec(call.description ?? '')?.[1] ?? 0) * 1000
    return early
  })
}

/** When each number could first be read in the group, milliseconds after its complaint. */
function visible(w: TelegramWorld, filed: readonly number[]): readonly (number | undefined)[] {
  const shown = w.played.group.messages({ deleted: true })
  return filed.map((at, index) => {
    const first = shown.find(({ text }) => new RegExp(`#${index + 1}(?!\\d)`).test(text))
    return first && first.at - at
  })
}

test('forty complaints in a minute: all are seen at last, and Telegram is never pressed', {
  timeout: 120_000,
}, async () => {
  const w = await world({ telegram: true })
  const filed: number[] = []
  for (let n = 0; n < storm; n++) {
    filed.push(w.clock.now())
    const photos = n % 4 === 0 ? [parcelPhoto(n), parcelPhoto(n + 1)] : []
    await w.complain({ text: `第 ${n + 1} 件`, photos })
    await w.pass(minute / storm, 750)
  }
  for (let turn = 0; turn < 240 && visible(w, filed).includes(undefined); turn++) await w.pass(4_000, 2_000)
  await w.pass(minute, 2_000)

  const times = visible(w, filed).map((ms) => (ms === undefined ? Number.NaN : Math.round(ms / 1000)))
  const sorted = [...times].sort((a, b) => a - b)
  const most = mostInAMinute(toGroup(w))
  console.info(
    `visible after s: median ${sorted[storm / 2]}, longest ${sorted.at(-1)}; most in a minute: ${most}; ${times.join(' ')}`,
  )
  const calls = w.played.telegram.calls().filter(({ chat }) => chat === w.played.group.chat)
  expect(times.filter(Number.isNaN)).toEqual([])
  expect(hurried(calls)).toEqual([])
  expect(most).toBeLessThanOrEqual(19)
})

test('who presses in a storm is answered at once', { timeout: 60_000 }, async () => {
  const w = await world({ telegram: true })
  for (let n = 0; n < 12; n++) await w.complain({ text: `第 ${n + 1} 件` })
  await w.pass(2_000, 1_000)
  const [shown] = w.played.group.messages().filter(({ buttons }) => buttons.length > 0)
  if (!shown) throw new Error('no card yet')
  const pressed = w.clock.now()
  const { id } = w.played.people.li.press(w.played.group, shown.id, '认领')
  await w.settle()
  expect(w.played.telegram.answerTo(id)).toMatchObject({ text: '#1 由你处理' })
  expect(w.clock.now() - pressed).toBeLessThan(1_000)
})
