import { type Command, InvalidArgumentError } from 'commander'
import type { CommandAction } from './command-action.ts'

const description = [
  'Signs in an org whose auth has the clientId and clientSecret of an integration, and stores its refresh token beside the journal, for the collector.',
  'Prints an address to open in a browser. The browser comes back to this machine; with --paste, what it ends at is copied by hand.',
].join('\n\n')

const after = `
The redirect URI has to be one of those that are registered with the integration (developer.webex.com, My Webex Apps).
A service app needs no login: its refresh token is in the portal, and goes into auth.refreshToken.`

export function addLogin(program: Command, action: CommandAction): void {
  program
    .command('login')
    .summary('sign in with an integration, for collectors to come')
    .description(description)
    .option('--org <name>', 'the org, if there are several')
    .option(
      '--redirect-uri <address>',
      'where the browser comes back to; http and loopback, but with --paste any (port 0: any free one)',
      redirectUriValue,
      'http://127.0.0.1:8765/callback',
    )
    .option('--paste', 'read the code from standard input: the browser may be on another machine', false)
    .addHelpText('after', after)
    .hook('preAction', (_, command) => {
      const { paste, redirectUri } = command.opts<{ paste: boolean; redirectUri: string }>()
      if (paste || isLoopback(new URL(redirectUri))) return
      command.error("error: '--redirect-uri' of another machine needs --paste")
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
