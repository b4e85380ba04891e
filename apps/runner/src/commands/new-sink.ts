import { join, relative, resolve } from 'node:path'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { writeNewSink } from '../new-sink/write-new-sink.ts'
import type { Terminal } from '../terminal.ts'
import { readVersion } from '../version.ts'

export interface NewSinkOptions {
  readonly name: string
  /** Default: the name of the sink. */
  readonly directory?: string
}

/** `cdrstream new-sink`: writes a package with a working sink to start from. */
export async function newSink(options: NewSinkOptions, terminal: Terminal): Promise<ExitCode> {
  const directory = resolve(options.directory ?? options.name)
  const written = writeNewSink(options.name, directory, readVersion())
  if (written.kind === 'problem') {
    terminal.say(written.line)
    return exitCodes.usage
  }
  const near = relative(process.cwd(), directory)
  const shown = near.startsWith('..') ? directory : near
  for (const file of written.files) terminal.print(`${join(shown, file)}\n`)
  const cd = near === '' ? '' : `  cd ${shown}\n`
  terminal.print(`\nNext:\n${cd}  npm install\n  npm run certify\n\nREADME.md describes the next steps.\n`)
  return exitCodes.done
}
