// Starts a PostgreSQL server, prints its URL, and waits to be killed.
import { startPostgres } from '../../src/postgres-server.ts'

const { pid, url } = await startPostgres({ durable: false })
console.log(JSON.stringify({ pid, url }))
setInterval(() => {}, 60_000)
