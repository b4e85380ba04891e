import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { runTimed } from './run-timed.ts'

/**
 * Collects from `cdrstream simulate` with the configuration of a new sink, and checks that calls are in its
 * table.
 */
export async function simulateAndCollect(bin: string, sink: string): Promise<void> {
  const args = [bin, 'simulate', '--scale', '60', '--history', '20s', '--rate', '6000']
  const simulator = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const baseUrl = await addressOf(simulator.stdout)
    const configuration = join(sink, 'cdrstream.yaml')
    const text = readFileSync(configuration, 'utf8')
    // The simulator uses a free port, because the template's port might be in use.
    const placed = text.replace(/baseUrl: .*/, `baseUrl: ${baseUrl}`)
    if (placed === text) throw new Error(`${configuration} has no baseUrl`)
    writeFileSync(configuration, placed)
    runTimed('the new sink collects', process.execPath, [bin, 'run', '--once'], sink)
  } finally {
    const ended = once(simulator, 'exit')
    simulator.kill('SIGKILL')
    await ended
  }
  const database = new DatabaseSync(join(sink, 'data', 'calls.db'))
  const calls = database.prepare('SELECT count(*) AS calls FROM calls').get()?.calls
  database.close()
  if (typeof calls !== 'number' || calls === 0)
    throw new Error(`expected calls in the new sink, found ${calls}`)
}

/** Reads the URL from the configuration that the simulator prints. */
async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  let printed = ''
  for await (const part of output) {
    printed += part
    const [, address] = /baseUrl: (\S+)\n/.exec(printed) ?? []
    if (address !== undefined) return address
  }
  throw new Error('the simulator printed no URL')
}
