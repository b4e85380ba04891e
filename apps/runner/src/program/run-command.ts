import { type Command, Option } from 'commander'
import { logLevels } from '../log/create-logger.ts'
import type { CommandAction } from './command-action.ts'
import { durationValue } from './option-values.ts'

const description = [
  'Collects records from Webex into the journal and delivers them from the journal to the sinks, until it is stopped.',
  'SIGTERM or SIGINT (Ctrl-C) stops it within 15 s without losing records. A second signal, more than a second later, stops it at once. SIGHUP applies a changed configuration, as `cdrstream reload` does. The collector can be killed at any time: the next run continues where this one ended, and stays within the rate limit. Only one collector can use a journal. A second collector exits with code 2 and names the process that holds it.',
].join('\n\n')

const after = `
The configuration has orgs, a journal and sinks; docs/configuration.md describes all keys. The shortest one:
  orgs: [{ name: acme, auth: { accessToken: "\${WEBEX_ACCESS_TOKEN}" } }]
  journal: { path: ./data/cdrstream.db }
  sinks: [{ name: files, use: file, options: { directory: ./data/records } }]`

export function addRun(program: Command, action: CommandAction): void {
  program
    .command('run')
    .summary('collect and deliver until stopped')
    .description(description)
    .option('--once', 'collect and deliver what can be read at startup, then exit (for cron)')
    .option(
      '--timeout <duration>',
      'with --once: exit after this long without progress (default: 2m)',
      durationValue,
    )
    .addOption(
      new Option('--log-level <level>', 'the lowest level to log').choices(logLevels).default('info'),
    )
    .addHelpText('after', after)
    .hook('preAction', (_, command) => {
      const { once, timeout } = command.opts<{ once?: boolean; timeout?: number }>()
      if (timeout !== undefined && once !== true) command.error("error: '--timeout' needs --once")
    })
    .action(action)
}
