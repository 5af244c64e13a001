// Set-up of each file of the renderer suite. The files share one jsdom and their imported modules, so every test must begin with an
// empty page: this file alone undoes changes of the page, its storage and its location.
import { cleanup, configure, getConfig, prettyDOM } from '@testing-library/react';
import { afterEach, beforeEach, type MockInstance, vi } from 'vitest';
import { closePalette } from '../../src/renderer/components/commands/commands';
import { loadTexts } from '../../src/renderer/i18n/texts';
import { ALL_PARTS, INVITATION_PART, TOKEN_PART } from '../../src/renderer/shell/late-parts';

configure({
  // The default of one second is too short on a busy machine.
  asyncUtilTimeout: 5000,
  // A wait makes an error at each poll. Only the last one is shown: it gets the text of the page when the wait ends.
  getElementError(message, container) {
    const error = new Error([message ?? '', ...(isPolled() ? [] : [prettyDOM(container)])].join('\n\n'));
    error.name = 'TestingLibraryElementError';
    return error;
  },
});

/** Whether `waitFor` or `findBy` calls the query. Testing Library leaves the roles of the page out of these errors, too. */
function isPolled(): boolean {
  return (getConfig() as { readonly _disableExpensiveErrorDiagnostics?: boolean })._disableExpensiveErrorDiagnostics === true;
}

// Mantine uses these functions. jsdom does not have them, because it has no layout.
window.matchMedia = (query) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    dispatchEvent: () => false,
  }) as Partial<MediaQueryList> as MediaQueryList;
window.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.hasPointerCapture = () => false;

// The window loads texts and pages on demand: here they are loaded before, so that a test can look at a page at once.
await Promise.all([loadTexts('en'), loadTexts('zh-CN'), ...[...ALL_PARTS, INVITATION_PART, TOKEN_PART].map(({ load }) => load())]);

/** Warnings of React, and errors that nothing handles. */
let errors: MockInstance<typeof console.error>;
beforeEach(() => {
  errors = vi.spyOn(console, 'error');
});

afterEach(() => {
  cleanup();
  // The palette is open for the whole window, not for one tree of components.
  closePalette();
  const printed = errors.mock.calls.map((parts) => parts.map(String).join(' '));
  vi.useRealTimers();
  vi.restoreAllMocks();
  window.location.hash = '';
  window.localStorage.clear();
  window.sessionStorage.clear();
  for (const name of document.documentElement.getAttributeNames()) document.documentElement.removeAttribute(name);
  if (printed.length > 0) throw new Error(`errors in the console: ${printed.join('\n').slice(0, 2000)}`);
});
