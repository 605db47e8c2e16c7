import { describe, expect, test } from 'vitest'
import { addressIn, isPublicAddress } from '../../src/core/public-host.ts'

const inside = `
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 0:0:0:0:0:ffff:c0a8:0001 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::10.0.0.1
64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 fc00::1 fdff::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 5f00::1
`
const outside = `
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0
192.0.1.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2400:da00::1 2606:4700::1111 2001:4860:4860::8888 2003::1
`
const words = (text: string) => text.trim().split(/\s+/)

describe('an address', () => {
  test.each(words(inside))('%s leads inside or nowhere', (address) => expect(isPublicAddress(address)).toBe(false))
  test.each(words(outside))('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))
  test.each(['', 'localhost', 'example.com', '127.1', '0x7f.0.0.1', '2130706433', '1.1.1.1.', '[2400:da00::1]'])(
    '%j is no plain address, so not public',
    (address) => {
      expect(isPublicAddress(address)).toBe(false)
    },
  )
})

describe('the spellings of 127.0.0.1 and its kind in a URL', () => {
  test.each([
    'https://127.1/',
    'https://127.0.0.1./',
    'https://0x7f.0.0.1/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://017700000001/',
    'https://127.0.0.1:443/',
    'https://①②⑦.0.0.1/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://0/',
    'https://0.0.0.0/',
    'https://3232235521/',
    'https://0251.0376.0251.0376/',
  ])('%s', (spelling) => {
    const address = addressIn(new URL(spelling))
    expect(address).toBeDefined()
    expect(isPublicAddress(address ?? '')).toBe(false)
  })
  test.each([
    'https://localhost/',
    'https://example.com/',
    'https://127.0.0.1.example.com/',
    'https://1.2.3.4.5.example/',
  ])('%s is a name to look up', (url) => {
    expect(addressIn(new URL(url))).toBeUndefined()
  })
})
