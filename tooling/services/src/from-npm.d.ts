/** The modules are plain JavaScript, because they also run on versions of Node that cannot strip types. */
declare module '*/from-npm.mjs' {
  export function fromNpm(
    wanted: { readonly name: string; readonly version: string },
    works: (at: string) => boolean,
    advice?: string,
  ): Promise<string>
  export function removeAbandonedDrafts(entry: string): Promise<void>
}

declare module '*/toolchain-directory.mjs' {
  export function toolchainDirectory(): string
  export function trustedEntry(entry: readonly [group: string, name: string]): string
}
