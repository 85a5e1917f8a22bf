/** Words, sentences with gaps, and groups of them. */
export interface Messages {
  readonly [name: string]: string | ((...args: never[]) => string) | Messages;
}

/** The same names, the same gaps, other words. */
export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] extends (...args: infer Args) => string ? (...args: Args) => string : Translated<T[K]> };

export interface Catalogue<T> {
  readonly en: T;
  readonly zh: Translated<T>;
}

/** Both languages of one subject, side by side; the compiler sees to it that none lacks a sentence. */
export function defineMessages<T extends Messages>(en: T, zh: Translated<T>): Catalogue<T> {
  return { en, zh };
}
