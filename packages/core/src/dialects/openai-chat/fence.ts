/** Words for the fence around a file, by the ending of its name. */
const LANGUAGES: Readonly<Record<string, string>> = {
  bash: "bash", bat: "batch", c: "c", cc: "cpp", cfg: "ini", clj: "clojure", conf: "ini", cpp: "cpp", cs: "csharp", css: "css", csv: "csv", cxx: "cpp",
  dart: "dart", diff: "diff", dockerfile: "dockerfile", ex: "elixir", exs: "elixir", fs: "fsharp", go: "go", gradle: "groovy", graphql: "graphql", groovy: "groovy",
  h: "c", hpp: "cpp", hs: "haskell", htm: "html", html: "html", ini: "ini", java: "java", jl: "julia", js: "javascript", json: "json", jsonl: "json", jsx: "jsx",
  kt: "kotlin", kts: "kotlin", less: "less", lua: "lua", m: "objectivec", makefile: "makefile", md: "markdown", mjs: "javascript", ml: "ocaml", mts: "typescript",
  patch: "diff", php: "php", pl: "perl", proto: "protobuf", ps1: "powershell", py: "python", r: "r", rb: "ruby", rs: "rust", sass: "sass", scala: "scala", scss: "scss",
  sh: "bash", sql: "sql", svelte: "svelte", svg: "xml", swift: "swift", tex: "latex", tf: "hcl", toml: "toml", ts: "typescript", tsx: "tsx", vue: "vue", xml: "xml",
  yaml: "yaml", yml: "yaml", zig: "zig", zsh: "bash",
};

/** A text in a fence that nothing in it can end, with the language that the file's name suggests. */
export function fenced(text: string, fileName: string): string {
  const ending = fileName.toLowerCase().replace(/^.*[./\\]/, "");
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${Object.hasOwn(LANGUAGES, ending) ? LANGUAGES[ending] : ""}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}`;
}
