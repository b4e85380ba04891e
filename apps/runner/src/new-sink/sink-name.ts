/** Reserved names: the built-in sinks, and files and folders in every package. */
const taken = ['file', 'postgres', 'elasticsearch', 'cdrstream', 'node_modules', 'receiver']

/** Returns whether this name is valid for a package, its files and its exports. */
export function isSinkName(name: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 40 && !taken.includes(name)
}

/** Returns `MySink` for `my-sink`. */
export function typeName(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())
}
