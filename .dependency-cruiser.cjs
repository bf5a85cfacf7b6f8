// The import arrows of docs/architecture.md. `A <- B` there means that B may import A; everything that isn't listed is refused here.
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.tsx?$' },
  to: { path: '^(protocol|reach|src|relay|agent|testing|e2e|bench|scripts)/', pathNot: allowed },
})

module.exports = {
  forbidden: [
    only('protocol-imports-nothing', '^protocol/', '^protocol/'),
    only('reach-imports-nothing', '^reach/', '^reach/'),
    only('ipc-imports-protocol', '^src/ipc/', '^(src/ipc|protocol)/'),
    only('main-imports', '^src/main/', '^(src/main|src/ipc|protocol|reach)/'),
    only('preload-imports-ipc', '^src/preload/', '^(src/preload|src/ipc)/'),
    only('renderer-imports', '^src/renderer/', '^(src/renderer|src/ipc|protocol)/'),
    only('relay-imports', '^relay/', '^(relay|protocol)/'),
    only('relay-pages-are-apart', '^relay/pages/', '^(relay/pages|protocol)/'),
    only('agent-imports', '^agent/', '^(agent|protocol|reach)/'),
    only('testing-imports', '^testing/', '^(testing|protocol|relay|agent|src/ipc|src/main|reach)/'),
    only('components-are-leaves', '^src/renderer/components/', '^(src/renderer/components|protocol)/'),
    only('session-is-lowest', '^src/renderer/session/', '^(src/renderer/session|src/ipc|protocol)/'),
    only('stores-do-not-see-views', '^src/renderer/stores/', '^(src/renderer/(stores|session)|src/ipc|protocol)/'),
    only('relay-domain-is-pure', '^relay/domain/', '^(relay/domain|protocol)/'),
    only('pixels-import-nothing', '^agent/pixels/', '^agent/pixels/'),
    only('platform-contract-is-pure', '^agent/platform/platform\\.ts$', '^(protocol|agent/pixels)/'),
    only(
      'platform-os-folders-are-apart',
      '^agent/platform/([^/]+)/',
      '^(agent/platform/($1/|platform\\.ts$)|agent/pixels/|protocol/)',
    ),
    only('helper-imports', '^agent/helper/', '^(agent/helper|agent/links|protocol)/'),
    only('host-imports', '^agent/host/', '^(agent/host|agent/platform|agent/pixels|agent/links|protocol|reach)/'),
    {
      name: 'tests-are-never-imported',
      severity: 'error',
      from: { path: '^(protocol|reach|src|relay|agent)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(testing|e2e|bench)/' },
    },
    {
      name: 'electron-only-in-its-shell',
      severity: 'error',
      from: { path: '^(src|relay|agent|protocol)/', pathNot: '^src/(main/shell/electron|preload)/' },
      to: { path: '(^|/)node_modules/electron/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: {
        couldNotResolve: true,
        pathNot: '^(electron|vite/client|devtools-protocol/types/protocol-mapping.js|devtools-protocol)$',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|release)/|^agent/pixels/kernel/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js'],
    },
  },
}
