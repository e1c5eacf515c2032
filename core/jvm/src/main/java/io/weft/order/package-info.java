/** Generation orders: in which order the pixels of an image are drawn, as values. */
package io.weft.order;
