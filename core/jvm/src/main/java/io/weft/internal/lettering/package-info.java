/** Words on pictures, also where Java has no fonts. */
package io.weft.internal.lettering;
