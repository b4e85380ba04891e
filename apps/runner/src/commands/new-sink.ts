import { join, relative, resolve } from 'node:path'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { writeNewSink } from '../new-sink/write-new-sink.ts'
import type { Terminal } from '../terminal.ts'
import { readVersion } from '../version.ts'

export interface NewSinkOptions {
  readonly name: string
  /** Default: the sink's name. */
  readonly directory?: string
  /** Whether the sink writes to a server over HTTP instead of to a SQLite table. Default: false. */
  readonly network?: boolean
}

/** `cdrstream new-sink`: writes a package with a working sink to start from. */
export async function newSink(options: NewSinkOptions, terminal: Terminal): Promise<ExitCode> {
  const { name, network = false } = options
  const directory = resolve(options.directory ?? name)
  const destination = network ? 'network' : 'table'
  const written = writeNewSink({ name, destination, version: readVersion() }, directory)
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
