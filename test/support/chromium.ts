import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
export const noChromium = !existsSync(executablePath)
export const inChromium = (title: string): string =>
  noChromium ? `${title} (skipped: no Chromium at ${executablePath}; set CHROMIUM_PATH)` : title

// Without these it looks for the world outside at every start.
const quiet = ['--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync']

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...quiet] })

export const desktop = { width: 1280, height: 860 }
export const phone = { width: 390, height: 844 }

export async function openPage(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: desktop, locale: 'zh-CN', ...options })
  const page = await context.newPage()
  await page.goto(address)
  return page
}
