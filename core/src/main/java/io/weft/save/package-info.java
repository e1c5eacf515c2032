/**
 * Saving and loading: one folder for a model, replaced as a whole or not at all, and verified
 * before anything native reads it.
 */
package io.weft.save;
