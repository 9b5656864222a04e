import { defineUpgrades } from "./generated/upgrades.js";

export default defineUpgrades({
  price: [
    (old) => Number(old),
    (old, record) => ({ cents: Math.round(old * 100), currency: record.currency }),
  ],
  team: (_, record) => (record.user === undefined ? undefined : `user ${record.user}`),
  theme: (old) => (old === "sepia" ? "light" : old),
});
