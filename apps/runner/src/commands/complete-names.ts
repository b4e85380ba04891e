import type { NameKind } from '../completion/command-tree.ts'
import { readDocument } from '../configuration/read-document.ts'
import { name } from '../configuration/schema/leaf.ts'
import { listAt, valueAt } from '../configuration/value-at.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'

export interface CompleteNamesOptions {
  readonly config: string
  readonly kind: NameKind
}

/**
 * `cdrstream complete-names`: prints the names of orgs or sinks, one per line, even if the configuration has
 * problems. A shell runs it while the user types, so it reports nothing.
 */
export async function completeNames(
  { config, kind }: CompleteNamesOptions,
  terminal: Pick<Terminal, 'print' | 'variable'>,
): Promise<ExitCode> {
  const document = readDocument({ file: config, variable: terminal.variable }, () => true)
  if (document.kind === 'problems') return exitCodes.usage
  const names = listAt(document.plain.value, [kind])
    .map((element) => name.safeParse(valueAt(element, ['name'])))
    .flatMap(({ data }) => (data === undefined ? [] : [data]))
  terminal.print(names.map((each) => `${each}\n`).join(''))
  return exitCodes.done
}
