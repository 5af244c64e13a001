// The buttons of a dialog. They stay in sight where the dialog is longer than the window.
import type { ReactNode } from 'react';
import classes from './DialogFoot.module.css';

export const DialogFoot = ({ children }: { readonly children: ReactNode }) => <div className={classes['foot']}>{children}</div>;
