import { tmpdir } from 'node:os'
import { type SinkTraits, toSink } from '@cdrstream/plugin'
import { askCertification } from './ask-certification.ts'
import { newPlaceName, takePlace } from './certified-place.ts'
import { CheckFailure, expectThat } from './check-failure.ts'
import { type DeliverOptions, deliver } from './delivery/deliver.ts'
import type { TrialJournal } from './delivery/trial-journal.ts'
import type { Breakage, ShownRecord, SinkCertification } from './sink-certification.ts'
import { Told } from './told.ts'
import { type AnyPlugin, TrialSink } from './trial-sink.ts'

const defaultPatienceMs = 30_000

/** What a check works with: a place of its own, and sinks that write there. */
export class Trial {
  readonly plugin: AnyPlugin
  readonly certification: SinkCertification
  readonly traits: SinkTraits
  /** As they stand in the configuration. */
  readonly given: object
  /** What the plugin made of them. */
  readonly options: unknown
  /** All orgs of this trial begin with it. */
  readonly org: string
  readonly told: Told
  readonly #sinks: TrialSink[] = []

  private constructor(
    parts: Pick<Trial, 'plugin' | 'certification' | 'traits' | 'given' | 'options' | 'org'>,
  ) {
    this.plugin = parts.plugin
    this.certification = parts.certification
    this.traits = parts.traits
    this.given = parts.given
    this.options = parts.options
    this.org = parts.org
    this.told = new Told()
  }

  static async begin(plugin: AnyPlugin, certification: SinkCertification): Promise<Trial> {
    const org = newPlaceName()
    const given = await takePlace(certification, org)
    const options = await validOptions(plugin, given)
    const traits = typeof plugin.traits === 'function' ? plugin.traits(options) : plugin.traits
    return new Trial({ plugin, certification, traits, given, options, org })
  }

  /**
   * Returns a new sink of the same place, as in another process. Earlier ones may have been abandoned while
   * they were open.
   */
  create(options: unknown = this.options): TrialSink {
    const context = { name: 'certified', baseDirectory: tmpdir(), log: this.told.log }
    const sink = toSink(this.plugin.create(options, context))
    const trialSink = new TrialSink(sink, this.told, this.traits.timeoutMs)
    this.#sinks.push(trialSink)
    return trialSink
  }

  /** Delivers to a sink. Default: a new one, which it closes at the end. */
  async deliver(
    journal: TrialJournal,
    options: Partial<DeliverOptions> & { readonly sink?: TrialSink } = {},
  ): Promise<void> {
    const sink = options.sink ?? this.create()
    await deliver(sink, journal, { traits: this.traits, patienceMs: this.patienceMs, ...options })
    if (options.sink === undefined) await sink.close()
  }

  /** What a reader is shown of this trial. */
  async shown(): Promise<readonly ShownRecord[]> {
    const { readBack } = this.certification
    if (readBack === undefined) throw new CheckFailure('expected the certification to have readBack')
    const shown = await askCertification('readBack', () => readBack(this.given))
    expectThat(Array.isArray(shown), () => 'expected readBack to return an array of records')
    return shown.filter(({ org }) => org.startsWith(this.org))
  }

  /** Breaks the destination in one way, does this, and heals it again. */
  async whileBroken(how: keyof Breakage, work: () => Promise<void>): Promise<void> {
    const { breakIt, healIt } = this.certification
    const heal = () => askCertification('healIt', () => healIt?.(this.given))
    await askCertification(`breakIt.${how}`, () => breakIt?.[how]?.(this.given))
    try {
      await work()
    } catch (error) {
      // Why the check has failed matters more than that the destination stays broken behind it.
      await heal().catch(() => {})
      throw error
    }
    await heal()
  }

  get patienceMs(): number {
    return this.certification.patienceMs ?? defaultPatienceMs
  }

  /** Whether a record that came twice is shown once. */
  get showsOnce(): boolean {
    return this.traits.idempotence !== 'none'
  }

  async end(): Promise<void> {
    for (const sink of this.#sinks) await sink.release()
    await askCertification('cleanUp', () => this.certification.cleanUp?.(this.given))
  }
}

async function validOptions(plugin: AnyPlugin, given: object): Promise<unknown> {
  const result = await plugin.options['~standard'].validate(given)
  if (result.issues === undefined) return result.value
  throw new CheckFailure(
    `expected the certification's options to be valid, and found: ${result.issues.map(({ message }) => message).join('; ')}`,
  )
}
