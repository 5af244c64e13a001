// Components whose code is loaded on demand, or before that while the window is idle. A loaded component is shown at once, without a state
// of loading in between. Without Suspense: React shows what replaces its fallback only 300 ms after the fallback.
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';

export interface Late<Props extends object> {
  /** Rejects when the code cannot be loaded. The next call tries again, and so does the next component. */
  readonly load: () => Promise<unknown>;
  /** `loading`: shown until the code is loaded. */
  readonly View: (props: Props & { readonly loading?: ReactNode }) => ReactNode;
}

export function late<Props extends object>(load: () => Promise<ComponentType<Props>>): Late<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<ComponentType<Props>> | null = null;
  const start = async (): Promise<ComponentType<Props>> => {
    try {
      loaded = await load();
      return loaded;
    } catch (error) {
      loading = null;
      throw error;
    }
  };
  const loadOnce = (): Promise<ComponentType<Props>> => (loading ??= start());
  function View({ loading: shown = null, ...props }: Props & { readonly loading?: ReactNode }) {
    const [Loaded, setLoaded] = useState((): ComponentType<object> | null => loaded as ComponentType<object> | null);
    const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null);
    useEffect(() => {
      if (Loaded !== null) return undefined;
      let isShown = true;
      loadOnce().then(
        (component) => {
          if (isShown) setLoaded(() => component as ComponentType<object>);
        },
        (error: unknown) => {
          if (isShown) setFailure({ error });
        },
      );
      return () => {
        isShown = false;
      };
    }, [Loaded]);
    if (failure !== null) throw failure.error;
    return Loaded === null ? shown : <Loaded {...props} />;
  }
  return { load: loadOnce, View };
}

/** Loads one after another, each while the window is idle. What could not be loaded is loaded when it is shown. */
export function loadWhenIdle(window: Window, parts: readonly Pick<Late<never>, 'load'>[]): void {
  const [first, ...others] = parts;
  if (first === undefined) return;
  whenIdle(window, () => {
    void first
      .load()
      .catch(() => undefined)
      .then(() => loadWhenIdle(window, others));
  });
}

/** Older versions of Safari have no `requestIdleCallback`. */
function whenIdle(window: Omit<Window, 'requestIdleCallback'> & Partial<Pick<Window, 'requestIdleCallback'>>, run: () => void): void {
  if (window.requestIdleCallback === undefined) window.setTimeout(run, 50);
  else window.requestIdleCallback(run);
}
