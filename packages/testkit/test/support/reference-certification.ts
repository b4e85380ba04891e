import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readReferenceStore } from '../../src/reference-sinks/read-store.ts'
import { type StoreTrouble, troublePath } from '../../src/reference-sinks/store-file.ts'
import { readMarks } from '../../src/reference-sinks/store-marks.ts'
import type { StoreOptions } from '../../src/reference-sinks/store-options.ts'
import type { SinkCertification } from '../../src/sink-certification.ts'

/** Returns the certification of a reference sink or of a broken variant. */
export function referenceCertification(module: URL): SinkCertification<StoreOptions> {
  const trouble = (kind: StoreTrouble) => (options: StoreOptions) =>
    writeFile(troublePath(options.path), kind)
  return {
    async options(place) {
      return { path: join(await mkdtemp(join(tmpdir(), `${place}-`)), 'store'), password: 'hunter-2-hunter' }
    },
    readBack: ({ path }) => readReferenceStore(path),
    readMarks: ({ path }) => readMarks(path),
    module,
    breakIt: { down: trouble('down'), denied: trouble('denied'), hang: trouble('hang') },
    healIt: ({ path }) => rm(troublePath(path)),
    cleanUp: ({ path }) => rm(dirname(path), { recursive: true }),
    patienceMs: 200,
    kills: 2,
  }
}
