/**
 * Turns changesets into changelogs, without commit hashes and without a list of our own packages, which all
 * have the same version. A changeset of several paragraphs, such as release notes, keeps its own structure.
 */
export default {
  getReleaseLine({ summary }) {
    const [first = '', ...rest] = summary.trim().split('\n')
    if (rest.includes('')) return `${summary.trim()}\n\n`
    return [`- ${first}`, ...rest.map((line) => `  ${line}`)].join('\n')
  },
  getDependencyReleaseLine: () => '',
}
