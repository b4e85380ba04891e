import { createReadStream } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Delivered } from '@cdrstream/simulator'

const marker = '"@cdrstream":'

/**
 * Returns all lines in a file sink's published, uncompressed files, as readers find them: every `.ndjson`
 * file outside dot-directories.
 */
export async function deliveredLines(directory: string): Promise<readonly Delivered[]> {
  const lines: Delivered[] = []
  for await (const path of glob('**/*.ndjson', { cwd: directory, exclude: (name) => name.startsWith('.') })) {
    for await (const line of createInterface({ input: createReadStream(join(directory, path)) })) {
      lines.push(deliveredLine(line))
    }
  }
  return lines
}

/** A line is the API's text byte for byte, with the sink's mark before the closing brace. */
function deliveredLine(line: string): Delivered {
  const markAt = line.lastIndexOf(marker)
  const { org } = JSON.parse(line.slice(markAt + marker.length, -1))
  const text = line.slice(0, markAt).replace(/,$/, '')
  return { org, text: `${text}}` }
}
