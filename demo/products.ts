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
  /** How to keep it alive. */
  readonly care: string;
}

/** Everything the shop sells, in the order of its front page. */
export const products: readonly Product[] = [
  {
    sku: "monstera",
    price: 3400,
    en: {
      name: "Monstera",
      pitch: "Grows a new hole whenever it is happy.",
      care: "Water it when the upper inch of soil is dry. It likes light, and no midday sun.",
    },
    de: {
      name: "Monstera",
      pitch: "Bekommt ein neues Loch, wann immer es ihr gut geht.",
      care: "Gieß sie, wenn die Erde oben trocken ist. Sie mag Licht, aber keine Mittagssonne.",
    },
  },
  {
    sku: "snake-plant",
    price: 2200,
    en: {
      name: "Snake plant",
      pitch: "Forgives everything, holidays included.",
      care: "Water it every third week. When in doubt, do not.",
    },
    de: {
      name: "Bogenhanf",
      pitch: "Verzeiht alles, auch den Urlaub.",
      care: "Gieß ihn alle drei Wochen. Im Zweifel nicht.",
    },
  },
  {
    sku: "pilea",
    price: 1450,
    en: {
      name: "Pilea",
      pitch: "Turns its round leaves after the sun.",
      care: "Water it once a week, and turn it when it leans.",
    },
    de: {
      name: "Ufopflanze",
      pitch: "Dreht ihre runden Blätter nach der Sonne.",
      care: "Gieß sie einmal in der Woche und dreh sie, wenn sie sich neigt.",
    },
  },
  {
    sku: "cactus",
    price: 1800,
    en: {
      name: "Column cactus",
      pitch: "Company for people who forget.",
      care: "A sip a month, none in winter. All the sun there is.",
    },
    de: {
      name: "Säulenkaktus",
      pitch: "Gesellschaft für Vergessliche.",
      care: "Ein Schluck im Monat, im Winter keiner. So viel Sonne wie möglich.",
    },
  },
  {
    sku: "fern",
    price: 1650,
    en: {
      name: "Boston fern",
      pitch: "Likes the bathroom as much as you do.",
      care: "Keep its soil moist and its air too.",
    },
    de: {
      name: "Schwertfarn",
      pitch: "Mag das Badezimmer so gern wie du.",
      care: "Halt seine Erde feucht, und die Luft auch.",
    },
  },
  {
    sku: "pearls",
    price: 1990,
    en: {
      name: "String of pearls",
      pitch: "Wants a high shelf and little water.",
      care: "Water it when the pearls wrinkle.",
    },
    de: {
      name: "Erbsenpflanze",
      pitch: "Will ein hohes Regal und wenig Wasser.",
      care: "Gieß sie, wenn die Erbsen Falten bekommen.",
    },
  },
  {
    sku: "aloe",
    price: 1275,
    en: {
      name: "Aloe vera",
      pitch: "First aid on the window sill.",
      care: "Water it deeply, then forget it for a fortnight.",
    },
    de: {
      name: "Aloe vera",
      pitch: "Erste Hilfe auf der Fensterbank.",
      care: "Gieß sie gründlich und vergiss sie dann zwei Wochen lang.",
    },
  },
  {
    sku: "rubber-plant",
    price: 2900,
    en: {
      name: "Rubber plant",
      pitch: "Shines when somebody dusts it.",
      care: "Water it once a week, and wipe its leaves.",
    },
    de: {
      name: "Gummibaum",
      pitch: "Glänzt, wenn jemand ihn abstaubt.",
      care: "Gieß ihn einmal in der Woche und wisch seine Blätter ab.",
    },
  },
];

/** The product of a number, or `undefined` when the shop does not sell it. */
export function findProduct(sku: string): Product | undefined {
  return products.find((product) => product.sku === sku);
}
