/** The twelve fields that sizes and times of codecs are measured with, as an app holds them. */
export const exampleSession = {
  userId: 42,
  username: "alice",
  email: "alice@example.com",
  authenticated: true,
  roles: ["admin", "editor"],
  lastLogin: new Date(1_795_468_800_000),
  preferences: { theme: "dark", language: "en", notifications: true, timezone: "Europe/Berlin" },
  cart: [
    { sku: "SKU-1000", title: "Product number 0", quantity: 1, priceCents: 1999 },
    { sku: "SKU-1001", title: "Product number 1", quantity: 2, priceCents: 2000 },
    { sku: "SKU-1002", title: "Product number 2", quantity: 3, priceCents: 2001 },
    { sku: "SKU-1003", title: "Product number 3", quantity: 4, priceCents: 2002 },
    { sku: "SKU-1004", title: "Product number 4", quantity: 5, priceCents: 2003 },
  ],
  csrfToken: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
  flash: ["Welcome back"],
  locale: "en-US",
  visits: 17,
};

/** The same as JSON, 735 bytes: the date as its epoch milliseconds. */
export const exampleJson: string = JSON.stringify({
  ...exampleSession,
  lastLogin: exampleSession.lastLogin.getTime(),
});
