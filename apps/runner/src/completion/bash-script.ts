import { allCommands, type CompletedCommand, type Values } from './command-tree.ts'

/** Returns the script that completes cdrstream in bash 3.2 or newer. */
export function bashScript(program: CompletedCommand): string {
  const commands = allCommands(program)
  const chosen = commands.filter(({ path }) => path.length > 0).map(({ path }) => quoted(key(path)))
  const options = commands.flatMap(({ command, path }) =>
    command.options.flatMap(({ flags, value }) =>
      value === undefined ? [] : flags.map((flag) => ({ at: quoted(`${key(path)} ${flag}`), value })),
    ),
  )
  return `# bash completion for cdrstream. To use it: source <(cdrstream completion bash)
_cdrstream() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command='' flag i
  local config=()
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $word == '=' ]]; then
    word=''
  elif [[ $before == '=' ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command \${COMP_WORDS[i]}" in
    ${chosen.join(' | ')})
      command+=" \${COMP_WORDS[i]}"
      ;;
    ${options.map(({ at }) => at).join(' | ')})
      flag=\${COMP_WORDS[i]}
      if [[ \${COMP_WORDS[i + 1]} == '=' ]]; then ((i++)); fi
      ((i++))
      if [[ $flag == -c || $flag == --config ]]; then config=(-c "\${COMP_WORDS[i]}"); fi
      ;;
    esac
  done
  case "$command $before" in
${casesOf(options)}
  esac
  case "$command" in
${commands.map(({ command, path }) => `  ${quoted(key(path))})\n${indented(replyOf(command), '    ')}\n    ;;`).join('\n')}
  esac
}

_cdrstream_words() {
  COMPREPLY=($(compgen -W "$1" -- "$word"))
}

_cdrstream_names() {
  _cdrstream_words "$("\${COMP_WORDS[0]}" complete-names "$1" "\${config[@]}" 2>/dev/null)"
}

_cdrstream_paths() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$word")
}

complete -F _cdrstream cdrstream
`
}

interface OptionWithValue {
  /** The command and the flag, quoted. */
  readonly at: string
  readonly value: Values
}

/** One case for all options that are completed in the same way. */
function casesOf(options: readonly OptionWithValue[]): string {
  const alike = Map.groupBy(options, ({ value }) => reply(value))
  return Array.from(
    alike,
    ([replied, those]) =>
      `  ${those.map(({ at }) => at).join(' | ')})\n${indented(replied, '    ')}\n    return\n    ;;`,
  ).join('\n')
}

/** The path as the script builds it, with a space before each name. */
function key(path: readonly string[]): string {
  return path.map((name) => ` ${name}`).join('')
}

function replyOf({ commands, options, argument }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.flags.filter((flag) => flag.startsWith('--')))
  const names = commands.map(({ name }) => name)
  const others = names.length > 0 ? words(names) : argument === undefined ? ':' : reply(argument)
  return `if [[ $word == -* ]]; then\n  ${words(flags)}\nelse\n${indented(others, '  ')}\nfi`
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'words':
      return values.orFile ? `${words(values.words)}\n_cdrstream_paths -f` : words(values.words)
    case 'files':
      return '_cdrstream_paths -f'
    case 'directories':
      return '_cdrstream_paths -d'
    case 'names':
      return `_cdrstream_names ${values.of}`
    case 'text':
      return ':'
  }
}

function words(all: readonly string[]): string {
  return `_cdrstream_words ${quoted(all.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function indented(text: string, by: string): string {
  return text.replaceAll(/^/gm, by)
}
