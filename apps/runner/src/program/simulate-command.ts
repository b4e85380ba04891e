import { type FaultShares, type SignInFaultShares, signInFaults } from '@cdrstream/simulator'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { faultKinds } from '../simulate/simulate-options.ts'
import type { CommandAction } from './command-action.ts'
import { durationValue, positiveNumberValue, shareValue, wholeNumberValue } from './option-values.ts'

const description = [
  'Serves a simulated Webex API (cdr_stream) on loopback, until it is stopped, and prints a configuration that collects from it.',
  'Without options it keeps to the documented terms: one initial request a minute, records readable after a minute. --scale 60 makes an hour of it pass in a minute.',
].join('\n\n')

const after = `
To see a collector at work on a clock that is 60 times faster:
  cdrstream simulate --scale 60 --rate 30000 > cdrstream.yaml &
  cdrstream run`

export function addSimulate(program: Command, action: CommandAction): void {
  program
    .command('simulate')
    .summary('serve a simulated Webex API, and print a configuration for it')
    .description(description)
    .addHelpText('after', after)
    .optionsGroup('What there is:')
    .option('--port <number>', 'where to listen; 0: any free port', wholeNumberValue(0, 65_535), 0)
    .option('--orgs <number>', 'how many organizations', wholeNumberValue(1, 10_000), 1)
    .option('--token <text>', 'the access token; of several orgs: with -1, -2 … behind it', 'simulated-token')
    .option('--rate <records>', 'records a minute, of each org', positiveNumberValue, 1_000)
    .option(
      '--history <duration>',
      'records begin so long before the start (default: at the start)',
      durationValue,
    )
    .option('--seed <number>', 'other records for each seed', wholeNumberValue(0, 2 ** 32), 1)
    .option(
      '--ledger <file>',
      'at the end, write a JSON line for each revision of a record that was shown: org, reportId, content (SHA-1 of its text)',
    )
    .optionsGroup('Terms:')
    .option('--scale <factor>', 'divide all durations by this', positiveNumberValue, 1)
    .option('--per <duration>', 'the "minute" of the rate limit', durationValue)
    .option('--settle <duration>', 'how old a second must be to be readable', durationValue)
    .option('--retention <duration>', 'how long records are readable', durationValue)
    .option('--max-window <duration>', 'the longest window', durationValue)
    .option('--page-size <records>', 'the most records of a page', wholeNumberValue(1, 5_000))
    .optionsGroup('Signing in:')
    .option(
      '--sign-in',
      'tokens come from a token address: the configuration has a refresh token, and `login` works',
    )
    .option('--access-token-life <duration>', 'of an access token (default: 14 days, scaled)', durationValue)
    .option('--refresh-token-life <duration>', 'of a refresh token (default: 90 days, scaled)', durationValue)
    .addOption(
      new Option(
        '--rotation <form>',
        'a refresh token stays; or each use gives a new one, and the old one is honoured until the new access token was used, or ends at once',
      ).choices(['off', 'honoured', 'at-once']),
    )
    .option(
      '--sign-in-fault <kind=share>',
      `meets this share of token requests; may be repeated: ${signInFaults.join(', ')}`,
      addSignInFault,
    )
    .optionsGroup('Records (shares from 0 to 1):')
    .option('--late <share>', 'inserted late', shareValue)
    .option('--repeated <share>', 'inserted again, unchanged', shareValue)
    .option('--revised <share>', 'inserted again, changed', shareValue)
    .option('--strange <share>', 'no records, or of strange content', shareValue)
    .optionsGroup('Faults:')
    .option(
      '--fault <kind=share>',
      `meets this share of requests; may be repeated: ${faultKinds.join(', ')}`,
      addFault,
    )
    .optionsGroup('What is not known of the real API:')
    .addOption(
      new Option('--empty <form>', 'the answer without records').choices([
        'empty-list',
        'not-found',
        'no-content',
      ]),
    )
    .addOption(
      new Option('--link <form>', 'the Link header').choices(['normal', 'misprinted', 'upper-case', 'mixed']),
    )
    .addOption(
      new Option('--limit <form>', 'how requests are counted').choices([
        'sliding',
        'fixed-minute',
        'token-bucket',
      ]),
    )
    .addOption(new Option('--order <form>', 'the order of a page').choices(['ascending', 'shuffled']))
    .option('--end-exclusive', 'the second of endTime is not part of the window')
    .addOption(
      new Option('--refuse <reason>', 'refuse every request').choices([
        'token',
        'permission',
        'scope',
        'role',
        'app',
        'region',
        'not-found',
      ]),
    )
    .action(action)
}

function addFault(text: string, others?: FaultShares): FaultShares {
  return { ...others, ...faultShare(text, faultKinds) }
}

function addSignInFault(text: string, others?: SignInFaultShares): SignInFaultShares {
  return { ...others, ...faultShare(text, signInFaults) }
}

function faultShare(text: string, kinds: readonly string[]): Readonly<Record<string, number>> {
  const [kind = '', share = ''] = text.split('=', 2)
  if (kinds.includes(kind)) return { [kind]: shareValue(share) }
  throw new InvalidArgumentError(
    `Expected one of ${kinds.join(', ')} and its share, such as ${kinds.at(-1)}=0.01.`,
  )
}
