import { type Command, Option } from 'commander'
import { logLevels } from '../log/create-logger.ts'
import type { CommandAction } from './command-action.ts'
import { durationValue } from './option-values.ts'

const description = [
  'Collects from Webex into the journal, and delivers from the journal to the sinks, until it is stopped.',
  'SIGTERM or SIGINT (Ctrl-C) ends it within 15 s with nothing lost; another one more than a second later ends it at once. SIGHUP is ignored. It can be killed at any time: the next run continues where this one was, and asks no more of the API than its limit allows. Only one collector can use a journal. A second one exits with code 2 and names the first.',
].join('\n\n')

const after = `
The configuration names orgs, journal and sinks (docs/configuration.md has every key). The shortest:
  orgs: [{ name: acme, auth: { accessToken: "\${WEBEX_ACCESS_TOKEN}" } }]
  journal: { path: ./data/cdrstream.db }
  sinks: [{ name: files, use: file, options: { directory: ./data/records } }]`

export function addRun(program: Command, action: CommandAction): void {
  program
    .command('run')
    .summary('collect and deliver until stopped')
    .description(description)
    .option('--once', 'up to what can be read at the start, collected and delivered, then end: for cron')
    .option(
      '--timeout <duration>',
      'with --once: end after this long without progress (default: 2m)',
      durationValue,
    )
    .addOption(new Option('--log-level <level>', 'what to log').choices(logLevels).default('info'))
    .addHelpText('after', after)
    .hook('preAction', (_, command) => {
      const { once, timeout } = command.opts<{ once?: boolean; timeout?: number }>()
      if (timeout !== undefined && once !== true) command.error("error: '--timeout' needs --once")
    })
    .action(action)
}
