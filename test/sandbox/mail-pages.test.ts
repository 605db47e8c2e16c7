import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { code, letter, openWorld, user, type World } from './mail-world.ts'

// How mails are read, and the page that shows them.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const transport = () =>
  createTransport({
    host: '127.0.0.1',
    port: w.smtps,
    secure: true,
    auth: { user, pass: code },
    tls: { ca: w.mail.certificate, servername: 'smtp.163.com' },
  })
const view = async (lang = 'zh') =>
  ((await (await w.get(`/sandbox/view?lang=${lang}`)).json()) as { html: string }).html

test('text, HTML, a picture in it, an attachment with a Chinese name, threading headers', async () => {
  const picture = Buffer.from('89504e470d0a1a0a', 'hex')
  const name = '投诉记录与很长很长很长很长很长很长很长很长很长很长的名字.csv'
  await transport().sendMail({
    from: { name: '青禾优选 投诉通知', address: user },
    to: [{ name: '老板', address: 'boss@example.com' }],
    subject: '【投诉】微信支付 尾号123456，这个主题长到要分成好几个编码词才写得下，还要再长一点',
    text: '您有一笔新投诉\r\n..开头有点的行\r\n请登录处理。',
    html: '<p style="color:#333">您有一笔<b>新</b>投诉</p><img src="cid:pic@x">',
    messageId: '<c.abc.7.created@163.com>',
    inReplyTo: '<c.abc.7@163.com>',
    references: ['<c.abc.7@163.com>', '<c.abc.7.before@163.com>'],
    attachments: [
      { filename: 'p.png', content: picture, cid: 'pic@x' },
      { filename: name, content: '单号,金额\r\n7,19.90', contentType: 'text/csv' },
    ],
  })
  expect(w.mail.mails()).toMatchObject([
    {
      subject: '【投诉】微信支付 尾号123456，这个主题长到要分成好几个编码词才写得下，还要再长一点',
      from: `青禾优选 投诉通知 <${user}>`,
      to: '老板 <boss@example.com>',
      messageId: '<c.abc.7.created@163.com>',
      inReplyTo: '<c.abc.7@163.com>',
      references: ['<c.abc.7@163.com>', '<c.abc.7.before@163.com>'],
      html: '<p style="color:#333">您有一笔<b>新</b>投诉</p><img src="cid:pic@x">',
    },
  ])
  const [mail] = w.mail.mails()
  expect(mail?.text?.replaceAll('\r', '').trimEnd()).toBe('您有一笔新投诉\n..开头有点的行\n请登录处理。')
  expect(mail?.attachments.map(({ name: its, type, disposition }) => [its, type, disposition])).toEqual([
    ['p.png', 'image/png', 'inline'],
    [name, 'text/csv', 'attachment'],
  ])
  expect(mail?.attachments[0]?.body).toEqual(picture)
  const shown = await w.get('/sandbox/mails/1/html')
  expect(await shown.text()).toContain(`<img src="data:image/png;base64,${picture.toString('base64')}">`)
})

// Literal mails: what other programs write.
test.each([
  ['=?gb2312?B?zbbL3w==?=', '投诉'],
  ['=?utf-8?q?=E6=8A=95=E8=AF=89_1?=', '投诉 1'],
  ['=?UTF-8?B?5oqV6A==?= =?UTF-8?B?r4k=?= tail', '投诉 tail'],
  ['folded\r\n over lines', 'folded over lines'],
  ['plain', 'plain'],
])('a subject written as %s', async (subject, read) => {
  await (await w.inside()).send({ text: letter({ subject }) })
  expect(w.mail.mails()[0]?.subject).toBe(read)
})

