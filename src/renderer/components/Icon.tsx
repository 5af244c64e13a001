// Icons of actions, drawn with strokes on 16 x 16. They are decoration: the button around an icon has a name.
const PATHS = {
  plus: 'M8 3v10M3 8h10',
  clip: 'M12.5 7.2 7.6 12a3 3 0 0 1-4.2-4.2l5.2-5.2a2 2 0 0 1 2.8 2.8L6.3 10.5a1 1 0 0 1-1.4-1.4L9.5 4.6',
  microphone: 'M8 2.2a1.8 1.8 0 0 1 1.8 1.8v3.6a1.8 1.8 0 0 1-3.6 0V4A1.8 1.8 0 0 1 8 2.2ZM3.8 7.6a4.2 4.2 0 0 0 8.4 0M8 11.8V14',
  stop: 'M4 4h8v8H4z',
  send: 'M8 13V3.5M4 7l4-4 4 4',
  sound: 'M2.5 6.2v3.6h2.4L8.5 13V3L4.9 6.2zM11 5.8a3.2 3.2 0 0 1 0 4.4M13 3.8a6 6 0 0 1 0 8.4',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  outside: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5',
  close: 'M4 4l8 8M12 4l-8 8',
  download: 'M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M3 13.5h10',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  more: 'M3 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M7.5 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M12 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0',
  side: 'M2.5 3h11v10h-11zM6.5 3v10',
  act: 'M9 2 3.5 9H8l-1 5 5.5-7H8z',
  up: 'M3.5 10 8 5.5l4.5 4.5',
  down: 'M3.5 6 8 10.5 12.5 6',
} as const;

export type IconName = keyof typeof PATHS;

interface Size {
  /** Pixels. Default: 16. */
  readonly size?: number | undefined;
}

export const Icon = ({ name, size }: Size & { readonly name: IconName }) => <Strokes path={PATHS[name]} size={size} />;

/** An icon by its path. */
export function Strokes({ path, size = 16 }: Size & { readonly path: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );
}
