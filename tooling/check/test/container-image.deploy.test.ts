import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { root } from '../src/repository.ts'
import { copyBuildContext } from './support/build-context.ts'
import { onlyValueOf, readStages } from './support/dockerfile.ts'
import { type Image, runInImage, startInImage } from './support/run-in-image.ts'

const configurationFile = '/etc/cdrstream/cdrstream.yaml'
const command = join(root, 'apps', 'runner', 'bin', 'cdrstream.js')
const [build = [], image = []] = readStages()

/** The entry point without tini, which only the image has. */
const entryPoint: readonly string[] = JSON.parse(onlyValueOf(image, 'ENTRYPOINT')).slice(2)
const usual: readonly string[] = [...entryPoint, ...JSON.parse(onlyValueOf(image, 'CMD'))]
const healthCheck: readonly string[] = JSON.parse(
  /CMD (.*)$/.exec(onlyValueOf(image, 'HEALTHCHECK'))?.[1] ?? '',
)

test('the Dockerfile has the instructions that these tests carry out', () => {
  expect(build.map(({ name }) => name)).toEqual(['FROM', 'WORKDIR', 'COPY', 'RUN'])
  expect(JSON.parse(onlyValueOf(image, 'ENTRYPOINT')).slice(0, 2)).toEqual(['tini', '--'])
  expect(image.filter(({ name }) => name === 'COPY').map(({ value }) => value)).toEqual([
    '--from=build /opt/cdrstream /opt/cdrstream',
    'deploy/container/check-health.mjs /opt/cdrstream/bin/check-health.mjs',
  ])
})

// Only root can create the image's file system.
if (process.getuid?.() === 0) {
  describe('the image', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-image-'))
    const bundle = join(scratch, 'bundle')

    beforeAll(() => {
      const context = join(scratch, 'src')
      copyBuildContext(context)
      const run = onlyValueOf(build, 'RUN').replace('/opt/cdrstream', bundle)
      execFileSync('sh', ['-c', run], { cwd: context, stdio: 'ignore' })
      cpSync(join(root, 'deploy', 'container', 'check-health.mjs'), join(bundle, 'bin', 'check-health.mjs'))
    })
    afterAll(() => rmSync(scratch, { recursive: true, force: true }))

    /** Creates directories for a container's volume and configuration. */
    function container(configuration: string): Image {
      const at = mkdtempSync(join(scratch, 'container-'))
      const user = onlyValueOf(image, 'USER')
      for (const directory of ['root', 'data', 'configuration']) mkdirSync(join(at, directory))
      const [uid = 0, gid = 0] = user.split(':').map(Number)
      chownSync(join(at, 'data'), uid, gid)
      writeFileSync(join(at, 'configuration', 'cdrstream.yaml'), configuration)
      return {
        root: join(at, 'root'),
        bundle,
        data: join(at, 'data'),
        configuration: join(at, 'configuration'),
        user,
      }
    }

    test('can validate, run doctor and collect, is healthy, and stops within 15 s with code 0', async () => {
      const simulated = await simulate()
      const paths = simulated
        .replace('./data/cdrstream.db', '/data/journal/cdrstream.db')
        .replace('./data/records', '/data/records')
      const made = container(`${paths}http: { port: 0 }\n`)
      const healthAt = (url: string) =>
        runInImage(made, ['env', `CDRSTREAM_HEALTH_URL=${url}/healthz`, ...healthCheck])

      const validated = await runInImage(made, [...entryPoint, 'validate', '--config', configurationFile])
      expect(validated.code, validated.output).toBe(0)
      const examined = await runInImage(made, [...entryPoint, 'doctor', '--config', configurationFile])
      expect(examined.code, examined.output).toBe(0)
      expect(await healthAt('http://127.0.0.1:9')).toMatchObject({ code: 1 })

      const collector = startInImage(made, usual)
      const published = () => globSync('records/*/*/*.ndjson', { cwd: made.data }).length
      await expect.poll(published, { message: collector.output() }).toBeGreaterThan(0)
      const [, url = ''] = /"url":"(http:[^"]*)"/.exec(collector.output()) ?? []
      expect(await healthAt(url)).toMatchObject({ code: 0 })

      const stoppedMs = performance.now()
      collector.process.kill('SIGTERM')
      const { code, output } = await collector.ended
      expect(code, output).toBe(0)
      expect(performance.now() - stoppedMs).toBeLessThan(15_000)
    })

    test('writes nothing outside its volume', async () => {
      const made = container('')
      const program = `for (const at of ['/', '/tmp', '/opt/cdrstream', '/etc/cdrstream', '/data']) {
        try { require('node:fs').writeFileSync(at + '/tried', ''); console.log(at) } catch {}
      }; console.log(process.getuid(), process.getgid(), process.getgroups())`
      const { output } = await runInImage(made, ['node', '-e', program])
      expect(output).toBe('/data\n10001 10001 [ 10001 ]\n')
    })
  })
}

/** Starts a simulated API, and returns the configuration for it. */
async function simulate(): Promise<string> {
  const args = [command, 'simulate', '--scale', '60', '--history', '20s']
  const simulator = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void simulator.kill('SIGKILL'))
  const [text] = await once(simulator.stdout.setEncoding('utf8'), 'data')
  return text
}
