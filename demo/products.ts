/** Something to buy. */
export interface Product {
  readonly sku: string;
  /** Euro cents. */
  readonly price: number;
  readonly en: ProductText;
  readonly de: ProductText;
}

export interface ProductText {
  readonly name: string;
  /** One sentence. */
  readonly pitch: string;
}

/** Everything the shop sells, in the order of its front page. */
export const products: readonly Product[] = [
  {
    sku: "monstera",
    price: 3400,
    en: { name: "Monstera", pitch: "Grows a new hole whenever it is happy." },
    de: { name: "Monstera", pitch: "Bekommt ein neues Loch, wann immer es ihr gut geht." },
  },
  {
    sku: "snake-plant",
    price: 2200,
    en: { name: "Snake plant", pitch: "Forgives everything, holidays included." },
    de: { name: "Bogenhanf", pitch: "Verzeiht alles, auch den Urlaub." },
  },
  {
    sku: "pilea",
    price: 1450,
    en: { name: "Pilea", pitch: "Turns its round leaves after the sun." },
    de: { name: "Ufopflanze", pitch: "Dreht ihre runden Blätter nach der Sonne." },
  },
  {
    sku: "cactus",
    price: 1800,
    en: { name: "Column cactus", pitch: "Company for people who forget." },
    de: { name: "Säulenkaktus", pitch: "Gesellschaft für Vergessliche." },
  },
  {
    sku: "fern",
    price: 1650,
    en: { name: "Boston fern", pitch: "Likes the bathroom as much as you do." },
    de: { name: "Schwertfarn", pitch: "Mag das Badezimmer so gern wie du." },
  },
  {
    sku: "pearls",
    price: 1990,
    en: { name: "String of pearls", pitch: "Wants a high shelf and little water." },
    de: { name: "Erbsenpflanze", pitch: "Will ein hohes Regal und wenig Wasser." },
  },
  {
    sku: "aloe",
    price: 1275,
    en: { name: "Aloe vera", pitch: "First aid on the window sill." },
    de: { name: "Aloe vera", pitch: "Erste Hilfe auf der Fensterbank." },
  },
  {
    sku: "rubber-plant",
    price: 2900,
    en: { name: "Rubber plant", pitch: "Shines when somebody dusts it." },
    de: { name: "Gummibaum", pitch: "Glänzt, wenn jemand ihn abstaubt." },
  },
];

/** The product of a number, or `undefined` when the shop does not sell it. */
export function findProduct(sku: string): Product | undefined {
  return products.find((product) => product.sku === sku);
}
