// The keys of a shortcut, as on the keyboard.
import { type Keys, keyCaps } from './shortcut-keys';
import classes from './KeyCaps.module.css';

/** `navigator.platform` is old, and the only property that every browser has. */
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export function KeyCaps({ keys }: { readonly keys: Keys }) {
  return (
    <span className={classes['keys']}>
      {keyCaps(keys, isMac).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
