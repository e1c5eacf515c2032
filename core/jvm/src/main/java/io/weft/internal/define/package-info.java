/** Between declaring and proving: where a layer graph is put together, node by node. */
package io.weft.internal.define;
