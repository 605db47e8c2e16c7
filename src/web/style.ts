/** The whole look: phone first, light and dark. */
export const style = `
:root { color-scheme: light dark; --ground: #f3f5f8; --surface: #fff; --wash: #f5f7fa; --line: #e1e6ec; --edge: #cbd3dd; --ink: #17202b; --soft: #53606f; --faint: #6a7684;
  --accent: #2257d6; --accent-wash: #e8effe; --on-accent: #fff; --danger: #c02b33; --danger-wash: #fdeced; --on-danger: #fff;
  --tone: #5c7ba8; --tone-wash: #e9eff8; --tone-ink: #2b4a78; --good: #237a49; --good-wash: #e7f4ec; --shadow: 0 1px 2px rgb(23 32 43 / 5%), 0 6px 20px rgb(23 32 43 / 5%) }
@media (prefers-color-scheme: dark) { :root { --ground: #11161c; --surface: #1a2129; --wash: #222b35; --line: #2b3540; --edge: #43505e; --ink: #e8edf3; --soft: #aab5c2; --faint: #929eac;
  --accent: #7aa5ff; --accent-wash: #1f2f50; --on-accent: #0a1424; --danger: #ff8d92; --danger-wash: #41191d; --on-danger: #2a0709;
  --tone: #7d97bd; --tone-wash: #222f42; --tone-ink: #c0d2ef; --good: #7fd0a0; --good-wash: #16301f; --shadow: none } }
.urgent { --tone: #e0971a; --tone-wash: #fff2d9; --tone-ink: #865000 }
.late { --tone: #d5383f; --tone-wash: #fde9ea; --tone-ink: #a91f27 }
.settled { --tone: #5fa27b; --tone-wash: #e7f3ec; --tone-ink: #2b6a44 }
@media (prefers-color-scheme: dark) { .urgent { --tone-wash: #3a2d12; --tone-ink: #f5c66f } .late { --tone-wash: #44191c; --tone-ink: #ffa0a4 } .settled { --tone-wash: #17311f; --tone-ink: #93d4ac } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 -apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif; -webkit-text-size-adjust: 100%; overflow-wrap: anywhere }
h1, h2, h3, p, dl, dd, ol, ul, figure, blockquote, fieldset { margin: 0; padding: 0; border: 0 }
ol, ul { list-style: none }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px }
header, main, footer { max-width: 1060px; margin: 0 auto; padding: 0 16px }
header { padding-top: 20px }
.tenant { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; color: var(--faint); font-size: 13px }
h1 { margin-top: 6px; font-size: 23px; line-height: 1.35; font-weight: 700; letter-spacing: -.01em; text-wrap: pretty }
h1 b { color: var(--tone-ink); font-variant-numeric: tabular-nums }
.state { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-top: 10px }
.pill { padding: 3px 12px; border-radius: 99px; background: var(--tone-wash); color: var(--tone-ink); font-size: 14px; font-weight: 600 }
.pill.plain { background: none; box-shadow: inset 0 0 0 1px var(--edge); color: var(--soft); font-weight: 500 }
.due { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 14px; margin-top: 16px; padding: 14px 18px; border-radius: 14px; background: var(--tone-wash); color: var(--tone-ink) }
.due strong { font-size: 24px; line-height: 1.3; font-variant-numeric: tabular-nums }
.due span { font-size: 14px }
main { display: grid; gap: 14px; padding-top: 16px; padding-bottom: 28px }
main > div { display: grid; gap: 14px; align-content: start; min-width: 0 }
section { min-width: 0; padding: 18px; border-radius: 16px; background: var(--surface); border: 1px solid var(--line); box-shadow: var(--shadow) }
h2 { margin-bottom: 12px; color: var(--soft); font-size: 14px; font-weight: 600 }
h3 { font-size: 17px; line-height: 1.45 }
.said { padding: 12px 18px; border-radius: 14px; background: var(--good-wash); color: var(--good); font-weight: 500; white-space: pre-wrap }
.said.alert { background: var(--danger-wash); color: var(--danger) }
dl { display: grid; grid-template-columns: minmax(4.5em, max-content) minmax(0, 1fr); gap: 7px 18px; font-size: 15px }
dt { color: var(--faint); max-width: 9em }
dd { white-space: pre-wrap }
blockquote { padding: 12px 16px; border-left: 3px solid var(--tone); border-radius: 0 10px 10px 0; background: var(--wash); white-space: pre-wrap }
blockquote + dl, .note, dl + blockquote { margin-top: 14px }
.note { padding-top: 12px; border-top: 1px solid var(--line); color: var(--soft); font-size: 14px; white-space: pre-wrap }
.buttons { display: flex; flex-wrap: wrap; gap: 10px }
.buttons form { flex: 1 1 auto; display: grid }
button, .choose { min-height: 46px; padding: 9px 18px; border: 1px solid var(--edge); border-radius: 12px; background: var(--surface); color: var(--ink); font: inherit; font-weight: 600; line-height: 1.4; cursor: pointer }
button:hover, .choose:hover { border-color: var(--accent) }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }
button.danger { border-color: var(--danger); color: var(--danger); background: var(--surface) }
.step button.danger { background: var(--danger); color: var(--on-danger) }
button:disabled { opacity: .55; cursor: default }
button.chip { min-height: 36px; padding: 5px 14px; border-radius: 18px; font-size: 14px; font-weight: 500; text-align: left; color: var(--soft) }
.chips { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 10px 0 }
.chips small { color: var(--faint) }
.step { border-color: var(--accent); box-shadow: 0 0 0 3px var(--accent-wash) }
.step > * + * { margin-top: 14px }
textarea { display: block; width: 100%; min-height: 108px; padding: 11px 14px; border: 1px solid var(--edge); border-radius: 12px; background: var(--wash); color: var(--ink); font: inherit; resize: vertical }
textarea.low { min-height: 54px }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 10px; margin-top: 12px }
.choose { position: relative; display: inline-grid; place-items: center; font-weight: 500 }
.choose input { position: absolute; inset: 0; width: 100%; opacity: 0; cursor: pointer }
.choose:focus-within { outline: 2px solid var(--accent); outline-offset: 2px }
#cancel, .chosen:empty { display: none }
.chosen, .hint { color: var(--faint); font-size: 14px }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); gap: 8px }
.pictures a { display: block; border-radius: 10px; overflow: hidden; background: var(--wash); border: 1px solid var(--line) }
.pictures img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover }
.story li { position: relative; padding: 0 0 18px 24px }
.story li:last-child { padding-bottom: 0 }
.story li::before { content: ""; position: absolute; left: 3px; top: 8px; width: 9px; height: 9px; border-radius: 50%; background: var(--edge) }
.story li::after { content: ""; position: absolute; left: 7px; top: 21px; bottom: -4px; width: 1px; background: var(--line) }
.story li:last-child::after { display: none }
.story .user::before { background: #e0971a }
.story .us::before, .story .merchant::before { background: var(--accent) }
.story time { color: var(--faint); font-size: 13px; font-variant-numeric: tabular-nums }
.story .who { display: inline-block; margin-left: 8px; font-size: 13px; font-weight: 600; color: var(--soft) }
.story p { white-space: pre-wrap }
.story .who::first-letter, .story .us p::first-letter { text-transform: uppercase }
.story .pictures { margin-top: 8px; max-width: 420px }
footer { padding-bottom: 36px; color: var(--faint); font-size: 13px }
.alone { min-height: 100vh; display: grid; place-items: center; padding: 24px 0 }
.alone main { display: block; width: 100%; max-width: 480px; padding: 0 16px }
.alone section { padding: 32px 24px }
.alone h1 { margin: 0 }
.alone h1 small { display: block; margin-top: 4px; color: var(--soft); font-size: 16px; font-weight: 600; letter-spacing: 0 }
.alone p { margin-top: 12px; color: var(--soft) }
.alone p[lang=en] { font-size: 15px; color: var(--faint) }
.alone button { width: 100%; margin-top: 24px }
.alone .mark { width: 44px; height: 44px; margin-bottom: 14px; border-radius: 13px; display: grid; place-items: center; background: var(--accent-wash); color: var(--accent); font-size: 22px; font-weight: 700 }
@media (min-width: 880px) { main.two { grid-template-columns: minmax(0, 1fr) 380px; gap: 18px } main.two > .said { grid-column: 1 / -1 } header { padding-top: 32px } h1 { font-size: 28px } .pictures { grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)) } section { padding: 22px } .beside { position: sticky; top: 18px } }
@media (max-width: 879px) { main.two > div { display: contents } .said { order: -3 } .step { order: -2 } .moves { order: -1 } .last { order: 1 } }
`
