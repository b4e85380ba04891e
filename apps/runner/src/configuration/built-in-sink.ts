import type { Sink, SinkContext, SinkPlugin, SinkTraits } from '@cdrstream/plugin'

/** A sink that comes with cdrstream. */
export interface BuiltInSink {
  check(options: unknown): Promise<OptionsCheck>
}

type OptionsCheck =
  | { readonly kind: 'sink'; readonly sink: CheckedSink }
  | { readonly kind: 'issues'; readonly issues: readonly OptionIssue[] }

/** A sink whose options are right. */
export interface CheckedSink {
  readonly traits: SinkTraits
  /** What it writes to, as its options name them. */
  readonly directories: readonly string[]
  create(context: SinkContext): Sink
}

/** As standard schemas report them. */
export interface OptionIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export function builtInSink<Options>(
  plugin: SinkPlugin<Options>,
  directories: (options: Options) => readonly string[],
): BuiltInSink {
  return {
    check: async (raw) => {
      const result = await plugin.options['~standard'].validate(raw)
      if (result.issues !== undefined) return { kind: 'issues', issues: result.issues }
      const options = result.value
      const { traits } = plugin
      return {
        kind: 'sink',
        sink: {
          traits: typeof traits === 'function' ? traits(options) : traits,
          directories: directories(options),
          create: (context) => plugin.create(options, context),
        },
      }
    },
  }
}
