/**
 * The import rules of docs/decisions/002-one-way-imports.md: areas in ranks, a rank imports only what stands
 * below it, another area only through its index.ts, and each vendor has one home.
 */
const ranks = [
  [
    'errors',
    'clock',
    'log',
    'crew',
    'site',
    'yaml',
    'nearest-key',
    'own-files',
    'give-way',
    'close-all',
    'lazily',
    'outbound-client',
    'i18n',
  ],
  ['content', 'subscribers', 'operators'],
  ['feeds'],
  ['digest'],
  ['delivery'],
  ['schedule'],
  ['storage', 'config'],
  ['crew-work', 'doctor'],
  ['rooms'],
  ['app', 'crew-thread'],
  ['web'],
  ['cli'],
];
const folders = [
  'i18n',
  'content',
  'subscribers',
  'operators',
  'feeds',
  'digest',
  'delivery',
  'schedule',
  'storage',
  'config',
  'doctor',
  'rooms',
  'web',
  'cli',
];
const at = (name) => (folders.includes(name) ? `^src/${name}/` : `^src/${name}\\.ts$`);

const upward = ranks.flatMap((rank, level) =>
  rank.map((name) => {
    const above = ranks.slice(level + 1).flat();
    const beside = level > 0 ? rank.filter((other) => other !== name) : [];
    return {
      name: `one-way-${name}`,
      severity: 'error',
      from: { path: at(name) },
      to: { path: [...above, ...beside].map(at) },
    };
  }),
);

const throughIndex = folders.map((name) => ({
  name: `through-index-${name}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${name}/` },
  // Threads load an area's work alone.
  to: { path: `^src/${name}/(?!(?:index|work)\\.ts$)` },
}));

const homes = {
  hono: '^src/web/',
  '@hono': '^src/web/',
  kysely: '^src/storage/',
  nodemailer: '^src/delivery/',
  mjml: '^src/digest/mjml\\.ts$',
  liquidjs: '^src/digest/liquid\\.ts$',
  'gray-matter': '^src/content/front-matter/front-matter\\.ts$',
  'js-yaml': '^src/yaml\\.ts$',
  feed: '^src/feeds/',
  'node-cron': '^src/schedule/',
  'sanitize-html': '^src/content/',
  'markdown-it': '^src/content/',
  commander: '^src/cli/',
  sharp: '^src/feeds/',
  imapflow: '^src/delivery/bounces/',
  mailparser: '^src/delivery/bounces/',
  otpauth: '^src/operators/totp\\.ts$',
  uqr: '^src/web/console/door/',
};
const vendors = Object.entries(homes).map(([vendor, home]) => ({
  name: `home-of-${vendor}`,
  severity: 'error',
  from: { path: '^src/', pathNot: home },
  to: { path: `node_modules/${vendor}/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    { name: 'no-tests-in-src', severity: 'error', from: { path: '^src/' }, to: { path: '^(tests|bench|tools)/' } },
    {
      name: 'sqlite-lives-in-storage',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/' },
      to: { path: '^node:sqlite$|^sqlite$' },
    },
    ...upward.filter((rule) => rule.to.path.length > 0),
    ...throughIndex,
    ...vendors,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
