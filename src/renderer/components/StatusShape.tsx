// One shape per status, which can be distinguished without colour. Nodes: check, dotted ring with progress, triangle, arrow out of a
// box, hollow circle, crossed circle, and a dotted ring without progress for an unknown status. Jobs: a ring with a dot (assigned),
// a triangle (running), a bar (stopped), or the hands of a clock (expired).
import type { ReactNode } from 'react';
import type { Shape } from '../labels/shape';
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

const DRAWINGS: Readonly<Record<Exclude<Shape, 'registering' | 'waiting'>, ReactNode>> = {
  ready: (
    <>
      <circle cx="22" cy="22" r="20" className={classes['fill']} />
      <path d="M13 22.5l6.3 6.3L31.5 16" className={classes['cut']} />
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
};

/** Decoration: the label beside the shape has the same meaning. */
export function StatusShape({ shape, size, progress }: StatusShapeProps) {
  return (
    <svg
      className={classes['shape']}
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
