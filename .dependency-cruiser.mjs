/** Who may import whom (docs/architecture.md). Tests may import anything that their package declares. */
const inTests = '\\.test\\.ts$|/testing/|/test-support/|/e2e/'

/** `from` may import, of the packages of this repository, only these. */
function only(from, allowed) {
  return {
    name: `${from.replace(/[^a-z-]/g, '')}-imports-only-${allowed.join('-') || 'itself'}`,
    severity: 'error',
    from: { path: `^${from}/src/`, pathNot: inTests },
    to: {
      path: '^(packages|apps|tooling)/',
      pathNot: [`^${from}/`, ...allowed.map((name) => `^packages/${name}/`)],
    },
  }
}

function without(names, to, what) {
  return names.map((name) => ({
    name: `${name}-without-${what}`,
    severity: 'error',
    from: { path: `^packages/${name}/src/`, pathNot: inTests },
    to,
  }))
}

const pure = ['catalogue', 'plugin', 'core']

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: { pathNot: '/dist/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-inside-of-another-package',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/', pathNot: '/dist/' },
      to: {
        path: '^(packages|apps)/[^/]+/',
        pathNot: ['^(packages|apps)/$2/', '^packages/[^/]+/src/index\\.ts$'],
      },
    },
    only('packages/catalogue', []),
    only('packages/plugin', ['catalogue']),
    only('packages/core', ['catalogue', 'plugin']),
    only('packages/engine', ['core', 'plugin']),
    only('packages/source-[^/]+', ['core', 'engine', 'plugin', 'catalogue']),
    only('packages/journal-[^/]+', ['core', 'engine', 'plugin', 'catalogue']),
    only('packages/sink-[^/]+', ['plugin', 'catalogue']),
    only('packages/simulator', ['catalogue']),
    ...without(pure, { dependencyTypes: ['core'] }, 'node'),
    ...without(['catalogue', 'core'], { path: 'node_modules' }, 'libraries'),
    ...without(['plugin'], { path: 'node_modules', pathNot: '@standard-schema' }, 'libraries'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['cdrstream-source', 'import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
}
