import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { forceLinting, lintGutter, lintKeymap, linter, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, tooltips } from "@codemirror/view";
import { CHINESE_PHRASES } from "./editor-messages.ts";
import { editorTheme } from "./editor-theme.ts";
import { schemaCompletion } from "./schema-completion.ts";
import { schemaHover } from "./schema-hover.ts";
import { schemaProblems } from "./schema-problems.ts";
import type { SchemaNode } from "./schema-tree.ts";

export type EditorLanguage = "yaml" | "json" | "text";

/** Something that the server says of a line. */
export interface LineMark {
  /** From 1. */
  readonly line: number;
  readonly message: string;
  readonly severity: "error" | "warning";
}

export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  readonly language: EditorLanguage;
  readonly readOnly: boolean;
  readonly chinese: boolean;
  readonly schema?: SchemaNode;
  readonly onChange: (text: string) => void;
  /** Mod-s and Mod-Enter. */
  readonly onSubmit: () => void;
}

export interface Editor {
  readonly view: EditorView;
  setText(text: string): void;
  setMarks(marks: readonly LineMark[]): void;
  showLine(line: number): void;
}

/**
 * Opens an editor in a shadow root. There CodeMirror puts its rules into adopted style sheets; in the document it would
 * add a `<style>` element, which the page's content security policy does not allow.
 */
export function createEditor(root: ShadowRoot, options: EditorOptions): Editor {
  let marks: readonly LineMark[] = [];
  let silent = false;
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        baseExtensions(options),
        linter(({ state }) => problemsOf(state, options, marks), { delay: 250 }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !silent) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    view,
    setText(text) {
      if (text === view.state.doc.toString()) return;
      silent = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      silent = false;
    },
    setMarks(next) {
      marks = next;
      // Without this the linter waits for the next change of the text.
      view.dispatch({});
      forceLinting(view);
    },
    showLine(number) {
      const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
      view.focus();
    },
  };
}

function baseExtensions({ label, language, readOnly, chinese, schema, onSubmit }: EditorOptions): Extension {
  const submit = { preventDefault: true, run: () => (onSubmit(), true) };
  return [
    editorTheme, languageOf(language), indentUnit.of("  "), EditorState.tabSize.of(2), EditorView.lineWrapping,
    lineNumbers(), foldGutter(), lintGutter(), highlightSpecialChars(), drawSelection(), bracketMatching(), highlightSelectionMatches(), search({ top: true }),
    tooltips({ position: "absolute" }),
    EditorView.contentAttributes.of({ "aria-label": label }),
    EditorState.phrases.of(chinese ? CHINESE_PHRASES : {}),
    readOnly
      ? [EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ tabindex: "0" })]
      : [history(), indentOnInput(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), autocompletion(schema === undefined ? {} : { override: [schemaCompletion(schema)] })],
    schema === undefined ? [] : schemaHover(schema),
    keymap.of([{ key: "Mod-s", ...submit }, { key: "Mod-Enter", ...submit }, ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, ...defaultKeymap, ...(readOnly ? [] : [indentWithTab])]),
  ];
}

export function languageOf(language: EditorLanguage): Extension {
  return language === "yaml" ? yaml() : language === "json" ? json() : [];
}

const parseJson = jsonParseLinter();

/** What the server said of a line replaces what is found here. */
function problemsOf(state: EditorState, { language, schema, readOnly }: EditorOptions, marks: readonly LineMark[]): readonly Diagnostic[] {
  const text = state.doc.toString();
  const fromServer = marks.map(({ line, message, severity }): Diagnostic => {
    const { from, to, text: content } = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
    return { from: from + (/^\s*/.exec(content)?.[0].length ?? 0), to, message, severity };
  });
  if (readOnly || text.trim() === "") return fromServer;
  const here = language === "yaml" ? schemaProblems(text, schema) : language === "json" ? parseJson({ state } as EditorView) : [];
  const told = new Set(fromServer.map(({ from }) => state.doc.lineAt(from).number));
  return [...fromServer, ...here.filter(({ from }) => !told.has(state.doc.lineAt(Math.min(from, state.doc.length)).number))];
}
