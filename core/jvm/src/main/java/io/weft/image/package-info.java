/** Pictures for people: images of a set as PNG, enlarged, and many on one sheet. */
package io.weft.image;
