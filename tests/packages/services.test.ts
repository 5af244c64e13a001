// The system services of the deb under a real systemd: check-services.sh starts, kills, hangs and stops them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import { requireBoot, runBooted } from '../support/packages/booted-system';
import { debOf, VERSION } from '../support/packages/package-files';
import { skipNote } from '../support/requirements';

const { missing } = requireBoot();
const script = path.join(projectRoot, 'tests/support/packages/check-services.sh');
const NAMES = [...readFileSync(script, 'utf8').matchAll(/^check '([^']+)'/gm)].map(([, name = '']) => name);

describe.skipIf(missing)(`services${skipNote({ missing })}`, () => {
  let lines: readonly string[];

  beforeAll(() => {
    const output = runBooted({ deb: debOf(VERSION), script });
    // For a person who looks for the cause of a failure: the journal follows the checks.
    const artifacts = path.join(projectRoot, 'artifacts');
    mkdirSync(artifacts, { recursive: true });
    writeFileSync(path.join(artifacts, 'services.log'), output);
    lines = output.split('\n');
  }, 1_200_000);

  test('the script has run to its end', () => {
    expect(lines).toContain('end');
  });

  test.each(NAMES)('%s', (name) => {
    expect(lines.filter((line) => line.endsWith(`ok ${name}`))).toEqual([`ok ${name}`]);
  });
});
