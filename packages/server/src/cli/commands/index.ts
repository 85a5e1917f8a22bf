import type { Command } from "../command.ts";
import { backupCommand } from "./backup.ts";
import { completionCommand } from "./completion.ts";
import { configCommand } from "./config.ts";
import { connectCommand } from "./connect.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { healthCommand } from "./health.ts";
import { importCommand } from "./import.ts";
import { loginCommand } from "./login.ts";
import { modelsCommand } from "./models.ts";
import { pricesCommand } from "./prices.ts";
import { restoreCommand } from "./restore.ts";
import { runCommand } from "./run.ts";
import { secretCommand } from "./secret.ts";
import { serveCommand } from "./serve.ts";
import { serviceCommand } from "./service.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [serveCommand, demoCommand, connectCommand, runCommand, loginCommand, importCommand, modelsCommand, pricesCommand, secretCommand, backupCommand, restoreCommand, configCommand, doctorCommand, healthCommand, serviceCommand, completionCommand(() => COMMANDS)];
