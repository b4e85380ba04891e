export { isLoopback } from './is-loopback.ts'
export { type PageBounds, usualBounds } from './page-bounds.ts'
export { proxyAddress } from './proxy-address.ts'
export { readStoredItem } from './read-stored-item.ts'
export { allowedBaseUrl } from './region/api-address.ts'
export type { FoundRegion, RegionStore } from './region/region-store.ts'
export { regionHosts } from './region/regions.ts'
export {
  type AuthorizationRequest,
  authorizationUrl,
  type CodeExchange,
  type CodeVerifier,
  cdrScope,
  createCodeVerifier,
  type ExchangedTokens,
  exchangeCode,
  storedSignIn,
} from './sign-in/authorization-code.ts'
export { createFixedSignIn } from './sign-in/fixed-sign-in.ts'
export { nodeTokenFiles, type OnTightened } from './sign-in/node-token-files.ts'
export type { SignInRefusal, SignInRefusalCode } from './sign-in/refusal.ts'
export { createRenewingSignIn } from './sign-in/renewing-sign-in.ts'
export type {
  AccessTokenOutcome,
  SecretText,
  SignIn,
  SignInEvent,
  SignInFailure,
  SignInState,
  SignInTrouble,
} from './sign-in/sign-in.ts'
export type { RenewingSignInOptions, TokenAddressOptions } from './sign-in/sign-in-options.ts'
export { allowedTokenUrl, authorizeUrls, tokenUrls } from './sign-in/token-address.ts'
export { createTokenFile } from './sign-in/token-file.ts'
export { UntrustedFile } from './sign-in/token-files.ts'
export {
  configuredSha256,
  type StoredSignIn,
  type TokenStore,
  type TokenStoreContent,
} from './sign-in/token-store.ts'
export type { ResponseHeaders, Transport, TransportRequest, TransportResponse } from './transport.ts'
export { createUndiciTransport, type UndiciTransportOptions } from './undici-transport.ts'
export { createWebexSource } from './webex-source.ts'
export type { WebexSourceOptions } from './webex-source-options.ts'
