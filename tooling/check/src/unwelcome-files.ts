const needed = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']
const welcome =
  /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|cdrstream\.schema\.json|(bin|dist|src|data|templates)\/.+)$/
const internal = /\.(test|certification|bench)\.|(^|\/)(test|testing|test-support|e2e)\/|\.tsbuildinfo$/

/** Returns the problems with the files that a package would be published with. */
export function unwelcomeFiles(paths: readonly string[]): readonly string[] {
  return [
    ...needed.filter((path) => !paths.includes(path)).map((path) => `lacks ${path}`),
    ...paths
      .filter((path) => !welcome.test(path) || (internal.test(path) && !path.startsWith('templates/')))
      .map((path) => `contains ${path}`),
  ]
}
