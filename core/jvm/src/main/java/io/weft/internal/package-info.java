/** What callers leave alone: it changes without notice. */
package io.weft.internal;
