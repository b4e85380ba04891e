#!/usr/bin/env node
// Only what an old Node understands as well: it has to come as far as the message.
const found = process.version
const [major, minor] = found.slice(1).split('.').map(Number)

// The journal needs the SQLite of this release.
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(`cdrstream needs Node 24.15 or newer; this is ${found}`)
  process.exitCode = 2
} else {
  silenceExperimentalWarnings()
  boundMemory()
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

// Some releases of Node 24 still call these an experiment, on every start. Other warnings are shown.
function silenceExperimentalWarnings() {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...more) => {
    if (more[0] === 'ExperimentalWarning' && /sqlite|execve/i.test(String(warning))) return
    emitWarning.call(process, warning, ...more)
  }
}

// Pages of 14 MB let V8's heap grow, most of it garbage; and glibc keeps what was freed, for each thread apart. The young generation and glibc
// can be told only when a process starts, so the collector replaces itself, once: the same process, with a flag and two environment
// variables (unless they are set). Where that cannot be (Windows, or a parent that talks to this process), it just takes more memory.
function boundMemory() {
  if (process.argv[2] !== 'run') return
  // To twice what was alive after the last collection. Said here, as a Node that did not know this flag any more would not start with it.
  process.getBuiltinModule('node:v8').setFlagsFromString('--heap-growing-percent=100')
  const flag = '--max-semi-space-size'
  if (process.execArgv.some((given) => given.startsWith(flag)) || process.channel) return
  if (process.platform === 'win32' || process.execve === undefined || !canExecute(process.execPath)) return
  const args = [process.execPath, ...process.execArgv, `${flag}=8`, ...process.argv.slice(1)]
  const malloc = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '4000000' }
  process.execve(process.execPath, args, { ...malloc, ...process.env })
}

// An execve that fails ends the process with a core dump.
function canExecute(file) {
  const { accessSync, constants } = process.getBuiltinModule('node:fs')
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isNotBuilt(error) {
  return error.code === 'ERR_MODULE_NOT_FOUND' && /module '[^']*dist[/\\]main\.js'/.test(error.message)
}
