import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createWords } from '@cdrstream/core/words'
import { createNodePlatform } from '@cdrstream/engine/node'
import {
  authorizationUrl,
  createCodeVerifier,
  type ExchangedTokens,
  exchangeCode,
  storedSignIn,
  UntrustedFile,
} from '@cdrstream/source-webex'
import type { SignInConfiguration } from '../configuration/configuration.ts'
import { loadToSignIn } from '../configuration/load-configuration.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { fileErrorText } from '../files/file-error.ts'
import { type ClientOrg, chooseOrg } from '../login/choose-org.ts'
import { receiveByPaste, receiveByRedirect } from '../login/receive-code.ts'
import { createTransport, networkProblems } from '../network.ts'
import { signInStore } from '../sign-in/sign-in-store.ts'
import { tokenPath } from '../sign-in/token-path.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'
import { readVersion } from '../version.ts'

export interface LoginOptions {
  readonly config: string
  /** Required if several orgs sign in with an integration. */
  readonly org?: string
  /** One of the redirect URIs that are registered with the integration. */
  readonly redirectUri: string
  /** Whether the user copies the code from a browser, which can be on another machine. */
  readonly paste: boolean
}

/** `cdrstream login`: gets an integration's first refresh token and stores it for the collector. */
export async function login(options: LoginOptions, terminal: Terminal): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const loaded = loadToSignIn({ file: options.config, variable: terminal.variable })
  const unsafe = networkProblems(terminal.variable)
  const chosen = loaded.kind === 'problems' ? undefined : chooseOrg(loaded.configuration, options.org)
  const lines = [
    ...(loaded.kind === 'problems' ? loaded.lines : []),
    ...(chosen !== undefined && 'problem' in chosen ? [chosen.problem] : []),
    ...unsafe,
  ]
  for (const line of lines) terminal.say(line)
  if (loaded.kind === 'problems' || chosen === undefined || 'problem' in chosen || unsafe.length > 0) {
    return exitCodes.usage
  }
  // Awaited here, so that signals are handled until the end.
  return await signIn(chosen, loaded.configuration, options, terminal, stopping.signal)
}

async function signIn(
  org: ClientOrg,
  configuration: SignInConfiguration,
  options: LoginOptions,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<ExitCode> {
  const { verifier, challenge } = createCodeVerifier()
  const state = randomBytes(16).toString('hex')
  const ask = (redirectUri: string) => {
    const { clientId, tokenUrl } = org.auth
    const authorizeUrl = new URL('authorize', tokenUrl).href
    terminal.say(
      `To sign in for the org ${org.name}, open this URL in a browser as an administrator who can read call detail records:`,
    )
    terminal.print(`${authorizationUrl({ clientId, redirectUri, state, challenge, authorizeUrl })}\n`)
  }
  const receive = options.paste ? receiveByPaste : receiveByRedirect
  const came = await receive({ redirectUri: options.redirectUri, state, ask, terminal, stopping })
  switch (came.kind) {
    case 'nothing':
      if (came.problem !== undefined) terminal.say(came.problem)
      return exitCodes.failed
    case 'declined':
      terminal.say(
        `Webex declined the sign-in with ${createWords([])(came.error)}: ${declinedRemedy(came.error)}`,
      )
      return exitCodes.refused
    case 'code':
      return exchange({ ...came, verifier }, org, configuration, terminal, stopping)
  }
}

function declinedRemedy(error: string): string {
  switch (error) {
    case 'access_denied':
      return 'sign in again and accept; if you cannot, a full administrator must allow the integration in Control Hub (Management, Apps)'
    case 'invalid_scope':
      return 'add the scope spark-admin:calling_cdr_read to the integration (developer.webex.com, My Webex Apps)'
    default:
      return 'check that clientId matches the integration and that the integration has this redirect URI registered (developer.webex.com, My Webex Apps)'
  }
}

async function exchange(
  code: { readonly code: string; readonly verifier: string; readonly redirectUri: string },
  org: ClientOrg,
  configuration: SignInConfiguration,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<ExitCode> {
  const { clientId, clientSecret, tokenUrl } = org.auth
  const outcome = await exchangeCode(
    code,
    {
      clientId,
      clientSecret,
      tokenUrl,
      allowedHosts: configuration.allowedHosts,
      clock: createNodePlatform().clock,
      transport: createTransport(configuration, terminal.variable),
      userAgent: `cdrstream/${readVersion()}`,
    },
    stopping,
  )
  switch (outcome.kind) {
    case 'issued':
      return store(outcome, org, configuration, terminal)
    case 'refused':
      terminal.say(`${outcome.remedy} [${outcome.code}]`)
      return exitCodes.refused
    case 'failed':
      terminal.say(
        `the token endpoint returned an unexpected response (${outcome.reason}${outcome.status === null ? '' : `, ${outcome.status}`}): ${outcome.detail}`,
      )
      return exitCodes.failed
  }
}

async function store(
  tokens: ExchangedTokens,
  org: ClientOrg,
  configuration: SignInConfiguration,
  terminal: Terminal,
): Promise<ExitCode> {
  const { path } = configuration.journal
  const file = tokenPath(path, org.credential)
  try {
    // Before the first run, the directory does not exist.
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await signInStore(configuration, org).save(storedSignIn(tokens, org.auth.refreshToken))
  } catch (error) {
    const reason = error instanceof UntrustedFile ? error.message : fileErrorText(error)
    terminal.say(`the sign-in cannot be stored in ${file}: ${reason}`)
    return exitCodes.failed
  }
  if (tokens.scopes === null)
    terminal.say(
      'Webex did not report the scopes of the sign-in. The first request will show whether they suffice.',
    )
  terminal.say(`Signed in for the org ${org.name}: ${file}`)
  terminal.say('A running collector uses it within five minutes.')
  return exitCodes.done
}
