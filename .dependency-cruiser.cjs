/** Imports run one way: domain <- modules in the order data flows <- app. Modules further down the list may import those above. */
const order = [
  'database',
  'metrics',
  'journal',
  'auth',
  'http',
  'policy',
  'network',
  'deadlines',
  'telemetry',
  'outages',
  'reconnection',
  'warnings',
  'advice',
  'complaints',
  'accounts',
  'repairs',
  'supervision',
  'consumption',
  'notices',
  'reports',
  'live',
  'console',
  'health',
];
const later = (index) => order.slice(index + 1).join('|');

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/domain' },
      to: { pathNot: '^(src/domain|node_modules/zod)' },
    },
    {
      name: 'only-the-top-knows-modules',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$', pathNot: '^src/(app\\.module|service|main)\\.ts$' },
      to: { path: '^src/modules' },
    },
    { name: 'no-barrels', severity: 'error', from: {}, to: { path: '^src/.*/index\\.ts$' } },
    ...order.slice(0, -1).map((module, index) => ({
      name: `one-way-${module}`,
      comment: 'Modules talk through the journal, or through a query of a module above; never upwards.',
      severity: 'error',
      // auth and http hold each other's vocabulary (who may call a route; the route's spec): one foundation in two folders.
      from: { path: `^src/modules/${module}/` },
      to: { path: `^src/modules/(${later(index)})/`, ...(module === 'auth' ? { pathNot: '^src/modules/http/' } : {}) },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
