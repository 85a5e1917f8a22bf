import { budgetContract } from "./store/budget-contract.ts";
import { houseContract } from "./store/house-contract.ts";
import { peopleContract } from "./store/people-contract.ts";
import type { MakeStore, TestRunner } from "./store/store-trial.ts";
import { usageContract } from "./store/usage-contract.ts";

export type { MakeStore, StoreTrial, TestRunner } from "./store/store-trial.ts";

/** What every store promises, whatever its database. Each test makes an empty one and removes it. */
export function storeContract(make: MakeStore, runner: TestRunner): void {
  peopleContract(make, runner);
  usageContract(make, runner);
  budgetContract(make, runner);
  houseContract(make, runner);
}
