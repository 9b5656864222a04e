import type { SessionData } from "../generated/index.js";
import { findProduct, type Product } from "./products.js";

/** The cart as the session keeps it. */
export type Cart = SessionData["cart"];

/** Everything of one product that is in a cart. */
export interface CartRow {
  readonly product: Product;
  readonly quantity: number;
  /** Euro cents. */
  readonly price: number;
}

/** As many lines as the schema allows. */
export const mostLines = 500;

/** The cart by product, in the order in which each was first put in. What is no longer sold is left out. */
export function toRows(cart: Cart): readonly CartRow[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of cart) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].flatMap(([sku, quantity]) => {
    const product = findProduct(sku);
    return product === undefined ? [] : [{ product, quantity, price: product.price * quantity }];
  });
}

/** How many things are in a cart. */
export function countThings(cart: Cart): number {
  return toRows(cart).reduce((sum, { quantity }) => sum + quantity, 0);
}

/** What a cart costs, in euro cents. */
export function totalOf(cart: Cart): number {
  return toRows(cart).reduce((sum, { price }) => sum + price, 0);
}

/** The cart with one less of a product. */
export function withoutOne(cart: Cart, sku: string): Cart {
  const last = cart.findLastIndex((line) => line.sku === sku);
  return cart.flatMap((line, index) => {
    if (index !== last) return [line];
    return line.quantity > 1 ? [{ ...line, quantity: line.quantity - 1 }] : [];
  });
}
