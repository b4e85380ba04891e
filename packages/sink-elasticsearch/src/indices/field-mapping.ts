import { type CatalogueField, type ColumnName, catalogue } from '@cdrstream/catalogue'
import { ignoreAboveLength } from '../document/split-extra.ts'

/** A field of a mapping, in Elasticsearch's terms. */
export type FieldMapping = Readonly<Record<string, string | number | boolean>>

/**
 * The fields that users search by, which are indexed. The others have only doc values. They can be sorted and
 * aggregated, are slower to search, and cost half as much to write. The Report ID is `key`.
 */
const searched: ReadonlySet<ColumnName> = new Set([
  'start_time',
  'answer_time',
  'release_time',
  'report_time',
  'duration',
  'answered',
  'direction',
  'call_type',
  'call_outcome',
  'call_outcome_reason',
  'correlation_id',
  'call_id',
  'local_session_id',
  'remote_session_id',
  'interaction_id',
  'user',
  'user_uuid',
  'user_type',
  'user_number',
  'calling_number',
  'called_number',
  'dialed_digits',
  'redirecting_number',
  'location',
  'department_id',
  'device_mac',
  'inbound_trunk',
  'outbound_trunk',
  'international_country',
] satisfies ColumnName[])

/**
 * Longer values are stored but not searchable, because a term has at most 32,766 bytes and a UTF-16 code unit
 * takes up to three.
 */
const keyword: FieldMapping = { type: 'keyword', ignore_above: ignoreAboveLength }

/**
 * Returns the mapping of a document: its origin, the catalogue fields, and the fields for everything else.
 */
export function recordMapping(): Readonly<Record<string, FieldMapping>> {
  return {
    org: keyword,
    key: keyword,
    rank: { type: 'long', index: false },
    home: { type: 'date', index: false },
    source: { ...keyword, index: false },
    accepted_at: { type: 'date' },
    ...Object.fromEntries(catalogue.map((field) => [field.column, fieldMapping(field)])),
    extra: { type: 'flattened', ignore_above: ignoreAboveLength },
    extra_text: { type: 'keyword', index: false, doc_values: false },
  }
}

function fieldMapping({ column, type, personal }: CatalogueField): FieldMapping {
  if (personal === 'context') return { type: 'keyword', index: false, doc_values: false }
  const mapping = typeMapping(type)
  return searched.has(column) ? mapping : { ...mapping, index: false }
}

function typeMapping(type: CatalogueField['type']): FieldMapping {
  switch (type) {
    case 'timestamp':
      return { type: 'date' }
    case 'number':
    case 'decimal-string':
      return { type: 'double' }
    case 'integer-string':
      return { type: 'long' }
    case 'boolean-string':
      return { type: 'boolean' }
    case 'uuid-string':
    case 'string':
      return keyword
  }
}
