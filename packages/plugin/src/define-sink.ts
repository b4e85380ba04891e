import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { SimpleSink } from './simple-sink.ts'
import type { Sink } from './sink.ts'
import type { SinkContext, SinkPlugin, SinkTraits } from './sink-plugin.ts'

/** A plugin without the contract's version. `Schema` describes its options. */
export interface SinkDefinition<Schema extends StandardSchemaV1, Created extends Sink | SimpleSink> {
  /** The name of this kind of sink, for messages. */
  readonly name: string
  /** Validates the sink's `options` in the configuration. It must reject unknown keys. */
  readonly options: Schema
  readonly traits: SinkTraits | ((options: StandardSchemaV1.InferOutput<Schema>) => SinkTraits)
  /** Creates the sink. It must not do I/O: connect in `open`. */
  create(options: StandardSchemaV1.InferOutput<Schema>, context: SinkContext): Created
}

/**
 * Returns a plugin, ready to be a module's default export. Infers the type of its options from the schema.
 */
export function defineSink<Schema extends StandardSchemaV1>(
  definition: SinkDefinition<Schema, Sink>,
): SinkPlugin<StandardSchemaV1.InferOutput<Schema>>
export function defineSink<Schema extends StandardSchemaV1>(
  definition: SinkDefinition<Schema, SimpleSink>,
): SinkPlugin<StandardSchemaV1.InferOutput<Schema>, SimpleSink>
export function defineSink<Schema extends StandardSchemaV1, Created extends Sink | SimpleSink>(
  definition: SinkDefinition<Schema, Created>,
): SinkPlugin<StandardSchemaV1.InferOutput<Schema>, Created> {
  const { name, options, traits, create } = definition
  return {
    cdrstream: 1,
    name,
    options: options as StandardSchemaV1<unknown, StandardSchemaV1.InferOutput<Schema>>,
    traits,
    create: (given, context) => create(given, context),
  }
}
