import type { ClientRecipe } from "../management/contract/house.ts";
import type { Client, FileFormat, SettingsFile, Start } from "./client.ts";
import { shell, type Setting } from "./recipe.ts";
import { renderFile } from "./render.ts";
import { treeOf } from "./tree.ts";

const LANGUAGE: Readonly<Record<FileFormat, ClientRecipe["steps"][number]["language"]>> = { json: "json", toml: "toml", yaml: "yaml", variables: "ini" };

/** What people are shown: how to start the client once, what to write into its files, and what is left to type. */
export function stepsOf(client: Client, setting: Setting): ClientRecipe["steps"] {
  return [
    ...(client.start === undefined || client.start.command === undefined ? [] : [startStep(client.start, setting)]),
    // What goes into a profile is shown by hand: its lines are those of a shell.
    ...(client.files ?? []).filter(({ place }) => place.isProfile !== true).map((file) => fileStep(file, setting)),
    ...(client.byHand?.(setting) ?? []),
  ];
}

function startStep(start: Start, setting: Setting): ClientRecipe["steps"][number] {
  const lines = Object.entries(start.environment(setting)).map(([name, value]) => `export ${name}=${shell(value)}`);
  const command = [start.command ?? "", ...(start.arguments?.(setting) ?? [])].map(shell).join(" ");
  return { title: "For this shell", language: "bash", text: [...lines, command].join("\n") };
}

function fileStep({ title, place, format, puts }: SettingsFile, setting: Setting): ClientRecipe["steps"][number] {
  return { title, file: `~/${place.home}`, language: LANGUAGE[format], text: renderFile(format, treeOf(puts(setting))) };
}
