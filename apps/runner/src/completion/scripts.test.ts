import { Argument, Command, Option } from 'commander'
import { describe, expect, test } from 'vitest'
import { bashScript } from './bash-script.ts'
import { commandTree } from './command-tree.ts'
import { fishScript } from './fish-script.ts'
import { zshScript } from './zsh-script.ts'

/** A program with a nested command, as a later version might have. */
function program(): Command {
  const whole = new Command('cdrstream').option('-c, --config <file>', 'the configuration')
  whole
    .command('run')
    .description('collect')
    .addOption(new Option('--level <level>', "[what] it's: to log").choices(['info', 'debug']))
    .option('--once', 'once')
    .addOption(new Option('--secret', 'not for people').hideHelp())
  const quarantine = whole.command('quarantine').summary('what was refused')
  quarantine
    .command('list')
    .description('list it')
    .option('--sink <name>', 'of this sink')
    .option('--org <name>', 'of this org')
    .option('--directory <path>', 'where')
  whole.command('certify').description('check').argument('<plugin>', 'the sink')
  whole.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
  whole.command('hidden', { hidden: true })
  return whole
}

const tree = commandTree(program(), ['file', 'postgres'])

test("the command tree has the same commands and options as commander's help", () => {
  const [run, quarantine, certify] = tree.commands

  expect(tree.commands.map(({ name }) => name)).toEqual([
    'run',
    'quarantine',
    'certify',
    'completion',
    'help',
  ])
  expect(run?.options.map(({ flags }) => flags.join(' '))).toEqual([
    '--level',
    '--once',
    '--help -h',
    '--config -c',
  ])
  expect(run?.options[0]?.value).toEqual({ kind: 'words', words: ['info', 'debug'], orFile: false })
  expect(quarantine?.commands[0]?.options.map(({ value }) => value)).toEqual([
    { kind: 'names', of: 'sinks' },
    { kind: 'names', of: 'orgs' },
    { kind: 'directories' },
    undefined,
    { kind: 'files' },
  ])
  expect(certify?.argument).toEqual({ kind: 'words', words: ['file', 'postgres'], orFile: true })
})

describe('each script has every command and option, including those of nested subcommands', () => {
  test.each([
    [
      'bash',
      bashScript(tree),
      [`' quarantine list --sink'`, `_cdrstream_names sinks`, `'run quarantine certify completion help'`],
    ],
    [
      'zsh',
      zshScript(tree),
      [
        '_cdrstream_quarantine_list() {',
        `'--sink[of this sink]: :_cdrstream_names sinks'`,
        String.raw`'--level[\[what\] it'\''s\: to log]: :(info debug)'`,
      ],
    ],
    [
      'fish',
      fishScript(tree),
      [
        `-n '__fish_seen_subcommand_from quarantine; and __fish_seen_subcommand_from list' -l sink -r -a '(__cdrstream_names sinks)' -d 'of this sink'`,
        String.raw`-l level -r -a 'info debug' -d '[what] it\'s: to log'`,
      ],
    ],
  ])('%s', (_, script, parts) => {
    for (const part of parts) expect(script).toContain(part)
    expect(script).not.toMatch(/secret|hidden/)
  })
})
