#!/usr/bin/env node
// Only what an old Node understands as well: it has to come as far as the message.
const needed = 24
const found = process.version

if (Number(found.slice(1).split('.')[0]) < needed) {
  console.error(`cdrstream needs Node ${needed} or newer; this is ${found}`)
  process.exitCode = 2
} else {
  silenceSqliteWarning()
  import('../dist/main.js')
    .then((entry) => entry.main(process.argv.slice(2)))
    .then(
      (exitCode) => {
        process.exitCode = exitCode
      },
      (error) => {
        console.error(isNotBuilt(error) ? 'cdrstream is not built yet: run `turbo run build`' : String(error))
        process.exitCode = isNotBuilt(error) ? 2 : 1
      },
    )
}

// Some releases of Node 24 still call node:sqlite an experiment, on every start. Other warnings are shown.
function silenceSqliteWarning() {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...more) => {
    if (more[0] === 'ExperimentalWarning' && /sqlite/i.test(String(warning))) return
    emitWarning.call(process, warning, ...more)
  }
}

function isNotBuilt(error) {
  return error.code === 'ERR_MODULE_NOT_FOUND' && /dist[/\\]main\.js/.test(error.message)
}
