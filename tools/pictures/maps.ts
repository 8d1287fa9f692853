import type { MapPicture, Place } from './map.ts';
import type { Point } from './outlines.ts';

const at = {
  astara: [48.87, 38.43],
  ararat: [44.3, 39.7],
  baku: [49.87, 40.4],
  goris: [46.34, 39.51],
  igdir: [44.04, 39.92],
  jermuk: [45.67, 39.84],
  kapan: [46.41, 39.21],
  lachin: [46.55, 39.64],
  margara: [44.18, 40.03],
  meghri: [46.24, 38.91],
  rasht: [49.58, 37.28],
  // The two lie closer together than their labels allow: a little of the distance between them is added.
  shusha: [46.75, 39.75],
  stepanakert: [46.76, 39.85],
  tbilisi: [44.79, 41.72],
  tehran: [51.39, 35.69],
  yeghegnadzor: [45.33, 39.76],
  yerevan: [44.51, 40.18],
} as const satisfies Record<string, Point>;

type PlaceOptions = Pick<Place, 'side' | 'nudge'>;

const event = (point: Point, name: string, options: PlaceOptions = {}): Place => ({
  at: point,
  name: [name],
  kind: 'event',
  ...options,
});
const capital = (point: Point, name: string, options: PlaceOptions = {}): Place => ({
  at: point,
  name: [name],
  kind: 'capital',
  ...options,
});
const town = (point: Point, name: string, options: PlaceOptions = {}): Place => ({
  at: point,
  name: [name],
  kind: 'town',
  ...options,
});

const lachinRoad: readonly Point[] = [
  at.stepanakert,
  [46.78, 39.8],
  at.shusha,
  [46.68, 39.73],
  [46.66, 39.67],
  at.lachin,
  [46.5, 39.6],
  [46.45, 39.57],
  [46.41, 39.53],
  at.goris,
];

