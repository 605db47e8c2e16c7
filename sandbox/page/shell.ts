import { html, type Markup } from '../html.ts'

export type Lang = 'zh' | 'en'

/** A page of a played chat: its head, the line on top, where a word at the moment appears, its script. */
export function shell(of: { lang: Lang; title: string; other: string; top: Markup; body: Markup }): string {
  const { lang, title, other, top, body } = of
  return html`<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox/page.css">
</head>
<body data-lang="${lang}">
<header>
<h1>${title}</h1>
${top}
<a href="/sandbox/?lang=${lang === 'zh' ? 'en' : 'zh'}">${other}</a>
</header>
${body}
<p id="toast" role="status"></p>
<script src="/sandbox/page.js"></script>
</body>
</html>`.markup
}
