// The colours of both themes. No other file of the renderer names a colour. Names say what a colour means, not where it is used.
// Text tones and status colours keep at least 4.5:1 on ground and panel (tests/unit/renderer/theme/contrast.test.ts).

export interface Tokens {
  /** Surfaces, from back to front: the rail, a page, a card, a well. `hover` is a row or an item below the pointer. */
  readonly ground: string;
  readonly canvas: string;
  readonly panel: string;
  readonly sunk: string;
  readonly hover: string;
  readonly scrim: string;
  readonly line: string;
  /** Border of a field: 3:1 against its surroundings. A button is recognised by its label, so its border may have less contrast. */
  readonly edge: string;
  readonly buttonEdge: string;
  /** Text, from primary to tertiary. */
  readonly ink: string;
  readonly dim: string;
  readonly faint: string;
  /** Links, focus and selection; the fill of a primary button, and the text on it. */
  readonly accent: string;
  readonly accentFill: string;
  readonly accentHover: string;
  readonly onAccent: string;
  readonly tint: string;
  /** States. `ready` is also the colour of an available node, and of no node without a connection. `full` is also that of running jobs. */
  readonly ready: string;
  readonly full: string;
  readonly busy: string;
  readonly paused: string;
  readonly draining: string;
  readonly registering: string;
  readonly degraded: string;
  readonly offline: string;
  readonly error: string;
  /** The fill of a button that destroys something. Its text is `onAccent`. */
  readonly errorFill: string;
  readonly simulated: string;
  /** Bars: the total. */
  readonly track: string;
  /** Load: the pool's is solid, the owner's is hatched in two greys, the limit is a dashed line. */
  readonly pool: string;
  readonly owner: string;
  readonly ownerPale: string;
  readonly hatch: string;
  readonly limit: string;
  /** The parts of a stacked bar: keys, models or nodes. They say nothing of a state. The rest is `owner`. */
  readonly seriesA: string;
  readonly seriesB: string;
  readonly seriesC: string;
  readonly seriesD: string;
  readonly seriesE: string;
  readonly seriesF: string;
  /** Shadows: of a card, and of a part that floats above others. */
  readonly lift: string;
  readonly float: string;
  /** A QR code is dark on light in both themes: many readers do not read the reverse. */
  readonly qrInk: string;
  readonly qrGround: string;
}

/** The owner's load, wherever it is drawn. */
const HATCH = 'repeating-linear-gradient(135deg, var(--owner) 0 2px, var(--owner-pale) 2px 4px)';

export const LIGHT: Tokens = {
  ground: '#f4f5f7',
  canvas: '#fafbfc',
  panel: '#ffffff',
  sunk: '#f1f3f5',
  hover: '#f1f3f5',
  scrim: 'rgb(18 22 27 / 0.34)',
  line: '#e4e7eb',
  edge: '#858e98',
  buttonEdge: '#d2d7dd',
  ink: '#14171b',
  dim: '#4d5660',
  faint: '#666f79',
  accent: '#2350c6',
  accentFill: '#2b59d6',
  accentHover: '#2350c6',
  onAccent: '#ffffff',
  tint: '#edf2fe',
  ready: '#0b7a52',
  full: '#2350c6',
  busy: '#8a5d00',
  paused: '#46525f',
  draining: '#6d3fc0',
  registering: '#0b6e86',
  degraded: '#b8430a',
  offline: '#5d6670',
  error: '#c0282c',
  errorFill: '#c0282c',
  simulated: '#8a3a7c',
  track: '#e8ebef',
  pool: '#4474e6',
  owner: '#7b8591',
  ownerPale: '#c6ccd4',
  hatch: HATCH,
  limit: '#8a5a00',
  seriesA: '#4474e6',
  seriesB: '#0b8a74',
  seriesC: '#b27a00',
  seriesD: '#8a5ccc',
  seriesE: '#c9561f',
  seriesF: '#b23f86',
  lift: '0 1px 2px rgb(16 20 26 / 0.05)',
  float: '0 0 0 1px rgb(16 20 26 / 0.07), 0 2px 6px rgb(16 20 26 / 0.06), 0 16px 40px rgb(16 20 26 / 0.16)',
  qrInk: '#14171b',
  qrGround: '#ffffff',
};

export const DARK: Tokens = {
  ground: '#0b0d10',
  canvas: '#0f1215',
  panel: '#15191d',
  sunk: '#1d2227',
  hover: '#1d2227',
  scrim: 'rgb(0 0 0 / 0.56)',
  line: '#252b31',
  edge: '#6b7580',
  buttonEdge: '#363e47',
  ink: '#e9ecef',
  dim: '#aab3bd',
  faint: '#8d97a2',
  accent: '#8fafff',
  accentFill: '#3f68de',
  accentHover: '#365dcc',
  onAccent: '#ffffff',
  tint: '#1a2440',
  ready: '#45cf9c',
  full: '#8fafff',
  busy: '#e2b04a',
  paused: '#b4bfcb',
  draining: '#bd9dff',
  registering: '#5cc8dd',
  degraded: '#ff9a5f',
  offline: '#97a1ab',
  error: '#ff8580',
  errorFill: '#c53438',
  simulated: '#e59ad6',
  track: '#2a3037',
  pool: '#6b95f7',
  owner: '#7d8893',
  ownerPale: '#444d57',
  hatch: HATCH,
  limit: '#e2b04a',
  seriesA: '#6b95f7',
  seriesB: '#3fb89b',
  seriesC: '#d3a03f',
  seriesD: '#ae8bec',
  seriesE: '#ec8a57',
  seriesF: '#dd7fba',
  lift: 'none',
  float: '0 0 0 1px #30373f, 0 16px 48px rgb(0 0 0 / 0.6)',
  qrInk: '#14171b',
  qrGround: '#ffffff',
};

/** `accentHover` as the custom property `--accent-hover`. */
export function cssVariables(tokens: Tokens): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tokens).map(([name, colour]) => [`--${name.replace(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`)}`, String(colour)]),
  );
}
