import { describe, expect, test } from 'vitest'
import { chart, findHelm, findKubeconform, runTool, valuesFiles } from '../src/helm-chart.ts'
import { findKubernetesSchemas } from '../src/kubernetes-schemas.ts'

const [helm, kubeconform, schemas] = [findHelm(), findKubeconform(), findKubernetesSchemas()]

// The check step reports missing tools.
if (helm.kind === 'found' && kubeconform.kind === 'found' && schemas.kind === 'found') {
  const render = (...settings: readonly string[]) =>
    runTool(helm.program, ['template', 'calls', chart, ...settings])
  const validate = (rendered: string) =>
    runTool(kubeconform.program, ['-strict', '-schema-location', schemas.location], rendered)
  const full = valuesFiles
    .filter((file) => file.endsWith('full-values.yaml'))
    .flatMap((at) => ['--values', at])

  describe('the chart', () => {
    test.for([
      [['--set-json', 'config.orgs=[]'], 'config.orgs'],
      [['--set-json', 'config.sinks=[]'], 'config.sinks'],
      [['--set', 'image.repository='], 'image.repository'],
      [['--set', 'secretName='], 'secretName'],
      [['--set', 'config.http=null'], 'config.http'],
      [['--set', 'replicas=2'], 'replicas'],
    ] as const)('with %j is refused, and the message names %s', ([settings, key]) => {
      expect(() => render(...full, ...settings)).toThrow(key)
    })

    test('has valid names with a long release name', () => {
      const rendered = runTool(helm.program, ['template', `${'calls-'.repeat(8)}eu`, chart, ...full])
      const names = [...rendered.matchAll(/^ {2}name: (.*)$/gm)].map(([, name]) => name ?? '')
      expect(names.length).toBeGreaterThan(3)
      // A label contains the StatefulSet's name with a hash of ten characters.
      expect(names.filter((name) => !/^[a-z0-9][a-z0-9-]{0,50}[a-z0-9]$/.test(name))).toEqual([])
    })
  })

  test.for([
    ['StatefulSet', 'serviceName:', 'servicename:'],
    ['StatefulSet', 'readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: "yes"'],
    ['StatefulSet', 'periodSeconds: 5', 'periodSeconds: 5s'],
    ['Service', 'publishNotReadyAddresses:', 'publishNotReady:'],
    ['ConfigMap', 'data:', 'content:'],
    ['NetworkPolicy', 'podSelector:', 'selector:'],
    ['ServiceMonitor', 'interval:', 'every:'],
  ] as const)('the schema of a %s does not accept %s as %s', ([kind, right, wrong]) => {
    const one = render(...full)
      .split('---\n')
      .find((text) => text.includes(`\nkind: ${kind}\n`))
    expect(one).toContain(right)
    expect(validate(one ?? '')).toBe('')
    expect(() => validate(one?.replace(right, wrong) ?? '')).toThrow('stdin')
  })
}
