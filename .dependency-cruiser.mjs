// Which package may import which (CONTRIBUTING.md). A test may import everything that its package declares,
// through the index of the other package.
const inTests = '[.]test[.]ts$|^[^/]+/[^/]+/test/'

/** Of this repository, code in `folder` may import only itself and these packages. */
function only(name, folder, allowed) {
  return {
    name,
    severity: 'error',
    from: { path: `^(${folder})/src/`, pathNot: inTests },
    to: {
      path: '^(packages|apps|tooling|examples)/',
      pathNot: ['^$1/', ...allowed.map((other) => `^packages/${other}/`)],
    },
  }
}

const pure = '^packages/(catalogue|plugin|core)/src/'

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: { pathNot: '/dist/|^apps/[^/]+/bin/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'only-the-index-of-another-package',
      severity: 'error',
      // The benchmark measures the single steps of a package, which its index does not export.
      from: { path: '^(packages|apps|tooling|examples)/([^/]+)/', pathNot: '^tooling/bench/' },
      to: {
        path: '^(packages|apps|tooling|examples)/[^/]+/',
        pathNot: [
          '^$1/$2/',
          '^(packages|apps|tooling)/[^/]+/src/index[.]ts$',
          '^packages/engine/src/node/index[.]ts$',
          '^packages/core/src/(budget/index|words/index|file-trust)[.]ts$',
          // Downloads what the tests need in the same way as Node.
          '^tooling/bootstrap/(from-npm|toolchain-directory)[.]',
        ],
      },
    },
    {
      name: 'no-tests-outside-of-tests',
      severity: 'error',
      from: { pathNot: inTests },
      to: { path: inTests },
    },
    only('catalogue-imports-nothing', 'packages/catalogue', []),
    only('plugin-imports-catalogue', 'packages/plugin', ['catalogue']),
    only('core-imports-plugin', 'packages/core', ['catalogue', 'plugin']),
    only('engine-imports-core', 'packages/engine', ['catalogue', 'plugin', 'core']),
    only('a-source-imports-the-ports', 'packages/source-[^/]+', ['catalogue', 'plugin', 'core', 'engine']),
    only('a-journal-imports-the-ports', 'packages/journal-[^/]+', ['catalogue', 'plugin', 'core', 'engine']),
    only('a-sink-imports-plugin', 'packages/sink-[^/]+', ['catalogue', 'plugin', 'sink-kit']),
    only('testkit-imports-plugin-and-core', 'packages/testkit', ['catalogue', 'plugin', 'core']),
    only('simulator-imports-catalogue', 'packages/simulator', ['catalogue']),
    only('an-app-imports-packages', 'apps/[^/]+', ['[^/]+']),
    {
      name: 'pure-without-node',
      severity: 'error',
      from: { path: pure, pathNot: inTests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'engine-without-node',
      severity: 'error',
      from: { path: '^packages/engine/src/', pathNot: [inTests, '^packages/engine/src/node/'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-without-libraries',
      severity: 'error',
      from: { path: '^packages/(catalogue|core)/src/', pathNot: inTests },
      to: { path: 'node_modules' },
    },
    {
      name: 'plugin-without-libraries',
      severity: 'error',
      from: { path: '^packages/plugin/src/', pathNot: inTests },
      to: { path: 'node_modules', pathNot: '/@standard-schema/' },
    },
    {
      name: 'plugin-imports-only-types-of-standard-schema',
      severity: 'error',
      from: { path: '^packages/plugin/src/', pathNot: inTests },
      to: { path: '/@standard-schema/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unpublished-dependencies',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: inTests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '/[.]turbo/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['cdrstream-source', 'import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
}
