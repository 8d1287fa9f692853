const numbers = new Intl.NumberFormat('en');

/** `4,812 readers`, `1 reader` */
export function countText(count: number, one: string): string {
  return `${numbers.format(count)} ${one}${count === 1 ? '' : 's'}`;
}
