import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CheckFailure } from '../check-failure.ts'
import type { Job, Message, Word } from './job.ts'

const ownExtension = extname(fileURLToPath(import.meta.url))
const script = new URL(`./sink-process${ownExtension}`, import.meta.url)

/** A child process at a job. */
export interface SinkProcess {
  /** Answers what the child says next; undefined when it has ended, by itself or killed. */
  next(): Promise<Message | undefined>
  /** Lets it make the call that it is about to make. */
  goOn(word?: Word): void
  /** SIGKILL. */
  kill(): void
  /** Resolves when it has ended: true if by itself and soon. Kills it else. */
  endsWithin(ms: number): Promise<boolean>
}

/** Starts a child process that imports the plugin's module. */
export function startSinkProcess(job: Job): SinkProcess {
  const child = fork(script, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Run from source, this package and its neighbours have to be resolved to their source there as well.
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
        const [said] = errors.join('').trim().split('\n').slice(-1)
        throw new CheckFailure(
          `expected the child process to work, and it ended with ${child.exitCode}: ${said}`,
        )
      }
      return message
    },
    goOn: (word = {}) => child.send(word, () => {}),
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

/** The messages in their order, then undefined: when the channel is closed and the process has ended. */
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
