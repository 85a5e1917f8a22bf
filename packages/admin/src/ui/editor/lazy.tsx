import { lazy, Suspense, type ReactNode } from "react";
import { Skeleton } from "../states.tsx";
import type { CodeEditorProps } from "./code-editor.tsx";
import type { DiffViewProps } from "./diff-view.tsx";

const Editor = lazy(() => import("./code-editor.tsx"));
const Diff = lazy(() => import("./diff-view.tsx"));

/** The editor is fetched when it is first shown: most visits never need it. */
export function LazyCodeEditor(props: CodeEditorProps): ReactNode {
  return <Suspense fallback={<div className={`editor editor-${props.height ?? "medium"} editor-waiting`}><Skeleton lines={6} /></div>}><Editor {...props} /></Suspense>;
}

export function LazyDiffView(props: DiffViewProps): ReactNode {
  return <Suspense fallback={<Skeleton lines={6} />}><Diff {...props} /></Suspense>;
}
