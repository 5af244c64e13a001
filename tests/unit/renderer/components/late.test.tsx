import { act, render, screen } from '@testing-library/react';
import { Component, type ComponentType, type ReactNode } from 'react';
import { expect, test, vi } from 'vitest';
import { late, loadWhenIdle } from '../../../../src/renderer/components/late';

const Named = ({ name }: { readonly name: string }) => <p>{name}</p>;

/** A component whose code arrives when the test says so. */
function arriving() {
  const loads: PromiseWithResolvers<ComponentType<{ readonly name: string }>>[] = [];
  const part = late(() => {
    const load = Promise.withResolvers<ComponentType<{ readonly name: string }>>();
    loads.push(load);
    return load.promise;
  });
  return { part, loads };
}

class Caught extends Component<{ readonly children: ReactNode }, { readonly fault: string | null }> {
  override state: { readonly fault: string | null } = { fault: null };
  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: String(error) };
  }
  override render(): ReactNode {
    return this.state.fault ?? this.props.children;
  }
}

test('late part: not loaded -> the text of loading, then the part; loaded -> the part at once, without another load', async () => {
  const { part, loads } = arriving();
  const first = render(<part.View name="nodes" loading="loading" />);
  expect(first.container.textContent).toBe('loading');
  await act(async () => {
    loads[0]?.resolve(Named);
    await part.load();
  });
  expect(first.container.textContent).toBe('nodes');
  expect(render(<part.View name="jobs" loading="loading" />).container.textContent).toBe('jobs');
  expect(loads).toHaveLength(1);
});

test('late part: code cannot be loaded -> the error; shown again -> loaded again', async () => {
  const silenced = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { part, loads } = arriving();
  const shown = render(
    <Caught key="first">
      <part.View name="nodes" />
    </Caught>,
  );
  await act(async () => {
    loads[0]?.reject(new Error('offline'));
    await Promise.resolve();
  });
  await screen.findByText('Error: offline');
  shown.rerender(
    <Caught key="second">
      <part.View name="nodes" />
    </Caught>,
  );
  await act(async () => {
    loads[1]?.resolve(Named);
    await part.load();
  });
  expect(shown.container.textContent).toBe('nodes');
  silenced.mockRestore();
});

test('idle window: one part after another; one that fails does not stop the next', async () => {
  const idle: (() => void)[] = [];
  const window = { requestIdleCallback: (run: () => void) => idle.push(run) } as unknown as Window;
  const [first, second] = [arriving(), arriving()];
  loadWhenIdle(window, [first.part, second.part]);
  expect([idle.length, first.loads.length, second.loads.length]).toEqual([1, 0, 0]);
  idle[0]?.();
  first.loads[0]?.reject(new Error('offline'));
  await vi.waitFor(() => expect(idle).toHaveLength(2));
  idle[1]?.();
  expect([first.loads.length, second.loads.length]).toEqual([1, 1]);
});
