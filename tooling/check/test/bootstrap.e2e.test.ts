import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { readManifest, root } from '../src/repository.ts'

let scratch: string

beforeEach(() => {
  const created = mkdtempSync(join(tmpdir(), 'cdrstream-bootstrap-'))
  onTestFinished(() => rmSync(created, { recursive: true }))
  scratch = created
})

const download = `
  import { existsSync } from 'node:fs'
  const { fromNpm } = await import(module('from-npm.mjs'))
  await fromNpm({ name: 'tool', version: '1.2.3' }, (at) => existsSync(at + '/package.json'))
`

test('two concurrent starts leave one complete package and no draft', async () => {
  const [one, two] = await Promise.all([run(download, withNpm('package')), run(download, withNpm('package'))])
  expect([one.code, two.code]).toEqual([0, 0])
  expect(toolchain()).toEqual(['tool-1.2.3'])
})

test('a package is downloaded again only if it does not work', async () => {
  await run(download, withNpm('package'))
  expect(await run(download, withNpm('failure'))).toEqual({ code: 0, output: '' })
  rmSync(join(scratch, 'cdrstream/toolchain/tool-1.2.3/node_modules/tool/package.json'))
  expect((await run(download, withNpm('package'))).code).toBe(0)
  expect((await run(download, withNpm('failure'))).code).toBe(0)
})

test('the next download removes a copy that a killed process left behind, but not a copy in use', async () => {
  const directory = join(scratch, 'cdrstream/toolchain')
  for (const draft of ['abandoned', 'used'])
    mkdirSync(join(directory, `tool-1.2.3.draft-${draft}`, 'files'), { recursive: true })
  utimesSync(join(directory, 'tool-1.2.3.draft-abandoned'), 1, 1)
  expect((await run(download, withNpm('package'))).code).toBe(0)
  expect(toolchain().toSorted()).toEqual(['tool-1.2.3', 'tool-1.2.3.draft-used'])
})

test('an incomplete pnpm in the cache is downloaded again', async () => {
  const { packageManager } = readManifest(root)
  const modules = join(
    scratch,
    `cdrstream/toolchain/${String(packageManager).replace('@', '-')}/node_modules`,
  )
  mkdirSync(join(modules, '.bin'), { recursive: true })
  mkdirSync(join(modules, 'pnpm/bin'), { recursive: true })
  // As after a power failure, the files exist but are empty.
  for (const file of ['.bin/pnpm', '.bin/pnpm.cmd', 'pnpm/bin/pnpm.mjs'])
    writeFileSync(join(modules, file), '', { mode: 0o755 })
  const find = `
    const { findToolchain } = await import(module('toolchain.mjs'))
    await findToolchain(process.cwd()).pnpm()
  `
  const { code, output } = await run(find, withNpm('failure'))
  expect(code).toBe(1)
  expect(output).toContain('Downloading pnpm')
})

// npm versions up to 10 start these lines with ERR!.
test.each(['error', 'ERR!'])(
  'an unreachable registry is reported in one line, and leaves no files: npm %s',
  async (start) => {
    const { code, output } = await run(download, withNpm('failure', start))
    expect(code).toBe(1)
    expect(output.split('\n').filter((line) => line.includes('ENOTFOUND'))).toHaveLength(1)
    expect(output).not.toContain(`npm ${start}`)
    expect(toolchain()).toEqual([])
  },
)

describe('a package from a registry', () => {
  test('is installed if it has the expected hash', async () => {
    await using registry = await serveTool()
    const { code } = await run(downloadHashed(registry.integrity), registry.variables)
    expect(code).toBe(0)
    expect(toolchain()).toEqual(['tool-1.2.3'])
  })

  test('is refused if it has a different hash, and leaves no files', async () => {
    await using registry = await serveTool()
    const other = `sha512-${createHash('sha512').update('another').digest('base64')}`
    const { code, output } = await run(downloadHashed(other), registry.variables)
    expect(code).toBe(1)
    expect(output).toContain('Integrity checksum failed')
    expect(toolchain()).toEqual([])
  })
})

