// The text in the empty search field of a table.
import { MantineProvider } from '@mantine/core';
import { act, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { SearchField } from '../../../../../src/renderer/components/DataTable/SearchField';
import { LabelsProvider } from '../../../../../src/renderer/i18n/use-labels';
import { labelsIn } from '../../support/labels';

test.each([
  ['en', 'Search'],
  ['zh-CN', '搜索'],
] as const)('%s: field narrower than its text -> a short text, and the name stays', (language, short) => {
  const resized = vi.fn<() => void>();
  const Sizes = class {
    constructor(changed: () => void) {
      resized.mockImplementation(changed);
    }
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
  vi.stubGlobal('ResizeObserver', Sizes);
  const width = vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get');
  render(
    <MantineProvider>
      <LabelsProvider value={labelsIn(language)}>
        <SearchField label="Name, GPU, model, tag" search="" onSearch={() => undefined} />
      </LabelsProvider>
    </MantineProvider>,
  );
  const field = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Name, GPU, model, tag' });
  const textAt = (widthPx: number): string => {
    width.mockReturnValue(widthPx);
    act(() => resized());
    return field.placeholder;
  };
  expect([240, 140, 240].map(textAt)).toEqual(['Name, GPU, model, tag', short, 'Name, GPU, model, tag']);
});
