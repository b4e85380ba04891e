// Installs the packed packages with npm outside this repository, then type-checks and runs the examples and a
// new sink there. Finally, installs the command globally and runs every subcommand. Needs the build, and the
// registry for the dependencies.
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

const outside = mkdtempSync(join(tmpdir(), 'cdrstream-outside-'))
const bin = join(outside, 'node_modules', 'cdrstream', 'bin', 'cdrstream.js')
const tsc = join(outside, 'node_modules', 'typescript', 'bin', 'tsc')
const sink = join(outside, 'my-sink')
const networkSink = join(outside, 'my-hook')

try {
  const packages = packTarballs(publishedDirectories(), join(outside, 'tarballs'))
  install(packages)
  node('create a sink', outside, [bin, 'new-sink', 'my-sink'])
  node('create a network sink', outside, [bin, 'new-sink', 'my-hook', '--network'])
  node('type-check the examples', outside, [tsc, '-p', exampleTypes()])
  node('type-check the new sink', sink, [tsc])
  node('type-check the new network sink', networkSink, [tsc])
  node('certify the example sink', join(outside, 'custom-sink'), [
    bin,
    'certify',
    './src/webhook.ts',
    ...['--with', './test/webhook.certification.ts'],
  ])
  node('run the embedding example', join(outside, 'embed'), ['src/main.ts'])
  node('certify the new sink', sink, [bin, 'certify', './my-sink.ts'])
  node('test the new sink', sink, ['--test'])
  node('test the new network sink', networkSink, ['--test'])
  await simulateAndCollect(bin, sink)
  await collectWithTelemetry(bin, outside)
  await runInstalledCommands(packages, outside)
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(outside, { recursive: true, force: true })
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
    join(outside, 'tarballs'),
  ).entries()) {
    const directory = join(outside, examples[index] ?? '')
    unpack(tarball, directory)
    for (const [name, version] of Object.entries({ ...readManifest(directory).dependencies })) {
      if (!name.startsWith('@cdrstream/')) others.add(`${name}@${version}`)
    }
  }
  writeFileSync(join(outside, 'package.json'), '{ "private": true, "type": "module" }\n')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  runTimed('npm install', 'npm', ['install', ...flags, ...packages, ...others], outside)
}

function exampleDirectory(name: string): string {
  return join(root, 'examples', name)
}

/**
 * Writes a configuration for type-checking the examples with the settings of a new sink, and returns its
 * path.
 */
function exampleTypes(): string {
  const file = join(outside, 'tsconfig.json')
  cpSync(join(sink, 'tsconfig.json'), join(outside, 'tsconfig.new-sink.json'))
  const include = examples.flatMap((name) => [`${name}/src`, `${name}/test`])
  writeFileSync(file, JSON.stringify({ extends: './tsconfig.new-sink.json', include }))
  return file
}
