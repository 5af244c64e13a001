// The window of a phone.
import { onTestFinished, vi } from 'vitest';

/** The window is as narrow as a phone until the test ends. */
export function asPhone(): void {
  const wide = window.matchMedia;
  const spy = vi
    .spyOn(window, 'matchMedia')
    .mockImplementation((query) => Object.assign(wide(query), { matches: query === '(max-width: 599px)' }));
  onTestFinished(() => spy.mockRestore());
}
