// What the picture shows, as the export wrote it into the page.
const REST = 'rest';
const COLOURS = 9;

export const picture = JSON.parse(document.getElementById('data').textContent);
for (const node of picture.nodes) if (node.sense !== undefined) node.name += ` (${node.sense})`;
export const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
export const ranked = [...picture.nodes].sort((a, b) => b.degree - a.degree || a.name.localeCompare(b.name));

/** Relations of a node, those with most evidence first, as the edges come. */
const relations = new Map(picture.nodes.map(({ id }) => [id, []]));
for (const edge of picture.edges) {
  relations.get(edge.source)?.push(edge);
  if (edge.target !== edge.source) relations.get(edge.target)?.push(edge);
}
export const relationsOf = (id) => relations.get(id) ?? [];

const counts = new Map();
for (const { type } of picture.nodes) counts.set(type, (counts.get(type) ?? 0) + 1);

/** Types by falling number of entities. `other` says nothing, so it takes no colour from those that do. */
export const types = [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
const coloured = types.filter(({ name }) => name.toLowerCase() !== 'other').slice(0, COLOURS).map(({ name }) => name);

/** The place of a type among the colours, or `rest`. */
export function colourOf(type) {
  const place = coloured.indexOf(type);
  return place === -1 ? REST : String(place);
}
