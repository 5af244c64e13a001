import { describe, expect, test } from 'vitest';
import { DARK, LIGHT, type Tokens } from '../../../../src/renderer/theme/tokens';

const TEXT = [
  ...(['ink', 'dim', 'faint', 'accent', 'simulated'] as const),
  ...(['ready', 'full', 'busy', 'paused', 'draining', 'registering', 'degraded', 'offline', 'error'] as const),
];
const GROUNDS = ['ground', 'canvas', 'panel', 'sunk', 'hover', 'tint'] as const;
describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s theme', (_name, tokens) => {
  test('text tones and status colours: at least 4.5:1 on every background', () => {
    const tooPale = TEXT.flatMap((text) =>
      GROUNDS.filter((ground) => contrast(tokens[text], tokens[ground]) < 4.5).map((ground) => `${text} on ${ground}`),
    );
    expect(tooPale).toEqual([]);
  });

  test('labels of filled buttons: at least 4.5:1; fields and bars: at least 3:1', () => {
    const pairs: readonly (readonly [keyof Tokens, keyof Tokens, number])[] = [
      ['onAccent', 'accentFill', 4.5],
      ['onAccent', 'accentHover', 4.5],
      ['onAccent', 'errorFill', 4.5],
      ['edge', 'ground', 3],
      ['edge', 'canvas', 3],
      ['edge', 'panel', 3],
      ['pool', 'track', 3],
      ['owner', 'track', 3],
      ['limit', 'track', 3],
      ...(['seriesA', 'seriesB', 'seriesC', 'seriesD', 'seriesE', 'seriesF'] as const).map((series) => [series, 'panel', 3] as const),
    ];
    expect(pairs.filter(([one, other, least]) => contrast(tokens[one], tokens[other]) < least)).toEqual([]);
  });
});

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
