/**
 * The whole road with two models as one: a small image first, then the large one that it is a part
 * of. Both are declared and proven as any model is; what is here trains, scores, draws and saves
 * them together.
 */
package io.weft.pyramid;
