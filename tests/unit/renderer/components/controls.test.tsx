import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type ReactNode, useState } from 'react';
import { describe, expect, test } from 'vitest';
import { UseBar } from '../../../../src/renderer/components/bars/UseBar';
import { Segmented } from '../../../../src/renderer/components/Segmented';
import { StatTiles } from '../../../../src/renderer/components/StatTiles';
import { Stepper } from '../../../../src/renderer/components/Stepper';
import { LabelsProvider } from '../../../../src/renderer/i18n/use-labels';
import { labelsIn } from '../support/labels';

const show = (part: ReactNode) => render(<LabelsProvider value={labelsIn('en')}>{part}</LabelsProvider>);
const partsOf = (bar: HTMLElement) => [...bar.querySelectorAll('i')].map(({ dataset, style }) => [dataset['kind'], style.width]);

describe('UseBar', () => {
  test('pool first, owner after it; the figure is the name', () => {
    show(<UseBar label="VRAM" use={{ pool: 6, owner: 3 }} total={12} text="9 of 12 GB" />);
    const bar = screen.getByRole('img', { name: 'VRAM: 9 of 12 GB' });
    expect(partsOf(bar)).toEqual([
      ['pool', '50%'],
      ['owner', '25%'],
    ]);
    expect(screen.getByText('9 of 12 GB')).toBeTruthy();
  });

  test('owner first, with the limit; no part without use', () => {
    show(<UseBar label="GPU" use={{ pool: 0, owner: 71 }} total={100} limit={25} text="71%" first="owner" />);
    const bar = screen.getByRole('img');
    expect([partsOf(bar), bar.querySelector('b')?.style.left]).toEqual([[['owner', '71%']], '25%']);
  });

  test.each([
    ['use', null, 24],
    ['total', { used: 3 }, null],
    ['total of 0', { used: 3 }, 0],
  ] as const)('unknown %s -> no part, a dash, never 0', (_name, use, total) => {
    show(<UseBar label="GPU" use={use} total={total} text="3%" />);
    const bar = screen.getByRole('img', { name: 'GPU: not reported' });
    expect([partsOf(bar), 'unknown' in bar.dataset]).toEqual([[], true]);
    expect(screen.getByText('–')).toBeTruthy();
  });

  test('two parts of more than the total -> the second ends at the total', () => {
    show(<UseBar label="GPU" use={{ pool: 50, owner: 75 }} total={100} text="100%" first="owner" />);
    expect(partsOf(screen.getByRole('img'))).toEqual([
      ['owner', '75%'],
      ['pool', '25%'],
    ]);
  });

  test('more than the total -> a full bar', () => {
    show(<UseBar label="Power" use={{ used: 470 }} total={450} text="470 of 450 W" figure={null} />);
    expect(partsOf(screen.getByRole('img'))).toEqual([['used', '100%']]);
    expect(screen.queryByText('470 of 450 W')).toBeNull();
  });
});

test('StatTiles: unknown figure -> a dash without a unit', () => {
  show(
    <StatTiles
      label="Pool"
      tiles={[
        { label: 'Running', figure: '48', unit: 'of 102 slots', note: 'Jobs per minute: 214' },
        { label: 'First token', figure: null, unit: 's' },
      ]}
    />,
  );
  expect(screen.getAllByRole('definition').map(({ textContent }) => textContent)).toEqual(['48 of 102 slots', 'Jobs per minute: 214', '–']);
});

describe('Segmented', () => {
  const RANGES = [
    { value: '1h', label: '1 h' },
    { value: '24h', label: '24 h' },
  ] as const;
  function Ranges() {
    const [range, setRange] = useState<'1h' | '24h'>('1h');
    return <Segmented label="Range" choices={RANGES} value={range} onChange={setRange} />;
  }
  test('click, or one Tab and an arrow key -> chosen', async () => {
    show(<Ranges />);
    const radio = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });
    await userEvent.click(radio('24 h'));
    expect([radio('1 h').checked, radio('24 h').checked]).toEqual([false, true]);
    await userEvent.keyboard('{ArrowLeft}');
    expect([radio('1 h').checked, document.activeElement === radio('1 h')]).toEqual([true, true]);
    expect(screen.getByRole('radiogroup', { name: 'Range' })).toBeTruthy();
  });
});

describe('Stepper', () => {
  function Limit({ start }: { readonly start: number }) {
    const [value, setValue] = useState(start);
    return <Stepper label="CPU limit" value={value} min={0} max={100} step={5} text={(one) => `${String(one)}%`} onChange={setValue} />;
  }
  const now = () => screen.getByRole('spinbutton', { name: 'CPU limit' }).getAttribute('aria-valuetext');

  test('buttons -> one step; no step beyond an end', async () => {
    show(<Limit start={95} />);
    const more = screen.getByRole<HTMLButtonElement>('button', { name: 'More: CPU limit' });
    await userEvent.click(more);
    expect([now(), more.disabled]).toEqual(['100%', true]);
    await userEvent.click(screen.getByRole('button', { name: 'Less: CPU limit' }));
    expect([now(), more.disabled]).toEqual(['95%', false]);
  });

  test('number not known -> a dash, and nothing changes it', async () => {
    const changes: number[] = [];
    const take = (value: number): void => void changes.push(value);
    show(<Stepper label="CPU limit" value={null} min={0} max={100} step={5} text={String} onChange={take} />);
    const box = screen.getByRole('spinbutton', { name: 'CPU limit' });
    expect([box.textContent, now(), box.getAttribute('aria-valuenow'), box.getAttribute('aria-disabled')]).toEqual([
      '–',
      '–',
      null,
      'true',
    ]);
    await userEvent.click(screen.getByRole('button', { name: 'Less: CPU limit' }));
    box.focus();
    await userEvent.keyboard('{Home}{ArrowDown}');
    expect(changes).toEqual([]);
  });

  test.each([
    ['{ArrowUp}', '55%'],
    ['{ArrowDown}', '45%'],
    ['{PageUp}', '75%'],
    ['{Home}', '0%'],
    ['{End}', '100%'],
    ['x', '50%'],
  ])('key %s -> %s', async (key, text) => {
    show(<Limit start={50} />);
    await userEvent.tab();
    await userEvent.keyboard(key);
    expect(now()).toBe(text);
  });
});
