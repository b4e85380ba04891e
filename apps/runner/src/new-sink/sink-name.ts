/** Names that mean something else: a built-in sink, or a folder or file of every package. */
const taken = ['file', 'postgres', 'elasticsearch', 'cdrstream', 'node_modules', 'receiver']

/** Returns whether a package, its files and its exports can have this name. */
export function isSinkName(name: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 40 && !taken.includes(name)
}

/** Returns `MySink` for `my-sink`. */
export function typeName(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())
}
