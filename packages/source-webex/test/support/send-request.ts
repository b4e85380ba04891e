import type { Answer, Source, SourceRequest } from '@cdrstream/engine'

const never = new AbortController().signal

/** Prepares and sends one request. Returns its answer with unchanged items, or why it cannot be sent. */
export async function sendRequest(source: Source, request: SourceRequest, signal = never): Promise<Answer> {
  const prepared = await source.prepare(signal)
  return prepared.kind === 'ready' ? prepared.send(request, (item) => item, signal) : prepared
}
