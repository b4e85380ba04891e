import {
  allCommands,
  type CompletedCommand,
  type CompletedOption,
  type PlacedCommand,
  type Values,
} from './command-tree.ts'

/** Returns the script that completes cdrstream in zsh. */
export function zshScript(program: CompletedCommand): string {
  return `#compdef cdrstream
# zsh completion for cdrstream. To use it: source <(cdrstream completion zsh), after compinit
_cdrstream_names() {
  local -a config names
  local file=\${opt_args[--config]:-\${opt_args[-c]}}
  [[ -n $file ]] && config=(-c "$file")
  names=(\${(f)"$(cdrstream complete-names $1 $config 2>/dev/null)"})
  compadd -a names
}

${allCommands(program).map(functionOf).join('\n\n')}

if [[ $funcstack[1] == _cdrstream ]]; then
  _cdrstream "$@"
else
  compdef _cdrstream cdrstream
fi
`
}

function functionOf({ command, path }: PlacedCommand): string {
  const name = ['_cdrstream', ...path].join('_')
  const options = command.options.map(optionSpec)
  if (command.commands.length === 0) {
    const argument = command.argument === undefined ? [] : [quoted(`1: :${action(command.argument)}`)]
    return `${name}() {\n${argumentsCall('', [...options, ...argument])}\n}`
  }
  const described = command.commands.map((inner) => `    ${quoted(`${inner.name}:${inner.summary}`)}`)
  const cases = command.commands.map((inner) => `      ${inner.name}) ${name}_${inner.name} ;;`)
  return `${name}() {
  local state line
  typeset -A opt_args
  local -a commands=(
${described.join('\n')}
  )
${argumentsCall('-C ', [...options, "'1: :->command'", "'*:: :->rest'"])}
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
${cases.join('\n')}
      esac
      ;;
  esac
}`
}

function argumentsCall(flags: string, specs: readonly string[]): string {
  return `  _arguments ${flags}\\\n${specs.map((spec) => `    ${spec}`).join(' \\\n')}`
}

/** `'(-c --config)'{-c,--config}'[the configuration]: :_files'` */
function optionSpec({ flags, description, value }: CompletedOption): string {
  const text = description.replaceAll(/[[\]:\\]/g, String.raw`\$&`)
  const rest = `[${text}]${value === undefined ? '' : `: :${action(value)}`}`
  const [flag = ''] = flags
  if (flags.length > 1) return `${quoted(`(${flags.join(' ')})`)}{${flags.join(',')}}${quoted(rest)}`
  return quoted(`${flag}${rest}`)
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return values.orFile
        ? `_alternative "sinks:sink:(${values.words.join(' ')})" "files:file:_files"`
        : `(${values.words.join(' ')})`
    case 'files':
      return '_files'
    case 'directories':
      return '_files -/'
    case 'names':
      return `_cdrstream_names ${values.of}`
    case 'text':
      return ''
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
