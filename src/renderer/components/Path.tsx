// A path or an address as code: where it is too long for its line it breaks between two names rather than inside one.
import classes from './Path.module.css';

/** After those that follow a name: of Linux and macOS, of Windows, and of `http://`. */
const AFTER_SEPARATORS = /(?<=[^/\\][/\\]+)(?![/\\])/;

export function Path({ path, className }: { readonly path: string; readonly className?: string | undefined }) {
  return (
    <code className={className}>
      {path.split(AFTER_SEPARATORS).map((part, index) => (
        <span key={index} className={classes['part']}>
          {part}
        </span>
      ))}
    </code>
  );
}
