const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Forwards signals that would end this process to the child, and keeps this process alive until the child has
 * ended. A child in the same process group may receive a signal twice, which the collector treats as one
 * request.
 */
export function passSignals(child) {
  const pass = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, pass)
  child.on('close', () => {
    for (const signal of signals) process.off(signal, pass)
  })
}
