/** Plain JavaScript: it runs where Node does not strip types yet. */
declare module '*/from-npm.mjs' {
  export function fromNpm(
    wanted: { readonly name: string; readonly version: string },
    works: (at: string) => boolean,
    advice?: string,
  ): Promise<string>
  export function toolchainDirectory(): string
}
