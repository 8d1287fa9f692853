import type { Country, Point } from './outlines.ts';
import { borders, countryOutline, lakes, riverLines, seas, smooth } from './outlines.ts';
import type { Pixel } from './svg.ts';
import { colour, height, picture, round, text, width } from './svg.ts';

export type Place = {
  at: Point;
  /** One row of the label each. */
  name: readonly string[];
  kind: 'event' | 'capital' | 'town' | 'peak';
  /** Where the label stands; defaults to `right`. */
  side?: 'right' | 'left' | 'above' | 'below';
  /** Moves the label, in picture units. */
  nudge?: Pixel;
};

export type Area = {
  at: Point;
  name: readonly string[];
  /** Defaults to `country`. */
  kind?: 'country' | 'sea';
};

export type Route = {
  along: readonly Point[];
  /** `event` is what the article is about, `missing` the same but not built, `rail` what exists already. */
  kind: 'event' | 'missing' | 'rail';
  /** Ends in an arrow head; defaults to false. */
  arrow?: boolean;
};

export type MapPicture = {
  title: string;
  /** The middle of the picture. */
  centre: Point;
  /** Degrees of longitude from the left edge to the right. */
  span: number;
  /** Countries of the story, in the tint; their exclaves are named one by one. */
  focus: readonly Country[];
  places: readonly Place[];
  areas: readonly Area[];
  routes?: readonly Route[];
  /** Words without a place of their own, such as a name beyond the edge. */
  notes?: readonly { at: Pixel; words: string; anchor?: 'start' | 'end' }[];
  /** Corner of the words "Schematic map". */
  schematic: 'bottom left' | 'bottom right' | 'top right';
};

export function drawMap(map: MapPicture): string {
  const project = projection(map);
  const path = (line: readonly Point[], end = '') => `M${trace(line.map(project))}${end}`;
  const near = visibleFrom(map);
  const shapes = (lines: readonly (readonly Point[])[], end: string) =>
    lines
      .filter((line) => line.some(near))
      .map((line) => path(line, end))
      .join('');

  const focus = map.focus.map((country) => path(countryOutline(country), 'Z')).join('');
  const water = shapes([...seas, ...lakes], 'Z');
  const rivers = map.span < widestWithRivers ? shapes(riverLines, '') : '';
  const stitches = shapes(borders, '');

  return picture(
    map.title,
    [
      `<defs><pattern id="weave" width="48" height="16" patternUnits="userSpaceOnUse"><path d="M0 4h28M36 12h12M0 12h12" stroke="${colour.weft}" stroke-width="2.4"/></pattern></defs>`,
      `<path fill="${colour.land}" d="M0 0H${width}V${height}H0Z"/>`,
      focus && `<path fill="${colour.focus}" d="${focus}"/>`,
      rivers && `<path fill="none" stroke="${colour.water}" stroke-width="2.4" stroke-linejoin="round" d="${rivers}"/>`,
      water &&
        `<path fill="${colour.sea}" d="${water}"/><path fill="url(#weave)" stroke="${colour.water}" stroke-width="3" stroke-linejoin="round" d="${water}"/>`,
      `<path fill="none" stroke="${colour.line}" stroke-width="3" stroke-dasharray="14 8" stroke-linejoin="round" d="${stitches}"/>`,
      ...map.areas.map((area) => areaLabel(area, project(area.at))),
      ...(map.routes ?? []).map((route) => drawRoute(route, smooth(route.along).map(project))),
      ...(map.notes ?? []).map((note) =>
        text(note.at, [note.words], {
          size: 32,
          weight: 600,
          fill: colour.madder,
          anchor: note.anchor ?? 'start',
          halo: colour.land,
        }),
      ),
      // All symbols first: no label may lie under a neighbour's symbol.
      ...map.places.map((place) => symbol(place.kind, project(place.at))),
      ...map.places.map((place) => placeLabel(place, project(place.at))),
      schematicNote(map.schematic),
    ]
      .filter(Boolean)
      .join('\n'),
  );
}

const widestWithRivers = 12;

/** Leaves out points that the eye can't tell from their neighbours; the ends stay. */
function trace(line: readonly Pixel[]): string {
  let [lastX, lastY] = [Number.NaN, Number.NaN];
  const kept = line.filter(([x, y], index) => {
    if (Math.hypot(x - lastX, y - lastY) < 2 && index < line.length - 1) return false;
    [lastX, lastY] = [x, y];
    return true;
  });
  return kept.map((point) => point.map(round).join(' ')).join('L');
}

