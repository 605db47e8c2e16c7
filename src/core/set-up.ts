/** The installation cannot be used as it is; `message` says how to mend it. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError'
}
