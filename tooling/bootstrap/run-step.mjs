import { spawn } from 'node:child_process'
import { passSignals } from './pass-signals.mjs'

/**
 * Runs a setup step silently and returns its output. If it fails, prints the output to stderr or, with
 * `brief`, adds the line with the cause to the error.
 */
export function runStep(what, [program, ...args], { cwd, env, brief = false }) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32' && !program.endsWith('.exe')
    const child = spawn(program, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    passSignals(child)
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (cause) => reject(new Error(`${what} failed: ${cause.message}`)))
    child.on('close', (code, signal) => {
      const text = Buffer.concat(output).toString()
      if (code === 0) return resolve(text)
      if (!brief) process.stderr.write(text)
      const why = (brief && reason(text)) || (signal ? `killed by ${signal}` : `exit code ${code}`)
      reject(new Error(`${what} failed: ${why}`))
    })
  })
}

const unreachable = /fetch failed|ENOTFOUND|EAI_AGAIN|ECONN|TIMEDOUT/

/** Returns the most informative line that npm or pnpm prints on failure. */
function reason(text) {
  const lines = text
    .split('\n')
    .filter((line) => !/WARN/.test(line))
    .map((line) => line.replace(/^\s*(npm (error|ERR!)|\[?ERROR\]?)\s*/, '').trim())
  const informative = [
    /reason:|ERR_PNPM_\w+/,
    /\bE(NOTFOUND|AI_AGAIN|CONN|TIMEDOUT|404|401|403|NOSPC|ACCES)|Integrity checksum failed/,
    /error/i,
  ]
  for (const pattern of informative) {
    const line = lines.find((line) => pattern.test(line))
    if (line !== undefined) return unreachable.test(line) ? `${line} (is the npm registry reachable?)` : line
  }
  return lines.filter((line) => line !== '').pop()
}
