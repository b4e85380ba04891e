/** What one client can make the server hold. */
export interface HttpLimits {
  /** Further connections are closed at once. */
  readonly connections: number
  readonly headerBytes: number
  /** How long the headers of a request, and a whole request, may take to arrive. */
  readonly requestMs: number
  /** How long a connection may stay open without a request. */
  readonly keepAliveMs: number
  /** How long a connection may stand still while an answer is sent. */
  readonly idleMs: number
  /** How many clients can follow the events. */
  readonly followers: number
  /** How many bytes of events a client may leave unread. */
  readonly unreadBytes: number
  /** How often a follower without events gets a sign of life. */
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