/** By the slug of the article. */
export const maps: Record<string, MapPicture> = {
  'tehran-talks': {
    title: 'Schematic map: Tehran, with Kapan, Yerevan, Baku and Tbilisi to the north-west',
    centre: [47.6, 38.75],
    span: 17.6,
    focus: ['iran'],
    places: [
      event(at.tehran, 'Tehran', { side: 'left' }),
      capital(at.yerevan, 'Yerevan', { side: 'left' }),
      capital(at.baku, 'Baku', { side: 'above', nudge: [20, 0] }),
      capital(at.tbilisi, 'Tbilisi'),
      town(at.kapan, 'Kapan', { side: 'right' }),
    ],
    areas: [
      { at: [41.2, 38.9], name: ['Turkey'] },
      { at: [47.4, 36.9], name: ['Iran'] },
      { at: [51.5, 38.6], name: ['Caspian', 'Sea'], kind: 'sea' },
    ],
    schematic: 'bottom right',
  },
  'kapan-consulate': {
    title: 'Schematic map: Kapan in southern Armenia, between Nakhchivan, the rest of Azerbaijan and Iran',
    centre: [46.35, 39.2],
    span: 2.9,
    focus: ['armenia'],
    places: [
      event(at.kapan, 'Kapan', { side: 'left' }),
      town(at.goris, 'Goris', { side: 'left' }),
      town(at.meghri, 'Meghri', { side: 'above', nudge: [16, 0] }),
    ],
    areas: [
      { at: [45.6, 39.66], name: ['Armenia'] },
      { at: [47.2, 39.5], name: ['Azerbaijan'] },
      { at: [45.5, 39.25], name: ['Nakhchivan', '(Azerbaijan)'] },
      { at: [47.1, 38.9], name: ['Iran'] },
    ],
    schematic: 'bottom left',
  },
  'lachin-road': {
    title: 'Schematic map: the road from Goris past Lachin and Shusha/Shushi to Stepanakert/Khankendi',
    centre: [46.12, 39.83],
    span: 3.7,
    focus: ['armenia', 'azerbaijan', 'nakhchivan'],
    places: [
      { at: at.stepanakert, name: ['Stepanakert /', 'Khankendi'], kind: 'town', nudge: [0, -22] },
      { at: at.shusha, name: ['Shusha / Shushi'], kind: 'event', nudge: [0, 14] },
      town(at.lachin, 'Lachin', { side: 'below', nudge: [34, 0] }),
      town(at.goris, 'Goris', { side: 'left' }),
      capital(at.yerevan, 'Yerevan'),
    ],
    areas: [
      { at: [45.35, 39.86], name: ['Armenia'] },
      { at: [46.75, 40.25], name: ['Azerbaijan'] },
      { at: [45.48, 39.3], name: ['Nakhchivan'] },
      { at: [47.5, 39.22], name: ['Iran'] },
    ],
    routes: [{ along: lachinRoad, kind: 'event' }],
    schematic: 'bottom left',
  },
  'margara-bridge': {
    title: 'Schematic map: the Margara bridge between Armenia and Turkey, west of Yerevan',
    centre: [44.25, 39.97],
    span: 1.75,
    focus: ['armenia'],
    places: [
      event(at.margara, 'Margara', { side: 'above' }),
      capital(at.yerevan, 'Yerevan'),
      town(at.igdir, 'Iğdır', { side: 'left' }),
      { at: at.ararat, name: ['Ararat'], kind: 'peak' },
    ],
    areas: [
      { at: [43.95, 40.2], name: ['Armenia'] },
      { at: [43.75, 39.82], name: ['Turkey'] },
    ],
    routes: [
      {
        along: [
          [44.185, 40.035],
          [44.165, 40.0],
          [44.1, 39.955],
        ],
        kind: 'event',
        arrow: true,
      },
    ],
    schematic: 'bottom left',
  },
  'eu-mission-armenia': {
    title: 'Schematic map: Yeghegnadzor, seat of the mission, with Yerevan, Jermuk and Kapan',
    centre: [45.55, 39.76],
    span: 3.5,
    focus: ['armenia'],
    places: [
      event(at.yeghegnadzor, 'Yeghegnadzor', { side: 'above', nudge: [-75, 6] }),
      capital(at.yerevan, 'Yerevan'),
      town(at.jermuk, 'Jermuk'),
      town(at.kapan, 'Kapan', { side: 'right' }),
    ],
    areas: [
      { at: [44.85, 40.3], name: ['Armenia'] },
      { at: [46.75, 40.05], name: ['Azerbaijan'] },
      { at: [45.53, 39.33], name: ['Nakhchivan', '(Azerbaijan)'] },
      { at: [44.1, 39.8], name: ['Turkey'] },
    ],
    schematic: 'top right',
  },
  'black-sea-cable': {
    title: 'Schematic map: a planned power cable under the Black Sea from Georgia to Romania',
    centre: [37.5, 43.6],
    span: 25.2,
    focus: ['georgia', 'azerbaijan', 'nakhchivan', 'romania'],
    places: [],
    areas: [
      { at: [27.0, 45.0], name: ['Romania'] },
      { at: [26.6, 42.9], name: ['Bulgaria'] },
      { at: [32.2, 40.5], name: ['Turkey'] },
      { at: [33.4, 47.15], name: ['Ukraine'] },
      { at: [42.2, 45.3], name: ['Russia'] },
      { at: [43.3, 41.95], name: ['Georgia'] },
      { at: [47.5, 40.62], name: ['Azerbaijan'] },
      { at: [33.4, 42.7], name: ['Black Sea'], kind: 'sea' },
    ],
    routes: [
      {
        along: [
          [41.6, 42.2],
          [39.5, 42.75],
          [36.0, 43.35],
          [32.5, 43.85],
          [28.8, 44.16],
        ],
        kind: 'missing',
      },
    ],
    notes: [{ at: [24, 60], words: '← to Hungary' }],
    schematic: 'top right',
  },
  'rasht-astara': {
    title: 'Schematic map: the planned railway from Rasht to Astara and the lines that it would join',
    centre: [48.9, 38.1],
    span: 13.4,
    focus: ['iran'],
    places: [
      event(at.rasht, 'Rasht'),
      event(at.astara, 'Astara'),
      capital(at.baku, 'Baku'),
      capital(at.tehran, 'Tehran'),
    ],
    areas: [
      { at: [47.3, 40.15], name: ['Azerbaijan'] },
      { at: [47.0, 36.6], name: ['Iran'] },
      { at: [51.7, 39.2], name: ['Caspian Sea'], kind: 'sea' },
    ],
    routes: [
      {
        along: [at.baku, [49.45, 40.1], [49.2, 39.9], [48.7, 39.5], [48.65, 39.05], [48.82, 38.7], at.astara],
        kind: 'rail',
      },
      { along: [at.rasht, [49.45, 36.95], [49.95, 36.3], [50.6, 35.95], at.tehran], kind: 'rail' },
      { along: [at.astara, [48.85, 38.0], [48.98, 37.55], at.rasht], kind: 'missing' },
    ],
    notes: [{ at: [572, 345], words: 'about 160 km', anchor: 'end' }],
    schematic: 'bottom left',
  },
  'karabakh-exodus': {
    title: 'Schematic map: the road from Stepanakert/Khankendi past Lachin to Goris in Armenia',
    centre: [46.5, 39.55],
    span: 2.5,
    focus: ['armenia', 'azerbaijan', 'nakhchivan'],
    places: [
      { at: at.stepanakert, name: ['Stepanakert /', 'Khankendi'], kind: 'town' },
      town(at.lachin, 'Lachin', { side: 'below', nudge: [30, 0] }),
      event(at.goris, 'Goris', { side: 'left' }),
    ],
    areas: [
      { at: [46.19, 39.37], name: ['Armenia'] },
      { at: [45.62, 39.32], name: ['Nakhchivan'] },
      { at: [47.35, 39.2], name: ['Iran'] },
      { at: [47.1, 39.6], name: ['Azerbaijan'] },
    ],
    routes: [{ along: [...lachinRoad.slice(0, -2), [46.437, 39.55]], kind: 'event', arrow: true }],
    schematic: 'bottom left',
  },
};
