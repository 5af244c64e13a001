// One shape per state, which can be distinguished without colour, also at 11 px. Nodes: disc with a check (available), square with bars
// (full), disc with a minus (busy), disc with two bars (paused), arrow out of a box (draining), dotted ring with progress (registering),
// triangle (degraded), crescent (asleep), ring cut by a stroke (disconnected), hollow ring (offline), ring with a cross (refused), dotted
// ring without progress (unknown). Jobs: a ring with a dot (assigned), a triangle (running), a bar (stopped), or the hands of a clock
// (expired). `ready` is the check of models and done jobs. Models: a pin (pinned), a hollow square (unloaded).
import type { ReactNode } from 'react';
import type { Shape } from '../labels/shape';
import colours from './ShapeColour.module.css';
import classes from './StatusShape.module.css';

interface Progress {
  readonly passed: number;
  readonly required: number;
}

export interface StatusShapeProps {
  readonly shape: Shape;
  /** Pixels. */
  readonly size: number;
  /** For `registering`: the number of passed checks and the number of required checks. */
  readonly progress?: Progress | undefined;
}

const RING = 18;
const CIRCUMFERENCE = 2 * Math.PI * RING;
const circle = <circle cx="22" cy="22" r={RING} className={classes['line']} />;
const disc = <circle cx="22" cy="22" r="20" className={classes['fill']} />;
const check = (
  <>
    {disc}
    <path d="M13 22.5l6.3 6.3L31.5 16" className={classes['cut']} />
  </>
);

const DRAWINGS: Readonly<Record<Exclude<Shape, 'registering' | 'waiting'>, ReactNode>> = {
  available: check,
  ready: check,
  full: (
    <>
      <rect x="3.5" y="3.5" width="37" height="37" rx="8" className={classes['fill']} />
      <path d="M12 14h20M12 22h20M12 30h20" className={classes['cut']} />
    </>
  ),
  busy: (
    <>
      {disc}
      <path d="M13 22h18" className={classes['wideCut']} />
    </>
  ),
  paused: (
    <>
      {disc}
      <path d="M16.5 15v14M27.5 15v14" className={classes['wideCut']} />
    </>
  ),
  degraded: (
    <>
      <path d="M22 4.5L41.5 39.5H2.5Z" className={classes['fillRound']} />
      <path d="M22 17v10.5M22 33.2v.3" className={classes['cut']} />
    </>
  ),
  draining: (
    <>
      <path d="M25 7H9a3 3 0 0 0-3 3v24a3 3 0 0 0 3 3h16" className={classes['line']} />
      <path d="M17 22h22M31 13.5l8.5 8.5-8.5 8.5" className={classes['line']} />
    </>
  ),
  asleep: <path d="M37 27.5A16.5 16.5 0 1 1 18.5 6.5 13 13 0 0 0 37 27.5Z" className={classes['line']} />,
  disconnected: (
    <>
      <path d="M11.5 9.5A17 17 0 0 0 9.5 33M32.5 34.5A17 17 0 0 0 34.5 11" className={classes['line']} />
      <path d="M5 39L39 5" className={classes['line']} />
    </>
  ),
  offline: circle,
  refused: (
    <>
      {circle}
      <path d="M15 15l14 14M29 15L15 29" className={classes['line']} />
    </>
  ),
  assigned: (
    <>
      {circle}
      <circle cx="22" cy="22" r="6" className={classes['fill']} />
    </>
  ),
  running: (
    <>
      {circle}
      <path d="M18 15.5v13L29 22Z" className={classes['fillRound']} />
    </>
  ),
  stopped: (
    <>
      {circle}
      <path d="M14 22h16" className={classes['line']} />
    </>
  ),
  expired: (
    <>
      {circle}
      <path d="M22 12v10l7 5" className={classes['line']} />
    </>
  ),
  pinned: (
    <>
      <path d="M14 5h16M17 5v12l-7 9h24l-7-9V5Z" className={classes['fillRound']} />
      <path d="M22 26v14" className={classes['line']} />
    </>
  ),
  unloaded: <rect x="6" y="6" width="32" height="32" rx="7" className={classes['line']} />,
};

/** Decoration: the label beside the shape has the same meaning. */
export function StatusShape({ shape, size, progress }: StatusShapeProps) {
  return (
    <svg
      className={[classes['shape'], colours['colour']].join(' ')}
      data-shape={shape}
      width={size}
      height={size}
      viewBox="0 0 44 44"
      aria-hidden="true"
      focusable="false"
    >
      {shape === 'registering' || shape === 'waiting' ? <DottedRing size={size} progress={progress} /> : DRAWINGS[shape]}
    </svg>
  );
}

/** Small rings have fewer and larger dots, and no figures. */
function DottedRing({ size, progress }: Omit<StatusShapeProps, 'shape'>) {
  const isSmall = size < 32;
  const share = progress === undefined || progress.required === 0 ? 0 : Math.min(1, progress.passed / progress.required);
  return (
    <>
      <circle cx="22" cy="22" r={RING} className={classes[isSmall ? 'fewDots' : 'dots']} />
      {share > 0 && (
        <circle
          cx="22"
          cy="22"
          r={RING}
          className={classes['arc']}
          strokeDasharray={`${String(share * CIRCUMFERENCE)} ${String(CIRCUMFERENCE)}`}
          transform="rotate(-90 22 22)"
        />
      )}
      {progress !== undefined && !isSmall && (
        <text x="22" y="26.5" textAnchor="middle" className={classes['count']}>
          {`${String(Math.min(progress.passed, progress.required))}/${String(progress.required)}`}
        </text>
      )}
    </>
  );
}