test('an old charset and quoted-printable in the body; a multipart with a preamble', async () => {
  const line = await w.inside()
  const head = `From: ${user}\r\nSubject: x\r\n`
  const gbk =
    'Content-Type: text/plain; charset=GBK\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=CD=B6=\r\n=CB=DF'
  await line.send({ text: head + gbk })
  const parts = [
    'Content-Type: multipart/alternative; boundary="a=b; c"',
    '',
    'for old programs',
    '--a=b; c',
    '',
    'no head at all',
    '--a=b; c',
    'Content-Type: text/html',
    '',
    '<p>--a=b</p>',
    '--a=b; c--',
    'after',
  ]
  await line.send({ text: head + parts.join('\r\n') })
  expect(w.mail.mails().map(({ text, html }) => [text?.trim(), html])).toEqual([
    ['投诉', undefined],
    ['no head at all', '<p>--a=b</p>'],
  ])
})

test('the page: newest conversation first, replies inside it, everything escaped, HTML in a sandboxed frame', async () => {
  const line = await w.inside()
  const root = 'Message-ID: <root@x>'
  await line.send({ text: letter({ subject: 'first', head: root }) })
  await line.send({ text: letter({ subject: '<script>alert(1)</script>', text: '<b>not bold</b>' }) })
  expect((await view()).indexOf('&lt;script')).toBeLessThan((await view()).indexOf('>first<'))
  const answer = 'Message-ID: <next@x>\r\nIn-Reply-To: <root@x>\r\nReferences: <root@x>'
  await line.send({ text: letter({ subject: 'second', head: answer }) })
  const html = await view()
  expect(html).not.toContain('<script>')
  expect(html).toContain('<pre>&lt;b&gt;not bold&lt;/b&gt;')
  const order = [...html.matchAll(/<article data-id="(\d)" class="(\w*)"/g)].map(([, id, look]) => [id, look])
  expect(order).toEqual([
    ['1', ''],
    ['3', 'inside'],
    ['2', ''],
  ])
  expect(html).toContain('References: &lt;root@x&gt;')
  expect(html).not.toContain('<iframe')
  await transport().sendMail({ from: user, to: 'boss@example.com', text: 'x', html: '<script>parent.alert()</script>' })
  expect(await view()).toContain('<iframe sandbox="allow-popups" src="/sandbox/mails/4/html"')
})

test('what a mail shows may run nothing and ask nobody; the page may hold its frame and no script of others', async () => {
  await transport().sendMail({ from: user, to: 'boss@example.com', text: 'x', html: '<p>hi</p>' })
  const shown = await w.get('/sandbox/mails/1/html')
  const policy = shown.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:/)
  expect(policy).not.toMatch(/allow-scripts|allow-same-origin/)
  const page = await w.get('/sandbox/')
  expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self'.*frame-src 'self'$/)
  expect(await page.text()).not.toMatch(/<script>|\son\w+=|\sstyle=/)
  expect(await (await w.get('/sandbox/?lang=en')).text()).toContain('Inbox')
  for (const file of ['page.js', 'page.css', 'api/mails', 'api/steps', 'mails/1/raw'])
    expect([file, (await w.get(`/sandbox/${file}`)).status]).toEqual([file, 200])
  for (const file of ['mails/2/html', 'nothing']) expect((await w.get(`/sandbox/${file}`)).status).toBe(404)
})

test('rules and receivers by JSON; another site is refused', async () => {
  expect(await w.post('/sandbox/api/rules', { receiversPerMail: 1 })).toEqual({ done: true })
  const line = await w.inside()
  expect(await line.send({ to: ['a@x.cn', 'b@x.cn'] })).toContain('RP:RCL')
  expect(await w.post('/sandbox/api/receiver', { address: 'a@x.cn', there: false })).toEqual({ done: true })
  expect(await line.send({ to: ['a@x.cn'] })).toMatch(/^550 User not found/)
  expect((await w.post('/sandbox/api/rules', { fly: 1 })).error).toContain('fly is none of')
  expect((await w.post('/sandbox/api/rules', { sameText: 'x' })).error).toBe('sameText: must be like 0')
  const url = '/sandbox/api/rules'
  const foreign = { host: 'evil.test' }
  expect((await w.mail.handle({ method: 'POST', url, headers: foreign, body: Buffer.from('{}') })).status).toBe(403)
})
