export { postgresSink, postgresSink as default } from './postgres-sink.ts'
export type { PostgresSinkOptions } from './postgres-sink-options.ts'
export { type SchemaSqlOptions, schemaSql } from './schema/schema-sql.ts'
