import type { SimpleSink, Sink, SinkPlugin, SinkTraits } from '@cdrstream/plugin'
import { mayUsePlace } from './certified-place.ts'
import type { CheckDefinition, Need } from './check-definition.ts'
import { CheckFailure } from './check-failure.ts'
import { abortChecks } from './checks/abort.ts'
import { contentChecks } from './checks/content.ts'
import { creationChecks } from './checks/creation.ts'
import { durabilityChecks } from './checks/durability.ts'
import { killChecks } from './checks/kill.ts'
import { lifecycleChecks } from './checks/lifecycle.ts'
import { markChecks } from './checks/marks.ts'
import { outageChecks } from './checks/outages.ts'
import { poisonChecks } from './checks/poison.ts'
import { positionChecks } from './checks/positions.ts'
import { presenceChecks } from './checks/presence.ts'
import { redeliveryChecks } from './checks/redelivery.ts'
import { revisionChecks } from './checks/revisions.ts'
import { secrecyChecks } from './checks/secrecy.ts'
import type { SinkCertification } from './sink-certification.ts'
import type { SinkCheck } from './sink-check.ts'
import { Trial } from './trial.ts'
import type { AnyPlugin } from './trial-sink.ts'

const definitions: readonly CheckDefinition[] = [
  ...creationChecks,
  ...lifecycleChecks,
  ...contentChecks,
  ...poisonChecks,
  ...redeliveryChecks,
  ...revisionChecks,
  ...positionChecks,
  ...durabilityChecks,
  ...killChecks,
  ...markChecks,
  ...presenceChecks,
  ...abortChecks,
  ...outageChecks,
  ...secrecyChecks,
]

/**
 * Returns the checks that a sink with these traits must pass, for any test runner. A check that cannot run
 * because the certification is incomplete is in the list, has `notRun`, and fails. Throws a TypeError if the
 * certification itself is unusable.
 */
export function sinkChecks<Options, Given extends object>(
  plugin: SinkPlugin<Options, Sink | SimpleSink>,
  certification: SinkCertification<Given>,
): readonly SinkCheck[] {
  if (!mayUsePlace(certification as SinkCertification)) {
    throw new TypeError(
      '`options` must be a function that creates a new place for each call. If it is a fixed value, set ' +
        '`erase: true` to allow the loss of everything in that place',
    )
  }
  const traits = declaredTraits(plugin, certification)
  return definitions
    .filter(({ when }) => when === undefined || when(traits))
    .map((definition) => bind(definition, plugin as AnyPlugin, certification as SinkCertification, traits))
}

type DeclaredTraits = Pick<SinkTraits, 'idempotence' | 'revisions'>

function declaredTraits<Options, Given extends object>(
  plugin: SinkPlugin<Options, Sink | SimpleSink>,
  certification: SinkCertification<Given>,
): DeclaredTraits {
  if (typeof plugin.traits !== 'function') return plugin.traits
  if (certification.traits !== undefined) return certification.traits
  throw new TypeError(
    `the traits of the sink "${plugin.name}" depend on its options; add \`traits\` to the certification`,
  )
}

function bind(
  { name, title, needs = [], run }: CheckDefinition,
  plugin: AnyPlugin,
  certification: SinkCertification,
  traits: DeclaredTraits,
): SinkCheck {
  const missing = needs.filter((need) => !isGiven[need](certification))
  if (missing.length > 0) {
    const notRun = `missing from the certification: ${missing.map((need) => wording[need]).join(' and ')}`
    return { name, title, notRun, run: () => Promise.reject(new CheckFailure(notRun)) }
  }
  return {
    name,
    title,
    async run() {
      const trial = await Trial.begin(plugin, certification)
      try {
        expectDeclared(trial.traits, traits)
        await run(trial)
      } catch (error) {
        // The reason for the failure matters more than a failed clean-up.
        await trial.end().catch(() => {})
        throw error
      }
      await trial.end()
    },
  }
}

const isGiven: Readonly<Record<Need, (certification: SinkCertification) => boolean>> = {
  readBack: ({ readBack }) => readBack !== undefined,
  module: ({ module }) => module !== undefined,
  down: ({ breakIt, healIt }) => breakIt?.down !== undefined && healIt !== undefined,
  denied: ({ breakIt, healIt }) => breakIt?.denied !== undefined && healIt !== undefined,
  place: ({ options }) => typeof options === 'function',
}

const wording: Readonly<Record<Need, string>> = {
  readBack: '`readBack`',
  module: '`module`',
  down: '`breakIt.down` with `healIt`',
  denied: '`breakIt.denied` with `healIt`',
  place: '`options` as a function',
}

function expectDeclared(traits: SinkTraits, declared: DeclaredTraits): void {
  const { idempotence, revisions = 'all' } = traits
  if (idempotence === declared.idempotence && revisions === (declared.revisions ?? 'all')) return
  throw new CheckFailure(
    `expected the traits in the certification, ${declared.idempotence} and ${declared.revisions ?? 'all'}, but found ${idempotence} and ${revisions}`,
  )
}
