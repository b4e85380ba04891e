import { createWords } from '@cdrstream/core/words'
import { CommanderError } from 'commander'
import { run } from './commands/run.ts'
import { status } from './commands/status.ts'
import { secretsRead } from './configuration/secret.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { fileErrorLine } from './files/file-error.ts'
import { createProgram } from './program/create-program.ts'
import { processTerminal, type Terminal } from './terminal.ts'
import { readVersion } from './version.ts'

/** Runs the command named by the arguments. Resolves with the process's exit code. */
export async function main(
  args: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.usage
  const fail = (error: unknown) => terminal.say(describeFault(error))
  // A sink can throw while nothing awaits it. Node would then print the error, including any secret in it.
  const watched =
    <Options>(command: (options: Options) => Promise<ExitCode>) =>
    async (options: Options): Promise<ExitCode> => {
      using _ = terminal.onCrash((error) => {
        fail(error)
        terminal.exit(exitCodes.failed)
      })
      return await command(options)
    }
  const program = createProgram(
    readVersion(),
    {
      run: (options) => run(options, terminal),
      status: (options) => status(options, terminal),
      // The other commands are loaded on demand, so that the collector starts fast and stays small.
      doctor: watched(async (options) => (await import('./commands/doctor.ts')).doctor(options, terminal)),
      validate: watched(async (options) =>
        (await import('./commands/validate.ts')).validate(options, terminal),
      ),
      sink: (action, options) =>
        watched(async () => (await import('./commands/sink.ts')).sink(action, options, terminal))(options),
      reload: watched(async (options) => (await import('./commands/reload.ts')).reload(options, terminal)),
      replay: watched(async (options) => (await import('./commands/replay.ts')).replay(options, terminal)),
      quarantine: (action, options) =>
        watched(async () => (await import('./commands/quarantine.ts')).quarantine(action, options, terminal))(
          options,
        ),
      login: async (options) => (await import('./commands/login.ts')).login(options, terminal),
      simulate: async (options) => (await import('./commands/simulate.ts')).simulate(options, terminal),
      demo: async (options) => (await import('./commands/demo.ts')).demo(options, terminal),
      certify: watched(async (options) => (await import('./commands/certify.ts')).certify(options, terminal)),
      newSink: async (options) => (await import('./commands/new-sink.ts')).newSink(options, terminal),
      schema: async (options) => (await import('./commands/schema.ts')).schema(options, terminal),
      completion: async (options) =>
        (await import('./commands/completion.ts')).completion(options, program, terminal),
      completeNames: async (options) =>
        (await import('./commands/complete-names.ts')).completeNames(options, terminal),
    },
    (code) => {
      exitCode = code
    },
  )
  program.configureOutput({
    writeOut: (text) => terminal.print(text),
    writeErr: (text) => {
      for (const line of text.trimEnd().split('\n')) terminal.say(line)
    },
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return await withResults(exitCode, terminal)
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander reads the exit code of `help` from the process, where it is not set yet.
      const isDone = error.exitCode === 0 || (error.code === 'commander.help' && args[0] === 'help')
      return await withResults(isDone ? exitCodes.done : exitCodes.usage, terminal)
    }
    terminal.say(fileErrorLine(error) ?? describeFault(error))
    return exitCodes.failed
  }
}

/** A command whose results were lost has failed. */
async function withResults(exitCode: ExitCode, terminal: Terminal): Promise<ExitCode> {
  const problem = await terminal.printProblem()
  if (problem === undefined) return exitCode
  terminal.say(problem)
  return exitCode === exitCodes.done ? exitCodes.failed : exitCode
}

/** An error message from cdrstream or a sink can contain anything, so secrets are removed from it. */
function describeFault(error: unknown): string {
  return `cdrstream failed: ${createWords(secretsRead())(error instanceof Error ? error.message : String(error))}`
}
