// Whether arguments that arrive in pieces are whole.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMPTY_SCAN, scanPiece } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/object-scan';

it.each<[readonly string[], boolean]>([
  [[], false],
  [['{'], false],
  [['{}'], true],
  [['{"a":', '{"b":[1', ',2]}', '}'], true],
  [['{"a":"}'], false],
  [['{"a":"\\', '"}'], false],
  [['{"a":"\\', '\\"}'], true],
  [['{"a":1}', '\n'], true],
  [['plain'], false],
])('pieces %j -> whole: %s', (pieces, isWhole) => {
  expect(pieces.reduce(scanPiece, EMPTY_SCAN).isWhole).toBe(isWhole);
});

it('any object -> whole at its last brace, and not before', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const text = JSON.stringify(object);
      expect(scanPiece(EMPTY_SCAN, text.slice(0, -1)).isWhole).toBe(false);
      expect(scanPiece(scanPiece(EMPTY_SCAN, text.slice(0, -1)), '}').isWhole).toBe(true);
    }),
  );
});
