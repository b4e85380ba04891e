const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
const underNpm = process.env.npm_lifecycle_event !== undefined

/** What would end this process ends the child, which this process then outlives. */
export function passSignals(child) {
  const pass = {
    // Ctrl-C on a terminal reaches the child by itself, and a second signal would mean something else.
    SIGINT: () => terminal || child.kill('SIGINT'),
    SIGTERM: () => child.kill('SIGTERM'),
    SIGHUP: () => child.kill('SIGHUP'),
  }
  // npm passes a signal to the shell that it starts the script with, and the shell ends without passing it on.
  const parent = process.ppid
  const watch = setInterval(() => underNpm && process.ppid !== parent && pass.SIGTERM(), 100)
  for (const [signal, handler] of Object.entries(pass)) process.on(signal, handler)
  child.on('close', () => {
    clearInterval(watch)
    for (const [signal, handler] of Object.entries(pass)) process.off(signal, handler)
  })
}
