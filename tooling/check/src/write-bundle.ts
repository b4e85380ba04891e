// Writes the command with all its dependencies to a new directory, which then requires only Node. Used by
// installations from a clone and by the container image. Requires the build.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root } from './repository.ts'

const [given, ...more] = process.argv.slice(2)
if (given === undefined || more.length > 0) {
  console.error('usage: npm run bundle -- DIRECTORY')
  process.exitCode = 2
} else writeBundle(resolve(given))

function writeBundle(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    console.error(`${directory} is not empty: specify an empty directory, or one that does not exist`)
    process.exitCode = 2
    return
  }
  const windows = process.platform === 'win32'
  // Dependencies have the versions from the lockfile. They are copied, because hard links would share owner
  // and mode with pnpm's store.
  const settings = ['--config.inject-workspace-packages=true', '--config.package-import-method=copy']
  const args = ['--filter', 'cdrstream', 'deploy', '--prod', '--reporter=append-only', ...settings, directory]
  execFileSync('pnpm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: windows })
  for (const own of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'node_modules/.modules.yaml']) {
    rmSync(join(directory, own), { force: true })
  }
  rmSync(join(directory, 'node_modules', '.pnpm-workspace-state-v1.json'), { force: true })
  copyFileSync(join(root, 'LICENSE'), join(directory, 'LICENSE'))
  if (!windows) {
    symlinkSync('cdrstream.js', join(directory, 'bin', 'cdrstream'))
    // The service user must be able to read the bundle, regardless of the administrator's umask.
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', directory])
  }
  const bin = join(directory, 'bin', 'cdrstream.js')
  const version = execFileSync(process.execPath, [bin, '--version'], { encoding: 'utf8' }).trim()
  console.log(`cdrstream ${version} is in ${directory}`)
}
