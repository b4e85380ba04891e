/** Names that would be taken for something else: a built-in sink, or a folder or file of every package. */
const taken = ['file', 'postgres', 'elasticsearch', 'cdrstream', 'node_modules', 'receiver']

/** Whether this can be the name of a package, of its files, and of what it exports. */
export function isSinkName(name: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 40 && !taken.includes(name)
}

/** `my-sink`: `MySink`. */
export function typeName(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())
}
