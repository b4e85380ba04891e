import type { Terminal } from '../terminal.ts'
import { listenForRedirect, type RedirectListener } from './listen-for-redirect.ts'
import { type Redirected, readPasted } from './read-redirect.ts'

export interface ReceiveOptions {
  /** As it is registered with the integration: Webex compares it letter by letter. */
  readonly redirectUri: string
  /** What the browser has to come back with. */
  readonly state: string
  /** Shows the user the address to open, for this redirect URI. */
  readonly ask: (redirectUri: string) => void
  readonly terminal: Terminal
  readonly stopping: AbortSignal
}

export type Received =
  | (Exclude<Redirected, { kind: 'foreign' }> & { readonly redirectUri: string })
  /** The user has stopped, or there is a problem to be said. */
  | { readonly kind: 'nothing'; readonly problem?: string }

/** By a listener at the redirect address, which is on loopback. */
export async function receiveByRedirect(options: ReceiveOptions): Promise<Received> {
  const { redirectUri, state, ask, terminal, stopping } = options
  let listening: RedirectListener
  try {
    listening = await listenForRedirect(redirectUri, state)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const problem = `cannot listen at ${redirectUri} (${code}): give another --redirect-uri that is registered with the integration, or --paste`
    return { kind: 'nothing', problem }
  }
  await using listener = listening
  ask(listener.redirectUri)
  terminal.say(`Waiting at ${listener.redirectUri} for the browser to come back; Ctrl-C ends it.`)
  const stopped = new Promise<undefined>((resolve) => {
    if (stopping.aborted) resolve(undefined)
    stopping.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  const redirected = await Promise.race([listener.redirected, stopped])
  return redirected === undefined ? { kind: 'nothing' } : { ...redirected, redirectUri: listener.redirectUri }
}

/** By hand. */
export async function receiveByPaste(options: ReceiveOptions): Promise<Received> {
  const { redirectUri, state, ask, terminal, stopping } = options
  ask(redirectUri)
  terminal.say(
    'The browser then shows an address that cannot be reached. Paste it here, or the code in it, and press Enter:',
  )
  for await (const line of terminal.lines(stopping)) {
    const read = readPasted(line, state)
    if (read.kind !== 'foreign') return { ...read, redirectUri }
    terminal.say('That is not the address, or it is of another sign-in. Open the address above once more:')
  }
  return { kind: 'nothing', problem: 'no code was given' }
}
