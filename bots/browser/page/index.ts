import type { RawReply } from '../../../src/core/http.ts'
import { front } from './front.ts'
import { icon } from './icon.ts'
import { ask } from './script/ask.ts'
import { card } from './script/card.ts'
import { dom } from './script/dom.ts'
import { entry } from './script/entry.ts'
import { hints } from './script/hints.ts'
import { main } from './script/main.ts'
import { overlay } from './script/overlay.ts'
import { panes } from './script/panes.ts'
import { rail } from './script/rail.ts'
import { staging } from './script/staging.ts'
import { store } from './script/store.ts'
import { stream } from './script/stream.ts'
import { time } from './script/time.ts'
import { wire } from './script/wire.ts'
import { write } from './script/write.ts'
import { base } from './style/base.ts'
import { cards } from './style/cards.ts'
import { compose } from './style/compose.ts'
import { frame } from './style/frame.ts'
import { posts } from './style/posts.ts'
import { words } from './words.ts'

const script = 'text/javascript; charset=utf-8'
const style = 'text/css; charset=utf-8'
const scripts = { ask, card, dom, entry, hints, main, overlay, panes, rail, staging, store, stream, time, wire, write }
const wordsScript = `export const words = ${JSON.stringify(words)}\n`

/** The page's files: native modules and sheets, held as text so that the build needs no copying and the tests no build. */
const files = new Map<string, readonly [type: string, body: string]>([
  ['/icon.svg', ['image/svg+xml', icon]],
  ['/page/style.css', [style, [base, frame, posts, cards, compose].join('\n')]],
  ['/page/words.js', [script, wordsScript]],
  ...Object.entries(scripts).map(([name, body]) => [`/page/${name}.js`, [script, body]] as const),
])

export function pageFile(path: string, facts: { title: string; language: string }): RawReply | undefined {
  const [type, body] = path === '/' ? ['text/html; charset=utf-8', front(facts)] : (files.get(path) ?? [])
  return type && body !== undefined ? { status: 200, headers: { 'content-type': type }, body } : undefined
}
