import type { Mutant } from '../mutant.ts'

const classify = 'packages/source-webex/src/answers/classify-answer.test.ts'

/** How requests are sent to the API, and how its responses are interpreted. */
export const sourceMutants: readonly Mutant[] = [
  {
    name: 'malformed-link-taken-for-the-last-page',
    file: 'packages/source-webex/src/answers/page-rows.ts',
    find: "outcome: { kind: 'failed', reason: 'malformed' },\n    remedy: `Webex answered in a form",
    replace: "outcome: { kind: 'page', items: 'body' },\n    remedy: `Webex answered in a form",
    caughtBy: classify,
  },
  {
    name: 'total-count-of-a-link-ignored',
    file: 'packages/source-webex/src/read-next-link.ts',
    find: "totalCount: count(parameter(query, 'totalCount')),",
    replace: 'totalCount: null,',
    caughtBy: 'packages/source-webex/src/parse-link-header.test.ts',
  },
  {
    name: 'retry-after-as-a-date-ignored',
    file: 'packages/source-webex/src/read-retry-after.ts',
    find: 'return untilMs === null ? null : ',
    replace: 'return untilMs !== null ? null : ',
    caughtBy: 'packages/source-webex/src/read-retry-after.test.ts',
  },
  {
    name: 'token-sent-to-another-host',
    file: 'packages/source-webex/src/region/api-address.ts',
    find: 'if (!isAllowedHost(host, allowedHosts)) return undefined',
    replace: 'if (host === "") return undefined',
    caughtBy: 'packages/source-webex/test/hostile/token-goes-nowhere-else.test.ts',
  },
  {
    name: 'token-sent-in-plain-text',
    file: 'packages/source-webex/src/region/api-address.ts',
    find: "(url.protocol === 'https:' && isAllowedHost(url.host, allowedHosts))",
    replace: 'isAllowedHost(url.host, allowedHosts)',
    caughtBy: 'packages/source-webex/src/region/api-address.test.ts',
  },
  {
    name: 'body-limit-removed',
    file: 'packages/source-webex/src/decode-body.ts',
    find: 'maxOutputLength: maxBytes,',
    replace: '',
    caughtBy: 'packages/source-webex/src/decode-body.test.ts',
  },
  {
    name: 'truncated-body-accepted',
    file: 'packages/source-webex/src/read-body.ts',
    find: 'if (announced !== undefined && Number(announced) !== bodyBytes) {',
    replace: 'if (Number(announced) < bodyBytes) {',
    caughtBy: 'packages/source-webex/src/webex-source.test.ts',
  },
  {
    name: 'one-millisecond-between-windows',
    file: 'packages/source-webex/src/build-request.ts',
    find: 'isoTime(window.toSec)',
    replace: 'isoTime(window.toSec - 0.001)',
    caughtBy: 'packages/source-webex/src/build-request.test.ts',
  },
  {
    name: 'unlimited-items-in-a-page',
    file: 'packages/source-webex/src/split-items.ts',
    find: 'if (items.length === bounds.items) return',
    replace: 'if (items.length === -1) return',
    caughtBy: 'packages/source-webex/src/split-items.test.ts',
  },
  {
    name: 'oversized-item-parsed',
    file: 'packages/source-webex/src/read-item.ts',
    find: 'const value = excess === undefined ? parse(text) : undefined',
    replace: 'const value = parse(text)',
    caughtBy: 'packages/source-webex/src/split-items.test.ts',
  },
]
