import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const command = fileURLToPath(new URL('../bin/cdrstream.js', import.meta.url))

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-completion-'))
  const configuration = (
    org: string,
  ) => `orgs: [{ name: ${org}, auth: { accessToken: "\${NOT_SET}" } }, { name: beta }]
sinks: [{ name: files }]
`
  writeFileSync(join(directory, 'cdrstream.yaml'), configuration('acme'))
  writeFileSync(join(directory, 'other.yaml'), configuration('other'))
  mkdirSync(join(directory, 'a-directory'))
})
afterAll(() => rmSync(directory, { recursive: true }))

/**
 * Types lines into an interactive bash, in which a tab completes, and returns the arguments that the command
 * received for each. The script calls the real `complete-names`.
 */
function typed(...lines: readonly string[]): readonly string[] {
  const start = `cdrstream() {
  if [ "$1" = complete-names ]; then ${JSON.stringify(process.execPath)} ${JSON.stringify(command)} "$@"
  elif [ "$1" = completion ]; then ${JSON.stringify(process.execPath)} ${JSON.stringify(command)} "$@"
  else printf 'ran<%s>\\n' "$*"; fi
}
source <(cdrstream completion bash)
`
  const { stdout } = spawnSync('bash', ['--norc', '--noprofile', '-i'], {
    cwd: directory,
    input: `${start}${lines.join('\n')}\nexit\n`,
    encoding: 'utf8',
    env: { ...process.env, TERM: 'dumb', HISTFILE: '', INPUTRC: '/dev/null' },
  })
  return Array.from(stdout.matchAll(/^ran<(.*)>$/gm), ([, args = '']) => args.trim())
}

describe('in bash, a tab completes', () => {
  test.each([
    ['a command', 'cdrstream va\t', 'validate'],
    ['a command after the configuration', 'cdrstream -c other.yaml stat\t', '-c other.yaml status'],
    ['an option', 'cdrstream run --onc\t', 'run --once'],
    ['an option that every command has', 'cdrstream doctor --conf\t', 'doctor --config'],
    ['a word that an option accepts', 'cdrstream run --log-level w\t', 'run --log-level warn'],
    ['a word after an equals sign', 'cdrstream run --log-level=w\t', 'run --log-level=warn'],
    ['an org in the configuration', 'cdrstream doctor --org ac\t', 'doctor --org acme'],
    [
      'an org in another configuration',
      'cdrstream doctor -c other.yaml --org o\t',
      'doctor -c other.yaml --org other',
    ],
    [
      'an org in another configuration after an equals sign',
      'cdrstream --config=other.yaml login --org=o\t',
      '--config=other.yaml login --org=other',
    ],
    ['a file', 'cdrstream run -c oth\t', 'run -c other.yaml'],
    ['a directory', 'cdrstream demo --directory a-d\t', 'demo --directory a-directory/'],
    ['a built-in sink', 'cdrstream certify postg\t', 'certify postgres'],
    ['nothing where there is nothing to complete', 'cdrstream status xyz\t', 'status xyz'],
  ])('%s', (_, line, args) => {
    expect(typed(line)).toEqual([args])
  })
})
