/** Offsets are UTF-16 code units into the text of the part that carries the citation. */
export type Citation =
  | { readonly type: "url"; readonly url: string; readonly title?: string; readonly start?: number; readonly end?: number; readonly citedText?: string; readonly encryptedIndex?: string }
  | { readonly type: "document"; readonly index: number; readonly title?: string; readonly fileId?: string; readonly citedText?: string; readonly unit: "char" | "page" | "block"; readonly start: number; readonly end: number }
  | { readonly type: "search-result"; readonly index: number; readonly source: string; readonly title?: string; readonly citedText?: string; readonly start: number; readonly end: number }
  | { readonly type: "file"; readonly fileId: string; readonly filename?: string; readonly index?: number; readonly containerId?: string; readonly start?: number; readonly end?: number };