function downloadHashed(integrity: string): string {
  return download.replace("version: '1.2.3'", `version: '1.2.3', integrity: '${integrity}'`)
}

/** A registry with one package. It reports the actual hash, not the hash that the caller expects. */
async function serveTool() {
  const source = join(scratch, 'source')
  mkdirSync(source)
  writeFileSync(join(source, 'package.json'), '{ "name": "tool", "version": "1.2.3" }')
  execFileSync('npm', ['pack', '--loglevel=error'], { cwd: source })
  const tarball = readFileSync(join(source, 'tool-1.2.3.tgz'))
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo
    const dist = { tarball: `http://127.0.0.1:${port}/tool/-/tool-1.2.3.tgz`, integrity }
    const version = { name: 'tool', version: '1.2.3', dist }
    const packument = { name: 'tool', 'dist-tags': { latest: '1.2.3' }, versions: { '1.2.3': version } }
    response.end(request.url?.endsWith('.tgz') ? tarball : JSON.stringify(packument))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    integrity,
    variables: {
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_cache: join(scratch, 'npm-cache'),
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('the setup tools receive only the npm settings for reaching the registry', async () => {
  const print = `
    const { setUpEnvironment } = await import(module('set-up-environment.mjs'))
    console.log(JSON.stringify(setUpEnvironment()))
  `
  const { output } = await run(print, {
    npm_config_registry: 'http://127.0.0.1:1/',
    npm_config_dry_run: 'true',
    npm_config_local_prefix: '/nowhere',
    npm_lifecycle_event: 'start',
    OTHER: 'kept',
  })
  const env = JSON.parse(output)
  expect(env).toMatchObject({
    npm_config_registry: 'http://127.0.0.1:1/',
    pnpm_config_registry: 'http://127.0.0.1:1/',
    OTHER: 'kept',
  })
  expect(env).not.toHaveProperty('npm_config_dry_run')
  expect(env).not.toHaveProperty('npm_config_local_prefix')
  expect(env).not.toHaveProperty('npm_lifecycle_event')
})

const work = `
  import { appendFileSync } from 'node:fs'
  import { setImmediate } from 'node:timers/promises'
  const { withLock } = await import(module('with-lock.mjs'))
  await withLock(process.env.SCRATCH + '/set-up.lock', async () => {
    appendFileSync(process.env.SCRATCH + '/log', 'begin ')
    for (let turn = 0; turn < 10_000; turn += 1) await setImmediate()
    appendFileSync(process.env.SCRATCH + '/log', 'end ')
  })
`

test('of two processes that set up the same clone, one waits', async () => {
  await Promise.all([run(work), run(work)])
  expect(readFileSync(join(scratch, 'log'), 'utf8')).toBe('begin end begin end ')
})

test("a dead process's lock blocks no one", async () => {
  writeFileSync(join(scratch, 'set-up.lock'), '')
  utimesSync(join(scratch, 'set-up.lock'), 1, 1)
  expect((await run(work)).code).toBe(0)
})

describe('a cache that another user could have filled is not used', () => {
  const find = (args: string) => `
    const { trustedEntry } = await import(module('toolchain-directory.mjs'))
    trustedEntry(${args})
  `
  beforeEach(() => mkdirSync(join(scratch, 'cdrstream/toolchain/tool-1.2.3'), { recursive: true }))

  test('because one of its directories belongs to that user', async () => {
    const { code, output } = await run(find(`['toolchain', 'tool-1.2.3'], [54_321]`))
    expect(code).toBe(1)
    expect(output).toContain('belongs to another user')
    expect(await run(find(`['toolchain', 'tool-1.2.3']`))).toEqual({ code: 0, output: '' })
  })

  test('because every user can write to one of its directories', async () => {
    chmodSync(join(scratch, 'cdrstream/toolchain'), 0o777)
    const { code, output } = await run(download, withNpm('package'))
    expect(code).toBe(1)
    expect(output).toContain('can be written to by every user')
  })
})

describe('a user without write access', () => {
  const unprivileged = 'if (process.getuid?.() === 0) process.setuid(54_321)'

  test('to the cache is shown the variable that changes its location', async () => {
    writeFileSync(join(scratch, 'file'), '')
    const { code, output } = await run(download, {
      ...withNpm('package'),
      XDG_CACHE_HOME: join(scratch, 'file', 'cache'),
    })
    expect(code).toBe(1)
    expect(output).toContain('XDG_CACHE_HOME')
  })

  test('to a clone that is not set up is shown how to set it up', async () => {
    chmodSync(scratch, 0o500)
    const { code, output } = await run(`${unprivileged}\n${work}`)
    expect(code).toBe(1)
    expect(output).toContain('npm run cdrstream')
  })

  test('and without a home directory can still run the tools if nothing has to be downloaded', async () => {
    const print = `
      ${unprivileged}
      const { findToolchain } = await import(module('toolchain.mjs'))
      await findToolchain(process.cwd()).environment()
    `
    expect(await run(print, { XDG_CACHE_HOME: undefined })).toEqual({ code: 0, output: '' })
    mkdirSync(join(scratch, 'closed/cdrstream/toolchain'), { recursive: true })
    chmodSync(join(scratch, 'closed'), 0)
    expect(await run(print, { XDG_CACHE_HOME: join(scratch, 'closed') })).toEqual({ code: 0, output: '' })
    chmodSync(join(scratch, 'closed'), 0o700)
  })
})

test('a program that is run in place receives signals, and its exit code is passed on', async () => {
  const program = `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('ready')`
  const { code } = await run(
    `
      const { runInPlace } = await import(module('run-in-place.mjs'))
      const options = { cwd: process.cwd(), env: process.env }
      process.exitCode = await runInPlace(process.execPath, ['-e', ${JSON.stringify(program)}], options)
    `,
    {},
    'SIGTERM',
  )
  expect(code).toBe(7)
})

/** A replacement for npm that installs the package, or fails as npm does without a network. */
function withNpm(outcome: 'package' | 'failure', start = 'error'): NodeJS.ProcessEnv {
  const script = join(scratch, outcome, 'npm-cli.js')
  mkdirSync(join(scratch, outcome), { recursive: true })
  writeFileSync(
    script,
    outcome === 'package'
      ? `const fs = require('fs'); const at = process.argv[process.argv.indexOf('--prefix') + 1] + '/node_modules/tool'
         fs.mkdirSync(at, { recursive: true }); fs.writeFileSync(at + '/package.json', '{}')`
      : `console.error('npm ${start} code ENOTFOUND\\nnpm ${start} network request failed, reason: getaddrinfo ENOTFOUND there\\n' +
           'npm ${start} A complete log of this run can be found in: there'); process.exit(1)`,
  )
  return { npm_execpath: script }
}

function toolchain(): readonly string[] {
  return readdirSync(join(scratch, 'cdrstream/toolchain'))
}

/**
 * Runs a script that finds the bootstrap modules by `module(name)`. `signal` is sent after the script has
 * printed something.
 */
async function run(
  script: string,
  env: NodeJS.ProcessEnv = {},
  signal?: NodeJS.Signals,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const bootstrap = pathToFileURL(join(root, 'tooling/bootstrap/')).href
  const text = `const module = (name) => '${bootstrap}' + name\n${script}`
  const { PATH } = process.env
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    env: { PATH, XDG_CACHE_HOME: scratch, SCRATCH: scratch, ...env },
  })
  let output = ''
  const take = (chunk: Buffer): void => {
    output += chunk
    if (signal !== undefined) child.kill(signal)
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output }
}
