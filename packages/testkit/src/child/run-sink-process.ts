import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CheckFailure } from '../check-failure.ts'
import type { Instruction, Job, Message } from './job.ts'

const ownExtension = extname(fileURLToPath(import.meta.url))
const script = new URL(`./sink-process${ownExtension}`, import.meta.url)

/** A child process that works on a job. */
export interface SinkProcess {
  /** Returns the child's next message, or undefined once it has exited or was killed. */
  next(): Promise<Message | undefined>
  /** Lets the child make its next call. */
  proceed(instruction?: Instruction): void
  /** Kills the child with SIGKILL. */
  kill(): void
  /**
   * Resolves to true if the child exits by itself within this time. Otherwise, kills it and resolves to
   * false.
   */
  endsWithin(ms: number): Promise<boolean>
}

/** Starts a child process that imports the plugin's module. */
export function startSinkProcess(job: Job): SinkProcess {
  const child = fork(script, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // If this package runs from source, the child must also resolve it and its dependencies to their source.
    execArgv: ownExtension === '.ts' ? ['--conditions=cdrstream-source'] : [],
  })
  const errors: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  const messages = queueMessages(child)
  child.send(job)
  return {
    async next() {
      const message = await messages.next()
      if (message?.kind === 'failed') throw new CheckFailure(`in a child process: ${message.reason}`)
      if (message === undefined && child.exitCode !== null && child.exitCode !== 0) {
        const [lastLine] = errors.join('').trim().split('\n').slice(-1)
        throw new CheckFailure(
          `expected the child process to work, but it exited with code ${child.exitCode}: ${lastLine}`,
        )
      }
      return message
    },
    proceed: (instruction = {}) => child.send(instruction, () => {}),
    kill: () => child.kill('SIGKILL'),
    async endsWithin(ms) {
      if (hasEnded(child)) return child.signalCode === null
      const timer = setTimeout(() => child.kill('SIGKILL'), ms)
      await once(child, 'exit')
      clearTimeout(timer)
      return child.signalCode === null
    },
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/**
 * Queues the child's messages in order, followed by undefined once its channel is closed and it has exited.
 */
function queueMessages(child: ChildProcess) {
  const queue: Message[] = []
  let wake = () => {}
  let ended = false
  child.on('message', (message: Message) => {
    queue.push(message)
    wake()
  })
  Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(
    () => {
      ended = true
      wake()
    },
    () => {
      ended = true
      wake()
    },
  )
  return {
    async next(): Promise<Message | undefined> {
      while (queue.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return queue.shift()
    },
  }
}
