/** Limits on the resources that clients can use. */
export interface HttpLimits {
  /** The maximum number of connections. Additional ones are closed immediately. */
  readonly connections: number
  readonly headerBytes: number
  /** How long a request's headers, and the whole request, can take to arrive. */
  readonly requestMs: number
  /** How long a connection can stay open without a request. */
  readonly keepAliveMs: number
  /** How long a connection can stall while a response is being sent. */
  readonly idleMs: number
  /** How many clients can follow the events at the same time. */
  readonly followers: number
  /** How many bytes of events can be unread before the client is disconnected. */
  readonly unreadBytes: number
  /** How often the server sends a heartbeat to followers. */
  readonly heartbeatMs: number
}

export const defaultLimits: HttpLimits = {
  connections: 200,
  headerBytes: 8_192,
  requestMs: 10_000,
  keepAliveMs: 5_000,
  idleMs: 30_000,
  followers: 50,
  unreadBytes: 256_000,
  heartbeatMs: 10_000,
}
