import { mkdtemp, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ShownRecord, SinkCertification } from '@cdrstream/testkit'

interface Given {
  readonly directory: string
}

const certification: SinkCertification<Given> = {
  async options(place) {
    return { directory: join(await mkdtemp(join(tmpdir(), `${place}-`)), 'records') }
  },
  traits: { idempotence: 'position', revisions: 'all' },
  module: new URL('../src/index.ts', import.meta.url),
  readBack: readPublished,
  breakIt: {
    // Like a disconnected network drive: every file system call fails with an error that may be temporary.
    async down({ directory }) {
      await rename(directory, aside(directory))
      await symlink(directory, directory)
    },
    async denied({ directory }) {
      await rename(directory, aside(directory)).catch(ignoreMissing)
      await writeFile(directory, '')
    },
  },
  async healIt({ directory }) {
    await unlink(directory)
    await rename(aside(directory), directory).catch(ignoreMissing)
  },
  cleanUp: ({ directory }) => rm(dirname(directory), { recursive: true, force: true }),
}

export default certification

/**
 * Reads the files as the README describes: for each key, the line with the highest rank. A repeated line is
 * returned twice.
 */
async function readPublished({ directory }: Given): Promise<readonly ShownRecord[]> {
  const shown = new Map<string, readonly ShownRecord[]>()
  for (const line of await publishedLines(directory)) {
    const { '@cdrstream': mark, ...record } = JSON.parse(line)
    const { org, key, rank, home } = mark
    const id = JSON.stringify([org, key])
    const before = shown.get(id) ?? []
    const highest = before[0]?.rank ?? Number.NEGATIVE_INFINITY
    if (rank < highest) continue
    const found = { org, key, rank, home, text: JSON.stringify(record) }
    shown.set(id, rank === highest ? [...before, found] : [found])
  }
  return [...shown.values()].flat()
}

async function publishedLines(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true }).catch(ignoreMissing)
  const published = (names ?? []).filter((name) => /^[^.].*\.ndjson$/.test(name))
  const texts = await Promise.all(published.map((name) => readFile(join(directory, name), 'utf8')))
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''))
}

function aside(directory: string): string {
  return `${directory}.aside`
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
