// The icons of the actions on models: strokes on 16 x 16. Decoration: each is in a button with a name.
const PATHS = {
  download: 'M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M3 13.5h10',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  cancel: 'm4 4 8 8m0-8-8 8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
} as const;

export const ModelIcon = ({ name }: { readonly name: keyof typeof PATHS }) => (
  <svg
    width="14"
    height="14"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth={name === 'more' ? 2.4 : 1.6}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={PATHS[name]} />
  </svg>
);
