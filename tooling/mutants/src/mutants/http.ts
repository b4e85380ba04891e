import type { Mutant } from '../mutant.ts'

const server = 'apps/runner/src/http/open-http-server.test.ts'
const hosts = 'apps/runner/src/http/host-rules.test.ts'
const section = 'apps/runner/src/configuration/sections/read-http.test.ts'

/** The HTTP server responds only to permitted clients, and clients cannot exhaust it. */
export const httpMutants: readonly Mutant[] = [
  {
    name: 'any-port-in-the-host-header',
    file: 'apps/runner/src/http/host-rules.ts',
    find: '    return isOwnName(name) && (isEverywhere || given === port)\n',
    replace: '    return isOwnName(name)\n',
    caughtBy: hosts,
  },
  {
    name: 'second-host-header-ignored',
    file: 'apps/runner/src/http/refuse-request.ts',
    find: '(headersDistinct.host?.length ?? 0) > 1',
    replace: '(headersDistinct.host?.length ?? 0) > 2',
    caughtBy: server,
  },
  {
    name: 'probes-name-orgs-without-a-token',
    file: 'apps/runner/src/http/http-app.ts',
    find: 'isTrusted(context) ? { status, loops } : { status }',
    replace: '{ status, loops }',
    caughtBy: server,
  },
  {
    name: 'unread-events-kept-in-memory',
    file: 'apps/runner/src/http/follow-events.ts',
    find: '    if (outgoing.writableLength > limits.unreadBytes) outgoing.destroy()\n',
    replace: '',
    caughtBy: server,
  },
  {
    name: 'slow-requests-never-cut-off',
    file: 'apps/runner/src/http/open-http-server.ts',
    find: '    headersTimeout: limits.requestMs,\n    requestTimeout: limits.requestMs,\n',
    replace: '',
    caughtBy: server,
  },
  {
    name: 'open-address-without-a-token',
    file: 'apps/runner/src/configuration/sections/read-http.ts',
    find: '  if (isOpen && token === undefined) {',
    replace: '  if (isOpen && token === undefined && !behindProxy) {',
    caughtBy: section,
  },
  {
    name: 'stuck-loop-not-noticed',
    file: 'packages/engine/src/loop-pulse.ts',
    find: 'platform.clock.nowMs() + ms + graceMs',
    replace: 'Number.POSITIVE_INFINITY',
    caughtBy: 'packages/engine/src/activity.test.ts',
  },
]
