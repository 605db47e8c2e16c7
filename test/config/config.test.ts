import { expect, test } from 'vitest'
import { type Read, readConfig } from '../../config/config.ts'
import { variables } from '../../config/env.ts'
import { shipped } from '../../config/load.ts'

const read = (text: string, env: Record<string, string> = {}): Read =>
  readConfig({ files: [{ name: 'redress.yaml', text }], env })
const faults = (text: string, env?: Record<string, string>) => read(text, env).faults ?? []

test('nothing set is a complete configuration', () => {
  const { config } = Object.assign({ config: undefined }, readConfig({ files: [], env: {} }))
  expect(config).toEqual({
    data: './data',
    caseLinkDays: 30,
    insideHosts: [],
    listen: { host: '127.0.0.1', port: 8080 },
    database: {},
    log: { level: 'info' },
    language: 'zh-CN',
    wechat: {
      baseUrl: 'https://api.weixin.qq.com',
      limits: { contentChars: 500, pictures: 4, pictureBytes: 2_097_152 },
      pictureHosts: [],
    },
    wechatPay: { baseUrl: 'https://api.mch.weixin.qq.com', pictureHosts: [] },
    alipay: {
      gatewayUrl: 'https://openapi.alipay.com/gateway.do',
      pictureHosts: [],
      poll: { activeSeconds: 180, idleSeconds: 900 },
    },
    bodyLimit: 65_536,
    admin: { requestsPerMinute: 600 },
    telegram: { apiRoot: 'https://api.telegram.org' },
    wecom: { url: 'wss://openws.work.weixin.qq.com', webhookUrl: 'https://qyapi.weixin.qq.com' },
    officialAccount: { baseUrl: 'https://api.weixin.qq.com', qrUrl: 'https://mp.weixin.qq.com' },
    sms: { endpoint: 'https://sms.tencentcloudapi.com' },
    keep: { personDays: 365, pictureDays: 180, auditDays: 1095 },
    browser: { port: 0 },
  })
})

test('default.yaml says exactly the defaults', () => {
  expect(readConfig({ files: [shipped('default')], env: {} })).toEqual(readConfig({ files: [], env: {} }))
})

test.each(['demo', 'production.example'] as const)('%s.yaml is a good configuration', (name) => {
  expect(readConfig({ files: [shipped(name)], env: {} }).faults).toBeUndefined()
})

test('no example holds a secret', () => {
  for (const name of ['default', 'demo', 'production.example'] as const)
    expect(shipped(name).text).not.toMatch(/^\s*(masterKey:|url: *postgres)/m)
})

test('the environment wins over the file, a later file over an earlier one, setting by setting', () => {
  const files = [
    { name: 'a', text: 'listen: { host: 0.0.0.0, port: 1 }\ndata: /a' },
    { name: 'b', text: 'listen:\n  port: 2\ndata:' },
    { name: 'c', text: 'listen:\nlog:\n' },
  ]
  const env = { REDRESS_LISTEN_PORT: '3', REDRESS_WECHAT_PICTURE_HOSTS: '10.0.0.1:9000, cdn.local', REDRESS_DATA: '' }
  expect(readConfig({ files, env })).toMatchObject({
    config: {
      listen: { host: '0.0.0.0', port: 3 },
      data: '/a',
      wechat: { pictureHosts: ['10.0.0.1:9000', 'cdn.local'] },
    },
  })
})

test('everything wrong is told at once, each with its place and its fix', () => {
  const found = faults(
    'listen:\n  port: 99999\n  prot: 1\nlog: { level: loud }\nwechat:\n  limits: { pictures: many }',
    {
      REDRESS_PUBLIC_URL: 'redress.example.com',
      REDRESS_BODY_LIMIT: 'big',
    },
  )
  expect(found).toEqual(
    expect.arrayContaining([
      { field: 'listen.port (redress.yaml)', fix: 'a whole number from 0 to 65535' },
      { field: 'listen.prot (redress.yaml)', fix: 'there is no such setting; did you mean port?' },
      { field: 'log.level (redress.yaml)', fix: 'one of debug, info, warn, error' },
      { field: 'wechat.limits.pictures (redress.yaml)', fix: 'a whole number from 0 to 100' },
      expect.objectContaining({ field: 'REDRESS_PUBLIC_URL' }),
      { field: 'REDRESS_BODY_LIMIT', fix: 'a whole number from 1024 to 10485760' },
    ]),
  )
  expect(found).toHaveLength(6)
})

