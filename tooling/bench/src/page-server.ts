import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'

/**
 * Serves one gzipped page to a benchmark in another process. Run as a program; its only output is its
 * address.
 */
const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
const body = gzipSync(Buffer.concat(chunks), { level: 6 })

const server = createServer((_request, response) => {
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'content-length': body.length,
  })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}`)
})
