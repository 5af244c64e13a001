import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitWindow, type Rectangle, type WindowState, windowStateSchema } from '../../../../src/main/desktop/core/window-state';

const screen: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
const right: Rectangle = { x: 1440, y: 0, width: 1920, height: 1080 };
const saved = (change: Partial<WindowState>): WindowState => ({ x: 100, y: 100, width: 1000, height: 700, maximized: false, ...change });

test.each<[string, WindowState | null, Rectangle[], WindowState]>([
  ['a first window stands in the middle', null, [screen], { x: 130, y: 63, width: 1180, height: 800, maximized: false }],
  ['a window comes back where it was', saved({}), [screen, right], saved({})],
  ['also on the second display', saved({ x: 2000 }), [screen, right], saved({ x: 2000 })],
  ['without that display it stands in the middle of the first', saved({ x: 2000 }), [screen], saved({ x: 220, y: 113 })],
  ['a window that hangs over the edge is pulled in', saved({ x: 1300 }), [screen], saved({ x: 440 })],
  ['a title bar above the screen is pulled down', saved({ y: -20 }), [screen], saved({ y: 25 })],
  [
    'a window larger than its display is fitted',
    saved({ x: 0, y: 25, width: 4000, height: 3000 }),
    [screen],
    { x: 0, y: 25, width: 1440, height: 875, maximized: false },
  ],
  ['a tiny one is made usable', saved({ width: 10, height: 10 }), [screen], saved({ x: 480, y: 263, width: 480, height: 400 })],
  ['being maximized is kept', saved({ maximized: true }), [screen], saved({ maximized: true })],
  ['without any display it still has a place', null, [], { x: 0, y: 0, width: 1180, height: 800, maximized: false }],
])('%s', (_title, state, areas, expected) => {
  expect(fitWindow(state, areas)).toEqual(expected);
});

test('whatever was saved, the window lies on a display', () => {
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

test.each([{}, { x: 1 }, { ...saved({}), width: 'wide' }, { ...saved({}), x: 1e9 }])('%j is no state', (value) => {
  expect(windowStateSchema.safeParse(value).success).toBe(false);
});
