// The colours of both themes. No other file of the renderer names a colour. Names say what a colour means, not where it is used.
// Text tones and status colours keep at least 4.5:1 on ground and panel (tests/unit/renderer/theme/contrast.test.ts).

export interface Tokens {
  /** Background of the window, of a card, and of a sunken or pressed part. */
  readonly bg: string;
  readonly panel: string;
  readonly sunk: string;
  readonly line: string;
  /** Border of a field: 3:1 against its surroundings. A button is recognised by its label, so its border may have less contrast. */
  readonly edge: string;
  readonly buttonEdge: string;
  /** Text, from primary to tertiary. */
  readonly ink: string;
  readonly dim: string;
  readonly faint: string;
  /** Buttons and links, and the text on buttons. */
  readonly accent: string;
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
  readonly simulated: string;
  /** Bars: the total, and the part in use. */
  readonly track: string;
  readonly used: string;
  /** Load: the pool's is solid, the owner's is hatched in two greys, the limit is a dashed line. */
  readonly pool: string;
  readonly owner: string;
  readonly ownerPale: string;
  readonly limit: string;
  /** A QR code is dark on light in both themes: many readers do not read the reverse. */
  readonly qrInk: string;
  readonly qrGround: string;
}

export const LIGHT: Tokens = {
  bg: '#f6f7f8',
  panel: '#ffffff',
  sunk: '#f0f2f4',
  line: '#e3e6ea',
  edge: '#848d97',
  buttonEdge: '#c9cfd6',
  ink: '#16191d',
  dim: '#525c66',
  faint: '#626c77',
  accent: '#2457d6',
  accentHover: '#1c48b8',
  onAccent: '#ffffff',
  tint: '#eaf0fd',
  ready: '#0b7a53',
  full: '#2457d6',
  busy: '#835800',
  paused: '#46525f',
  draining: '#7a3fc4',
  registering: '#0b6a81',
  degraded: '#b03f08',
  offline: '#626c77',
  error: '#b92a28',
  simulated: '#8a3a7c',
  track: '#e6e9ed',
  used: '#5f7fc0',
  pool: '#4474e6',
  owner: '#6b7580',
  ownerPale: '#c6ccd4',
  limit: '#835800',
  qrInk: '#16191d',
  qrGround: '#ffffff',
};

export const DARK: Tokens = {
  bg: '#0f1215',
  panel: '#171b20',
  sunk: '#1d2228',
  line: '#2a3139',
  edge: '#6c7783',
  buttonEdge: '#414b56',
  ink: '#e8ecf0',
  dim: '#abb4be',
  faint: '#929ca7',
  accent: '#7ea2ff',
  accentHover: '#9cb7ff',
  onAccent: '#0f1215',
  tint: '#1a2338',
  ready: '#3ecf98',
  full: '#7ea2ff',
  busy: '#e2b04a',
  paused: '#b4bfcb',
  draining: '#b98cf5',
  registering: '#5cc8dd',
  degraded: '#ff9a5f',
  offline: '#929ca7',
  error: '#ff7a75',
  simulated: '#e59ad6',
  track: '#272d35',
  used: '#6f8fd0',
  pool: '#6b95f7',
  owner: '#8d98a4',
  ownerPale: '#444d57',
  limit: '#e2b04a',
  qrInk: '#16191d',
  qrGround: '#ffffff',
};

/** `accentHover` as the custom property `--accent-hover`. */
export function cssVariables(tokens: Tokens): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tokens).map(([name, colour]) => [`--${name.replace(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`)}`, String(colour)]),
  );
}
