import { describe, expect, test } from 'vitest';
import { shippedBom } from '../../../../scripts/release/sbom.mjs';

const component = (name: string, version = '1.0.0') => ({
  'bom-ref': `${name}@${version}`,
  type: 'library',
  name,
  version,
  scope: 'optional',
  purl: `pkg:npm/${name}@${version}`,
  properties: [{ name: 'cdx:npm:package:development', value: 'true' }],
  hashes: [{ alg: 'SHA-512', content: 'ab' }],
  licenses: [{ license: { id: 'MIT' } }],
});
const ALL = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { tools: [], component: component('up', '0.1.0') },
  components: [component('react'), component('zod'), component('zod', '2.0.0'), component('eslint')],
  dependencies: [
    { ref: 'up@0.1.0', dependsOn: ['react@1.0.0', 'eslint@1.0.0'] },
    { ref: 'react@1.0.0', dependsOn: ['zod@1.0.0', 'eslint@1.0.0'] },
    { ref: 'zod@1.0.0' },
    { ref: 'eslint@1.0.0', dependsOn: ['zod@2.0.0'] },
  ],
};
const RELEASE = {
  version: '1.2.3',
  releasedAt: '2026-12-01T00:00:00.000Z',
  runtimes: [
    { electron: '45.4.1', node: '24.21.0' },
    { electron: '45.4.1', node: '24.22.0' },
  ],
  serial: 'urn:uuid:1',
};
const SHIPPED = [
  { name: 'react', version: '1.0.0' },
  { name: 'zod', version: '1.0.0' },
];

describe('bill of materials', () => {
  test('packages of the program, Electron and each Node.js -> listed with hash and licence; tools and other versions -> left out', () => {
    const bom = shippedBom(ALL, SHIPPED, RELEASE);
    expect(bom.components.map((one) => one['bom-ref'])).toEqual([
      'electron@45.4.1',
      'node@24.21.0',
      'node@24.22.0',
      'react@1.0.0',
      'zod@1.0.0',
    ]);
    expect(bom.components[1]).toMatchObject({ type: 'platform', purl: 'pkg:github/nodejs/node@v24.21.0' });
    expect(bom.components[3]).toMatchObject({ scope: 'required', hashes: [{ alg: 'SHA-512' }], licenses: [{ license: { id: 'MIT' } }] });
    expect(bom.metadata.component).toMatchObject({ 'bom-ref': 'muster@1.2.3', type: 'application', name: 'muster', version: '1.2.3' });
    expect(bom.dependencies).toEqual([
      { ref: 'muster@1.2.3', dependsOn: ['electron@45.4.1', 'node@24.21.0', 'node@24.22.0', 'react@1.0.0', 'zod@1.0.0'] },
      { ref: 'react@1.0.0', dependsOn: ['zod@1.0.0'] },
      { ref: 'zod@1.0.0', dependsOn: [] },
    ]);
  });

  test('package of the program that the lock file does not have -> no list, instead of one with a gap', () => {
    expect(() => shippedBom(ALL, [...SHIPPED, { name: 'zod', version: '3.0.0' }], RELEASE)).toThrow(/does not have zod@3\.0\.0/);
  });
});