/** Equal distances both ways in the middle of the frame, which is enough for a few hundred kilometres. */
function projection({ centre, span }: MapPicture): (point: Point) => Pixel {
  const perLon = width / span;
  const perLat = perLon / Math.cos((centre[1] * Math.PI) / 180);
  return ([lon, lat]) => [width / 2 + (lon - centre[0]) * perLon, height / 2 - (lat - centre[1]) * perLat];
}

/** Leaves out what lies far outside; a frame and its surroundings stay. */
function visibleFrom({ centre, span }: MapPicture): (point: Point) => boolean {
  return ([lon, lat]) => Math.abs(lon - centre[0]) < span && Math.abs(lat - centre[1]) < span / 1.5;
}

function schematicNote(corner: MapPicture['schematic']): string {
  const right = corner.endsWith('right');
  const at: Pixel = [right ? width - 24 : 24, corner.startsWith('top') ? 48 : height - 24];
  return text(at, ['Schematic map'], {
    size: 30,
    fill: colour.ink3,
    anchor: right ? 'end' : 'start',
    halo: colour.land,
  });
}

function areaLabel({ name, kind }: Area, at: Pixel): string {
  const sea = kind === 'sea';
  return text(at, name, {
    size: 32,
    fill: colour.ink2,
    anchor: 'middle',
    tracking: 2,
    ...(sea ? { halo: colour.sea } : {}),
  });
}

function symbol(kind: Place['kind'], [left, top]: Pixel): string {
  const [x, y] = [round(left), round(top)];
  switch (kind) {
    case 'event':
      return `<path d="M${x} ${round(y - 21)}l21 21l-21 21l-21-21Z" fill="${colour.madder}" stroke="${colour.sheet}" stroke-width="5"/>`;
    case 'capital':
      return `<path d="M${round(x - 10)} ${round(y - 10)}h20v20h-20Z" fill="${colour.ink}" stroke="${colour.sheet}" stroke-width="3"/>`;
    case 'town':
      return `<circle cx="${x}" cy="${y}" r="9" fill="${colour.sheet}" stroke="${colour.ink}" stroke-width="5"/>`;
    case 'peak':
      return `<path d="M${x} ${round(y - 16)}l18 30h-36Z" fill="${colour.ink2}" stroke="${colour.sheet}" stroke-width="3"/>`;
    default:
      return kind satisfies never;
  }
}

function placeLabel({ name, kind, side = 'right', nudge = [0, 0] }: Place, [x, y]: Pixel): string {
  const event = kind === 'event';
  const size = event ? 42 : 34;
  const gap = event ? 32 : 22;
  const rows = (name.length - 1) * size * 1.12;
  const position: Record<typeof side, Pixel> = {
    right: [x + gap, y + size * 0.34 - rows / 2],
    left: [x - gap, y + size * 0.34 - rows / 2],
    above: [x, y - gap - rows - 6],
    below: [x, y + gap + size * 0.72],
  };
  const [left, top] = position[side];
  return text([left + nudge[0], top + nudge[1]], name, {
    size,
    weight: event ? 700 : kind === 'capital' ? 600 : 400,
    fill: event ? colour.madder : colour.ink,
    anchor: side === 'right' ? 'start' : side === 'left' ? 'end' : 'middle',
    halo: colour.land,
  });
}

function drawRoute({ kind, arrow = false }: Route, line: readonly Pixel[]): string {
  const d = `M${trace(line)}`;
  const stroke = kind === 'rail' ? colour.ink2 : colour.madder;
  const weight = kind === 'rail' ? 5 : 9;
  const dashes = kind === 'missing' ? ' stroke-dasharray="22 13"' : '';
  const drawn =
    `<g fill="none" stroke-linejoin="round"><path stroke="${colour.sheet}" stroke-width="${weight + 6}" d="${d}"/>` +
    `<path stroke="${stroke}" stroke-width="${weight}"${dashes} d="${d}"/></g>`;
  return arrow ? drawn + arrowHead(line, stroke) : drawn;
}

function arrowHead(line: readonly Pixel[], fill: string): string {
  const tip = line.at(-1);
  const before = line.at(-2);
  if (!tip || !before) return '';
  const turn = (Math.atan2(tip[1] - before[1], tip[0] - before[0]) * 180) / Math.PI;
  return `<path transform="translate(${round(tip[0])} ${round(tip[1])}) rotate(${round(turn)})" d="M26 0L-16-24V24Z" fill="${fill}" stroke="${colour.sheet}" stroke-width="4"/>`;
}
