import { describe, expect, test } from 'vitest';
import { environmentFor, isUsableNode } from '../../../scripts/setup-node.mjs';

describe('Node that runs the project', () => {
  test.each([
    ['v18.20.4', false],
    ['v20.20.2', false],
    ['v22.12.0', false],
    ['v22.13.0', true],
    ['v23.0.0', true],
    ['v24.21.0', true],
    ['v100.0.0', true],
  ])('Node %s -> usable: %s (from 22.13 on node:sqlite needs no flag)', (version, usable) => {
    expect(isUsableNode(version)).toBe(usable);
  });

  test('environment: PATH starts with this Node, then the programs of the project', () => {
    const key = process.platform === 'win32' ? 'Path' : 'PATH';
    const [first, second] = environmentFor('/opt/node/bin/node')[key]?.split(process.platform === 'win32' ? ';' : ':') ?? [];
    expect([first, second?.endsWith('.bin')]).toEqual(['/opt/node/bin', true]);
  });
});
