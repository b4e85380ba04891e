/** Secrets in many forms, to check that none of them is shown. */
export const canaries = {
  accessToken: 'NWIwMDk4ZWItYjBhNy00Q2FuYXJ5',
  clientSecret: 'c4f31a9e07d2b86615aa90cd',
  refreshToken: 'YzQyM2VjZjMtOWI5Zi00_Kx-Wq8',
  password: 'pelicanhuntermorning',
  quotedPassword: 'Gx7kQ:w9t@Lp#2vZ',
  apiKey: 'VuaCfGcBCdbkQm-e5aOx:ui2lp2axTNmsyakw9tvNnw==',
  hmacKey: 'zebra 71 quince 88 lantern',
  number: '80417265',
  hook: 'T01QXW93/B07HHZ8/kPq93nFzR',
  variable: 'eyJhbGciOiJub25lIn0.Zm9vYmFy',
  file: 'fileborne-9d8c7b6a5',
} as const

export const variables: Readonly<Record<string, string>> = { TOKEN: canaries.variable, HOOK: canaries.hook }

/** Valid configurations with secrets in every possible place. */
export const configurations: Readonly<Record<string, string>> = {
  'tokens in blocks': `# collects for two orgs; the token was ${canaries.file} before
orgs:
  - name: acme
    auth:
      accessToken: ${canaries.accessToken}
    region: eu
    locations: [Berlin, "New York"]
  - name: globex
    auth:
      clientId: C12ab
      clientSecret: ${canaries.clientSecret}
      refreshToken: ${canaries.refreshToken}
    start: 2h
journal:
  path: ./data/cdrstream.db
  keep: 31d
sinks:
  - name: files
    use: file
    from: now
    fields:
      key: "${canaries.hmacKey}"
      numbers: { mask: 4 }
      names: hash
    options:
      directory: ./records
webex:
  pageSize: 500
`,
  'databases in blocks': `orgs:
  - name: acme
    auth: { accessToken: "\${TOKEN}" }
journal: { path: ./data/cdrstream.db }
sinks:
  - name: warehouse
    use: postgres
    options:
      url: "postgres://collector:${encodeURIComponent(canaries.quotedPassword)}@127.0.0.1:5432/calls"
      schema: cdr
      retention: 400d
  - name: search
    use: elasticsearch
    options:
      nodes: ["https://localhost:9200"]
      apiKey: ${canaries.apiKey}
      indexPrefix: cdr
  - name: other
    use: elasticsearch
    options:
      nodes:
        - https://localhost:9201
      username: collector
      password: ${canaries.password}
`,
  'all in braces': `{ orgs: [{ name: acme, auth: { accessToken: ${canaries.accessToken} }, region: us },
  { name: b, auth: { clientId: "c", clientSecret: '${canaries.clientSecret}', refreshToken: "\${file:token}" } }],
journal: { path: ./data/cdrstream.db, maxBytes: 20GB },
sinks: [{ name: w, use: postgres, options: { url: "postgres://u:${canaries.password}@127.0.0.1/calls", rawText: true } },
  { name: s, use: elasticsearch, options: { nodes: ["https://localhost:9200"], username: "u", password: "${canaries.number}" } }] }
`,
  'with anchors and long texts': `orgs:
  - &first
    name: acme
    auth: &auth
      accessToken: >-
        ${canaries.accessToken}
  - name: globex
    auth: *auth
journal: { path: "./data/cdrstream.db" }
sinks:
  - name: warehouse
    use: postgres
    options:
      url: |-
        postgres://u:${canaries.password}@127.0.0.1/calls
  - name: search
    use: elasticsearch
    fields: { key: '${canaries.hmacKey}', identifiers: hash }
    options:
      nodes: [https://localhost:9200]
      "apiKey": '${canaries.apiKey}'
`,
}
