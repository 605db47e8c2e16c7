/** Messages. */
export const posts = `
.stream { position: relative; flex: 1; min-height: 0; overflow: hidden auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--line-strong) transparent; }
.list { display: flex; flex-direction: column; max-width: 760px; min-height: 100%; margin: 0 auto; padding: 18px 20px 22px; }
.day { align-self: center; margin: 14px 0 10px; font-size: 12px; color: var(--faint); font-variant-numeric: tabular-nums; }
.day:first-child { margin-top: 0; }
.empty { display: flex; flex-direction: column; align-items: center; gap: 6px; margin: auto; padding: 40px 24px; text-align: center; color: var(--soft); }
.empty img { width: 52px; height: 52px; margin-bottom: 8px; }
.empty strong { color: var(--ink); }
.empty p { max-width: 26em; font-size: 14px; }

.post { position: relative; display: flex; align-items: flex-start; gap: 10px; margin-top: 16px; border-radius: 14px; }
.post.joined { margin-top: 6px; }
.machine.joined { margin-top: 10px; }
.day + .post { margin-top: 0; }
.avatar-gap { flex: none; width: 38px; }
.post-body { position: relative; display: flex; flex-direction: column; align-items: flex-start; gap: 6px; min-width: 0; max-width: calc(100% - 96px); }
.post.machine .post-body { max-width: calc(100% - 60px); }
.mine { flex-direction: row-reverse; }
.mine .post-body { align-items: flex-end; }
.meta { display: flex; align-items: center; gap: 7px; font-size: 12px; line-height: 1.5; color: var(--faint); }
.mine .meta .name { display: none; }
.meta time { font-variant-numeric: tabular-nums; }
.badge { padding: 0 6px; border-radius: 5px; background: var(--accent-wash); color: var(--accent); font-size: 11px; line-height: 17px; }
.only { display: inline-flex; align-items: center; gap: 4px; font-size: 12px; line-height: 1.5; color: var(--faint); }
.only .icon { font-size: 12px; }

.bubble {
  max-width: 100%; padding: 8px 13px; border-radius: 4px 13px 13px; background: var(--surface); box-shadow: 0 1px 2px rgb(24 33 45 / 6%);
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.bubble a { color: var(--accent); }
.mine .bubble { border-radius: 13px 4px 13px 13px; background: var(--mine); box-shadow: none; }
.joined .bubble { border-radius: 13px; }
.about {
  display: flex; align-items: center; gap: 5px; max-width: min(100%, 420px); padding: 2px 9px; border-left: 2px solid var(--line-strong);
  color: var(--faint); font-size: 12px; line-height: 1.6; text-align: left;
}
.about:hover { color: var(--accent); }
.about span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.about .icon { font-size: 11px; }

.reply {
  position: absolute; top: 20px; right: -36px; display: grid; place-items: center; width: 30px; height: 30px; border-radius: 8px;
  color: var(--faint); font-size: 14px; opacity: 0; transition: opacity .12s, background .12s;
}
.joined .reply { top: 2px; }
.mine .reply { right: auto; left: -36px; }
.post:hover .reply, .reply:focus-visible { opacity: 1; }
.reply:hover { background: var(--surface); color: var(--accent); }
@media (hover: none) { .reply { opacity: .75; } }

.pictures { display: flex; flex-wrap: wrap; gap: 6px; max-width: 420px; }
.mine .pictures { justify-content: flex-end; }
.thumb { overflow: hidden; width: 104px; height: 104px; border-radius: 10px; background: var(--wash); border: 1px solid var(--line); cursor: zoom-in; }
.thumb img { display: block; width: 100%; height: 100%; object-fit: cover; transition: transform .2s; }
.thumb:hover img { transform: scale(1.04); }
.single .thumb { width: auto; height: auto; max-width: 240px; }
.single .thumb img { max-width: 240px; max-height: 220px; min-width: 80px; min-height: 60px; width: auto; height: auto; object-fit: cover; }

.arriving { animation: arrive .24s ease-out; }
@keyframes arrive { from { opacity: 0; transform: translateY(10px); } }
.changed .card { animation: glow 1.2s ease-out; }
@keyframes glow { from { box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 30%, transparent); } }
.found { animation: found 1.6s ease-out; }
@keyframes found { 20%, 60% { background: var(--accent-wash); box-shadow: 0 0 0 8px var(--accent-wash); } }
.more {
  position: absolute; z-index: 5; left: 50%; bottom: 96px; display: flex; align-items: center; gap: 6px; padding: 6px 14px; border-radius: 18px; transform: translateX(-50%);
  background: var(--surface); color: var(--accent); font-size: 13px; box-shadow: var(--high);
}
@media (max-width: 779px) {
  .list { padding: 14px 12px 18px; }
  .post { gap: 8px; }
  .post > .avatar, .avatar-gap { width: 32px; }
  .post > .avatar { height: 32px; border-radius: 9px; font-size: 12px; }
  .post-body { max-width: calc(100% - 84px); }
  .machine > .avatar { position: absolute; top: 0; left: 0; width: 24px; height: 24px; border-radius: 7px; }
  .machine > .avatar-gap { display: none; }
  .post.machine .post-body { width: 100%; max-width: 100%; }
  .machine .meta { height: 24px; padding-left: 32px; }
  .machine .reply { top: -3px; right: 0; }
  .machine.joined .reply, .mine .reply { display: none; }
}
`
