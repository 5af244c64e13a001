import { vi } from 'vitest';

/** jsdom has no layout. From here to the end of the test, a scrolling region is 600 px high, and each row 50 px. */
export function fakeLayout(): void {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(50);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1000);
}
