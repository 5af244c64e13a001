// A code in small: quiet, for who asks for help or looks into a log.
import classes from './Code.module.css';

export const Code = ({ children }: { readonly children: string }) => <code className={classes['code']}>{children}</code>;
