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
    name: 'short-extension-shown-in-full',
    file: 'packages/core/src/field-policy/mask-value.ts',
    find: 'characters.filter(isDigit).length > digits ? digits : 0',
    replace: 'digits',
    caughtBy: 'packages/core/src/field-policy/mask-value.test.ts',
  },
  {
    name: 'sink-gets-records-without-its-mask',
    file: 'packages/engine/src/sink-calls.ts',
    find: 'cdrRecord(record, this.#options.mask)',
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
