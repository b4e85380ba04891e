import type { SignInBehaviour } from '@cdrstream/simulator'
import { describe, expect, test } from 'vitest'
import {
  type Crash,
  type CrashPoints,
  crashingFiles,
  crashingTransport,
  crashPoints,
} from '../../test/support/crash-points.ts'
import { minuteMs, signInWorld, tokenPath } from '../../test/support/sign-in-world.ts'
import { createTokenFile } from './token-file.ts'
import type { TokenFiles } from './token-files.ts'
import type { TokenStore } from './token-store.ts'

const never = new AbortController().signal

interface Scenario {
  readonly rotation: SignInBehaviour['rotation']
  /**
   * Each crash is a power cut, and this many unsynced name changes survive by chance. Null: only the process
   * is killed.
   */
  readonly powerCut: number | null
  /** Breaks the files or the store on purpose. */
  readonly sabotage?: (
    files: TokenFiles,
    world: World,
  ) => { readonly files?: TokenFiles; readonly store?: TokenStore }
}

type World = ReturnType<typeof signInWorld>

interface Run {
  /** How many crashes occurred. */
  readonly crashes: number
  /** The codes of all refusals. */
  readonly refusals: ReadonlySet<string>
  /** Whether the API accepted the last token. */
  readonly signedIn: boolean
}

/**
 * Runs a collector for 25 minutes with tokens that live ten minutes: one token and one request per minute.
 */
async function live(world: World, points: CrashPoints, scenario: Scenario, refusals: Set<string>) {
  const files = crashingFiles(world.files, points)
  const transport = crashingTransport(world.transport, points)
  const sabotaged = scenario.sabotage?.(files, world)
  const tokenFiles = sabotaged?.files ?? files
  const signIn = world.start({ transport, store: sabotaged?.store ?? createTokenFile(tokenPath, tokenFiles) })
  let signedIn = false
  for (let minute = 0; minute < 25 && !points.killed(); minute += 1) {
    let over = false
    const work = async () => {
      const outcome = await signIn.accessToken(never)
      if (outcome.kind === 'refused') refusals.add(outcome.code)
      signedIn = outcome.kind === 'token' && (await world.statusOf(outcome.token, transport)) !== 401
      if (outcome.kind !== 'token') return
      if (signedIn) signIn.accepted(outcome.token)
      else signIn.refused(outcome.token)
    }
    void work().finally(() => {
      over = true
    })
    await world.time.passUntil(world.time.nowMs + minuteMs, () => points.killed() || over)
    if (!points.killed()) await world.pass(minuteMs)
  }
  return signedIn
}

async function runThrough(scenario: Scenario, crashes: readonly Crash[]): Promise<Run> {
  const { rotation, powerCut } = scenario
  const world = signInWorld({ behaviour: { rotation, accessTokenMs: 10 * minuteMs } })
  const refusals = new Set<string>()
  let occurred = 0
  for (const crash of [...crashes, undefined]) {
    const points = crashPoints(crash, () => {
      if (powerCut !== null) world.files.cutPower(powerCut)
    })
    const signedIn = await live(world, points, scenario, refusals)
    if (!points.killed()) return { crashes: occurred, refusals, signedIn }
    occurred += 1
  }
  throw new Error('the last run must not crash')
}

async function* everyCrash(scenario: Scenario): AsyncGenerator<Run> {
  for (const moment of ['before', 'after'] as const) {
    let at = 0
    for (let run: Run | undefined; run === undefined || run.crashes > 0; at += 1) {
      run = await runThrough(scenario, [{ at, moment }])
      yield run
    }
    expect(at).toBeGreaterThan(40)
  }
}

async function staysSignedIn(scenario: Scenario): Promise<void> {
  for await (const { refusals, signedIn } of everyCrash(scenario)) {
    expect([...refusals]).toEqual([])
    expect(signedIn).toBe(true)
  }
}

const scenarios = (['off', 'honoured'] as const).flatMap((rotation) =>
  [null, 0, 1, 100].map((powerCut): Scenario => ({ rotation, powerCut })),
)

test.each(scenarios)(
  'a sign-in survives a crash at any point: rotation $rotation, power cut $powerCut',
  staysSignedIn,
)

test.each(['off', 'honoured'] as const)(
  'a sign-in survives two crashes at any points: rotation %s',
  async (rotation) => {
    const scenario: Scenario = { rotation, powerCut: 0 }
    for (let first = 0; first < 30; first += 1) {
      for (let second = 0; second < 12; second += 1) {
        const crashes: Crash[] = [
          { at: first, moment: 'after' },
          { at: second, moment: 'after' },
        ]
        const { refusals, signedIn } = await runThrough(scenario, crashes)
        expect([[...refusals], signedIn]).toEqual([[], true])
      }
    }
  },
)

test('a sign-in whose old refresh token is invalidated at once survives a crash, or is refused', async () => {
  let lost = 0
  let runs = 0
  for await (const { refusals, signedIn } of everyCrash({ rotation: 'at-once', powerCut: null })) {
    runs += 1
    if (signedIn) expect([...refusals]).toEqual([])
    else {
      lost += 1
      expect([...refusals]).toEqual(['refresh-token-refused'])
    }
  }
  // The sign-in is lost only between the response to a renewal and the rename.
  expect(lost).toBeGreaterThan(0)
  expect(lost).toBeLessThan(runs / 2)
})

describe('these tests catch', () => {
  test.each<[string, Scenario]>([
    [
      'a file that is not synced',
      {
        rotation: 'honoured',
        powerCut: 100,
        sabotage: (files) => ({ files: { ...files, sync: async () => {} } }),
      },
    ],
    [
      'a directory that is not synced',
      {
        rotation: 'honoured',
        powerCut: 0,
        sabotage: (files) => ({ files: { ...files, syncDirectory: async () => {} } }),
      },
    ],
    [
      'a file that is not replaced by a rename',
      {
        rotation: 'honoured',
        powerCut: null,
        sabotage: (files) => {
          const rename = async (from: string, to: string) => {
            const text = (await files.readText(from)) ?? ''
            await files.remove(to)
            await files.create(to, text)
            await files.sync(to)
          }
          return { files: { ...files, rename } }
        },
      },
    ],
    [
      'an access token that is used before the refresh token is durable',
      {
        rotation: 'honoured',
        powerCut: null,
        sabotage: (files, { time }) => {
          const store = createTokenFile(tokenPath, files)
          return {
            store: {
              load: store.load,
              save: async (signIn) => {
                time.at(time.nowMs + 200, () => void store.save(signIn))
              },
            },
          }
        },
      },
    ],
  ])('%s', async (_, scenario) => {
    await expect(staysSignedIn(scenario)).rejects.toThrow()
  })
})