test.each([
  ['lisen: { port: 80 }', 'lisen.port (redress.yaml)', /listen/],
  ['publicURL: https://a.example', 'publicURL (redress.yaml)', /publicUrl/],
  ['colour: red', 'colour (redress.yaml)', /here stand data, /],
  ['constructor: 1', 'constructor (redress.yaml)', /no such setting/],
  ['nothing:', 'nothing (redress.yaml)', /no such setting/],
  ['listen: 8080', 'listen (redress.yaml)', /indented/],
  ['- a\n- b', 'redress.yaml', /name: value/],
  ['data: [', 'redress.yaml', /./],
  ['data: a\ndata: b', 'redress.yaml', /unique/i],
  [`masterKey: ${'A'.repeat(43)}=`, 'masterKey (redress.yaml)', /REDRESS_MASTER_KEY/],
  ['database: { url: mysql://x }', 'database.url (redress.yaml)', /postgres:/],
  ['wechat: { pictureHosts: ["https://a"] }', 'wechat.pictureHosts.0 (redress.yaml)', /host name/],
  ['wechatPay: { backupUrl: api2 }', 'wechatPay.backupUrl (redress.yaml)', /leave it out/],
])('%j is refused by name', (text, field, fix) => {
  const found = faults(text)
  expect(found).toHaveLength(1)
  expect(found[0]?.field).toContain(field.split(' ')[0]?.split('.')[0])
  expect(found[0]?.fix).toMatch(fix)
})

test('a misspelt variable is named with the nearest one', () => {
  expect(faults('', { REDRESS_LISTEN_PROT: '80' })).toEqual([
    { field: 'REDRESS_LISTEN_PROT', fix: 'there is no such variable; did you mean REDRESS_LISTEN_PORT?' },
  ])
})

test('what Kubernetes says about a service called redress is not a mistake', () => {
  const env = {
    REDRESS_SERVICE_HOST: '10.0.0.1',
    REDRESS_PORT_8080_TCP: 'tcp://x',
    REDRESS_PORT: 'tcp://x',
    PATH: '/bin',
  }
  expect(faults('', env)).toEqual([])
})

test('a master key of the wrong length is refused without being repeated', () => {
  const [fault] = faults('', { REDRESS_MASTER_KEY: 'c2hvcnQ=' })
  expect(fault).toMatchObject({ field: 'REDRESS_MASTER_KEY' })
  expect(fault?.fix).not.toContain('c2hvcnQ=')
  expect(faults('', { REDRESS_MASTER_KEY: Buffer.alloc(32, 1).toString('base64') })).toEqual([])
})

test('every setting has its variable', () => {
  const paths = (group: object, prefix = ''): string[] =>
    Object.entries(group).flatMap(([name, value]) =>
      typeof value === 'object' && !Array.isArray(value) ? paths(value, `${prefix}${name}.`) : [prefix + name],
    )
  const read = readConfig({ files: [], env: {} })
  const known = Object.values(variables).map(([path]) => path)
  expect(known).toEqual(expect.arrayContaining(paths('config' in read ? read.config : {})))
  expect(known).toEqual(
    expect.arrayContaining(['publicUrl', 'database.url', 'masterKey', 'wechatPay.backupUrl', 'alipay.authorizeUrl']),
  )
})

test('addresses lose their last slash', () => {
  expect(read('publicUrl: https://redress.example.com/')).toMatchObject({
    config: { publicUrl: 'https://redress.example.com' },
  })
})
