/** The module is plain JavaScript, because it also runs on versions of Node that cannot strip types. */
declare module '*/from-npm.mjs' {
  export function fromNpm(
    wanted: { readonly name: string; readonly version: string },
    works: (at: string) => boolean,
    advice?: string,
  ): Promise<string>
  export function toolchainDirectory(): string
}
