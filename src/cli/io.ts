import type { Report } from '../admin/doctor.ts'

/** Whom we speak to. */
export interface Service {
  /** Without a slash at the end. */
  readonly url: string
  readonly key: string
}

/** What is configured here. */
export interface Installation {
  readonly language: 'zh-CN' | 'en'
  /** @throws Ended when it is not known */
  service(): Service
  start(): Promise<number>
  /** @returns the names of what was brought up to date. */
  migrate(): Promise<readonly string[]>
  /** Without the service, by opening its database. */
  examine(): Promise<Report>
  demo(wish: {
    readonly language?: 'zh-CN' | 'en'
    readonly telegram: boolean
    readonly wecom: boolean
  }): Promise<number>
}

/** Everything that the command line touches. */
export interface Io {
  out(text: string): void
  err(text: string): void
  stdin(): Promise<string>
  file(path: string): Promise<string>
  bytes(path: string): Promise<Buffer>
  /** @throws Ended when the configuration is wrong */
  installation(configFile: string | undefined): Installation
}
