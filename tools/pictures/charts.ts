import type { ChartPicture } from './chart.ts';

/** By the slug of the article. */
export const charts: Record<string, ChartPicture> = {
  'eu-azerbaijan-gas': {
    title: 'Gas from Azerbaijan to the EU',
    unit: 'Billion cubic metres a year',
    labelWidth: 250,
    groups: [
      {
        bars: [
          { label: '2021', value: 8.1, shown: 'about 8', look: 'solid' },
          { label: '2022', value: 11.4, shown: 'over 11', look: 'solid' },
          { label: 'Aim for 2027', value: 20, shown: 'at least 20', look: 'planned' },
        ],
      },
    ],
  },
  'georgia-foreign-influence-bill': {
    title: 'Two votes on the bill',
    unit: 'Members of parliament, March 2023',
    labelWidth: 160,
    groups: [
      {
        heading: 'First reading, 7 March',
        bars: [
          { label: 'For', value: 76, look: 'solid' },
          { label: 'Against', value: 13, look: 'striped' },
        ],
      },
      {
        heading: 'Second reading, 10 March',
        bars: [
          { label: 'For', value: 1, look: 'solid' },
          { label: 'Against', value: 35, look: 'striped' },
        ],
      },
    ],
  },
};
