/** Writes a sink's own log lines. Never pass it record content or secrets. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** The last argument of every call to a sink. */
export interface Call {
  /**
   * Aborted when the call takes longer than `traits.timeoutMs`, and on shutdown. The call must then settle
   * soon. The engine ignores its outcome and treats the call as not done.
   */
  readonly signal: AbortSignal
}
