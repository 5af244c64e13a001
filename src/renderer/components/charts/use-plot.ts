// The plot in a box. The library is loaded when the box has a size for the first time, so a chart that is not shown costs nothing.
import { type RefObject, useEffect, useRef } from 'react';
import type { Plot, PlotInput, Pointed } from './plot';

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
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth === 0) return;
      sizes.disconnect();
      void import('./plot').then(({ createPlot }) => {
        if (!isGone) plot.current = createPlot(element, latest.current, onPoint);
      });
    });
    sizes.observe(element);
    return () => {
      isGone = true;
      sizes.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [box, onPoint]);
}
