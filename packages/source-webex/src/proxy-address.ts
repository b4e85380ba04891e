/** The address of a proxy, as HTTPS_PROXY has it: `proxy:3128` means `http://proxy:3128`. Undefined if it is none. */
export function proxyAddress(text: string): string | undefined {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined
}
