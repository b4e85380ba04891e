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
    file: 'packages/engine/src/outward-outcome.ts',
    find: 'words(hideContent(textOf(text)), most)',
    replace: 'words(textOf(text), most)',
    caughtBy: 'packages/engine/src/masked-delivery.test.ts',
  },
  {
    name: 'record-quoted-at-a-flush',
    file: 'packages/engine/src/sink-calls.ts',
    find: 'const batch = { records: this.#seen, from, to }',
    replace: 'const batch = { records: this.#seen, from, to }\n    this.#seen = []',
    caughtBy: 'packages/engine/src/masked-delivery.test.ts',
  },
  {
    name: 'number-with-other-separators-shown',
    file: 'packages/core/src/words/content-hider.ts',
    find: 'const found = [...findTexts(wanted, folded.text), ...findNumbers(folded.text)]',
    replace: 'const found = findTexts(wanted, folded.text)',
    caughtBy: 'packages/core/src/words/content-hider.test.ts',
  },
  {
    name: 'secret-cut-before-it-is-hidden',
    file: 'packages/core/src/words/words.ts',
    find: 'cutText(hide(plainLine(hide(text))), mostCharacters)',
    replace: 'hide(plainLine(hide(cutText(text, mostCharacters))))',
    caughtBy: 'packages/core/src/words/words.test.ts',
  },
  {
    name: 'secret-shown-with-something-unseen-in-it',
    file: 'packages/core/src/words/words.ts',
    find: 'cutText(hide(plainLine(hide(text))), mostCharacters)',
    replace: 'cutText(plainLine(hide(text)), mostCharacters)',
    caughtBy: 'packages/core/src/words/words.test.ts',
  },
  {
    name: 'token-in-the-log',
    file: 'packages/source-webex/src/answers/classify-answer.ts',
    find: 'createWords([token])',
    replace: 'createWords([])',
    caughtBy: 'packages/source-webex/src/answers/classify-answer.test.ts',
  },
  {
    name: 'trigger-quoted-in-the-log',
    file: 'packages/sink-postgres/src/describe-error.ts',
    find: 'if (!(error instanceof DatabaseError) || !isOfServer(error)) return []',
    replace: 'if (!(error instanceof DatabaseError)) return []',
    caughtBy: 'packages/sink-postgres/src/describe-error.test.ts',
  },
  {
    name: 'key-of-a-configuration-shown-whatever-it-is',
    file: 'apps/runner/src/configuration/unknown-key.ts',
    find: 'const isShown = isShort(key) ||',
    replace: 'const isShown = key.length < 60 ||',
    caughtBy: 'apps/runner/src/configuration/mutated-configurations.test.ts',
  },
]
