import { describe, expect, it } from 'vitest'
import { fileSink } from './index.ts'

async function check(options: unknown) {
  const { value, issues } = (await fileSink.options['~standard'].validate(options)) as {
    value?: unknown
    issues?: readonly { readonly path?: readonly unknown[]; readonly message: string }[]
  }
  return { value, issues: issues?.map(({ path, message }) => ({ path, message })) }
}

describe('the options of the file sink', () => {
  it('require only a directory', async () => {
    expect((await check({ directory: './records' })).value).toEqual({
      directory: './records',
      format: 'ndjson',
      compress: 'none',
      rotateBytes: 128_000_000,
      publishAfterMs: 60_000,
    })
  })

  it('accept sizes and durations as text', async () => {
    const { value } = await check({
      directory: 'd',
      compress: 'zstd',
      rotateBytes: '64KB',
      publishAfter: '5m',
    })
    expect(value).toMatchObject({ compress: 'zstd', rotateBytes: 64_000, publishAfterMs: 300_000 })
  })

  it.each([
    ['directory', undefined],
    ['directory', ''],
    ['directory', 'a\0b'],
    ['format', 'csv'],
    ['compress', 'brotli'],
    ['rotateBytes', 128],
    ['rotateBytes', '128 MB'],
    ['rotateBytes', '999B'],
    ['publishAfter', 60],
    ['publishAfter', '1 minute'],
  ])('reject an invalid %s (%j) with a message that describes the expected value', async (key, value) => {
    const { issues } = await check({ directory: 'd', [key]: value })
    expect(issues).toEqual([{ path: [key], message: expect.stringContaining('expected') }])
  })

  it('reject unknown keys', async () => {
    const { issues } = await check({ directory: 'd', compression: 'zstd' })
    expect(issues?.[0]?.message).toContain('compression')
  })
})
