import assert from 'node:assert/strict'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

export interface PublishedLine {
  readonly path: string
  readonly line: string
  readonly mark: { readonly org: string; readonly key: string; readonly rank: number; readonly home: string }
}

/** Returns all lines of published files with their paths. Asserts that no file is truncated. */
export function readPublished(files: ReadonlyMap<string, Buffer>): readonly PublishedLine[] {
  return [...files].flatMap(([path, bytes]) => {
    const text = decompress(path, bytes).toString()
    assert.ok(text.endsWith('\n'), `${path} is truncated`)
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => ({ path, line, mark: JSON.parse(line)['@cdrstream'] }))
  })
}

/** Returns the revisions of lines or records, sorted for comparison. */
export function revisionsOf(
  lines: readonly { readonly org: string; readonly key: string; readonly rank: number }[],
) {
  return lines.map(({ org, key, rank }) => `${org} ${key} ${rank}`).sort()
}

function decompress(path: string, bytes: Buffer): Buffer {
  if (path.endsWith('.zst')) return zstdDecompressSync(bytes)
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes
}
