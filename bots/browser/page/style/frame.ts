/** The frame of the page: rail, chat, panes; what lies over it. */
export const frame = `
.app { height: 100vh; height: 100dvh; display: grid; grid-template: minmax(0, 1fr) / 236px minmax(0, 1fr); }
.app.has-panes { grid-template-columns: 236px minmax(0, 1fr) var(--panes, min(400px, 34vw)); }
.chat { position: relative; display: flex; flex-direction: column; min-width: 0; min-height: 0; background: var(--ground); }

.rail { display: flex; flex-direction: column; min-height: 0; overflow-y: auto; padding: 0 10px 12px; background: var(--surface); border-right: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: 10px; height: 60px; flex: none; padding: 0 8px; font-size: 17px; letter-spacing: .01em; }
.brand img { width: 28px; height: 28px; }
.rail h2 { padding: 14px 8px 6px; font-size: 12px; font-weight: 500; color: var(--faint); }
.row {
  display: flex; align-items: center; gap: 10px; width: 100%; min-height: 48px; padding: 5px 8px; border-radius: 10px; text-align: left;
  transition: background .15s;
}
.row:hover { background: var(--wash); }
.row.on { background: var(--accent-wash); }
.row-name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 14px; }
.row.on .row-name { font-weight: 600; }
.row-name small { margin-left: 6px; font-weight: 400; font-size: 12px; color: var(--faint); }
.row > .icon { color: var(--accent); }
.row.on .avatar.group { background: var(--surface); }
.row .avatar { width: 34px; height: 34px; border-radius: 9px; }
.people { border-top: 1px solid var(--line); margin-top: 14px; }
.people .row { min-height: 44px; }
.count { min-width: 18px; height: 18px; padding: 0 5px; border-radius: 9px; background: #e0393e; color: #fff; font-size: 11px; font-weight: 600; line-height: 18px; text-align: center; }
.tool .count { position: absolute; top: 0; right: -2px; }
.shade { display: none; }

.head { display: flex; align-items: center; gap: 12px; height: 60px; flex: none; padding: 0 20px; background: var(--surface); border-bottom: 1px solid var(--line); }
.head-words { flex: 1; min-width: 0; }
.head h1 { font-size: 16px; line-height: 1.35; font-weight: 700; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.head p { font-size: 12px; line-height: 1.4; color: var(--faint); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.burger { display: none; }
.language { display: inline-flex; padding: 2px; border-radius: 9px; background: var(--wash); font-size: 12px; color: var(--faint); }
.language span { min-width: 28px; padding: 4px 6px; border-radius: 7px; text-align: center; line-height: 1.4; }
.language .on { background: var(--surface); color: var(--ink); box-shadow: 0 1px 2px rgb(0 0 0 / 12%); font-weight: 600; }
.bar { padding: 7px 16px; background: var(--urgent-wash); color: var(--urgent-ink); font-size: 13px; text-align: center; }
.bar.lasting { background: var(--late-wash); color: var(--late-ink); }

.panes { position: relative; display: flex; flex-direction: column; min-width: 0; background: var(--surface); border-left: 1px solid var(--line); }
.pane-tabs { display: flex; align-items: center; gap: 4px; height: 60px; flex: none; padding: 0 12px; border-bottom: 1px solid var(--line); overflow-x: auto; }
.pane-tabs [role="tab"] { padding: 6px 12px; border-radius: 9px; color: var(--soft); font-size: 14px; white-space: nowrap; }
.pane-tabs [role="tab"]:hover { background: var(--wash); }
.pane-tabs .on { background: var(--accent-wash); color: var(--accent); font-weight: 600; }
.panes iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: #fff; }
.handle { position: absolute; z-index: 3; left: -5px; top: 0; bottom: 0; width: 9px; cursor: col-resize; touch-action: none; }
.handle:hover::after, .resizing .handle::after, .handle:focus-visible::after { content: ""; position: absolute; inset: 0 3px; background: var(--accent); opacity: .5; }
.resizing { user-select: none; cursor: col-resize; }
.resizing iframe { pointer-events: none; }
.tabs { display: none; }

.toast {
  position: fixed; z-index: 60; max-width: min(420px, calc(100vw - 24px)); padding: 8px 14px; border-radius: 10px; background: var(--toast); color: var(--toast-ink);
  font-size: 14px; line-height: 1.5; box-shadow: var(--high); pointer-events: none; overflow-wrap: anywhere; animation: rise .18s ease-out; transition: opacity .25s;
}
.toast.leaving { opacity: 0; }
@keyframes rise { from { opacity: 0; transform: translateY(6px); } }
dialog { border: 0; padding: 0; color: inherit; }
dialog::backdrop { background: rgb(12 18 26 / 46%); }
.alert[open] {
  display: flex; align-items: flex-start; gap: 14px; width: min(420px, calc(100vw - 32px)); margin: 14vh auto auto; padding: 20px; border-radius: 16px;
  background: var(--surface); box-shadow: var(--high); flex-wrap: wrap; animation: rise .18s ease-out;
}
.alert-mark { display: grid; place-items: center; width: 38px; height: 38px; border-radius: 50%; background: var(--urgent-wash); color: var(--urgent-ink); font-size: 17px; }
.alert-words { flex: 1; min-width: 0; }
.alert-words p { margin-top: 2px; color: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
.alert .button { flex: 1 0 100%; min-height: 42px; }
.lightbox[open] { display: grid; place-items: center; width: 100vw; height: 100dvh; max-width: none; max-height: none; background: none; overflow: hidden; }
.lightbox::backdrop { background: rgb(8 12 18 / 88%); }
.lightbox img { max-width: min(94vw, 1100px); max-height: 86dvh; border-radius: 8px; object-fit: contain; background: #fff; }
.box-button { position: absolute; display: grid; place-items: center; width: 44px; height: 44px; border-radius: 50%; background: rgb(255 255 255 / 14%); color: #fff; font-size: 19px; }
.box-button:hover { background: rgb(255 255 255 / 26%); }
.box-close { top: 16px; right: 16px; } .box-left { left: 16px; } .box-right { right: 16px; }
.box-count { position: absolute; bottom: 18px; color: #fff; font-size: 14px; font-variant-numeric: tabular-nums; }

@media (max-width: 1079px) {
  .app, .app.has-panes { grid-template-columns: minmax(0, 1fr); }
  .app.has-panes { grid-template-columns: minmax(0, 1fr) var(--panes, min(380px, 42vw)); }
  .rail { position: fixed; z-index: 40; inset: 0 auto 0 0; width: min(300px, 84vw); border: 0; visibility: hidden; transform: translateX(-102%); transition: transform .22s ease, visibility 0s .22s; box-shadow: var(--high); }
  .rail-open .rail { visibility: visible; transform: none; transition: transform .22s ease; }
  .rail-open .shade { display: block; position: fixed; z-index: 39; inset: 0; background: rgb(12 18 26 / 40%); }
  .burger { display: inline-grid; margin-left: -8px; }
}
@media (max-width: 779px) {
  .app.has-panes { grid-template: minmax(0, 1fr) auto / minmax(0, 1fr); }
  .has-panes:not(.pane-open) .panes, .has-panes.pane-open .chat { display: none; }
  .head { height: 54px; padding: 0 12px; gap: 8px; }
  .handle, .pane-tabs [role="tab"]:not(.on) { display: none; }
  .panes { border: 0; }
  .pane-tabs { height: 54px; }
  .tabs { display: flex; background: var(--surface); border-top: 1px solid var(--line); padding-bottom: env(safe-area-inset-bottom); }
  .tabs button { flex: 1; display: flex; flex-direction: column; align-items: center; gap: 1px; min-width: 0; padding: 6px 4px; color: var(--faint); font-size: 11px; line-height: 1.4; }
  .tabs .icon { font-size: 16px; }
  .tabs span { max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .tabs .on { color: var(--accent); }
}
`
