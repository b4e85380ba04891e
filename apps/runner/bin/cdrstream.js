#!/usr/bin/env node
// Uses only syntax that old Node versions support, so that they can print the message.
const found = process.version
const [major, minor] = found.slice(1).split('.').map(Number)

// The journal needs the SQLite that comes with this release.
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(`cdrstream needs Node 24.15 or newer; this is ${found}`)
  process.exitCode = 2
} else {
  silenceExperimentalWarnings()
  closeDebuggers()
  boundMemory()
  const debug = startAgain()
  if (debug.length === 0) start()
  else {
    console.error(`${debug.join(' and ')}: expected to be unset, because Node would print secrets`)
    process.exitCode = 2
  }
}

function start() {
  // Stays set until the command has ended. If the command waits for something that never happens, Node would
  // exit with 0.
  process.exitCode = 1
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

// Some Node 24 releases still warn on every start that these are experimental. Other warnings are shown.
function silenceExperimentalWarnings() {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...more) => {
    if (more[0] === 'ExperimentalWarning' && /sqlite|execve/i.test(String(warning))) return
    emitWarning.call(process, warning, ...more)
  }
}

// SIGUSR1 opens a Node process's inspector, through which every user of the machine can read its memory. With
// DEBUG, the Elasticsearch client prints its credentials.
function closeDebuggers() {
  process.on('SIGUSR1', () => {})
  delete process.env.DEBUG
}

// Lets the heap grow to twice the live size after the last garbage collection. Set here, because a Node
// without this flag would refuse to start with it.
function boundMemory() {
  if (process.argv[2] === 'run') {
    process.getBuiltinModule('node:v8').setFlagsFromString('--heap-growing-percent=100')
  }
}

// Some settings only take effect when a process starts, so the process replaces itself once, with other flags
// and variables.
// - NODE_DEBUG and NODE_DEBUG_NATIVE are removed, because Node would print what it sends, including tokens.
// - The collector uses less memory. Pages of 14 MB make V8's heap grow, although most of it is garbage, and
//   glibc keeps freed memory for each thread. Its variables are set unless the user has set them.
// This does not work on Windows or with a parent that has an IPC channel. The collector then needs more
// memory, and the function returns the debug variables that are still set.
function startAgain() {
  const { NODE_DEBUG, NODE_DEBUG_NATIVE, ...env } = process.env
  const debug = Object.entries({ NODE_DEBUG, NODE_DEBUG_NATIVE }).flatMap(([name, value]) =>
    value ? [name] : [],
  )
  const flags = startFlags()
  if (debug.length === 0 && flags.length === 0) return debug
  if (process.platform === 'win32' || process.execve === undefined || process.channel) return debug
  if (!canExecute(process.execPath)) return debug
  const malloc = flags.length === 0 ? {} : { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '4000000' }
  const args = [process.execPath, ...process.execArgv, ...flags, ...process.argv.slice(1)]
  process.execve(process.execPath, args, { ...malloc, ...env })
  return debug
}

// Returns the collector's flags, or none if the user, or the process that this one replaced, has set them.
function startFlags() {
  const size = '--max-semi-space-size'
  if (process.argv[2] !== 'run' || process.execArgv.some((given) => given.startsWith(size))) return []
  return [`${size}=8`, '--disable-sigusr1']
}

// A failed execve terminates the process with a core dump.
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
