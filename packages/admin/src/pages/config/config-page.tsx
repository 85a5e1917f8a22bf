import { useCallback, useMemo, useState, type ReactNode } from "react";
import { useRead } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Button } from "../../ui/button.tsx";
import { useConfirm } from "../../ui/confirm.tsx";
import type { LineMark } from "../../ui/editor/create-editor.ts";
import { LazyCodeEditor } from "../../ui/editor/lazy.tsx";
import type { Path, SchemaNode } from "../../ui/editor/schema-tree.ts";
import { Notice, Page } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { useToast } from "../../ui/toast.tsx";
import { useSearchState } from "../parts/search-state.ts";
import { ConfigForm } from "./config-form.tsx";
import { configMessages } from "./config-messages.ts";
import { ConfigProblems } from "./config-problems.tsx";
import { lineOf, treeOf, withoutKey, withValue } from "./edit-yaml.ts";
import { ReviewDialog } from "./review-dialog.tsx";
import { useConfigCheck } from "./use-config-check.ts";
import { useConfigDraft, type ConfigDraft } from "./use-config-draft.ts";

export default function ConfigPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(configMessages);
  const confirm = useConfirm();
  const toast = useToast();
  const search = useSearchState();
  const draft = useConfigDraft();
  const schema = useRead("configSchema");
  const [reviewing, setReviewing] = useState(false);
  const [shownLine, setShownLine] = useState<{ readonly line: number }>();
  const mode = search.get("mode") === "yaml" ? "yaml" : "form";
  const setMode = (next: "form" | "yaml"): void => search.set({ mode: next === "form" ? undefined : next });
  const showLine = (line: number): void => {
    setReviewing(false);
    setMode("yaml");
    setShownLine({ line });
  };
  const discard = async (): Promise<void> => {
    if (await confirm({ title: messages.discardAsk, message: messages.discardText, action: messages.discard, danger: true })) await draft.restart();
  };
  const error = draft.error ?? schema.error;
  const { text } = draft;
  return (
    <Page
      wide
      title={pages.config}
      description={messages.description}
      actions={
        <>
          <Segments label={pages.config} value={mode} onChange={setMode} options={[{ id: "form" as const, label: messages.form }, { id: "yaml" as const, label: messages.yaml }]} />
          {draft.changed && <Button onClick={() => void discard()}>{messages.discard}</Button>}
          <Button variant="primary" disabled={!draft.changed} onClick={() => setReviewing(true)}>{messages.review}</Button>
        </>
      }
    >
      {text === undefined || schema.data === undefined
        ? error === null ? <Skeleton lines={10} /> : <ErrorState error={error} onRetry={() => (draft.retry(), void schema.refetch())} />
        : (
          <div className="stack">
            {draft.theirs !== undefined && <Notice tone="warning" action={<Button size="small" onClick={() => setReviewing(true)}>{messages.review}</Button>}>{messages.conflict}</Notice>}
            {draft.isNew && <Notice>{messages.newFile}</Notice>}
            {mode === "yaml"
              ? <YamlView draft={draft} text={text} schema={schema.data as SchemaNode} shownLine={shownLine} onShowLine={showLine} onReview={() => setReviewing(draft.changed)} />
              : <FormView draft={draft} text={text} schema={schema.data as SchemaNode} search={search.get("q") ?? ""} onSearch={(q) => search.set({ q })} onShowLine={showLine} />}
          </div>
        )}
      {reviewing && text !== undefined && <ReviewDialog draft={draft} text={text} onClose={() => setReviewing(false)} onShowLine={showLine} onSaved={(needsRestart) => {
        setReviewing(false);
        toast.done(needsRestart ? messages.savedRestart : messages.saved);
      }} />}
    </Page>
  );
}

interface ViewProps {
  readonly draft: ConfigDraft;
  readonly text: string;
  readonly schema: SchemaNode;
  readonly onShowLine: (line: number) => void;
}

function YamlView({ draft, text, schema, shownLine, onShowLine, onReview }: ViewProps & { readonly shownLine: { readonly line: number } | undefined; readonly onReview: () => void }): ReactNode {
  const messages = useMessages(configMessages);
  const { check, waiting } = useConfigCheck(text);
  const marks = useMemo(() => (check === undefined ? [] : [...check.problems.map((entry) => ({ ...entry, severity: "error" as const })), ...check.notes.map((entry) => ({ ...entry, severity: "warning" as const }))].filter((entry): entry is LineMark & typeof entry => entry.line !== undefined)), [check]);
  return (
    <div className="stack">
      <LazyCodeEditor label={messages.editor} language="yaml" height="tall" value={text} onChange={draft.edit} onSubmit={onReview} schema={schema} marks={marks} {...(shownLine !== undefined && { shownLine })} />
      <ConfigProblems check={check} waiting={waiting} onShow={onShowLine} />
      <p className="muted small">{messages.saveHint}</p>
    </div>
  );
}

function FormView({ draft, text, schema, search, onSearch, onShowLine }: ViewProps & { readonly search: string; readonly onSearch: (text: string) => void }): ReactNode {
  const messages = useMessages(configMessages);
  const tree = useMemo(() => treeOf(text), [text]);
  const { edit } = draft;
  const set = useCallback((path: Path, value: unknown) => edit(withValue(text, path, value)), [edit, text]);
  const unset = useCallback((path: Path) => edit(withoutKey(text, path)), [edit, text]);
  const showInYaml = (path: Path): void => onShowLine(lineOf(text, path) ?? text.split("\n").length);
  if (tree === undefined) return <Notice tone="danger" action={<Button size="small" onClick={() => onShowLine(1)}>{messages.toEditor}</Button>}>{messages.notYaml}</Notice>;
  return (
    <div className="stack">
      <div className="toolbar"><SearchField value={search} onChange={onSearch} label={messages.search} />{draft.changed && <span className="muted small">{messages.unsaved}</span>}</div>
      <ConfigForm schema={schema} tree={tree} text={search} actions={{ set, unset, showInYaml }} />
    </div>
  );
}
