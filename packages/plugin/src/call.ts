/** Where a sink writes its own log lines. Never pass content of a record, or a secret. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** Comes with every call to a sink. */
export interface Call {
  /**
   * Aborted when the call has taken longer than `traits.timeoutMs`, or at shutdown. Settle soon after: how does not
   * matter, the engine then counts the call as not done.
   */
  readonly signal: AbortSignal
}
