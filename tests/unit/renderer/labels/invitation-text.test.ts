import { expect, test } from 'vitest';
import { invitationText } from '../../../../src/renderer/labels/invitation-text';
import { pastedAddress } from '../../../../src/shared/api/pasted-link';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
import { labelsIn } from '../support/labels';

const LINK = `muster://192.168.1.20:7080/join#pin=sha256-${'A'.repeat(43)}&key=mi_1`;
const HTTPS = LINK.replace('muster:', 'https:');
const OWNERS = 'https://pool.example:443/join#key=mi_1';
const facts = { poolName: 'Atelier', uses: 32, untilWallMs: NOW + HOUR };

test.each([
  ['en', LINK, HTTPS],
  ['zh-CN', LINK, HTTPS],
  ['en', OWNERS, OWNERS],
  ['zh-CN', OWNERS, OWNERS],
] as const)('%s, %s -> the first step is to install; a pasted text leads to its link', (...args) => {
  const [language, link, httpsLink] = args;
  const text = invitationText(labelsIn(language), { ...facts, link, httpsLink }, NOW);
  const lines = text.split('\n');
  expect(lines.slice(1, 3).map((line) => line.slice(0, 3))).toEqual(['1. ', '2. ']);
  expect(lines[1]).toContain('npm start');
  expect(lines.filter((line) => line.includes('/join#'))).toHaveLength(link === httpsLink ? 1 : 2);
  expect(pastedAddress(text)).toBe(link);
  expect(pastedAddress(text.replaceAll('\n', ' '))).toBe(link);
});
