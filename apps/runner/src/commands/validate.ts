import { plainLine } from '@cdrstream/core/words'
import { builtInSinks } from '../built-in-sinks.ts'
import { problemLine } from '../configuration/problem.ts'
import { validateConfiguration } from '../configuration/validate-configuration.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'

export interface ValidateOptions {
  readonly config: string
  readonly json: boolean
}

/**
 * `cdrstream validate`: reports what is wrong with a configuration, without needing the environment to run
 * it.
 */
export async function validate(
  { config, json }: ValidateOptions,
  terminal: Pick<Terminal, 'variable' | 'print' | 'say'>,
): Promise<ExitCode> {
  const { problems, unchecked } = await validateConfiguration({
    file: config,
    builtInSinks,
    variable: terminal.variable,
  })
  const isValid = problems.length === 0
  if (json) {
    const shown = problems.map(({ place, key, code = null, message }) => ({
      line: place?.line ?? null,
      column: place?.column ?? null,
      key,
      code,
      message: plainLine(message),
    }))
    terminal.print(
      `${JSON.stringify({ file: config, valid: isValid, problems: shown, unchecked }, null, 2)}\n`,
    )
  } else {
    for (const problem of problems) terminal.say(problemLine(problem))
    if (unchecked.length > 0) terminal.say(uncheckedLine(unchecked))
    if (isValid) terminal.print(`${plainLine(config)}: valid\n`)
  }
  return isValid ? exitCodes.done : exitCodes.usage
}

const mostShown = 5

function uncheckedLine(keys: readonly string[]): string {
  const shown = keys.slice(0, mostShown).join(', ')
  const more = keys.length > mostShown ? ` and ${keys.length - mostShown} more` : ''
  return `not checked, because a variable or file is missing: ${shown}${more}`
}
