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
  /** What the person at the terminal reads, where its settings say so. */
  readonly tongue?: 'zh-CN' | 'en'
  /** @throws Ended when it is not known */
  service(): Service
  start(): Promise<number>
  /** @returns the names of what was brought up to date. */
  migrate(): Promise<readonly string[]>
  /** Without the service, by opening its database. @param tenant handle or id of the one that is meant; else everything @throws Ended when there is no such tenant */
  examine(tenant: string | undefined): Promise<Report>
  /** Puts a backup in the place of the database. */
  restore(file: string): Promise<{ readonly kept?: string }>
  /** @param keyFile holds the new one, where the present one is given from outside */
  rotateMaster(keyFile: string | undefined): Promise<{ readonly keys: number; readonly old?: string }>
  /** @param said where so many values were sealed anew */
  reseal(said: (where: string, values: number) => void): Promise<{ readonly values: number; readonly dropped: number }>
  demo(wish: {
    readonly language?: 'zh-CN' | 'en'
    readonly telegram: boolean
    readonly wecom: boolean
  }): Promise<number>
}

/** Somebody at the terminal. */
export interface Asks {
  /** @throws Ended when they leave */
  ask(question: string, how?: { readonly hidden?: boolean }): Promise<string>
  close(): void
}

/** Everything that the command line touches. */
export interface Io {
  out(text: string): void
  err(text: string): void
  stdin(): Promise<string>
  file(path: string): Promise<string>
  bytes(path: string): Promise<Buffer>
  /** Undefined where nobody sits at a terminal. */
  asks?(): Asks | undefined
  /** @throws Ended when the configuration is wrong */
  installation(configFile: string | undefined): Installation
}
