import { defineUpgrades } from "./generated/upgrades.js";

export default defineUpgrades({
  price: [
    (old) => Number(old),
    (old, record) => ({ cents: Math.round(old * 100), currency: record.currency }),
  ],
  theme: (old) => (old === "sepia" ? "light" : old),
});
