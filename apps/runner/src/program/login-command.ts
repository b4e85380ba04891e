import { type Command, InvalidArgumentError } from 'commander'
import type { CommandAction } from './command-action.ts'

const description = [
  'Signs in an org whose auth has the clientId and clientSecret of an integration, and stores the refresh token beside the journal for the collector.',
  'Prints an address to open in a browser. After you sign in, the browser is redirected to this machine. With --paste, you copy the address it was redirected to.',
].join('\n\n')

const after = `
The redirect URI must be registered with the integration (developer.webex.com, My Webex Apps).
A service app needs no login: copy its refresh token from the portal into auth.refreshToken.`

export function addLogin(program: Command, action: CommandAction): void {
  program
    .command('login')
    .summary('sign in with an integration for the collector')
    .description(description)
    .option('--org <name>', 'the org to sign in, if there are several')
    .option(
      '--redirect-uri <address>',
      'where the browser is redirected to: http on loopback (port 0: any free port), or any address with --paste',
      redirectUriValue,
      'http://127.0.0.1:8765/callback',
    )
    .option('--paste', 'read the code from standard input, for a browser on another machine', false)
    .addHelpText('after', after)
    .hook('preAction', (_, command) => {
      const { paste, redirectUri } = command.opts<{ paste: boolean; redirectUri: string }>()
      if (paste || isLoopback(new URL(redirectUri))) return
      command.error("error: '--redirect-uri' on another machine needs --paste")
    })
    .action(action)
}

function redirectUriValue(text: string): string {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return text
  throw new InvalidArgumentError(
    'Expected an address without a query, such as http://127.0.0.1:8765/callback.',
  )
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'http:' &&
    (/^127\.\d+\.\d+\.\d+$/.test(hostname) || ['localhost', '[::1]'].includes(hostname))
  )
}
