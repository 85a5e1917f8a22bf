import type { Json } from "@dragoman/core";
import type { ClientRecipe } from "../management/contract/house.ts";
import type { Setting } from "./recipe.ts";

/** A step into a settings file: a key, or the item of a list that is known by one of its members. */
export type Step = string | { readonly member: string; readonly is: string };

/** One value of a settings file. */
export interface Put {
  readonly path: readonly Step[];
  /** Absent: it must not be there. */
  readonly value?: Json;
  /** What is there already stays. */
  readonly onlyIfMissing?: true;
  /** The gateway's key: hidden where it is shown, and found again here. */
  readonly isKey?: true;
}

/** `variables`: lines `NAME=VALUE` as `.env` files have them. */
export type FileFormat = "json" | "toml" | "yaml" | "variables";

/** Where a settings file lies. Paths have slashes and no leading one. */
export interface Place {
  /** Below the home directory. */
  readonly home: string;
  /** Below `%APPDATA%`, where Windows has another place. */
  readonly appData?: string;
  /** A variable of the client that names a directory; the file is `below` it. */
  readonly directory?: { readonly variable: string; readonly below: string };
  /** A variable of the client that names the file itself. */
  readonly variable?: string;
  /** Names in the same directory that the client reads as well; the first that exists is taken. */
  readonly orElse?: readonly string[];
  /** Its directory is made by an installation, never by us; without it, the project's file counts when it is there. */
  readonly isInstalled?: true;
  /** In place of all this, the profile of the user's shell, where the variables are exported. */
  readonly isProfile?: true;
  /** The same settings for one project, below its directory. */
  readonly project?: string;
}

/** A settings file of a client, and what must be in it to come here. */
export interface SettingsFile {
  /** What the file does, for people. */
  readonly title: string;
  readonly place: Place;
  readonly format: FileFormat;
  puts(setting: Setting): readonly Put[];
}

/** How a client is started so that it comes here, whatever its own files say. */
export interface Start {
  /** Absent: any program, which is named after the client. */
  readonly command?: string;
  environment(setting: Setting): Readonly<Record<string, string>>;
  /** Come before the user's own. */
  arguments?(setting: Setting): readonly string[];
  /** Settings that only a file can carry; it is gone when the client ends. */
  readonly scratch?: Scratch;
}

export interface Scratch {
  content(setting: Setting): Json;
  /** How the client is told of it: by this option, or by this variable unless it is set. */
  readonly option?: string;
  readonly variable?: string;
  /** Not where this file of an administrator is: the variable would hide it. */
  readonly unless?: string;
}

/** A program that can be pointed here: its page, its settings files and its start follow from this. */
export interface Client {
  readonly id: string;
  /** Other words for it on a command line. */
  readonly alsoCalled?: readonly string[];
  readonly name: string;
  readonly homepage?: string;
  /** The dialect that it speaks. */
  readonly dialect: string;
  /** Jobs for which it takes another model than the main one, with what they are. */
  readonly roles?: Readonly<Record<string, string>>;
  readonly files?: readonly SettingsFile[];
  readonly start?: Start;
  /** npm package that brings its command. */
  readonly npm?: string;
  /** It can be told of headers to send along. */
  readonly takesHeaders?: true;
  /** Its settings are lines of the user's own program. */
  readonly isLibrary?: true;
  /** What may stand in the way, one sentence each. */
  readonly beware?: readonly string[];
  /** What no program can write: steps for people. */
  byHand?(setting: Setting): ClientRecipe["steps"];
}
