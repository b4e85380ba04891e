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
import { tokenFile } from './token-file.ts'
import type { TokenFiles } from './token-files.ts'
import type { TokenStore } from './token-store.ts'

const never = new AbortController().signal

interface Scenario {
  readonly rotation: SignInBehaviour['rotation']
  /**
   * Each crash is one of the machine, not of the process alone; so many changes of names survive by chance.
   */
  readonly powerCut: number | null
  /** Makes a store that is wrong on purpose. */
  readonly spoil?: (
    files: TokenFiles,
    world: World,
  ) => { readonly files?: TokenFiles; readonly store?: TokenStore }
}

type World = ReturnType<typeof signInWorld>

interface Run {
  /** How many of the crashes happened. */
  readonly crashes: number
  /** Codes of refusals that were met. */
  readonly refusals: ReadonlySet<string>
  /** Whether the API took the last token. */
  readonly signedIn: boolean
}

/** A collector's half an hour with tokens of ten minutes: a token each minute, and a request with it. */
async function live(world: World, points: CrashPoints, scenario: Scenario, refusals: Set<string>) {
  const files = crashingFiles(world.files, points)
  const transport = crashingTransport(world.transport, points)
  const spoilt = scenario.spoil?.(files, world)
  const tokenFiles = spoilt?.files ?? files
  const signIn = world.start({ transport, store: spoilt?.store ?? tokenFile(tokenPath, tokenFiles) })
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
  let happened = 0
  for (const crash of [...crashes, undefined]) {
    const points = crashPoints(crash, () => {
      if (powerCut !== null) world.files.cutPower(powerCut)
    })
    const signedIn = await live(world, points, scenario, refusals)
    if (!points.killed()) return { crashes: happened, refusals, signedIn }
    happened += 1
  }
  throw new Error('there is always an end')
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
  'stays signed in wherever it crashes: rotation $rotation, power cut $powerCut',
  staysSignedIn,
)

test.each(['off', 'honoured'] as const)(
  'stays signed in where it crashes again: rotation %s',
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

test('where the old refresh token dies at once, it stays signed in or says that it needs a login', async () => {
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
  // In each renewal: between the answer and the rename.
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
        spoil: (files) => ({ files: { ...files, sync: async () => {} } }),
      },
    ],
    [
      'a directory that is not synced',
      {
        rotation: 'honoured',
        powerCut: 0,
        spoil: (files) => ({ files: { ...files, syncDirectory: async () => {} } }),
      },
    ],
    [
      'a file that is written in its place',
      {
        rotation: 'honoured',
        powerCut: null,
        spoil: (files) => {
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
        spoil: (files, { time }) => {
          const store = tokenFile(tokenPath, files)
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
