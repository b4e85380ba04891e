import type { Terminal } from '../terminal.ts'
import { listenForRedirect, type RedirectListener } from './listen-for-redirect.ts'
import { type Redirected, readPasted } from './read-redirect.ts'

export interface ReceiveOptions {
  /** Exactly as registered with the integration, because Webex compares every character. */
  readonly redirectUri: string
  /** The state that the redirect must have. */
  readonly state: string
  /** Shows the user the URL to open. */
  readonly ask: (redirectUri: string) => void
  readonly terminal: Terminal
  readonly stopping: AbortSignal
}

export type Received =
  | (Exclude<Redirected, { kind: 'foreign' }> & { readonly redirectUri: string })
  /** The user stopped it, or there is a problem to report. */
  | { readonly kind: 'nothing'; readonly problem?: string }

/** Receives the code with a listener at the redirect URI, which must be on loopback. */
export async function receiveByRedirect(options: ReceiveOptions): Promise<Received> {
  const { redirectUri, state, ask, terminal, stopping } = options
  let listening: RedirectListener
  try {
    listening = await listenForRedirect(redirectUri, state)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const problem = `cannot listen at ${redirectUri} (${code}): use another --redirect-uri that is registered with the integration, or --paste`
    return { kind: 'nothing', problem }
  }
  await using listener = listening
  ask(listener.redirectUri)
  terminal.say(`Waiting for the browser at ${listener.redirectUri}. To stop, press Ctrl-C.`)
  const stopped = new Promise<undefined>((resolve) => {
    if (stopping.aborted) resolve(undefined)
    stopping.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  const redirected = await Promise.race([listener.redirected, stopped])
  return redirected === undefined ? { kind: 'nothing' } : { ...redirected, redirectUri: listener.redirectUri }
}

/** Receives the code from the user, who pastes it. */
export async function receiveByPaste(options: ReceiveOptions): Promise<Received> {
  const { redirectUri, state, ask, terminal, stopping } = options
  ask(redirectUri)
  terminal.say(
    'After that, the browser shows a URL that it cannot reach. Paste the URL, or the code in it, here and press Enter:',
  )
  for await (const line of terminal.lines(stopping)) {
    const read = readPasted(line, state)
    if (read.kind !== 'foreign') return { ...read, redirectUri }
    terminal.say(
      'That is not the URL, or it is from another sign-in. Open the URL above again and paste the URL that it redirects to:',
    )
  }
  return { kind: 'nothing', problem: 'no code was entered' }
}
