/** Rules of what stands around the editors within a shadow root. */
const FRAME = `
  :host { display: block; }
  .cm-editor { height: 100%; }
  .cm-mergeView { height: 100%; overflow: auto; }
  .cm-mergeViewEditors { display: flex; align-items: stretch; }
  .cm-mergeViewEditor { flex: 1 1 0; min-width: 0; overflow: hidden; }
  .cm-mergeViewEditor + .cm-mergeViewEditor { border-left: 1px solid var(--line); }
`;
let frame: CSSStyleSheet | undefined;

/** The shadow root of an element, made when it has none. */
export function shadowRootOf(host: HTMLElement): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  if (frame === undefined) {
    frame = new CSSStyleSheet();
    frame.replaceSync(FRAME);
  }
  if (!root.adoptedStyleSheets.includes(frame)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, frame];
  return root;
}
