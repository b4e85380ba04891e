export type { ResponseHeaders, Transport, TransportRequest, TransportResponse } from './transport.ts'
export { createUndiciTransport } from './undici-transport.ts'
export { createWebexSource } from './webex-source.ts'
export type { WebexSourceOptions } from './webex-source-options.ts'
