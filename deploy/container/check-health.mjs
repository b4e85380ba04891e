// The container's health check. Passes if the collector reports that its process and loops are alive.
const url = process.env.CDRSTREAM_HEALTH_URL ?? 'http://127.0.0.1:9464/healthz'
try {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(4_000) })
  console.log(`${url} answered with status ${status}`)
  process.exitCode = status === 200 ? 0 : 1
} catch (error) {
  const cause = error.cause ?? error
  console.log(`${url} did not answer: ${cause.code ?? cause.name}`)
  process.exitCode = 1
}
