// Rules that the compiler cannot check: size, purity of pure folders, and the files that may use raw IPC.
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { pureFolders } from './architecture.cjs';
import { plainWords } from './scripts/eslint/plain-words.js';

const pureFiles = ['src/shared/**/*.ts', `src/main/**/{${pureFolders.join(',')}}/**/*.ts`];

const impure = 'Pure code gets time and randomness as parameters (ARCHITECTURE.md).';
// globalThis is in the list, because it gives access to all others.
const impureGlobals = [
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'fetch',
  'performance',
  'crypto',
];
const impureCalls = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: `Date.now(): ${impure}` },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: `new Date(): ${impure}` },
  { selector: "CallExpression[callee.name='Date']", message: `Date(): ${impure}` },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: `Math.random: ${impure}` },
];

const hashPrivate = '#private, not TypeScript private: one dialect, and private at run time too.';
const everywhere = [
  { selector: 'TSEnumDeclaration', message: 'Unions, not enums.' },
  { selector: ':matches(PropertyDefinition, TSParameterProperty)[accessibility=/private|protected/]', message: hashPrivate },
  { selector: "MethodDefinition[kind!='constructor'][accessibility=/private|protected/]", message: hashPrivate },
];
const instantName = '/(^(at|since|until|now|deadline|notBefore)|At|Since|Until|Now|Deadline|NotBefore)Ms$/';
const inSrc = [
  ...everywhere,
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  {
    // Keys of objects are exempt: stored JSON has keys of earlier versions. A codec maps them.
    selector: `:matches(Identifier, PrivateIdentifier)[name=${instantName}]:not(Property > Identifier.key)`,
    message: 'The clock in the name of an instant: ...WallMs or ...MonotonicMs.',
  },
];

export default defineConfig(
  { ignores: ['out/', 'out-cli/', 'dist/', 'node_modules/', '.tools/', 'artifacts/', 'tests/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,js,mjs,cjs}'],
    // These files contain the replaced words, in order to reject them.
    ignores: ['scripts/eslint/replaced-words.js', 'tests/architecture/lint.test.ts', 'tests/unit/renderer/i18n/banned-words.test.ts'],
    plugins: { muster: { rules: { 'plain-words': plainWords } } },
    rules: { 'muster/plain-words': 'error' },
  },
  {
    files: ['**/*.{ts,tsx,js,mjs,cjs}'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/*.d.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...inSrc],
    },
  },
  {
    files: pureFiles,
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals.map((name) => ({ name, message: impure }))],
      'no-restricted-imports': ['error', { patterns: [{ regex: '^node:', message: `Node's modules do I/O. ${impure}` }] }],
      'no-restricted-syntax': ['error', ...inSrc, ...impureCalls],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/main/desktop/ipc*.ts', 'src/preload/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'electron',
              importNames: ['ipcMain', 'ipcRenderer'],
              message: 'Raw IPC lives in src/main/desktop/ipc*.ts and src/preload/: its wrapper checks the sender.',
            },
          ],
        },
      ],
    },
  },
  { files: ['src/renderer/**/*.{ts,tsx}', 'tests/unit/renderer/**/*.tsx'], extends: [reactHooks.configs.flat['recommended-latest']] },
  {
    files: ['src/renderer/**/*.tsx'],
    extends: [jsxA11y.flatConfigs.strict],
    rules: {
      // A region that scrolls takes the focus, so that the keyboard can scroll it. axe requires that (scrollable-region-focusable).
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: [], roles: ['tabpanel', 'region'] }],
    },
  },
  { files: ['src/main/cli.ts', 'src/main/cli/**/*.ts', 'scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
);
