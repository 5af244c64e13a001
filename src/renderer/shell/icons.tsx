// The icons of the frame: strokes on 16 x 16. Decoration: each is beside a text or in a control with a name.
import { Strokes } from '../components/Icon';
import type { PageName } from '../routes';
import { PAGE_TABLE } from './pages';

const ICONS = {
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.4 10.4 13.8 13.8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  switch: 'm5 6 3-3 3 3M5 10l3 3 3-3',
} as const;

interface PageIconProps {
  readonly page: PageName;
  readonly size?: number;
}

export const PageIcon = ({ page, size }: PageIconProps) => <Strokes path={PAGE_TABLE[page].icon} size={size} />;

interface FrameIconProps {
  readonly name: keyof typeof ICONS;
  readonly size?: number;
}

export const FrameIcon = ({ name, size }: FrameIconProps) => <Strokes path={ICONS[name]} size={size} />;

/** The mark of Muster: three bars of a pool. */
export const Mark = () => (
  <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <rect x="1" y="1" width="18" height="18" rx="5" fill="currentColor" />
    <path d="M5.9 6.3v7.4M10 9.3v4.4M14.1 6.3v7.4" stroke="var(--ground)" strokeWidth="2.6" strokeLinecap="round" />
  </svg>
);
