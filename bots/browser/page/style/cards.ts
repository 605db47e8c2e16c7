/** Cards, and the question below one. */
export const cards = `
.card {
  --bar: var(--calm); --pill: var(--wash); --pill-ink: var(--soft);
  position: relative; overflow: hidden; width: 560px; max-width: 100%; padding: 14px 18px 16px 22px; border-radius: 14px;
  background: var(--surface); box-shadow: var(--shadow); border: 1px solid var(--line);
}
.card::before { content: ""; position: absolute; inset: 0 auto 0 0; width: 4px; background: var(--bar); }
.tone-urgent { --bar: var(--urgent); --pill: var(--urgent-wash); --pill-ink: var(--urgent-ink); }
.tone-late, .card.over { --bar: var(--late); --pill: var(--late-wash); --pill-ink: var(--late-ink); }
.tone-settled { --bar: var(--settled); --pill: var(--settled-wash); --pill-ink: var(--settled-ink); }
.card-head { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 6px 12px; }
.card h3 { flex: 1 1 14em; min-width: 0; font-size: 16px; line-height: 1.5; font-weight: 700; overflow-wrap: anywhere; text-wrap: pretty; }
.pills { display: flex; flex-wrap: wrap; gap: 6px; padding-top: 1px; }
.pill {
  display: inline-flex; align-items: center; gap: 4px; padding: 1px 9px; border-radius: 12px; background: var(--pill); color: var(--pill-ink);
  font-size: 12px; font-weight: 500; line-height: 20px; white-space: nowrap; font-variant-numeric: tabular-nums;
}
.pill .icon { font-size: 11px; }
.tone-late.over .pill:not(.due) { display: none; }

.lines { display: grid; grid-template-columns: fit-content(8em) minmax(0, 1fr); gap: 3px 18px; margin-top: 10px; font-size: 14px; }
.line { display: contents; }
.line dt { color: var(--faint); overflow-wrap: anywhere; }
.line dd { overflow-wrap: anywhere; white-space: pre-wrap; }
.card blockquote {
  position: relative; margin-top: 12px; padding: 10px 14px 10px 34px; border-radius: 10px; background: var(--wash); font-size: 14px; line-height: 1.7;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.card blockquote::before { content: "“"; position: absolute; left: 12px; top: 6px; color: var(--line-strong); font: 700 30px/1 Georgia, "Times New Roman", serif; }
.note { margin-top: 12px; font-size: 13px; color: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
.tone-late .note { color: var(--late-ink); }
.tone-urgent .note { color: var(--urgent-ink); }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 14px; }
.page-link { display: inline-block; margin-top: 10px; padding: 2px 0; color: var(--accent); font-size: 13px; text-decoration: none; }
.page-link:hover { text-decoration: underline; }

.ask {
  position: relative; width: 560px; max-width: 100%; padding: 12px 14px; border-radius: 14px; background: var(--surface);
  border: 1px solid color-mix(in srgb, var(--accent) 45%, var(--line)); box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 11%, transparent);
  animation: arrive .2s ease-out;
}
.prompt { font-size: 14px; font-weight: 700; white-space: pre-wrap; overflow-wrap: anywhere; }
.chips { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
.chip {
  max-width: 100%; padding: 3px 12px; border-radius: 14px; border: 1px solid var(--line-strong); background: var(--surface); color: var(--soft);
  font-size: 13px; line-height: 1.6; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.chip:hover { border-color: var(--accent); color: var(--accent); background: var(--accent-wash); }
.offers { align-items: center; }
.offers small { color: var(--soft); }
.ask textarea {
  display: block; width: 100%; min-height: 66px; margin-top: 10px; padding: 8px 12px; border-radius: 10px; border: 1px solid var(--line-strong); background: var(--ground);
  resize: none; line-height: 1.6; outline: none;
}
.ask textarea:focus { border-color: var(--accent); }
.ask-row { display: flex; align-items: center; gap: 8px; margin-top: 10px; }
@media (max-width: 779px) {
  .card { width: 100%; padding: 12px 14px 14px 18px; }
  .ask { width: 100%; }
  .buttons { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); }
  .buttons .button { min-height: 42px; padding-inline: 8px; }
  .ask textarea { font-size: 16px; }
  .ask-row .button { min-height: 40px; }
}
`
