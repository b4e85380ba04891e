import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import type { TokenCheck } from './bearer-token.ts'
import { followEvents } from './follow-events.ts'
import type { HostRules } from './host-rules.ts'
import type { HttpSources } from './http-sources.ts'
import type { HttpLimits } from './limits.ts'
import { refuseRequest } from './refuse-request.ts'

export interface HttpAppOptions {
  readonly sources: HttpSources
  readonly acceptsHost: HostRules
  readonly acceptsToken: TokenCheck
  readonly limits: HttpLimits
  /** Called if a request handler fails. */
  readonly onFault: (path: string, error: unknown) => void
}

type App = { Bindings: HttpBindings }

const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** Handles the requests. Probes do not require a token, but without it responses omit names and reasons. */
export function httpApp(options: HttpAppOptions): Hono<App> {
  const { sources, acceptsHost, acceptsToken, limits, onFault } = options
  const app = new Hono<App>()
  const isTrusted = (context: Context<App>) => acceptsToken(context.env.incoming.headers.authorization)

  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value)
    const refusal = refuseRequest(context.env.incoming, acceptsHost)
    if (refusal === undefined) return next()
    if (refusal.status === 405) context.header('allow', 'GET, HEAD')
    // The rest of the request is not read.
    context.header('connection', 'close')
    return context.json({ error: refusal.error }, refusal.status)
  })

  app.get('/healthz', (context) => {
    const { status, loops } = sources.health()
    return context.json(isTrusted(context) ? { status, loops } : { status }, status === 'ok' ? 200 : 503)
  })
  app.get('/readyz', (context) => {
    const { status, ...reasons } = sources.readiness()
    const isReady = status === 'ready'
    return context.json(isTrusted(context) ? { status, ...reasons } : { status }, isReady ? 200 : 503)
  })

  app.use(async (context, next) => {
    if (isTrusted(context)) return next()
    context.header('www-authenticate', 'Bearer realm="cdrstream"')
    return context.json({ error: 'Send the token in the header "Authorization: Bearer TOKEN".' }, 401)
  })

  app.get('/metrics', async (context) => {
    if (sources.metrics === undefined) {
      const error = 'A different OpenTelemetry SDK in this process exports the metrics.'
      return context.json({ error }, 404)
    }
    const text = await sources.metrics()
    return context.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
  app.get('/api/status', async (context) => context.json(await sources.status()))
  app.get('/api/events', (context) => {
    const { incoming, outgoing } = context.env
    const headers = Object.fromEntries(context.res.headers)
    if (!followEvents({ incoming, outgoing, headers, feed: sources.events, limits })) {
      context.header('retry-after', '10')
      return context.json({ error: 'Too many clients are connected to this endpoint.' }, 503)
    }
    return RESPONSE_ALREADY_SENT
  })

  app.notFound((context) => context.json({ error: 'This path does not exist.' }, 404))
  app.onError((error, context) => {
    // The cause is only logged, because it can contain local file names.
    onFault(context.req.path, error)
    return context.json({ error: "The request failed. See the collector's log for the cause." }, 503)
  })
  return app
}
