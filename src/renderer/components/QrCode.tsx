// A QR code, drawn as one path. `label` is its text for screen readers: the text of the code is beside the picture.
import { useMemo } from 'react';
import { encode } from 'uqr';
import classes from './QrCode.module.css';

/** Modules of empty ground around the code: the standard requires four. */
const QUIET_ZONE = 4;

export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => drawingOf(text), [text]);
  return (
    <svg
      className={classes['code']}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}

/** A horizontal run of dark modules is one rectangle of the path. */
function drawingOf(text: string): { readonly size: number; readonly path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const runs: string[] = [];
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true) continue;
      const start = x;
      while (row[x + 1] === true) x++;
      runs.push(`M${String(start)} ${String(y)}h${String(x - start + 1)}v1H${String(start)}z`);
    }
  });
  return { size, path: runs.join('') };
}
