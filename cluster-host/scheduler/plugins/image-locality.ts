/** Nodes that have the pod's images already are better, the larger the images, the more; less so the fewer nodes have them. */
import type { Plugin } from '../plugin.ts';

const mebibyte = 1024 * 1024;
const least = 23 * mebibyte;
const mostPerContainer = 1000 * mebibyte;

export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  helpedBy: [],
  look({ pod }, { nodes }) {
    const images = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(({ image = '' }) => normalized(image));
    const spread = new Map<string, number>();
    for (const { images: there } of nodes.values()) for (const image of images) if (there.has(image)) spread.set(image, (spread.get(image) ?? 0) + 1 / nodes.size);
    if (spread.size === 0) return undefined;
    const most = mostPerContainer * images.length;
    return {
      score: (node) => {
        const sum = images.reduce((total, image) => total + Math.trunc((node.images.get(image) ?? 0) * (spread.get(image) ?? 0)), 0);
        return Math.trunc((100 * (Math.max(least, Math.min(most, sum)) - least)) / (most - least));
      },
    };
  },
};

function normalized(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
}
