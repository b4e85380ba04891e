import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { type Actions, createProgram } from './create-program.ts'

/** Parses a command line. Returns the calls, the output and the exit code. */
async function parsed(...args: readonly string[]) {
  const calls: (readonly [string, unknown])[] = []
  const written = { out: '', err: '' }
  let exitCode: number | undefined
  const action = (name: string) => async (options: unknown) => {
    calls.push([name, options])
    return 4 as const
  }
  const actions: Actions = {
    run: action('run'),
    status: action('status'),
    doctor: action('doctor'),
    sink: (name, options) => action(`sink ${name}`)(options),
    reload: action('reload'),
    replay: action('replay'),
    quarantine: (name, options) => action(`quarantine ${name}`)(options),
    validate: action('validate'),
    login: action('login'),
    simulate: action('simulate'),
    demo: action('demo'),
    certify: action('certify'),
    newSink: action('new-sink'),
    schema: action('schema'),
    completion: action('completion'),
    completeNames: action('complete-names'),
  }
  const program = createProgram('1.2.3', actions, (code) => {
    exitCode = code
  })
  const output = {
    writeOut: (text: string) => {
      written.out += text
    },
    writeErr: (text: string) => {
      written.err += text
    },
  }
  for (const command of [program, ...program.commands]) command.configureOutput(output)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    exitCode = error.exitCode
  }
  return { calls, written, exitCode, commands: program.commands.map((command) => command.name()) }
}

test('the chosen command is called, and its exit code is used', async () => {
  const { calls, exitCode } = await parsed('run')

  expect(calls).toEqual([['run', expect.objectContaining({ config: './cdrstream.yaml', logLevel: 'info' })]])
  expect(exitCode).toBe(4)
})

test.each([[['run', '-c', 'x.yaml']], [['-c', 'x.yaml', 'run']], [['run', '--config=x.yaml']]])(
  'the configuration can be named anywhere in the command line: %j',
  async (args) => {
    const { calls } = await parsed(...args)

    expect(calls).toMatchObject([['run', { config: 'x.yaml' }]])
  },
)

test('options reach their command', async () => {
  expect((await parsed('run', '--once', '--log-level', 'debug')).calls).toMatchObject([
    ['run', { once: true, logLevel: 'debug' }],
  ])
  expect((await parsed('status', '--json')).calls).toMatchObject([['status', { json: true }]])
  const [[, login] = []] = (await parsed('login', '--org', 'acme')).calls
  expect(login).toMatchObject({ org: 'acme', paste: false })
  const elsewhere = ['--paste', '--redirect-uri', 'https://example.com/callback']
  expect((await parsed('login', ...elsewhere)).calls).toMatchObject([
    ['login', { paste: true, redirectUri: 'https://example.com/callback' }],
  ])
  expect((await parsed('demo', '--for', '2m', '--directory', 'x')).calls).toMatchObject([
    ['demo', { for: 120_000, directory: 'x' }],
  ])
  expect((await parsed('certify', './s.ts', '--with', 'w.ts', '--options', '{"a":1}')).calls).toMatchObject([
    ['certify', { plugin: './s.ts', with: 'w.ts', options: '{"a":1}', only: [] }],
  ])
  expect((await parsed('new-sink', 'my-sink', '--directory', 'x', '--network')).calls).toMatchObject([
    ['new-sink', { name: 'my-sink', directory: 'x', network: true }],
  ])
  expect((await parsed('schema', 'postgres', '--schema', 'calls', '--months', '3')).calls).toMatchObject([
    ['schema', { sink: 'postgres', schema: 'calls', months: 3 }],
  ])
})

test('doctor waits for the rate limit, unless --no-wait is given', async () => {
  expect((await parsed('doctor')).calls).toMatchObject([['doctor', { wait: true }]])
  expect((await parsed('doctor', '--no-wait', '--json', '--org', 'acme')).calls).toMatchObject([
    ['doctor', { wait: false, json: true, org: 'acme' }],
  ])
})

test('the options of a simulated token endpoint reach their command', async () => {
  const lives = ['--access-token-life', '4s', '--refresh-token-life', '9d']
  const faults = ['--sign-in-fault', 'lost=0.1', '--sign-in-fault', 'hang=0.2']
  const args = ['--sign-in', ...lives, '--rotation', 'honoured', ...faults]
  expect((await parsed('simulate', ...args)).calls).toMatchObject([
    [
      'simulate',
      {
        signIn: true,
        accessTokenLife: 4_000,
        refreshTokenLife: 777_600_000,
        rotation: 'honoured',
        signInFault: { lost: 0.1, hang: 0.2 },
      },
    ],
  ])
})

test.each([
  [[]],
  [['collect']],
  [['run', '--twice']],
  [['run', 'extra']],
  [['run', '--log-level', 'loud']],
  [['-c']],
  [['demo', '--for', 'long']],
  [['simulate', '--port', '70000']],
  [['simulate', '--rotation', 'sometimes']],
  [['simulate', '--sign-in-fault', 'malformed=0.1']],
  [['login', '--redirect-uri', 'callback']],
  [['login', '--redirect-uri', 'https://example.com/callback']],
  [['login', '--redirect-uri', 'http://127.0.0.1.example.com/']],
  [['certify']],
  [['new-sink']],
  [['new-sink', '../x']],
  [['new-sink', 'My-Sink']],
  [['new-sink', 'postgres']],
  [['schema', 'oracle']],
  [['schema', 'postgres', '--schema', 'a;b']],
])('bad usage calls nothing and is reported on standard error: %j', async (args) => {
  const { calls, exitCode, written } = await parsed(...args)

  expect(calls).toEqual([])
  expect(exitCode).toBe(1)
  expect(written.out).toBe('')
  expect(written.err).not.toBe('')
})

test('version and help go to standard output', async () => {
  expect(await parsed('--version')).toMatchObject({ exitCode: 0, written: { out: '1.2.3\n', err: '' } })
  expect((await parsed('--help')).exitCode).toBe(0)
})

test('every command and option has a description, and lines are short', async () => {
  const { commands, written } = await parsed('--help')
  expect(commands).toEqual([
    'run',
    'status',
    'doctor',
    'sink',
    'reload',
    'replay',
    'quarantine',
    'validate',
    'login',
    'simulate',
    'demo',
    'certify',
    'new-sink',
    'schema',
    'completion',
    'complete-names',
  ])
  // Only shell scripts call this command.
  const shown = commands.filter((name) => name !== 'complete-names')
  expect(written.out).not.toContain('complete-names')
  const helps = await Promise.all(shown.map(async (name) => (await parsed(name, '--help')).written.out))

  for (const name of shown) expect(written.out).toMatch(new RegExp(`^  ${name} .*\\w`, 'm'))
  for (const help of [written.out, ...helps]) {
    expect(help).toContain('--config')
    expect(help.split('\n').filter((line) => /^ {2}-/.test(line) && !/ {2}\S/.test(line.slice(3)))).toEqual(
      [],
    )
    expect(help.split('\n').filter((line) => line.length > 120)).toEqual([])
  }
})
