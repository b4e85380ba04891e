export interface UsualAnswer {
  readonly status: number
  readonly body: unknown
}

const made = { _meta: { cdrstream: { template: 1 } } }
const acknowledged = { acknowledged: true, shards_acknowledged: true }
const missing = { type: 'index_not_found_exception', reason: 'no such index [cdr-coverage]' }
const lostRace = { type: 'version_conflict_engine_exception', reason: 'current version [7] is higher' }

function index(mappings: object, parts: object = {}) {
  const settings = { index: { uuid: 'uuid', translog: { durability: 'request' }, ...parts } }
  return { aliases: { cdr: {} }, mappings, settings }
}

/** An index that the sink has created. */
export const usualIndex = index(made, { blocks: { write: 'false' } })

/**
 * How Elasticsearch responds to each sink request, by method and path without an id. The place has an expired
 * index, an index from an earlier version and a missing index. The requests are for two records and the marks
 * of two orgs.
 */
export const usualAnswers: Readonly<Record<string, UsualAnswer>> = {
  'POST /_security/user/_has_privileges': {
    status: 200,
    body: { cluster: { monitor: true }, index: { 'cdr-2*.*': { read: true } } },
  },
  'GET /_index_template': {
    status: 200,
    body: {
      index_templates: [
        {
          name: 'logs',
          index_template: {
            index_patterns: ['logs-*'],
            priority: 100,
            version: 3,
            data_stream: { hidden: false },
            _meta: { cdrstream: { content: 'of another' } },
          },
        },
      ],
    },
  },
  'PUT /_index_template/cdr': { status: 200, body: acknowledged },
  'GET /cdr-2*.*': {
    status: 200,
    body: {
      'cdr-2020.01': usualIndex,
      'cdr-2026.10': index({ _meta: { cdrstream: { template: 0 } } }),
    },
  },
  'POST /cdr-2020.01,cdr-2026.10/_search': {
    status: 200,
    body: { aggregations: { newest: { value: Date.UTC(2026, 9, 31) } } },
  },
  'DELETE /cdr-2020.01': { status: 200, body: acknowledged },
  'GET /cdr-journals/_doc': { status: 404, body: { _index: 'cdr-journals', found: false } },
  'PUT /cdr-journals': { status: 200, body: acknowledged },
  'POST /cdr-2*.*/_refresh': { status: 200, body: { _shards: { total: 2, successful: 2, failed: 0 } } },
  'PUT /cdr-journals/_create': { status: 201, body: { result: 'created', _seq_no: 0, _primary_term: 1 } },
  'PUT /cdr-journals/_doc': { status: 200, body: { result: 'updated', _seq_no: 1, _primary_term: 1 } },
  'POST /cdr-2*.*/_search': {
    status: 200,
    body: { hits: { hits: [{ _index: 'cdr-2026.10', _id: 'acme:key-0', _source: { home: '2026-10-31' } }] } },
  },
  'PUT /cdr-2026.11': { status: 200, body: acknowledged },
  'PUT /cdr-2026.10/_mapping': { status: 200, body: acknowledged },
  'POST /_bulk': {
    status: 200,
    body: {
      errors: true,
      items: [{ index: { status: 409, error: lostRace } }, { index: { status: 201 } }],
    },
  },
  'POST /_mget': { status: 200, body: { docs: [{ _id: 'acme:key-0', found: true, _version: 1 }] } },
  'POST /cdr-coverage/_mget': {
    status: 200,
    body: {
      docs: [
        {
          found: true,
          _source: {
            org: 'acme',
            complete_through: '2026-11-24T11:00:00.000Z',
            gaps: [{ from: '2026-11-24T10:00:00.000Z', to: '2026-11-24T10:01:00.000Z', reason: 'refused' }],
          },
          _seq_no: 7,
          _primary_term: 1,
        },
        { error: missing },
      ],
    },
  },
  'PUT /cdr-coverage': { status: 200, body: acknowledged },
  'POST /cdr-coverage/_bulk': {
    status: 200,
    body: { items: [{ index: { status: 200 } }, { create: { status: 201 } }] },
  },
  'GET /cdr-coverage,cdr-journals': { status: 200, body: { 'cdr-journals': index({}) } },
  'GET /_cluster/health': { status: 200, body: { indices: { 'cdr-2026.10': { status: 'green' } } } },
  'GET /_health_report/shards_capacity': {
    status: 200,
    body: {
      indicators: {
        shards_capacity: {
          status: 'yellow',
          details: { data: { max_shards_in_cluster: 1_000, current_used_shards: 995 } },
        },
      },
    },
  },
}
