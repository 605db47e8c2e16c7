/** The place to write, photos on their way, commands that fit. */
export const compose = `
.write { position: relative; flex: none; padding: 8px 20px 16px; background: var(--ground); }
.write form {
  max-width: 720px; margin: 0 auto; border-radius: 16px; background: var(--surface); border: 1px solid var(--line-strong); box-shadow: var(--shadow);
  transition: border-color .15s, box-shadow .15s;
}
.write form:focus-within { border-color: var(--accent); box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 12%, transparent); }
.write-row { display: flex; align-items: flex-end; gap: 4px; padding: 7px; }
.speaker { display: grid; place-items: center; width: 36px; height: 36px; border-radius: 9px; flex: none; }
.write textarea {
  flex: 1; min-width: 0; height: 36px; max-height: 160px; padding: 6px 6px; border: 0; background: none; resize: none; outline: none; line-height: 24px;
}
textarea::placeholder { color: var(--faint); opacity: 1; }
.send { display: grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 10px; background: var(--accent); color: var(--on-accent); font-size: 16px; transition: background .15s; }
.send:hover:not(:disabled) { background: var(--accent-deep); }
.send:disabled { background: var(--wash); color: var(--faint); }
.replying { display: flex; align-items: center; gap: 8px; padding: 8px 10px 0 14px; font-size: 13px; color: var(--soft); }
.replying span { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.replying b { color: var(--ink); font-weight: 600; margin-right: 4px; }
.replying button { display: grid; place-items: center; width: 26px; height: 26px; border-radius: 7px; }
.replying button:hover { background: var(--wash); }

.staged { display: flex; flex-wrap: wrap; gap: 8px; padding: 10px 12px 2px; }
.ask .staged { padding: 10px 0 0; }
.stage { position: relative; width: 64px; height: 64px; border-radius: 10px; background: var(--wash); border: 1px solid var(--line); color: var(--faint); }
.stage img { width: 100%; height: 100%; object-fit: cover; border-radius: inherit; display: block; }
.stage button {
  position: absolute; top: -7px; right: -7px; display: grid; place-items: center; width: 22px; height: 22px; border-radius: 50%;
  background: var(--toast); color: var(--toast-ink); font-size: 11px;
}
.dropping::after {
  content: attr(data-drop); position: absolute; z-index: 20; inset: 10px; display: grid; place-items: center; border-radius: 16px; pointer-events: none;
  border: 2px dashed var(--accent); background: color-mix(in srgb, var(--accent-wash) 92%, transparent); color: var(--accent); font-weight: 600;
}
.ask.dropping::after { inset: 0; }

.hints {
  position: absolute; z-index: 10; left: 20px; right: 20px; bottom: calc(100% - 2px); max-width: 720px; max-height: 292px; margin: 0 auto; padding: 6px; overflow-y: auto;
  list-style: none; border-radius: 14px; background: var(--surface); border: 1px solid var(--line); box-shadow: var(--high);
}
.hints li { display: flex; align-items: baseline; gap: 12px; padding: 7px 12px; border-radius: 9px; cursor: pointer; }
.hints li.on, .hints li:hover { background: var(--accent-wash); }
.hints b { font-weight: 600; white-space: nowrap; }
.hints span { min-width: 0; font-size: 13px; color: var(--faint); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
@media (max-width: 779px) {
  .write { padding: 4px 8px 8px; }
  .write textarea { font-size: 16px; }
  .hints { left: 8px; right: 8px; }
  .app:not(.has-panes) .write { padding-bottom: calc(8px + env(safe-area-inset-bottom)); }
}
`
