import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { SimpleSink } from './simple-sink.ts'
import type { Sink } from './sink.ts'
import type { SinkContext, SinkPlugin, SinkTraits } from './sink-plugin.ts'

/** A plugin without the version of the contract, its options described by `Schema`. */
export interface SinkDefinition<Schema extends StandardSchemaV1, Created extends Sink | SimpleSink> {
  /** What the sink is called in messages. */
  readonly name: string
  /** Checks the `options` of the configuration. It must refuse unknown keys. */
  readonly options: Schema
  readonly traits: SinkTraits | ((options: StandardSchemaV1.InferOutput<Schema>) => SinkTraits)
  /** Makes the sink. No I/O: connecting is for `open`. */
  create(options: StandardSchemaV1.InferOutput<Schema>, context: SinkContext): Created
}

/** Returns the plugin of a sink. The types of its options are those that the schema produces. */
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
