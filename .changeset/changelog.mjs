/**
 * How changesets become changelogs: no commit hashes, and no list of our own packages, which all have the
 * same version. A changeset of several paragraphs, such as the notes of a release, keeps its own structure.
 */
export default {
  getReleaseLine({ summary }) {
    const [first = '', ...rest] = summary.trim().split('\n')
    if (rest.includes('')) return `${summary.trim()}\n\n`
    return [`- ${first}`, ...rest.map((line) => `  ${line}`)].join('\n')
  },
  getDependencyReleaseLine: () => '',
}
