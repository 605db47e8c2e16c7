import { lengthOf } from '../actions/gate.ts'
import type { Action } from '../complaints/action.ts'
import type { Complaint, Takes } from '../complaints/complaint.ts'
import { picturesSize } from '../storage/pictures.ts'
import type { Plan } from './card.ts'
import type { Answer } from './chat.ts'
import { type Context, say } from './context.ts'
import type { Intent } from './intent.ts'
import { drop, forOneself, noteOf } from './own-card.ts'
import type { Staged } from './stage.ts'

interface Previewed {
  readonly action: Action
  /** What it is, before its words. */
  readonly lines: Plan['lines']
  readonly text: string
  readonly staged: Staged
  readonly takes: Takes | undefined
  /** What leads to words of one's own. */
  readonly more?: Intent | undefined
}

/** What would go to the platform, checked against what it takes, with one button that sends it and one that throws it away. */
export async function previewCard(context: Context, complaint: Complaint, previewed: Previewed): Promise<Answer> {
  const { action, lines, text, staged, takes, more } = previewed
  const count = staged.pictures.length
  return forOneself(context, complaint, {
    title: say(context, 'preview.title', { n: complaint.running }),
    tone: 'calm',
    lines: [
      ...lines,
      { label: say(context, 'preview.text'), text: text || say(context, 'preview.none') },
      {
        label: say(context, 'preview.pictures'),
        text: say(context, 'preview.count', { count, most: takes?.pictures?.max ?? 0 }),
      },
    ],
    ...noteOf([
      checkedText(context, text, takes),
      await checkedPictures(context, staged, takes),
      ...staged.problems,
      takes?.once && say(context, 'preview.once'),
    ]),
    buttons: [
      { label: say(context, 'button.send'), intent: { do: 'send', action }, weight: 'main' },
      ...(more ? [{ label: say(context, 'button.words'), intent: more, weight: 'plain' } as const] : []),
      drop(context),
    ],
  })
}

function checkedText(context: Context, text: string, takes: Takes = {}): string | undefined {
  if (!takes.text) return undefined
  if (!text) return say(context, 'preview.check.no-text')
  const is = lengthOf(text, takes.text.unit)
  return say(context, 'preview.check.text', { is, most: takes.text.max })
}

async function checkedPictures(context: Context, staged: Staged, takes: Takes = {}): Promise<string | undefined> {
  if (!takes.pictures) return undefined
  const count = staged.pictures.length
  if (count === 0) return say(context, 'preview.check.no-pictures')
  const size = sizeText(await picturesSize(context.parts.storage.reads, staged.pictures))
  return say(context, 'preview.check.pictures', { count, most: takes.pictures.max, size })
}

const sizeText = (bytes: number): string =>
  bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`
