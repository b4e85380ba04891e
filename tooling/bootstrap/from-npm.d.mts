export function fromNpm(
  wanted: { readonly name: string; readonly version: string },
  works: (at: string) => boolean,
  advice?: string,
): Promise<string>
export function toolchainDirectory(): string
