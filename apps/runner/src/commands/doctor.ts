import { exitCodeOfDiagnosis } from '../doctor/diagnosis.ts'
import { type ExamineOptions, examine } from '../doctor/examine.ts'
import { showDiagnosis } from '../doctor/show-diagnosis.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'

export interface DoctorOptions extends ExamineOptions {
  readonly json: boolean
}

/** `cdrstream doctor`: reports what is wrong and how to fix it, including while a collector runs. */
export async function doctor({ json, ...options }: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const diagnosis = await examine(options, terminal, stopping.signal)
  terminal.print(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : showDiagnosis(diagnosis))
  return stopping.signal.aborted ? exitCodes.failed : exitCodeOfDiagnosis(diagnosis)
}
