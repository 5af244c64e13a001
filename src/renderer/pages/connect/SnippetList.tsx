// The snippets of a program or a task: text with a button that copies it, or the fields of a form.
import { CodeBlock } from '../../components/CodeBlock';
import type { CodeSnippet, FormSnippet, Snippet } from '../../components/connect/programs/program';
import { CopyButton } from '../../components/CopyButton';
import { CopyField } from '../../components/CopyField';
import { useLabels } from '../../i18n/use-labels';
import { maskKey } from './key-mask';
import classes from './ConnectPage.module.css';

export interface SnippetListProps {
  /** Of the program or task. */
  readonly name: string;
  readonly snippets: readonly Snippet[];
  /** Masked in the texts. Null: they show it, or have none. */
  readonly maskedKey?: string | null;
  /** To copy the first is what the user does next. */
  readonly isPrimary?: boolean;
}

export const SnippetList = ({ name, snippets, maskedKey = null, isPrimary = false }: SnippetListProps) =>
  snippets.map((snippet, index) =>
    snippet.kind === 'form' ? (
      <FormPart key={snippet.place} snippet={snippet} maskedKey={maskedKey} />
    ) : (
      <CodePart
        key={placeOf(snippet)}
        name={name}
        snippet={snippet}
        maskedKey={maskedKey}
        isOnly={snippets.length === 1}
        isPrimary={isPrimary && index === 0}
      />
    ),
  );

/** Another key or model keeps the buttons, so that a click and the focus are not lost. */
const placeOf = ({ file, title, language }: CodeSnippet): string => file ?? title ?? language;

interface CodePartProps extends Pick<SnippetListProps, 'name'> {
  readonly snippet: CodeSnippet;
  readonly maskedKey: string | null;
  readonly isOnly: boolean;
  readonly isPrimary: boolean;
}

function CodePart({ name, snippet: { file, language, text, title: ownTitle }, maskedKey, isOnly, isPrimary }: CodePartProps) {
  const { t } = useLabels();
  const title = ownTitle ?? file ?? (language === 'sh' ? t('program.terminal') : name);
  const label = isOnly ? name : title;
  return (
    <div className={classes['snippet']}>
      <div className={classes['bar']}>
        <span>{title}</span>
        <CopyButton value={text} subject={label} size="compact-sm" variant={isPrimary ? 'filled' : 'default'} />
      </div>
      <CodeBlock label={label} code={maskKey(text, maskedKey)} />
    </div>
  );
}

function FormPart({ snippet: { place, fields }, maskedKey }: { readonly snippet: FormSnippet; readonly maskedKey: string | null }) {
  return (
    <div className={classes['snippet']}>
      <div className={classes['bar']}>{place}</div>
      <div className={classes['fields']}>
        {fields.map(({ label, value }) => (
          <CopyField key={label} label={label} value={value} shown={maskKey(value, maskedKey)} />
        ))}
      </div>
    </div>
  );
}
