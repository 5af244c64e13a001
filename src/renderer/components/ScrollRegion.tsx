// A part of a page with its own scroll bar. The region takes the focus, so that the keyboard can scroll it, and therefore needs a name.
import type { CSSProperties, ReactNode, Ref } from 'react';

export interface ScrollRegionProps {
  readonly label: string;
  readonly className: string | undefined;
  readonly style?: CSSProperties;
  readonly ref?: Ref<HTMLDivElement>;
  readonly children: ReactNode;
}

export const ScrollRegion = ({ label, className, style, ref, children }: ScrollRegionProps) => (
  <div ref={ref} role="region" aria-label={label} tabIndex={0} className={className} style={style}>
    {children}
  </div>
);
