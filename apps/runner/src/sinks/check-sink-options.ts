import { type Sink, type SinkContext, type SinkTraits, toSink } from '@cdrstream/plugin'

import type { AnyPlugin } from './read-sink-plugin.ts'

/** A sink with valid options. */
export interface CheckedSink {
  readonly traits: SinkTraits
  /** The URL of its module, or undefined for a built-in sink. */
  readonly url?: string | undefined
  /** The file of its module has changed since this process imported it. */
  readonly isOutdated?: boolean
  create(context: SinkContext): Sink
}

/** An issue in the form that standard schemas report. */
export interface OptionIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export type OptionsCheck =
  | { readonly kind: 'sink'; readonly sink: CheckedSink }
  | { readonly kind: 'issues'; readonly issues: readonly OptionIssue[] }

/** Lets a plugin check its options. An error that it throws counts as an issue. */
export async function checkSinkOptions(plugin: AnyPlugin, raw: unknown): Promise<OptionsCheck> {
  try {
    const result = await plugin.options['~standard'].validate(raw)
    if (result.issues !== undefined) return { kind: 'issues', issues: result.issues }
    const { value } = result
    const { traits } = plugin
    return {
      kind: 'sink',
      sink: {
        traits: typeof traits === 'function' ? traits(value) : traits,
        create: (context) => toSink(plugin.create(value, context)),
      },
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'issues', issues: [{ message: `the sink failed to check its options: ${message}` }] }
  }
}

/** Returns the path in the options of the value with the issue. */
export function issuePath({ path = [] }: OptionIssue): readonly (string | number)[] {
  return path.map((step) => {
    const key = typeof step === 'object' ? step.key : step
    return typeof key === 'number' ? key : String(key)
  })
}

/** Returns the unknown keys that caused the issue. Zod lists them beside the path. */
export function unknownKeys(issue: OptionIssue): readonly string[] {
  return 'keys' in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : []
}
