import type { Mutant } from '../mutant.ts'

const crashPoints = 'packages/sink-file/src/crash-points.test.ts'

/** The file sink: each record is published exactly once, even after a crash at any moment. */
export const fileMutants: readonly Mutant[] = [
  {
    name: 'directories-not-synced-after-rename',
    file: 'packages/sink-file/src/carry-out-intent.ts',
    find: 'if ((await files.look(path)) !== undefined) await files.syncDirectory(path)',
    replace: 'await files.look(path)',
    caughtBy: crashPoints,
  },
  {
    name: 'position-written-before-the-data',
    file: 'packages/sink-file/src/publish-span.ts',
    find: "if (compression === 'none') return files.sync(from)",
    replace: "if (compression === 'none') return",
    caughtBy: crashPoints,
  },
  {
    name: 'intent-not-completed-after-a-crash',
    file: 'packages/sink-file/src/recover.ts',
    find: 'const finished = intent === null ? 0 : await finishIntent(intent, layout)',
    replace: 'const finished = 0',
    caughtBy: crashPoints,
  },
  {
    name: 'files-after-a-lost-state-written-again',
    file: 'packages/sink-file/src/resume-position.ts',
    find: 'if (last === undefined || last.toOffset <= position.offset) return',
    replace: 'if (layout !== undefined) return',
    caughtBy: 'packages/sink-file/src/lost-state.test.ts',
  },
  {
    name: 'line-break-in-a-record-breaks-its-line',
    file: 'packages/sink-file/src/encode-lines.ts',
    find: "text.replace(/[\\r\\n]/g, ' ')",
    replace: 'text',
    caughtBy: 'packages/sink-file/src/encode-lines.test.ts',
  },
  {
    name: 'record-forges-the-mark-of-its-line',
    file: 'packages/sink-file/src/encode-lines.ts',
    find: 'oneLine(escapeMark(record.text))',
    replace: 'oneLine(record.text)',
    caughtBy: 'packages/sink-file/src/encode-lines.test.ts',
  },
]
