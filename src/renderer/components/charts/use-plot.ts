// The plot in a box. The library is loaded when the box has a size for the first time, so a chart that is not shown costs nothing.
// When the library cannot be loaded (the program has ended), it is tried again.
import { type RefObject, useEffect, useRef } from 'react';
import type { Plot, PlotInput, Pointed } from './plot';

const RETRY_MS = 3000;

export function usePlot(box: RefObject<HTMLDivElement | null>, input: PlotInput, onPoint: (pointed: Pointed | null) => void): void {
  const latest = useRef(input);
  const plot = useRef<Plot | null>(null);
  useEffect(() => {
    latest.current = input;
    plot.current?.update(input);
  }, [input]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let isGone = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const load = (): void => {
      import('./plot').then(
        ({ createPlot }) => {
          if (!isGone) plot.current = createPlot(element, latest.current, onPoint);
        },
        () => {
          if (!isGone) retry = setTimeout(load, RETRY_MS);
        },
      );
    };
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth === 0) return;
      sizes.disconnect();
      load();
    });
    sizes.observe(element);
    return () => {
      isGone = true;
      clearTimeout(retry);
      sizes.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [box, onPoint]);
}
