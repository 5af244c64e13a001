// The mark of a button that opens a menu.
export const Chevron = () => (
  <svg width={10} height={10} viewBox="0 0 10 10" fill="none" stroke="currentColor" strokeWidth={1.5} aria-hidden>
    <path d="M2 3.5 5 6.5 8 3.5" />
  </svg>
);
