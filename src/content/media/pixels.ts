/** A picture's size in pixels, as it is shown: after its orientation, where the file has one. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
}
