/** Binary or textual matter of a part. Base64 stays the string it arrived as: no copy is made of it. */
export type Media =
  | { readonly type: "base64"; readonly mimeType: string; readonly data: string }
  | { readonly type: "url"; readonly url: string; readonly mimeType?: string }
  /** A file that the vendor keeps; useless to any other vendor. */
  | { readonly type: "file-id"; readonly id: string; readonly vendor: string; readonly mimeType?: string }
  /** Plain text, not base64. */
  | { readonly type: "text"; readonly mimeType: string; readonly text: string };
