import {
  allCommands,
  type CompletedCommand,
  type CompletedOption,
  type PlacedCommand,
  type Values,
} from './command-tree.ts'

/** Returns the script that completes cdrstream in fish. */
export function fishScript(program: CompletedCommand): string {
  return `# fish completion for cdrstream. To use it: cdrstream completion fish | source
function __cdrstream_names
    set -l words (commandline -opc)
    set -l config
    for at in (seq (count $words))
        switch $words[$at]
            case -c --config
                set config -c $words[(math $at + 1)]
            case '--config=*'
                set config -c (string replace -- --config= '' $words[$at])
        end
    end
    $words[1] complete-names $argv $config 2>/dev/null
end

complete -c cdrstream -f
${allCommands(program).flatMap(linesOf).join('\n')}
`
}

function linesOf({ command, path }: PlacedCommand): readonly string[] {
  const start = `complete -c cdrstream -n ${quoted(condition(path, command))}`
  const names = command.commands.map(
    ({ name, summary }) => `${start} -a ${quoted(name)} -d ${quoted(summary)}`,
  )
  const options = command.options.map(
    (option) => `${start}${flagsOf(option)} -d ${quoted(option.description)}`,
  )
  const argument = command.argument && argumentOf(command.argument)
  return [...names, ...options, ...(argument === undefined ? [] : [`${start}${argument}`])]
}

/** Returns the fish condition that the line has chosen this command and none of its subcommands. */
function condition(path: readonly string[], { commands }: CompletedCommand): string {
  const names = commands.map(({ name }) => name).join(' ')
  return [
    ...path.map((name) => `__fish_seen_subcommand_from ${name}`),
    ...(names === '' ? [] : [`not __fish_seen_subcommand_from ${names}`]),
  ].join('; and ')
}

function flagsOf({ flags, value }: CompletedOption): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? ` -l ${flag.slice('--'.length)}` : ` -s ${flag.slice('-'.length)}`,
  )
  return names.join('') + (value === undefined ? '' : ` -r${argumentOf(value) ?? ''}`)
}

function argumentOf(values: Values): string | undefined {
  switch (values.kind) {
    case 'words':
      return `${values.orFile ? ' -F' : ''} -a ${quoted(values.words.join(' '))}`
    case 'files':
      return ' -F'
    case 'directories':
      return " -a '(__fish_complete_directories)'"
    case 'names':
      return ` -a '(__cdrstream_names ${values.of})'`
    case 'text':
      return undefined
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}
