/**
 * A place where a process may die. Does nothing until a crash test arms it; then it is where the kill happens.
 * The names are collected from the source by the crash test, which fails when one is never reached.
 */
export function failpoint(name: string): void {
  hook?.(name)
}

let hook: ((name: string) => void) | undefined

/** Crash tests only. */
export function armFailpoints(then: ((name: string) => void) | undefined): void {
  hook = then
}
