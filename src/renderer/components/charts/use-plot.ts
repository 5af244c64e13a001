// The plot in a box. The library is loaded when the box has a size for the first time, so a chart that is not shown costs nothing.
// When the library could not be loaded (the program has ended), the next input tries again.
import { type RefObject, useEffect, useRef } from 'react';
import type { Plot, PlotInput, Pointed } from './plot';

export function usePlot(box: RefObject<HTMLDivElement | null>, input: PlotInput, onPoint: (pointed: Pointed | null) => void): void {
  const latest = useRef(input);
  const plot = useRef<Plot | null>(null);
  const load = useRef<(() => void) | null>(null);
  useEffect(() => {
    latest.current = input;
    if (plot.current === null) load.current?.();
    else plot.current.update(input);
  }, [input]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let isGone = false;
    let isLoading = false;
    const start = (): void => {
      if (isLoading) return;
      isLoading = true;
      import('./plot').then(
        ({ createPlot }) => {
          if (!isGone) plot.current = createPlot(element, latest.current, onPoint);
        },
        () => {
          isLoading = false;
        },
      );
    };
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth === 0) return;
      sizes.disconnect();
      load.current = start;
      start();
    });
    sizes.observe(element);
    return () => {
      isGone = true;
      sizes.disconnect();
      load.current = null;
      plot.current?.destroy();
      plot.current = null;
    };
  }, [box, onPoint]);
}
