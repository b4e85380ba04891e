import { Command, type OptionValues } from 'commander'
import type { CertifyOptions } from '../commands/certify.ts'
import type { CompleteNamesOptions } from '../commands/complete-names.ts'
import type { CompletionOptions } from '../commands/completion.ts'
import type { DemoOptions } from '../commands/demo.ts'
import type { DoctorOptions } from '../commands/doctor.ts'
import type { LoginOptions } from '../commands/login.ts'
import type { NewSinkOptions } from '../commands/new-sink.ts'
import type { QuarantineAction } from '../commands/quarantine.ts'
import type { ReloadOptions } from '../commands/reload.ts'
import type { ReplayOptions } from '../commands/replay.ts'
import type { RunOptions } from '../commands/run.ts'
import type { SchemaOptions } from '../commands/schema.ts'
import type { SinkAction, SinkOptions } from '../commands/sink.ts'
import type { StatusOptions } from '../commands/status.ts'
import type { ValidateOptions } from '../commands/validate.ts'
import type { ExitCode } from '../exit-code.ts'
import type { QuarantineOptions } from '../quarantine/quarantine-means.ts'
import type { SimulateOptions } from '../simulate/simulate-options.ts'
import { addCertify } from './certify-command.ts'
import { addCompletion } from './completion-command.ts'
import { addDemo } from './demo-command.ts'
import { addDoctor } from './doctor-command.ts'
import { addLogin } from './login-command.ts'
import { addNewSink } from './new-sink-command.ts'
import { addQuarantine } from './quarantine-command.ts'
import { addReload } from './reload-command.ts'
import { addReplay } from './replay-command.ts'
import { addRun } from './run-command.ts'
import { addSchema } from './schema-command.ts'
import { addSimulate } from './simulate-command.ts'
import { addSink } from './sink-command.ts'
import { addStatus } from './status-command.ts'
import { addValidate } from './validate-command.ts'

/** The implementations of the commands. Tests replace them. */
export interface Actions {
  run(options: RunOptions): Promise<ExitCode>
  status(options: StatusOptions): Promise<ExitCode>
  doctor(options: DoctorOptions): Promise<ExitCode>
  sink(action: SinkAction, options: SinkOptions): Promise<ExitCode>
  reload(options: ReloadOptions): Promise<ExitCode>
  replay(options: ReplayOptions): Promise<ExitCode>
  quarantine(action: QuarantineAction, options: QuarantineOptions): Promise<ExitCode>
  validate(options: ValidateOptions): Promise<ExitCode>
  login(options: LoginOptions): Promise<ExitCode>
  simulate(options: SimulateOptions): Promise<ExitCode>
  demo(options: DemoOptions): Promise<ExitCode>
  certify(options: CertifyOptions): Promise<ExitCode>
  newSink(options: NewSinkOptions): Promise<ExitCode>
  schema(options: SchemaOptions): Promise<ExitCode>
  completion(options: CompletionOptions): Promise<ExitCode>
  completeNames(options: CompleteNamesOptions): Promise<ExitCode>
}

const description =
  'Collects Webex Calling call detail records and delivers each record exactly once to the destinations you choose.'

const afterHelp = `
Exit codes:
  0  done
  1  failed while running
  2  bad usage or configuration; nothing was started
  3  the API refuses permanently: token, role or region (commands that end on their own)
  4  a sink refuses permanently (commands that end on their own)

Results go to standard output, logs to standard error: JSON lines, or plain text on a terminal.
To try it without an account, run: cdrstream demo`

/**
 * Returns the command line. `ended` is called with the exit code of the command that ran. Parsing throws a
 * CommanderError for anything else, such as `--help` or bad usage.
 */
export function createProgram(
  version: string,
  actions: Actions,
  ended: (exitCode: ExitCode) => void,
): Command {
  const program = new Command('cdrstream')
    .description(description)
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .option('-c, --config <file>', 'the configuration file', './cdrstream.yaml')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(run with --help for usage)')
    .exitOverride()
    .addHelpText('after', afterHelp)
  const on =
    <Options extends OptionValues>(action: (options: Options) => Promise<ExitCode>) =>
    async (_: unknown, command: Command) =>
      ended(await action(command.optsWithGlobals<Options>()))
  const onArgument =
    <Options extends OptionValues>(name: string, action: (options: Options) => Promise<ExitCode>) =>
    async (argument: unknown, _: unknown, command: Command) => {
      command.setOptionValue(name, argument)
      ended(await action(command.optsWithGlobals<Options>()))
    }
  addRun(program, on(actions.run))
  addStatus(program, on(actions.status))
  addDoctor(program, on(actions.doctor))
  addSink(program, (action) => onArgument('name', (options: SinkOptions) => actions.sink(action, options)))
  addReload(program, on(actions.reload))
  addReplay(program, on(actions.replay))
  addQuarantine(program, (action) =>
    onArgument('ids', (options: QuarantineOptions) => actions.quarantine(action, options)),
  )
  addValidate(program, on(actions.validate))
  addLogin(program, on(actions.login))
  addSimulate(program, on(actions.simulate))
  addDemo(program, on(actions.demo))
  addCertify(program, onArgument('plugin', actions.certify))
  addNewSink(program, onArgument('name', actions.newSink))
  addSchema(program, onArgument('sink', actions.schema))
  addCompletion(program, onArgument('shell', actions.completion), onArgument('kind', actions.completeNames))
  return program
}
