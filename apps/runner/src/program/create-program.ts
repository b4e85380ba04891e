import { Command, type OptionValues } from 'commander'
import type { DemoOptions } from '../commands/demo.ts'
import type { RunOptions } from '../commands/run.ts'
import type { StatusOptions } from '../commands/status.ts'
import type { ExitCode } from '../exit-code.ts'
import type { SimulateOptions } from '../simulate/simulate-options.ts'
import { addDemo } from './demo-command.ts'
import { addRun } from './run-command.ts'
import { addSimulate } from './simulate-command.ts'
import { addStatus } from './status-command.ts'

/** What the commands do; a test gives its own. */
export interface Actions {
  run(options: RunOptions): Promise<ExitCode>
  status(options: StatusOptions): Promise<ExitCode>
  simulate(options: SimulateOptions): Promise<ExitCode>
  demo(options: DemoOptions): Promise<ExitCode>
}

const description = 'Collects Webex Calling call detail records, and puts each one, once, where you want it.'

const afterHelp = `
Exit codes:
  0  done
  1  failed at work
  2  bad usage or configuration: nothing was started
  3  the API refuses for good: token, role or region (commands that end by themselves)
  4  a sink refuses for good (commands that end by themselves)

Results go to standard output, logs to standard error (JSON lines; for people on a terminal).
To see it at work without an account: cdrstream demo`

/** The command line; `ended` gets what the chosen command ends with. Parsing throws a CommanderError for everything else. */
export function createProgram(
  version: string,
  actions: Actions,
  ended: (exitCode: ExitCode) => void,
): Command {
  const program = new Command('cdrstream')
    .description(description)
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .option('-c, --config <file>', 'the configuration', './cdrstream.yaml')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help tells what there is)')
    .exitOverride()
    .addHelpText('after', afterHelp)
  const on =
    <Options extends OptionValues>(action: (options: Options) => Promise<ExitCode>) =>
    async (_: unknown, command: Command) =>
      ended(await action(command.optsWithGlobals<Options>()))
  addRun(program, on(actions.run))
  addStatus(program, on(actions.status))
  addSimulate(program, on(actions.simulate))
  addDemo(program, on(actions.demo))
  return program
}
