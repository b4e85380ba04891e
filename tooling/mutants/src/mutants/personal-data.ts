import type { Mutant } from '../mutant.ts'

const recordMask = 'packages/core/src/field-policy/record-mask.test.ts'

/** What a sink must not see. */
export const personalDataMutants: readonly Mutant[] = [
  {
    name: 'mask-forgets-other-spellings-of-a-field',
    file: 'packages/core/src/field-policy/record-mask.ts',
    find: 'return exactNames.has(name) ? name : namesByFold.get(foldName(name))',
    replace: 'return exactNames.has(name) ? name : undefined',
    caughtBy: recordMask,
  },
  {
    name: 'mask-forgets-a-number-in-a-list',
    file: 'packages/core/src/field-policy/change-value.ts',
    find: 'if (value === undefined) return empty\n      return nullMarkers',
    replace: 'if (value === undefined) return json\n      return nullMarkers',
    caughtBy: recordMask,
  },
  {
    name: 'mask-forgets-a-number-without-quotes',
    file: 'packages/core/src/field-policy/record-mask.ts',
    find: 'if (changed !== json) edits.push(',
    replace: "if (changed !== json && json.startsWith('\"')) edits.push(",
    caughtBy: recordMask,
  },
  {
    name: 'mask-forgets-names-with-escapes',
    file: 'packages/core/src/field-policy/may-hold-value.ts',
    find: "text.includes('\\\\') || ",
    replace: '',
    caughtBy: recordMask,
  },
  {
    name: 'mask-misses-names-in-other-characters',
    file: 'packages/core/src/field-policy/may-hold-value.ts',
    find: ' || hasOddName(text)',
    replace: '',
    caughtBy: 'packages/core/src/field-policy/spellings.test.ts',
  },
  {
    name: 'mask-misses-a-name-with-a-space-in-a-word',
    file: 'packages/core/src/field-policy/may-hold-value.ts',
    find: "const between = '[^a-z0-9\"]*'",
    replace: "const between = ''",
    caughtBy: 'packages/core/src/field-policy/spellings.test.ts',
  },
  {
    name: 'mask-forgets-numbers-in-line-ids',
    file: 'packages/core/src/field-policy/field-rules.ts',
    find: "new Set(['calling_line_id', 'called_line_id'])",
    replace: 'new Set()',
    caughtBy: 'packages/core/src/field-policy/numbers-within.test.ts',
  },
  {
    name: 'short-extension-shown-in-full',
    file: 'packages/core/src/field-policy/mask-value.ts',
    find: 'characters.filter(isDigit).length > digits ? digits : 0',
    replace: 'digits',
    caughtBy: 'packages/core/src/field-policy/mask-value.test.ts',
  },
  {
    name: 'sink-gets-records-without-its-mask',
    file: 'packages/engine/src/write-batch.ts',
    find: 'cdrRecord(record, mask)',
    replace: 'cdrRecord(record, { columns: [], apply: (text) => text })',
    caughtBy: 'packages/engine/src/masked-delivery.test.ts',
  },
  {
    name: 'words-of-a-sink-quote-a-record',
    file: 'packages/engine/src/without-content.ts',
    find: '.filter((value) => value.length >= shortest && words.includes(value))',
    replace: ".filter((value) => value === '' && words.includes(value))",
    caughtBy: 'packages/engine/src/masked-delivery.test.ts',
  },
  {
    name: 'token-in-the-log',
    file: 'packages/source-webex/src/safe-words.ts',
    find: ".filter((secret) => secret !== '')",
    replace: ".filter((secret) => secret === '')",
    caughtBy: 'packages/source-webex/src/safe-words.test.ts',
  },
]
