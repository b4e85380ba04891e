// Checks the systemd unit and its accompanying files with systemd's tools, which do not require a running
// systemd. If the tools are not installed, the step reports that nothing was checked.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './repository.ts'
import { notChecked } from './step-result.ts'

/** In tenths, from 0 (everything is denied) to 100. */
const mostExposure = 15

const deployed = join(root, 'deploy', 'systemd')
/** Where Debian before version 12, and other distributions, store the units that ours refers to. */
const units = ['/usr/lib/systemd/system', '/lib/systemd/system'].find(existsSync)

if (units === undefined || spawnSync('systemd-analyze', ['--version']).error !== undefined) {
  console.log('systemd-analyze is not installed')
  process.exitCode = notChecked
} else {
  const image = mkdtempSync(join(tmpdir(), 'cdrstream-systemd-'))
  try {
    prepareImage(image, units)
    checkUnit(image)
    checkUserAndDirectories(image)
  } catch (error) {
    console.log(error instanceof Error ? error.message : error)
    process.exitCode = 1
  } finally {
    rmSync(image, { recursive: true, force: true })
  }
}

/** Creates a root with the unit, the units that it refers to, and a program at Node's path. */
function prepareImage(image: string, units: string): void {
  for (const directory of ['usr/bin', 'usr/lib/systemd', 'etc/systemd/system', 'opt/cdrstream/bin']) {
    mkdirSync(join(image, directory), { recursive: true })
  }
  cpSync(units, join(image, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true })
  cpSync(join(deployed, 'cdrstream.service'), join(image, 'etc/systemd/system/cdrstream.service'))
  writeFileSync(join(image, 'usr/bin/node'), '', { mode: 0o755 })
}

function checkUnit(image: string): void {
  const at = [`--root=${image}`, 'cdrstream.service']
  // For systemd, an unknown setting is only a warning.
  const warnings = run('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', ...at])
  if (warnings !== '') throw new Error(warnings)
  const table = run('systemd-analyze', ['security', '--offline=true', `--threshold=${mostExposure}`, ...at])
  console.log(table.trimEnd().split('\n').at(-1)?.replace('→ ', ''))
}

/** Requires root, because the tools change owners. */
function checkUserAndDirectories(image: string): void {
  if (process.getuid?.() !== 0) return
  run('systemd-sysusers', [`--root=${image}`, join(deployed, 'cdrstream.sysusers.conf')])
  const passwd = spawnSync('grep', ['^cdrstream:', join(image, 'etc/passwd')], { encoding: 'utf8' }).stdout
  if (!/^cdrstream:x:\d+:\d+:[^:]*:\/:\/usr\/sbin\/nologin$/.test(passwd.trim())) {
    throw new Error(`unexpected service user: ${passwd}`)
  }
  run('systemd-tmpfiles', [`--root=${image}`, '--create', join(deployed, 'cdrstream.tmpfiles.conf')])
  const expected = { 'etc/cdrstream': '750', 'etc/cdrstream/secrets': '750', 'var/lib/cdrstream': '700' }
  for (const [directory, mode] of Object.entries(expected)) {
    const found = (statSync(join(image, directory)).mode & 0o7777).toString(8)
    if (found !== mode) throw new Error(`${directory}: expected mode ${mode}, found ${found}`)
  }
}

/** Returns the output. Throws an error with the output if the program fails. */
function run(program: string, args: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_PAGER: '', SYSTEMD_COLORS: '0' },
  })
  const output = `${stdout ?? ''}${stderr ?? ''}`
  if (status !== 0) throw new Error(error?.message ?? `${program} ${args[0]}: ${output}`)
  return output
}
