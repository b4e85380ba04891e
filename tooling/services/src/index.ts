export {
  type ElasticsearchOptions,
  type ElasticsearchServer,
  startElasticsearch,
} from './elasticsearch-server.ts'
export { type PgBouncer, startPgBouncer } from './pg-bouncer.ts'
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres-server.ts'
export { sharedElasticsearchUrl, sharedPostgresUrl } from './shared-services.ts'
export { type Certificates, writeCertificates } from './write-certificates.ts'
