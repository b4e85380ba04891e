import { type FaultShares, type SignInFaultShares, signInFaults } from '@cdrstream/simulator'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { faultKinds } from '../simulate/simulate-options.ts'
import type { CommandAction } from './command-action.ts'
import { durationValue, fractionValue, positiveNumberValue, wholeNumberValue } from './option-values.ts'

const description = [
  'Serves a simulated Webex API (cdr_stream) on loopback until it is stopped, and prints a configuration that collects from it.',
  'Without options, it follows the documented terms: one initial request per minute, and records that can be read after a minute. With --scale 60, an hour passes in a minute.',
].join('\n\n')

const after = `
To run a collector 60 times faster:
  cdrstream simulate --scale 60 --rate 30000 > cdrstream.yaml &
  cdrstream run`

export function addSimulate(program: Command, action: CommandAction): void {
  program
    .command('simulate')
    .summary('serve a simulated Webex API and print a configuration for it')
    .description(description)
    .addHelpText('after', after)
    .optionsGroup('Contents:')
    .option('--port <number>', 'the port to listen on; 0: any free port', wholeNumberValue(0, 65_535), 0)
    .option('--orgs <number>', 'how many organizations', wholeNumberValue(1, 10_000), 1)
    .option('--token <text>', 'the access token; for several orgs, -1, -2 … is appended', 'simulated-token')
    .option('--rate <records>', 'records per minute for each org', positiveNumberValue, 1_000)
    .option(
      '--history <duration>',
      'how far back records reach at startup (default: not at all)',
      durationValue,
    )
    .option('--seed <number>', 'the seed of the random records', wholeNumberValue(0, 2 ** 32), 1)
    .option(
      '--ledger <file>',
      'on exit, write a JSON line for each revision of a record that was returned: org, reportId, content (SHA-1 of its text)',
    )
    .optionsGroup('Terms:')
    .option('--scale <factor>', 'divide all durations by this', positiveNumberValue, 1)
    .option('--per <duration>', 'the "minute" of the rate limit', durationValue)
    .option('--settle <duration>', 'how old a second must be to be readable', durationValue)
    .option('--retention <duration>', 'how long records are readable', durationValue)
    .option('--max-window <duration>', 'the longest window', durationValue)
    .option('--page-size <records>', 'the maximum number of records per page', wholeNumberValue(1, 5_000))
    .optionsGroup('Signing in:')
    .option(
      '--sign-in',
      'also serve a token endpoint: the configuration has a refresh token, and `login` works',
    )
    .option(
      '--access-token-life <duration>',
      'the lifetime of an access token (default: 14 days, scaled)',
      durationValue,
    )
    .option(
      '--refresh-token-life <duration>',
      'the lifetime of a refresh token (default: 90 days, scaled)',
      durationValue,
    )
    .addOption(
      new Option(
        '--rotation <form>',
        'off: a refresh token stays valid; otherwise each use returns a new one, and the old one is honoured until the new access token is used, or expires at once',
      ).choices(['off', 'honoured', 'at-once']),
    )
    .option(
      '--sign-in-fault <kind=fraction>',
      `make this fraction of token requests fail; repeatable. Kinds: ${signInFaults.join(', ')}`,
      addSignInFault,
    )
    .optionsGroup('Records (fractions from 0 to 1):')
    .option('--late <fraction>', 'inserted late', fractionValue)
    .option('--repeated <fraction>', 'inserted again, unchanged', fractionValue)
    .option('--revised <fraction>', 'inserted again, changed', fractionValue)
    .option('--strange <fraction>', 'not a record, or with strange content', fractionValue)
    .optionsGroup('Faults:')
    .option(
      '--fault <kind=fraction>',
      `make this fraction of requests fail; repeatable. Kinds: ${faultKinds.join(', ')}`,
      addFault,
    )
    .optionsGroup('Unknown behaviour of the real API:')
    .addOption(
      new Option('--empty <form>', 'the response to a window without records').choices([
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
    .option('--end-exclusive', 'exclude the second of endTime from the window')
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
  return { ...others, ...faultFraction(text, faultKinds) }
}

function addSignInFault(text: string, others?: SignInFaultShares): SignInFaultShares {
  return { ...others, ...faultFraction(text, signInFaults) }
}

function faultFraction(text: string, kinds: readonly string[]): Readonly<Record<string, number>> {
  const [kind = '', fraction = ''] = text.split('=', 2)
  if (kinds.includes(kind)) return { [kind]: fractionValue(fraction) }
  throw new InvalidArgumentError(
    `Expected one of ${kinds.join(', ')} and its fraction, such as ${kinds.at(-1)}=0.01.`,
  )
}
