import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitWindow, parseWindowState, type Rectangle, type WindowState } from '../../../../src/main/desktop/core/window-state';

const screen: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
const right: Rectangle = { x: 1440, y: 0, width: 1920, height: 1080 };
const saved = (change: Partial<WindowState>): WindowState => ({ x: 100, y: 100, width: 1000, height: 700, maximized: false, ...change });

test.each<[string, WindowState | null, Rectangle[], WindowState]>([
  ['no stored state -> centred', null, [screen], { x: 130, y: 63, width: 1180, height: 800, maximized: false }],
  ['stored bounds on a display -> restored', saved({}), [screen, right], saved({})],
  ['stored bounds on the second display -> restored', saved({ x: 2000 }), [screen, right], saved({ x: 2000 })],
  ['display disconnected -> centred on the first one', saved({ x: 2000 }), [screen], saved({ x: 220, y: 113 })],
  ['window over the edge -> moved inside', saved({ x: 1300 }), [screen], saved({ x: 440 })],
  ['title bar above the display -> moved down', saved({ y: -20 }), [screen], saved({ y: 25 })],
  [
    'window larger than the display -> size of the display',
    saved({ x: 0, y: 25, width: 4000, height: 3000 }),
    [screen],
    { x: 0, y: 25, width: 1440, height: 875, maximized: false },
  ],
  ['window too small -> minimum size', saved({ width: 10, height: 10 }), [screen], saved({ x: 480, y: 263, width: 480, height: 400 })],
  ['maximized -> maximized', saved({ maximized: true }), [screen], saved({ maximized: true })],
  ['no display -> default bounds', null, [], { x: 0, y: 0, width: 1180, height: 800, maximized: false }],
])('%s', (_title, state, areas, expected) => {
  expect(fitWindow(state, areas)).toEqual(expected);
});

test('window: any stored state -> on a display', () => {
  const states = fc.record({ x: fc.integer(), y: fc.integer(), width: fc.integer(), height: fc.integer(), maximized: fc.boolean() });
  fc.assert(
    fc.property(states, (state) => {
      const { x, y, width, height } = fitWindow(state, [screen, right]);
      const within = [screen, right].some(
        (area) => x >= area.x && y >= area.y && x + width <= area.x + area.width && y + height <= area.y + area.height,
      );
      expect(within).toBe(true);
    }),
  );
});

test.each([
  null,
  7,
  [],
  {},
  { x: 1 },
  { ...saved({}), width: 'wide' },
  { ...saved({}), x: 1e9 },
  { ...saved({}), y: 0.5 },
  { ...saved({}), maximized: 1 },
])('window state: %j -> invalid', (value) => {
  expect(parseWindowState(JSON.stringify(value))).toBeNull();
});

test('window state: as written -> the same, other keys are ignored', () => {
  expect(parseWindowState(JSON.stringify({ ...saved({}), other: 1 }))).toEqual(saved({}));
});
