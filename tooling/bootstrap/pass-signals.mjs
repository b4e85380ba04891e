const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Passes on to the child what would end this process, which then outlives the child. A child that is in the
 * same process group may receive the signal twice; the collector takes that for one request.
 */
export function passSignals(child) {
  const pass = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, pass)
  child.on('close', () => {
    for (const signal of signals) process.off(signal, pass)
  })
}
