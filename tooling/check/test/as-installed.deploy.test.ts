import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { root } from '../src/repository.ts'

// The longest test. It mostly waits, so it runs in parallel with the others.
test('the packed packages work outside this repository: types, examples, a new sink, every command', async () => {
  const child = spawn(process.execPath, ['tooling/check/src/try-as-installed.ts'], { cwd: root })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await once(child, 'close')
  console.info((await output).join('\n'))
  expect(code).toBe(0)
}, 900_000)
