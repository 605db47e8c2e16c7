const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

export const front = ({ title, language }: { title: string; language: string }): string => `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/page/style.css">
<script type="module" src="/page/main.js"></script>
</head>
<body>
<div id="app" class="app">
<aside id="rail" class="rail"></aside>
<main class="chat" id="chat">
<header id="head" class="head"></header>
<div id="bar" class="bar" role="status" hidden></div>
<div id="stream" class="stream" role="log" aria-live="polite" tabindex="0"></div>
<div id="write" class="write"></div>
</main>
<section id="panes" class="panes" hidden></section>
<nav id="tabs" class="tabs" hidden></nav>
</div>
</body>
</html>
`
