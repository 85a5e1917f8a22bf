import type { Desk } from "../office.ts";
import { keyDesks } from "./people/keys.ts";
import { userDesks } from "./people/users.ts";

/** Who may use the gateway, with what, and how much. */
export const peopleDesks: readonly Desk[] = [...userDesks, ...keyDesks];
