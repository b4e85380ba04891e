// Checks what users get: installs the packed packages with npm outside this repository, and there type-checks
// and runs the examples and a new sink. Then installs the command globally and runs every subcommand. Needs
// the build, and the registry for the dependencies.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collectWithTelemetry } from './collect-with-telemetry.ts'
import { runInstalledCommands } from './installed-commands.ts'
import { packTarballs, unpack } from './pack-tarballs.ts'
import { publishedDirectories, readManifest, root } from './repository.ts'
import { runTimed } from './run-timed.ts'
import { simulateAndCollect } from './simulate-and-collect.ts'

const examples = ['custom-sink', 'embed']
/** Used to type-check the examples and the new sink. */
const tools = ['typescript', '@types/node']

const stranger = mkdtempSync(join(tmpdir(), 'cdrstream-stranger-'))
const bin = join(stranger, 'node_modules', 'cdrstream', 'bin', 'cdrstream.js')
const tsc = join(stranger, 'node_modules', 'typescript', 'bin', 'tsc')
const sink = join(stranger, 'my-sink')
const networkSink = join(stranger, 'my-hook')

try {
  const packages = packTarballs(publishedDirectories(), join(stranger, 'tarballs'))
  install(packages)
  node('a new sink', stranger, [bin, 'new-sink', 'my-sink'])
  node('a new sink for the network', stranger, [bin, 'new-sink', 'my-hook', '--network'])
  node('types of the examples', stranger, [tsc, '-p', exampleTypes()])
  node('types of the new sink', sink, [tsc])
  node('types of the new sink for the network', networkSink, [tsc])
  node('the example of a sink certifies', join(stranger, 'custom-sink'), [
    bin,
    'certify',
    './src/webhook.ts',
    ...['--with', './test/webhook.certification.ts'],
  ])
  node('the example of embedding runs', join(stranger, 'embed'), ['src/main.ts'])
  node('the new sink certifies', sink, [bin, 'certify', './my-sink.ts'])
  node('the new sink is tested', sink, ['--test'])
  node('the new sink for the network is tested', networkSink, ['--test'])
  await simulateAndCollect(bin, sink)
  await collectWithTelemetry(bin, stranger)
  await runInstalledCommands(packages, stranger)
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(stranger, { recursive: true, force: true })
}

function node(what: string, directory: string, args: readonly string[]): void {
  runTimed(what, process.execPath, args, directory)
}

/**
 * Installs the packages and unpacks the examples beside `node_modules`, as if they had been copied out of the
 * repository.
 */
function install(packages: readonly string[]): void {
  const others = new Set(
    tools.map((tool) => `${tool}@${readManifest(join(root, 'node_modules', tool)).version}`),
  )
  for (const [index, tarball] of packTarballs(
    examples.map(exampleDirectory),
    join(stranger, 'tarballs'),
  ).entries()) {
    const directory = join(stranger, examples[index] ?? '')
    unpack(tarball, directory)
    for (const [name, version] of Object.entries({ ...readManifest(directory).dependencies })) {
      if (!name.startsWith('@cdrstream/')) others.add(`${name}@${version}`)
    }
  }
  writeFileSync(join(stranger, 'package.json'), '{ "private": true, "type": "module" }\n')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  runTimed('npm install', 'npm', ['install', ...flags, ...packages, ...others], stranger)
}

function exampleDirectory(name: string): string {
  return join(root, 'examples', name)
}

/**
 * Writes a configuration for type-checking the examples with the settings of a new sink, and returns its
 * path.
 */
function exampleTypes(): string {
  const file = join(stranger, 'tsconfig.json')
  cpSync(join(sink, 'tsconfig.json'), join(stranger, 'tsconfig.new-sink.json'))
  const include = examples.flatMap((name) => [`${name}/src`, `${name}/test`])
  writeFileSync(file, JSON.stringify({ extends: './tsconfig.new-sink.json', include }))
  return file
}
