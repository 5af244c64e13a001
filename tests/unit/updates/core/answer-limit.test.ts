import { expect, test } from 'vitest';
import { fitsLimit } from '../../../../src/main/updates/core/answer-limit';

test.each([
  ['length at the limit', { 'Content-Length': ['100'] }, true],
  ['length below', { 'content-length': ['1'], 'content-encoding': ['identity'] }, true],
  ['length above', { 'content-length': ['101'] }, false],
  ['no length', { 'transfer-encoding': ['chunked'] }, false],
  ['two lengths', { 'content-length': ['10', '1000'] }, false],
  ['two lengths in two cases', { 'content-length': ['10'], 'Content-Length': ['1000'] }, false],
  ['negative', { 'content-length': ['-1'] }, false],
  ['no number', { 'content-length': ['1e1'] }, false],
  ['compressed', { 'content-length': ['10'], 'Content-Encoding': ['gzip'] }, false],
])('answer of a server: %s -> %s', (_name, headers: Record<string, string[]>, expected) => {
  expect(fitsLimit(headers, 100)).toBe(expected);
});
